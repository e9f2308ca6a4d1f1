namespace SmtpProxy.Fuzz;

/// <summary>Something that takes any octets.</summary>
internal interface IFuzzTarget : IAsyncDisposable
{
    /// <summary>Its name on the command line, and the folder of its corpus.</summary>
    string Name { get; }

    /// <summary>Runs one input and checks what must hold for every input. Returns a number that is the same for inputs that were treated alike.</summary>
    /// <param name="input">Any octets.</param>
    /// <param name="seed">How they arrive follows from it, so that a finding can be played again.</param>
    /// <exception cref="FuzzFailureException">An invariant does not hold.</exception>
    ValueTask<int> RunAsync(byte[] input, int seed);
}
