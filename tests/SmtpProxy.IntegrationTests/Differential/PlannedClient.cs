using System.Net;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit;

namespace SmtpProxy.IntegrationTests.Differential;

/// <summary>Plays a plan and notes what is answered.</summary>
internal static partial class PlannedClient
{
    /// <summary>One line a command: what was said, and the code and enhanced code of the answer.</summary>
    public static async Task<IReadOnlyList<string>> PlayAsync(IPEndPoint server, SessionPlan plan, CancellationToken cancellationToken)
    {
        var answers = new List<string>();
        await using var client = await SmtpClientStub.ConnectAsync(server, cancellationToken);
        foreach (var step in plan.Steps)
        {
            await client.SendAsync(string.Concat(step.Commands.Select(static command => $"{command}\r\n")));
            var last = "";
            foreach (var command in step.Commands)
            {
                last = Codes().Match(await client.ReplyAsync()).Value;
                answers.Add($"{command}: {last}");
            }

            if (last.StartsWith("354", StringComparison.Ordinal))
            {
                await client.SendAsync(step.Text);
                answers.Add($"text: {Codes().Match(await client.ReplyAsync()).Value}");
            }
        }

        return answers;
    }

    [GeneratedRegex(@"\A\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?")]
    private static partial Regex Codes();
}
