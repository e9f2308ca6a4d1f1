namespace SmtpProxy.Host.Admin;

/// <summary>Leaves signals alone: the admin API must answer until the drain is over, and the process is ended elsewhere.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
