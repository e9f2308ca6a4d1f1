namespace SmtpProxy.Accounting;

/// <summary>Prints a delay as Postfix does: two digits that matter, at most two decimals, no zeros at the end.</summary>
internal static class PostfixDelay
{
    private const long Hundredth = TimeSpan.TicksPerSecond / 100;
    private const long Tenth = TimeSpan.TicksPerSecond / 10;

    public static void Add(TimeSpan delay, ref LineBuffer line)
    {
        var ticks = Math.Max(0, delay.Ticks);
        var unit = ticks < TimeSpan.TicksPerSecond ? Hundredth
            : ticks < 10 * TimeSpan.TicksPerSecond ? Tenth
            : TimeSpan.TicksPerSecond;
        var hundredths = (ticks + (unit / 2)) / unit * unit / Hundredth;
        line.AddValue(hundredths / 100);
        var decimals = hundredths % 100;
        if (decimals == 0)
        {
            return;
        }

        line.Add("."u8);
        line.AddValue(decimals / 10);
        if (decimals % 10 != 0)
        {
            line.AddValue(decimals % 10);
        }
    }
}
