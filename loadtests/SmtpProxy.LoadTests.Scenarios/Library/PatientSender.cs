namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>Tries again after a failure that may pass, as every mail server does.</summary>
internal static class PatientSender
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends until it is accepted or refused for good; when time is over, the last failure counts.</summary>
    public static async Task<StepOutcome> SendAsync(Func<Task<StepOutcome>> attempt, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var outcome = await attempt();
            if (outcome.IsOk || outcome.Code.StartsWith('5') || cancellationToken.IsCancellationRequested)
            {
                return outcome;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
