using dotnet_etcd;
using Etcdserverpb;
using Grpc.Core;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;

namespace SmtpProxy.Etcd;

/// <summary>One channel to the members of etcd. Every call has a deadline, and fails as <see cref="AffinityStoreException"/>.</summary>
internal sealed class EtcdConnection : IDisposable
{
    // Without a leader a member would serve a watch that never tells anything.
    private static readonly Metadata WatchHeaders = new() { { "hasleader", "true" } };

    private readonly EtcdChannel _channel;
    private readonly TimeSpan _timeout;

    public EtcdConnection(EtcdConfig config)
    {
        _channel = new EtcdChannel(config);
        _timeout = config.Timeout;
    }

    /// <summary>The deadline of an operation that begins now. The transport measures it with the clock of the system, whatever clock entries
    /// lapse by.</summary>
    public DateTime NewDeadline() => TimeProvider.System.GetUtcNow().UtcDateTime + _timeout;

    public Task<RangeResponse> RangeAsync(RangeRequest request, DateTime deadline, CancellationToken cancellationToken) => CallAsync(
        "get", request, static (client, r, due, token) => client.GetAsync(r, headers: null, due, token), deadline, cancellationToken);

    public Task<TxnResponse> TransactAsync(TxnRequest request, DateTime deadline, CancellationToken cancellationToken) => CallAsync(
        "txn", request, static (client, r, due, token) => client.TransactionAsync(r, headers: null, due, token), deadline, cancellationToken);

    public Task<DeleteRangeResponse> DeleteAsync(DeleteRangeRequest request, DateTime deadline, CancellationToken cancellationToken) => CallAsync(
        "delete", request, static (client, r, due, token) => client.DeleteAsync(r, headers: null, due, token), deadline, cancellationToken);

    public Task<LeaseGrantResponse> GrantAsync(LeaseGrantRequest request, DateTime deadline, CancellationToken cancellationToken) => CallAsync(
        "lease", request, static (client, r, due, token) => client.LeaseGrantAsync(r, headers: null, due, token), deadline, cancellationToken);

    /// <summary>Opens a stream for watches; it lives until disposed or cancelled.</summary>
    public AsyncDuplexStreamingCall<WatchRequest, WatchResponse> OpenWatch(CancellationToken cancellationToken) =>
        _channel.Client.GetConnection().WatchClient.Watch(WatchHeaders, deadline: null, cancellationToken);

    /// <summary>A watch brought something: the channel is alive.</summary>
    public void Heard() => _channel.Heard();

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        string operation,
        TRequest request,
        Func<EtcdClient, TRequest, DateTime, CancellationToken, Task<TResponse>> call,
        DateTime deadline,
        CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await _channel.CallAsync(call, request, deadline, cancellationToken);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unauthenticated)
            {
                // The kept token has expired, or the server forgot it in a restart: the next call fetches a new one.
                return await _channel.CallAsync(call, request, deadline, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (RpcException exception) when (cancellationToken.IsCancellationRequested && exception.StatusCode == StatusCode.Cancelled)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or HttpRequestException or IOException
            or ObjectDisposedException)
        {
            throw new AffinityStoreException($"etcd did not answer ({operation}): {Reason(exception)}", exception);
        }
    }

    private static string Reason(Exception exception) =>
        exception is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : exception.Message;
}
