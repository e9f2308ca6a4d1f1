namespace SmtpProxy.Host.Commands;

/// <summary>Exit codes, after sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>The demo found a message lost or doubled.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong, or names something that does not exist.</summary>
    public const int Usage = 64;

    /// <summary>What was asked for is not there.</summary>
    public const int NotFound = 68;

    /// <summary>A port is taken, or the admin API does not answer.</summary>
    public const int Unavailable = 69;

    /// <summary>Cut short, or the proxy cannot do it now: try again.</summary>
    public const int TryAgain = 75;

    /// <summary>The admin API refuses the caller.</summary>
    public const int NoPermission = 77;

    /// <summary>The configuration is wrong.</summary>
    public const int Configuration = 78;
}
