namespace SmtpProxy.LoadTests.Commands;

/// <summary>Exit codes: 2 for a missed threshold, the others after sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>All thresholds are met.</summary>
    public const int Ok = 0;

    /// <summary>The load ran, and a threshold is missed.</summary>
    public const int Missed = 2;

    /// <summary>The command line is wrong, or the target may not be loaded.</summary>
    public const int Usage = 64;

    /// <summary>The system under test has not started, or the run could not be carried through.</summary>
    public const int Unavailable = 69;
}
