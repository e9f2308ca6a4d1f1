namespace SmtpProxy.Host.Demo;

/// <summary>What the demo was asked to do.</summary>
/// <param name="Messages">How many messages to send; null: without end.</param>
/// <param name="Exit">End by itself when they are sent.</param>
/// <param name="Rate">Messages a second.</param>
/// <param name="Seed">Makes the choice of senders repeatable.</param>
internal sealed record DemoOptions(int? Messages, bool Exit, int Rate, int Seed)
{
    /// <summary>Messages of an endless demo after which the sink is stopped.</summary>
    private const int EndlessHalf = 200;

    /// <summary>Messages after which one sink is stopped.</summary>
    public int HalfWay => Messages / 2 ?? EndlessHalf;
}
