namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>A few senders send most of the mail, as they do in life.</summary>
internal sealed class SenderSkew(ScenarioOptions options) : ManySenders(options, exponent: 1)
{
    public override string Name => "sender-skew";

    public override string Description => "as kept-sessions, but few senders send most (Zipf, exponent 1)";
}
