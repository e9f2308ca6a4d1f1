using System.Globalization;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using SmtpProxy.Affinity;
using SmtpProxy.Model;

namespace SmtpProxy.Etcd;

/// <summary>Writes entries in transactions. Each write carries a mark of its own, so that one whose answer was lost is recognised.</summary>
internal sealed class EtcdEntryWriter(EtcdConnection connection, EtcdLeases leases)
{
    private readonly string _process = Guid.NewGuid().ToString("N")[..12];
    private long _writes;

    /// <summary>Writes whatever is there.</summary>
    public Task<EtcdOutcome> PutAsync(ByteString key, AffinityEntry entry, DateTime deadline, CancellationToken cancellationToken) =>
        WriteAsync(key, condition: null, entry, isRenewal: false, deadline, cancellationToken);

    /// <summary>Writes a choice if the key is at <paramref name="revision"/>; 0: if there is no such key.</summary>
    public Task<EtcdOutcome> PutIfAsync(
        ByteString key, long revision, AffinityEntry entry, DateTime deadline, CancellationToken cancellationToken) =>
        WriteAsync(key, ConditionOf(key, revision), entry, isRenewal: false, deadline, cancellationToken);

    /// <summary>Writes the same choice with another expiry if the key is at <paramref name="revision"/>.</summary>
    public Task<EtcdOutcome> RenewIfAsync(
        ByteString key, long revision, AffinityEntry entry, DateTime deadline, CancellationToken cancellationToken) =>
        WriteAsync(key, ConditionOf(key, revision), entry, isRenewal: true, deadline, cancellationToken);

    private static Compare ConditionOf(ByteString key, long revision) => new()
    {
        Key = key,
        Target = Compare.Types.CompareTarget.Mod,
        Result = Compare.Types.CompareResult.Equal,
        ModRevision = revision,
    };

    private async Task<EtcdOutcome> WriteAsync(
        ByteString key, Compare? condition, AffinityEntry entry, bool isRenewal, DateTime deadline, CancellationToken cancellationToken)
    {
        var owner = string.Create(CultureInfo.InvariantCulture, $"{_process}-{Interlocked.Increment(ref _writes)}");
        var put = new PutRequest
        {
            Key = key,
            Value = isRenewal ? EtcdValueCodec.EncodeRenewed(entry, owner) : EtcdValueCodec.EncodeNew(entry, owner),
        };
        var request = new TxnRequest { Success = { new RequestOp { RequestPut = put } } };
        if (condition is not null)
        {
            request.Compare.Add(condition);
            request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = key } });
        }

        for (var isRetry = false; ; isRetry = true)
        {
            put.Lease = await leases.GetAsync(entry.ExpiresAt, cancellationToken);
            try
            {
                return OutcomeOf(await connection.TransactAsync(request, deadline, cancellationToken), owner);
            }
            catch (AffinityStoreException exception) when (!isRetry && StatusOf(exception) == StatusCode.NotFound)
            {
                leases.Forget(entry.ExpiresAt);
            }
            catch (AffinityStoreException exception) when (!isRetry && StatusOf(exception) == StatusCode.Unavailable)
            {
                // It may have been done: the same again, whose condition then fails on our own mark.
            }
        }
    }

    private static EtcdOutcome OutcomeOf(TxnResponse response, string owner)
    {
        if (response.Succeeded)
        {
            return new EtcdOutcome(IsDone: true, response.Header.Revision, Found: null);
        }

        var pairs = response.Responses[0].ResponseRange.Kvs;
        return pairs is [var found, ..]
            ? new EtcdOutcome(EtcdValueCodec.OwnerOf(found) == owner, found.ModRevision, found)
            : new EtcdOutcome(IsDone: false, Revision: 0, Found: null);
    }

    private static StatusCode? StatusOf(AffinityStoreException exception) => (exception.InnerException as RpcException)?.StatusCode;
}
