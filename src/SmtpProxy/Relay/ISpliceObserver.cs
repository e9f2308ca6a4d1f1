using SmtpProxy.Protocol;

namespace SmtpProxy.Relay;

/// <summary>Is told what goes by in a spliced dialogue; changes nothing of it.</summary>
internal interface ISpliceObserver
{
    /// <summary>The client sent MAIL.</summary>
    /// <param name="argument">What follows the verb.</param>
    void OnMail(ReadOnlySpan<byte> argument);

    /// <summary>Octets of a message text went by.</summary>
    void OnText(long octets);

    /// <summary>More commands wait for replies than may: nothing more will be told.</summary>
    void OnTooManyCommands();

    /// <summary>The server answered a command.</summary>
    void OnReply(SpliceCommand command, in SmtpReply reply);
}
