namespace SmtpProxy.Accounting;

/// <summary>Where finished log lines go. Takes a line at once, or loses it: mail never waits for a log.</summary>
internal interface ILineSink
{
    /// <summary>Takes a copy of <paramref name="line"/>: UTF-8 with its line end.</summary>
    void Write(ReadOnlySpan<byte> line);
}
