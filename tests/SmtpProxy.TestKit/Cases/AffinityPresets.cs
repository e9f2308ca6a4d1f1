using System.Net;
using System.Net.Http.Json;
using System.Text;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Gives senders to servers before a case begins, by the admin API.</summary>
internal static class AffinityPresets
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task PutAsync(Uri admin, IReadOnlyDictionary<string, string> presets, CancellationToken cancellationToken)
    {
        if (presets.Count == 0)
        {
            return;
        }

        using var client = new HttpClient { BaseAddress = admin, Timeout = Timeout };
        foreach (var (sender, server) in presets)
        {
            using var answer = await client.PutAsJsonAsync(PathOf(sender), new { destination = server }, cancellationToken);

            // A key that is no address is only bait for a proxy that cuts addresses short: it may be refused.
            if (!answer.IsSuccessStatusCode && sender.Contains('@', StringComparison.Ordinal))
            {
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                throw new ProxyStartException($"admin API: PUT affinity of {sender} answered {(int)answer.StatusCode} {text}");
            }
        }
    }

    /// <summary>Asks for a sender's server.</summary>
    public static async Task<HttpStatusCode> GetAsync(Uri admin, string sender, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = admin, Timeout = Timeout };
        using var answer = await client.GetAsync(new Uri(PathOf(sender), UriKind.Relative), cancellationToken);
        return answer.StatusCode;
    }

    private static string PathOf(string sender) => $"api/v1/clusters/{CaseConfiguration.ClusterName}/affinity/{Encoded(sender)}";

    /// <summary>Percent-encoded octets. For a whole domain any sender in it stands.</summary>
    private static string Encoded(string sender)
    {
        var encoded = new StringBuilder();
        foreach (var octet in Octets.Parse(sender.StartsWith('@') ? "any" + sender : sender))
        {
            _ = char.IsAsciiLetterOrDigit((char)octet) || "-._~".Contains((char)octet, StringComparison.Ordinal)
                ? encoded.Append((char)octet)
                : encoded.Append('%').Append(octet.ToString("X2", null));
        }

        return encoded.ToString();
    }
}
