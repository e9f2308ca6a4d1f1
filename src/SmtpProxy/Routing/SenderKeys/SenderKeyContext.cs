using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>All that a sender key policy may look at.</summary>
/// <param name="envelope">What the client said.</param>
/// <param name="sender">The sender's address after all normalisers; both parts empty for the null sender.</param>
public readonly ref struct SenderKeyContext(Envelope envelope, SenderParts sender)
{
    /// <summary>What the client said.</summary>
    public Envelope Envelope { get; } = envelope;

    /// <summary>The normalised local part without quotes and escapes.</summary>
    public ReadOnlySpan<char> LocalPart { get; } = sender.LocalPart;

    /// <summary>The normalised domain; its case as given, empty when there is none.</summary>
    public ReadOnlySpan<char> Domain { get; } = sender.Domain;
}
