using SmtpProxy.Model;

namespace SmtpProxy.Relay;

/// <summary>One command of the client, in strict form, that a server must answer.</summary>
/// <param name="Stage">MAIL, RCPT or DATA.</param>
/// <param name="Octets">The command with its CRLF.</param>
internal readonly record struct RelayCommand(TransactionStage Stage, ReadOnlyMemory<byte> Octets);
