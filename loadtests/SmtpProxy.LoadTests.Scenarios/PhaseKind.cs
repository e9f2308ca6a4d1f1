namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>The kinds of load, in NBomber's words.</summary>
public enum PhaseKind
{
    /// <summary>Nothing for a while.</summary>
    Pause = 0,

    /// <summary>Closed: so many copies, each beginning its next iteration when the last one ends.</summary>
    KeepConstant,

    /// <summary>Closed: from the copies of the phase before to so many, evenly.</summary>
    RampingConstant,

    /// <summary>Open: so many new iterations a second, whatever became of those before.</summary>
    Inject,

    /// <summary>Open: from the rate of the phase before to so many a second, evenly.</summary>
    RampingInject,
}
