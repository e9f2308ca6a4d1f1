using System.Buffers;
using System.Text;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace SmtpProxy.Host.Demo;

/// <summary>Keeps the ids of the messages that a sink took.</summary>
/// <param name="name">Name of the sink.</param>
/// <param name="board">Told of each message.</param>
internal sealed class SinkStore(string name, DemoBoard board) : MessageStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _copies = [];
    private readonly HashSet<Guid> _unanswered = [];
    private bool _isClosed;
    private TaskCompletionSource? _allAnswered;

    /// <summary>Ids of the messages and the number of copies of each.</summary>
    public IReadOnlyDictionary<string, int> TakeStock()
    {
        lock (_lock)
        {
            return new Dictionary<string, int>(_copies);
        }
    }

    /// <inheritdoc/>
    public override Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        if (!TryKeep(context.SessionId, FindMessageId(buffer)))
        {
            // A server that is killed answers nothing. Closed first: what is thrown here would be answered with a 554 otherwise.
            context.Pipe.Dispose();
            throw new OperationCanceledException("The sink is closed.");
        }

        board.OnDelivered(transaction.From.AsAddress(), name);
        return Task.FromResult(SmtpResponse.Ok);
    }

    /// <summary>The reply to the message that the session brought is on its way, or the session is over.</summary>
    public void OnAnswered(Guid sessionId)
    {
        lock (_lock)
        {
            _unanswered.Remove(sessionId);
            if (_unanswered.Count == 0)
            {
                _allAnswered?.TrySetResult();
            }
        }
    }

    /// <summary>Takes no message from now on; ends when all that were taken have been answered, so that none is taken and yet sent again.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            _allAnswered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_unanswered.Count == 0)
            {
                _allAnswered.TrySetResult();
            }

            return _allAnswered.Task;
        }
    }

    private bool TryKeep(Guid sessionId, string messageId)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _unanswered.Add(sessionId);
            _copies[messageId] = _copies.GetValueOrDefault(messageId) + 1;
            return true;
        }
    }

    private static string FindMessageId(in ReadOnlySequence<byte> message)
    {
        var reader = new SequenceReader<byte>(message);
        while (reader.TryReadTo(out ReadOnlySpan<byte> line, "\r\n"u8) && !line.IsEmpty)
        {
            var text = Encoding.UTF8.GetString(line);
            if (text.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase))
            {
                return text["Message-Id:".Length..].Trim(' ', '<', '>');
            }
        }

        return "(without an id)";
    }
}
