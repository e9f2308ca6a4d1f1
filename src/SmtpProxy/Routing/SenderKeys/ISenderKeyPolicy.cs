using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Says what affinity is kept for. Called on the session's own thread: no waiting, no I/O.</summary>
public interface ISenderKeyPolicy
{
    /// <summary>The name in <c>SessionAffinity:Policy</c> and <c>SessionAffinity:NullSenderKey</c>; unique regardless of case.</summary>
    string Name { get; }

    /// <summary>The key of a transaction, or none. The null sender comes here only as <c>NullSenderKey</c> demands.</summary>
    SenderKey GetKey(in SenderKeyContext context);
}
