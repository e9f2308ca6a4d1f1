using System.Buffers;
using System.Text;

namespace SmtpProxy.Protocol;

/// <summary>The argument of AUTH, taken apart (RFC 4954 section 4).</summary>
public readonly ref struct AuthCommand
{
    private AuthCommand(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> initialResponse, bool hasInitialResponse, AuthStatus status)
    {
        Mechanism = mechanism;
        InitialResponse = initialResponse;
        HasInitialResponse = hasInitialResponse;
        Status = status;
    }

    /// <summary>Name of the mechanism, in the client's case.</summary>
    public ReadOnlySpan<byte> Mechanism { get; }

    /// <summary>The initial response in base64, as the client sent it: <c>=</c> stands for an empty one.</summary>
    public ReadOnlySpan<byte> InitialResponse { get; }

    /// <summary>True when there is one.</summary>
    public bool HasInitialResponse { get; }

    /// <summary>Whether it can be used.</summary>
    public AuthStatus Status { get; }

    /// <summary>True when the octets are the beginning of AUTH with an argument: such a line may be longer than other commands.</summary>
    public static bool IsBegun(in ReadOnlySequence<byte> octets)
    {
        Span<byte> start = stackalloc byte[5];
        if (octets.Length < start.Length)
        {
            return false;
        }

        octets.Slice(0, start.Length).CopyTo(start);
        return Ascii.EqualsIgnoreCase(start, "AUTH "u8);
    }

    /// <summary>Reads what follows the verb.</summary>
    public static AuthCommand Parse(ReadOnlySpan<byte> argument)
    {
        var end = argument.IndexOf((byte)' ');
        var mechanism = end < 0 ? argument : argument[..end];
        if (!SaslMechanisms.IsName(mechanism))
        {
            return new AuthCommand(default, default, false, AuthStatus.BadMechanism);
        }

        Span<char> name = stackalloc char[mechanism.Length];
        if (!SaslMechanisms.IsRelayable(name[..Encoding.ASCII.GetChars(mechanism, name)]))
        {
            return new AuthCommand(mechanism, default, false, AuthStatus.NotRelayable);
        }

        var response = end < 0 ? default : argument[end..].Trim((byte)' ');
        return response.IsEmpty || response.SequenceEqual("="u8) || SaslText.IsBase64(response)
            ? new AuthCommand(mechanism, response, !response.IsEmpty, AuthStatus.Ok)
            : new AuthCommand(mechanism, default, false, AuthStatus.BadResponse);
    }
}
