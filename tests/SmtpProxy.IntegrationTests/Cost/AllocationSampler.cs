using System.Diagnostics.Tracing;
using System.Globalization;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>Tells of what types the objects are that are allocated: the runtime names one for every 100 KiB.</summary>
internal sealed class AllocationSampler : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords Collection = (EventKeywords)1;
    private const int TypeName = 5;
    private const int Size = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Type, ulong Size), int> _samples = [];

    /// <summary>The types and the sizes of such objects, those with the largest share first.</summary>
    /// <param name="octets">What the shares are shares of.</param>
    public string Report(double octets)
    {
        lock (_gate)
        {
            var all = Math.Max(1, _samples.Values.Sum());
            var rows = _samples.OrderByDescending(static entry => entry.Value).Select(
                entry => string.Create(CultureInfo.InvariantCulture, $"{octets * entry.Value / all,8:0}  {entry.Key.Type}, {entry.Key.Size} each"));
            return string.Join('\n', rows);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
        {
            EnableEvents(eventSource, EventLevel.Verbose, Collection);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.Contains("AllocationTick", StringComparison.Ordinal) != true || eventData.Payload is not { Count: > Size } payload)
        {
            return;
        }

        var type = payload[TypeName] as string ?? "";
        lock (_gate)
        {
            var key = (type, Convert.ToUInt64(payload[Size], CultureInfo.InvariantCulture));
            _samples[key] = _samples.GetValueOrDefault(key) + 1;
        }
    }
}
