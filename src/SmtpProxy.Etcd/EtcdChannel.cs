using System.Diagnostics;
using dotnet_etcd;
using Grpc.Core;
using SmtpProxy.Configuration;

namespace SmtpProxy.Etcd;

/// <summary>The client in use. One from which nothing comes for as long as a call may take is replaced: a firewall that has forgotten its
/// connection tells nobody, and the pings of HTTP/2 find out much later.</summary>
internal sealed class EtcdChannel(EtcdConfig config) : IDisposable
{
    // Of the time that a call has. Whoever gave up earlier did not wait for etcd.
    private const double Silence = 0.9;

    private readonly Lock _lock = new();
    private volatile EtcdClient _client = EtcdClientFactory.Create(config);
    private long _answers;
    private bool _isDisposed;

    /// <summary>The client for what lives long. It is disposed when it is replaced.</summary>
    public EtcdClient Client => _client;

    /// <summary>Something came from etcd, by whatever way: the client is alive.</summary>
    public void Heard() => Interlocked.Increment(ref _answers);

    /// <summary>Makes a call, and passes on what it throws.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        Func<EtcdClient, TRequest, DateTime, CancellationToken, Task<TResponse>> call,
        TRequest request,
        DateTime deadline,
        CancellationToken cancellationToken)
    {
        var client = _client;
        var heard = Interlocked.Read(ref _answers);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var response = await call(client, request, deadline, cancellationToken);
            Heard();
            return response;
        }
        catch (Exception exception) when (!IsAnswer(exception))
        {
            if (Stopwatch.GetElapsedTime(started) >= config.Timeout * Silence && Interlocked.Read(ref _answers) == heard)
            {
                Replace(client);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _client.Dispose();
        }
    }

    private static bool IsAnswer(Exception exception) =>
        exception is RpcException { StatusCode: not (StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Unavailable) };

    private void Replace(EtcdClient silent)
    {
        lock (_lock)
        {
            if (_isDisposed || _client != silent)
            {
                return;
            }

            _client = EtcdClientFactory.Create(config);
        }

        silent.Dispose();
    }
}
