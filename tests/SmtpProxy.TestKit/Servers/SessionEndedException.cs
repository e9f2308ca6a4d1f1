using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>Leaves the conversation of a server: its script, its rules or its peer have ended it.</summary>
internal sealed class SessionEndedException(CloseHow how = CloseHow.Fin) : Exception
{
    public CloseHow How { get; } = how;
}
