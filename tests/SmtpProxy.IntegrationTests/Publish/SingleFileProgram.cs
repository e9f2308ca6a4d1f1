namespace SmtpProxy.IntegrationTests.Publish;

/// <summary>The trimmed program, but for the native images: those change its speed only, and take minutes.</summary>
public sealed class SingleFileProgram() : PublishedProgram("single-file", tools: [], properties: ["-p:PublishReadyToRun=false"]);
