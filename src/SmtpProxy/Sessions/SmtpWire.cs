using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Wire text that must outlive a call, as memory.</summary>
internal static class SmtpWire
{
    public static readonly ReadOnlyMemory<byte> Data = SmtpCommands.Data.ToArray();
}
