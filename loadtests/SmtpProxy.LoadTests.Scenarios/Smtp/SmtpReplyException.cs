namespace SmtpProxy.LoadTests.Scenarios.Smtp;

/// <summary>The server refused what the dialogue cannot go on without.</summary>
public sealed class SmtpReplyException(SmtpReply reply) : Exception($"The server answered {reply.Code} {reply.Text}")
{
    /// <summary>What it answered.</summary>
    public SmtpReply Reply { get; } = reply;
}
