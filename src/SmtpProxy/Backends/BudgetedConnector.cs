using System.Net;
using System.Net.Sockets;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Backends;

/// <summary>Connects as long as there are descriptors to spare.</summary>
/// <param name="inner">Connects.</param>
/// <param name="budget">Counts.</param>
/// <param name="onRefused">Told of each connection that there was no descriptor for.</param>
internal sealed class BudgetedConnector(IAddressConnector inner, DescriptorBudget budget, Action onRefused) : IAddressConnector
{
    public async ValueTask<BackendConnection> ConnectAsync(IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (!budget.TryEnterServer())
        {
            onRefused();
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }

        try
        {
            var connection = await inner.ConnectAsync(remote, cancellationToken);
            return connection with { Lifetime = new Counted(connection.Lifetime, budget) };
        }
        catch
        {
            budget.Leave();
            throw;
        }
    }

    private sealed class Counted(IDisposable lifetime, DescriptorBudget budget) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            lifetime.Dispose();
            if (!Interlocked.Exchange(ref _isOver, true))
            {
                budget.Leave();
            }
        }
    }
}
