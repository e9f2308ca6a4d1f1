namespace SmtpProxy.Transport.Native;

/// <summary>Numbers of Linux' interface, the same on x64 and arm64.</summary>
internal static class Constants
{
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;

    public const int EventNonBlocking = 0x800;
    public const int EventCloseOnExec = 0x80000;

    public const int FamilyIPv4 = 2;
    public const int FamilyIPv6 = 10;
    public const int Stream = 1;
    public const int Tcp = 6;
    public const int SocketNonBlocking = 0x800;
    public const int SocketCloseOnExec = 0x80000;

    public const int LevelSocket = 1;
    public const int LevelIPv6 = 41;
    public const int ReuseAddress = 2;
    public const int PendingError = 4;
    public const int Linger = 13;
    public const int NoDelay = 1;
    public const int IPv6Only = 26;

    public const int MessageNoSignal = 0x4000;
    public const int ShutdownWrite = 1;
    public const int ShutdownBoth = 2;
}
