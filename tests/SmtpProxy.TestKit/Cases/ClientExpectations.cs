using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Compares what the client got, and what the proxy wrote, with what the case expects.</summary>
internal static class ClientExpectations
{
    public static IEnumerable<string> Complaints(CaseVariant played, IReadOnlyList<CaseConnection> connections, IReadOnlyList<string> log)
    {
        var whole = string.Concat(connections.Select(connection => connection.Received));
        return OutOfPlace(played.ExpectClient, connections)
            .Concat(played.ExpectClientNot.Where(pattern => Patterns.IsMatch(pattern, whole)).Select(pattern => $"the client saw /{pattern}/"))
            .Concat(played.ExpectLogNot.Where(pattern => log.Any(line => Patterns.IsMatch(pattern, line))).Select(pattern => $"the log has /{pattern}/"));
    }

    /// <summary>Each pattern is looked for behind the one before it, within a text that the steps have read as one.</summary>
    private static IEnumerable<string> OutOfPlace(IReadOnlyList<string> patterns, IReadOnlyList<CaseConnection> connections)
    {
        var rest = new Queue<string>(connections.SelectMany(connection => connection.Transcript()));
        var text = "";
        foreach (var pattern in patterns)
        {
            var found = Patterns.Of(pattern).Match(text);
            while (!found.Success && rest.TryDequeue(out var next))
            {
                text = next;
                found = Patterns.Of(pattern).Match(text);
            }

            if (!found.Success)
            {
                return [$"the client did not see /{pattern}/ in its place"];
            }

            text = text[(found.Index + found.Length)..];
        }

        return [];
    }
}
