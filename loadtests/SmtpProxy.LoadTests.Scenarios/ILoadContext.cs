namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>What an iteration is given by whoever drives it.</summary>
public interface ILoadContext
{
    /// <summary>Which of the copies that run side by side this is. No two iterations with one number overlap.</summary>
    int InstanceNumber { get; }

    /// <summary>Number of the iteration within its copy, from 0.</summary>
    long Iteration { get; }

    /// <summary>Chance of this copy alone.</summary>
    Random Random { get; }

    /// <summary>Runs and measures a part of the iteration.</summary>
    /// <param name="name">Begins with a letter; one row of the report.</param>
    /// <param name="body">What to measure.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<StepOutcome> StepAsync(string name, Func<CancellationToken, Task<StepOutcome>> body, CancellationToken cancellationToken);
}
