namespace SmtpProxy.Tests.Backends;

/// <summary>The connections that a scripted server has seen.</summary>
internal sealed class ServerLog
{
    private readonly Lock _lock = new();
    private readonly List<ServerConversation> _conversations = [];

    /// <summary>Connections that exist.</summary>
    public int Open { get; private set; }

    /// <summary>Most connections at a time.</summary>
    public int MostOpen { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _conversations.Count;
            }
        }
    }

    public ServerConversation this[int index]
    {
        get
        {
            lock (_lock)
            {
                return _conversations[index];
            }
        }
    }

    public ServerConversation Add(Func<int, ServerConversation> create)
    {
        lock (_lock)
        {
            var conversation = create(_conversations.Count + 1);
            _conversations.Add(conversation);
            Open++;
            MostOpen = Math.Max(MostOpen, Open);
            return conversation;
        }
    }

    public void Ended()
    {
        lock (_lock)
        {
            Open--;
        }
    }
}
