namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Maps the many return paths of one sender to one. Called on the session's own thread: no waiting, no I/O.</summary>
public interface ISenderNormalizer
{
    /// <summary>The name in <c>SessionAffinity:Normalizers</c>; unique regardless of case.</summary>
    string Name { get; }

    /// <summary>Strips one layer of what makes the address vary. False when there was none; called again until then.</summary>
    bool TryStrip(ref SenderParts sender);
}
