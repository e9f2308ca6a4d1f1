namespace SmtpProxy.Protocol;

/// <summary>A command line, taken apart at its verb.</summary>
public readonly ref struct SmtpCommand
{
    internal SmtpCommand(SmtpVerb verb, ReadOnlySpan<byte> argument, bool isMalformed)
    {
        Verb = verb;
        Argument = argument;
        IsMalformed = isMalformed;
    }

    /// <summary>The verb.</summary>
    public SmtpVerb Verb { get; }

    /// <summary>What follows the verb, without the blanks around it.</summary>
    public ReadOnlySpan<byte> Argument { get; }

    /// <summary>True when the line holds NUL or another control octet than TAB: it is answered 500 and not looked at any further.</summary>
    public bool IsMalformed { get; }
}
