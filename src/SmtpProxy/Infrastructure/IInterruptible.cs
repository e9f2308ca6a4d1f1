namespace SmtpProxy.Infrastructure;

/// <summary>Whoever waits under a <see cref="Deadline"/>.</summary>
internal interface IInterruptible
{
    /// <summary>Ends the wait, on whatever thread; harmless when nobody waits.</summary>
    void Interrupt();
}
