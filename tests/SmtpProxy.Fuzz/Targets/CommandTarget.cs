using System.Text;
using SmtpProxy.Protocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>A verb is what stands before the first blank, in any case and whole; a control octet spoils the line.</summary>
internal sealed class CommandTarget : IFuzzTarget
{
    private static readonly Dictionary<string, SmtpVerb> Verbs = Enum.GetValues<SmtpVerb>().Where(static verb => verb > SmtpVerb.Unknown)
        .ToDictionary(static verb => verb.ToString(), StringComparer.OrdinalIgnoreCase);

    public string Name => "command";

    public ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var command = SmtpCommandParser.Parse(input);
        var text = Encoding.Latin1.GetString(input);
        var isMalformed = text.Any(static c => c is < ' ' and not '\t' or '\x7f');
        Require.That(command.IsMalformed == isMalformed, "a control octet other than TAB makes a line malformed, and nothing else does");
        if (!isMalformed)
        {
            var words = text.Split([' ', '\t'], 2);
            var verb = text.Length == 0 ? SmtpVerb.None : Verbs.GetValueOrDefault(words[0], SmtpVerb.Unknown);
            Require.That(command.Verb == verb, $"the verb is {verb}, not {command.Verb}");
            var argument = words.Length > 1 ? words[1].Trim(' ', '\t') : "";
            Require.That(Encoding.Latin1.GetString(command.Argument) == argument, "the argument is the rest without the blanks around it");
        }

        return ValueTask.FromResult(((int)command.Verb << 2) | (isMalformed ? 1 : 0) | (command.Argument.IsEmpty ? 2 : 0));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
