using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>The sender's address, its domain in lower case.</summary>
internal sealed class SenderAddressKeyPolicy : ISenderKeyPolicy
{
    /// <summary>The key of the null sender, if it is to have one.</summary>
    internal const string NullSender = "<>";

    private const int StackLength = 512;

    public string Name => SenderKeyPolicies.SenderAddress;

    public SenderKey GetKey(in SenderKeyContext context)
    {
        if (context.Envelope.IsNullSender)
        {
            return new SenderKey(NullSender);
        }

        var maxLength = LocalPartText.MaxLength(context.LocalPart) + 1 + context.Domain.Length;
        var buffer = maxLength <= StackLength ? stackalloc char[StackLength] : new char[maxLength];
        var length = LocalPartText.Write(context.LocalPart, buffer);
        if (!context.Domain.IsEmpty)
        {
            buffer[length++] = '@';
            length += context.Domain.ToLowerInvariant(buffer[length..]);
        }

        // Most senders are their own key already: the string is there.
        var key = buffer[..length];
        return new SenderKey(key.SequenceEqual(context.Envelope.Sender) ? context.Envelope.Sender : new string(key));
    }
}
