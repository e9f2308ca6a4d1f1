namespace SmtpProxy.IntegrationTests.Differential;

/// <summary>Commands that a client sends together, and the text that follows if the last of them is DATA and the server asks for it.</summary>
/// <param name="Commands">Lines without their ends.</param>
/// <param name="Text">Text with stuffed dots and its end mark; empty without DATA.</param>
internal sealed record SessionStep(IReadOnlyList<string> Commands, string Text);
