namespace SmtpProxy.Host.Demo;

/// <summary>One sender of the demo.</summary>
/// <param name="Sender">Its address.</param>
/// <param name="Destination">Sink that took its last message.</param>
/// <param name="Messages">Messages that arrived.</param>
/// <param name="Home">Sink that took its first one.</param>
internal sealed record SenderRow(string Sender, string? Destination, int Messages, string? Home)
{
    /// <summary>True when its mail goes elsewhere than at first.</summary>
    public bool IsMoved => Destination != Home;
}
