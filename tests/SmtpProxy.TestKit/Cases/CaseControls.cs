using System.Diagnostics;

namespace SmtpProxy.TestKit.Cases;

/// <summary>The steps that do something to the proxy itself, or to its store.</summary>
internal sealed class CaseControls(IProxyUnderTest proxy, CaseEtcd? etcd)
{
    private long _terminatedAt;

    public async Task DoAsync(ClientStep step, CancellationToken cancellationToken)
    {
        var within = TimeSpan.FromMilliseconds(step.WithinMs);
        switch (step.Control)
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
                await (etcd ?? throw new InvalidOperationException($"Not a control without etcd: {step.Control}")).DoAsync(step, cancellationToken);
                break;
        }
    }
}
