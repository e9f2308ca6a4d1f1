using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Compares what the servers got with what the case expects.</summary>
internal static class ServerExpectations
{
    public static IEnumerable<string> Complaints(Expectation expected, IReadOnlyList<ScriptedServer> servers)
    {
        var label = $"{expected.Backend} {expected.Where}";
        return expected.Backend switch
        {
            "none" => servers.SelectMany(server => OfServer(Nothing(expected), server).Select(complaint => $"{server.Name} {expected.Where}: {complaint}")),
            "any" => OfExactlyOne(expected, servers, label),
            _ when expected.Backend.Contains('|', StringComparison.Ordinal) => OfExactlyOne(expected, Named(servers, expected.Backend.Split('|')), label),
            _ => Named(servers, expected.Backend).SelectMany(server => OfServer(expected, server)).Select(complaint => $"{label}: {complaint}"),
        };
    }

    private static IReadOnlyList<ScriptedServer> Named(IReadOnlyList<ScriptedServer> servers, params string[] names)
    {
        var missing = names.Except(servers.Select(server => server.Name)).ToList();
        return missing.Count == 0
            ? [.. servers.Where(server => names.Contains(server.Name))]
            : throw new InvalidOperationException($"The case has no server {string.Join(", ", missing)}.");
    }

    private static IEnumerable<string> OfExactlyOne(Expectation expected, IReadOnlyList<ScriptedServer> servers, string label)
    {
        var right = servers.Count(server => !OfServer(expected, server).Any());
        var empty = servers.Count(server => !OfServer(Nothing(expected), server).Any());
        return right == 1 && empty == servers.Count - 1
            ? []
            : [$"{label}: exactly one server should have it, {right} of {servers.Count} have"];
    }

    private static Expectation Nothing(Expectation expected) => expected with { Count = 0 };

    private static IEnumerable<string> OfServer(Expectation expected, ScriptedServer server) => expected.Where switch
    {
        "connections" => OfNumber(expected, server.Sessions.Count),
        "max_concurrent_connections" => OfNumber(expected, server.MaxConcurrentConnections),
        "max_outstanding_commands" => OfNumber(expected, server.Sessions.Select(session => session.MaxOutstandingCommands).DefaultIfEmpty().Max()),
        "ehlo_after_auth" => OfNumber(expected, server.Sessions.Sum(session => session.EhloAfterAuth)),
        "unauthenticated_mail" => OfNumber(expected, server.Sessions.Sum(session => session.UnauthenticatedMail)),
        "message_auth" => OfList(expected, [.. server.Messages.Select(message => message.User ?? "")]),
        "commands" => OfCommands(expected, server.Commands),
        "messages" => OfMessages(expected, server.Messages),
        "message_source" => OfSources(expected, server.Messages),
        "proxy_header" => OfOctets(expected, [.. server.Sessions.Select(session => session.ProxyHeader).OfType<string>().Select(Octets.OfText)]),
        "raw" => OfOctets(expected, [.. server.Sessions.Select(session => session.Raw)]),
        "wire_data" => OfOctets(expected, [.. server.Sessions.SelectMany(session => session.WireData)]),
        _ => throw new InvalidOperationException($"Not a record of a server: {expected.Where}"),
    };

    private static IEnumerable<string> OfNumber(Expectation expected, int value)
    {
        if (expected.Count is { } count && value != count)
        {
            yield return $"{value}, should be {count}";
        }

        if (expected.Le is { } most && value > most)
        {
            yield return $"{value}, at most {most}";
        }
    }

    private static IEnumerable<string> OfList(Expectation expected, IReadOnlyList<string> items)
    {
        var got = string.Join('\n', items);
        if (expected.Exact is { } exact && got != exact)
        {
            yield return $"'{Shown(got)}', should be '{Shown(exact)}'";
        }

        if (expected.Count is { } count && items.Count != count)
        {
            yield return $"{items.Count}, should be {count}";
        }
    }

    private static IEnumerable<string> OfCommands(Expectation expected, IReadOnlyList<string> lines)
    {
        if (expected.NotMatch is { } forbidden && lines.FirstOrDefault(line => Patterns.IsMatch(forbidden, line)) is { } found)
        {
            yield return $"has '{Shown(found)}'";
        }

        if (expected.Match is null && expected.Count is null)
        {
            yield break;
        }

        var hits = lines.Count(line => Patterns.IsMatch(expected.Match ?? "", line));
        if (expected.Count is { } count ? hits != count : hits == 0)
        {
            var got = string.Join(", ", lines.Take(8).Select(line => $"'{Shown(line)}'"));
            yield return $"{hits} match /{expected.Match}/, should be {expected.Count?.ToString() ?? "some"}; it got {got}";
        }
    }

    private static IEnumerable<string> OfMessages(Expectation expected, IReadOnlyList<StoredMessage> messages)
    {
        if (expected.Count is { } count && messages.Count != count)
        {
            yield return $"{messages.Count} stored, should be {count}";
        }

        foreach (var message in messages)
        {
            if (expected.Match is { } pattern && !Patterns.IsMatch(pattern, message.Text))
            {
                yield return $"a stored text does not match /{pattern}/: '{Octets.Shown(message.Content)}'";
            }

            if (ExactOf(expected) is { } exact && !message.Content.AsSpan().SequenceEqual(exact))
            {
                yield return $"a stored text differs: '{Octets.Shown(message.Content)}'";
            }
        }
    }

    /// <summary>Each pair: a text, and the address that its message must have come from.</summary>
    private static IEnumerable<string> OfSources(Expectation expected, IReadOnlyList<StoredMessage> messages) =>
        from pair in expected.Pairs
        let source = messages.FirstOrDefault(message => message.Text.Contains(pair[0], StringComparison.Ordinal))?.Source
        where source != pair[1]
        select $"'{pair[0]}' came from '{source ?? "nobody"}', should be {pair[1]}";

    /// <summary>The octets of a connection, or those of a text: one of them must be right, none may be wrong.</summary>
    private static IEnumerable<string> OfOctets(Expectation expected, IReadOnlyList<byte[]> items)
    {
        var got = string.Join(", ", items.Take(3).Select(item => $"'{Octets.Shown(item)}'"));
        if (expected.Match is { } pattern && !items.Any(item => Patterns.IsMatch(pattern, Octets.TextOf(item))))
        {
            yield return $"none matches /{pattern}/; got {got}";
        }

        if (expected.NotMatch is { } forbidden && items.Any(item => Patterns.IsMatch(forbidden, Octets.TextOf(item))))
        {
            yield return $"matches /{forbidden}/; got {got}";
        }

        if (ExactOf(expected) is { } exact && !items.Any(item => item.AsSpan().SequenceEqual(exact)))
        {
            yield return $"should be '{Octets.Shown(exact)}'; got {got}";
        }
    }

    private static byte[]? ExactOf(Expectation expected) => expected switch
    {
        { Exact: { } text } => Octets.Parse(text),
        { ExactParts: { } parts } => [.. parts.SelectMany(part => Octets.Repeat(Octets.Parse(part.Bytes), part.Repeat))],
        _ => null,
    };

    private static string Shown(string line) => Octets.Shown(Octets.OfText(line));
}
