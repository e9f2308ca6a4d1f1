using System.Diagnostics;

namespace SmtpProxy.Fuzz;

/// <summary>Mutates and runs inputs of one target until the time is over or an invariant breaks. Inputs that were treated in a new way are
/// mutated further.</summary>
internal sealed class FuzzLoop(IFuzzTarget target, int seed, TimeSpan duration)
{
    private const int MostKept = 4096;

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _inputs = [.. Corpus.Load(target.Name).Select(static input => input.Octets)];
    private readonly HashSet<int> _seen = [];
    private int _corpus;

    public long Executions { get; private set; }

    /// <summary>Ways of treatment seen.</summary>
    public int Signatures => _seen.Count;

    /// <summary>The input that broke an invariant, or null.</summary>
    public byte[]? Breaker { get; private set; }

    public Exception? Failure { get; private set; }

    public async Task RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var mutator = new Mutator(_random);
        _corpus = _inputs.Count;
        foreach (var input in _inputs.ToList())
        {
            await TryAsync(input);
        }

        while (Failure is null && Stopwatch.GetElapsedTime(started) < duration)
        {
            await TryAsync(mutator.Mutate(Pick(), Pick()));
        }
    }

    /// <summary>Gives up the inputs, so that they do not count as memory of the target.</summary>
    public void Forget()
    {
        _inputs.Clear();
        _inputs.TrimExcess();
    }

    // The inputs of the corpus come first. They get far; what is found tends to break off early.
    private byte[] Pick() => _inputs[_random.Next(_random.Next(3) == 0 ? _corpus : _inputs.Count)];

    private async Task TryAsync(byte[] input)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            Executions++;
            if (_seen.Add(await target.RunAsync(input, InputHash.Of(input))))
            {
                Keep(input);
            }
        }
        catch (Exception e)
        {
            (Breaker, Failure) = (input, e);
        }
    }

    private void Keep(byte[] input)
    {
        if (_inputs.Count < MostKept)
        {
            _inputs.Add(input);
        }
        else
        {
            _inputs[_random.Next(_corpus, _inputs.Count)] = input;
        }
    }
}
