namespace SmtpProxy.IntegrationTests.Publish;

/// <summary>The program in native code.</summary>
public sealed class NativeProgram() : PublishedProgram("native", tools: ["clang"], properties: []);
