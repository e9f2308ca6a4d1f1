using System.Diagnostics;

namespace SmtpProxy.TestKit.Cases;

/// <summary>The steps that do something to the proxy itself.</summary>
internal sealed class CaseControls(IProxyUnderTest proxy)
{
    private long _terminatedAt;

    public async Task DoAsync(string control, TimeSpan within, CancellationToken cancellationToken)
    {
        switch (control)
        {
            case "none":
                break;
            case "proxy.sigterm":
                _terminatedAt = Stopwatch.GetTimestamp();
                proxy.Terminate();
                break;
            case "assert.proxy_exit":
                var left = within - Stopwatch.GetElapsedTime(_terminatedAt);
                if (!await proxy.HasExitedAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken))
                {
                    throw new StepFailedException($"the proxy still runs {within.TotalSeconds:0.#} s after it was asked to stop");
                }

                break;
            default:
                throw new InvalidOperationException($"Not a control: {control}");
        }
    }
}
