using System.Globalization;
using System.Text.RegularExpressions;

namespace SmtpProxy.TestKit.Cases;

/// <summary>What an etcd has been asked for so far.</summary>
/// <param name="Watches">Messages on watch streams.</param>
/// <param name="Writes">Write calls begun.</param>
/// <param name="At">When it was looked at.</param>
internal sealed partial record EtcdCounts(double Watches, double Writes, long At)
{
    public static EtcdCounts Of(string metrics, long at) => new(
        Sum(metrics, "grpc_server_msg_received_total", "Watch"), Sum(metrics, "grpc_server_started_total", "Put", "Txn"), at);

    private static double Sum(string metrics, string name, params string[] methods) => Counter().Matches(metrics)
        .Where(counter => counter.Groups["name"].Value == name && methods.Contains(counter.Groups["method"].Value))
        .Sum(counter => double.Parse(counter.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?m)^(?<name>\w+)\{[^}]*grpc_method=""(?<method>\w+)""[^}]*\} (?<value>\S+)$")]
    private static partial Regex Counter();
}
