using System.Buffers;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;

namespace SmtpProxy.Sessions;

/// <summary>Commands of one envelope that the client sent without waiting: they go to the server together. The octets of a transaction's
/// commands are kept in one buffer, which is used again for the next transaction of the session.</summary>
internal sealed class CommandGroup
{
    // A buffer that one huge transaction made large is not kept for an idle session.
    private const int MaxKept = 16 * 1024;

    // MAIL and a recipient or two.
    private const int InitialSize = 160;

    private readonly List<RelayCommand> _commands = new(1);
    private ArrayBufferWriter<byte> _octets = new(InitialSize);

    public int Count => _commands.Count;

    public bool HasMail => _commands.Count > 0 && _commands[0].Stage == TransactionStage.Mail;

    public bool HasData => _commands.Count > 0 && _commands[^1].Stage == TransactionStage.Data;

    public RelayCommand this[int index] => _commands[index];

    public ReadOnlySpan<RelayCommand> From(int index) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_commands)[index..];

    /// <summary>Begins a new transaction's commands and returns where their octets are written.</summary>
    public ArrayBufferWriter<byte> Begin()
    {
        _commands.Clear();
        if (_octets.Capacity > MaxKept)
        {
            _octets = new ArrayBufferWriter<byte>(InitialSize);
        }
        else
        {
            _octets.ResetWrittenCount();
        }

        return _octets;
    }

    public void AddMail(ReadOnlyMemory<byte> command) => _commands.Add(new RelayCommand(TransactionStage.Mail, command));

    public void AddRecipient(in EnvelopeCommand command)
    {
        var start = _octets.WrittenCount;
        EnvelopeWriter.WriteRecipient(_octets, command);
        _commands.Add(new RelayCommand(TransactionStage.Rcpt, _octets.WrittenMemory[start..]));
    }

    public void AddData() => _commands.Add(new RelayCommand(TransactionStage.Data, SmtpWire.Data));

    /// <summary>The group was answered; the octets stay until the transaction ends.</summary>
    public void Clear() => _commands.Clear();
}
