namespace SmtpProxy.Protocol;

/// <summary>What a scan found.</summary>
/// <param name="Status">Result.</param>
/// <param name="Forward">Octets from the start of the buffer that are text and may go to the server now.</param>
/// <param name="Consumed">Octets that are done with: those, and at the end the dot with its CRLF. What follows is scanned again with more behind it.</param>
public readonly record struct BodyScan(BodyScanStatus Status, long Forward, long Consumed);
