using SmtpProxy.Accounting;
using SmtpProxy.Affinity;
using SmtpProxy.Backends;
using SmtpProxy.Connections;
using SmtpProxy.Infrastructure;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>What all sessions of a proxy share.</summary>
internal sealed record SessionServices(
    AffinityDirectory Affinity,
    CandidateSelector Candidates,
    BackendPools Pools,
    TransactionAccountant Accountant,
    SessionAccountant Sessions,
    LimitMetrics Limits,
    ReplyCounter Replies,
    ServerCertificates Certificates,
    HandshakeGate Handshakes,
    DescriptorBudget Descriptors,
    TimeProvider Time);
