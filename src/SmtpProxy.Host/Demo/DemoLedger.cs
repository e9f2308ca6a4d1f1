namespace SmtpProxy.Host.Demo;

/// <summary>What clients were told of their messages, to be compared with what the sinks hold.</summary>
internal sealed class DemoLedger
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _accepted = [];
    private readonly List<string> _refused = [];

    /// <summary>A client was told 2xx.</summary>
    public void Accept(string messageId)
    {
        lock (_lock)
        {
            _accepted.Add(messageId);
        }
    }

    /// <summary>A client gave a message up.</summary>
    public void GiveUp(string messageId, string reason)
    {
        lock (_lock)
        {
            _refused.Add($"{messageId}: {reason}");
        }
    }

    /// <summary>Every message that is not in exactly one sink although its client was told 2xx, and every one that was given up.</summary>
    public IReadOnlyList<string> FindOffenders(IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, int>>> sinks)
    {
        lock (_lock)
        {
            var places = sinks
                .SelectMany(sink => sink.Value.Select(copy => (Id: copy.Key, Sink: sink.Key, Copies: copy.Value)))
                .ToLookup(place => place.Id);
            var offenders = new List<string>(_refused);
            foreach (var id in _accepted)
            {
                var copies = places[id].Sum(place => place.Copies);
                if (copies != 1)
                {
                    var where = string.Join(", ", places[id].Select(place => $"{place.Copies} in {place.Sink}"));
                    offenders.Add(copies == 0 ? $"{id}: told 2xx, but in no sink" : $"{id}: told 2xx, but {copies} copies: {where}");
                }
            }

            return offenders;
        }
    }
}
