using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>One row of the table that classifies temporary replies. What is left out matches anything.</summary>
internal sealed record ReplyRule(ReplyClass Class)
{
    /// <summary>The whole code, or its beginning: 45 stands for 450 to 459.</summary>
    public int? Code { get; init; }

    /// <summary>Second number of the enhanced code.</summary>
    public int? Subject { get; init; }

    /// <summary>Third number of the enhanced code.</summary>
    public int? Detail { get; init; }

    /// <summary>What was answered.</summary>
    public TransactionStage? Stage { get; init; }

    /// <summary>What else must be true of the reply.</summary>
    public ReplyTrait Trait { get; init; }
}
