using System.Text;

namespace SmtpProxy.IntegrationTests.Differential;

/// <summary>A valid session of several transactions, all of which follows from a seed.</summary>
internal sealed class SessionPlan
{
    /// <summary>Local parts that the servers refuse for good, and for now.</summary>
    public const string Unknown = "no";
    public const string Busy = "later";

    private const int MostTransactions = 5;
    private const int MostRecipients = 6;

    private readonly Random _random;
    private readonly int _seed;
    private readonly bool _isEsmtp;
    private readonly bool _isPipelined;
    private readonly List<SessionStep> _steps = [];
    private readonly List<string> _group = [];
    private bool _wasTooBig;

    private SessionPlan(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _isEsmtp = !Chance(5);
        _isPipelined = _isEsmtp && Chance(2);
    }

    /// <summary>The steps, each of which waits for the answers to the one before it.</summary>
    public IReadOnlyList<SessionStep> Steps => _steps;

    public static SessionPlan Create(int seed)
    {
        var plan = new SessionPlan(seed);
        plan.Write();
        return plan;
    }

    private void Write()
    {
        Add(_isEsmtp ? "EHLO client.example.com" : "HELO client.example.com", mayBeFollowed: false);
        var count = _random.Next(1, MostTransactions + 1);
        for (var number = 0; number < count; number++)
        {
            WriteBetween();
            WriteTransaction(number);
        }

        Add("QUIT", mayBeFollowed: false);
    }

    private void WriteBetween()
    {
        // Postfix keeps a SIZE that it refused in mind and refuses the next MAIL for it, too, unless RSET is said.
        if (Chance(4) || _wasTooBig)
        {
            Add("RSET");
        }

        if (Chance(4))
        {
            Add(Chance(4) ? "noop" : "NOOP", mayBeFollowed: false);
        }

        if (Chance(8))
        {
            Add(_isEsmtp ? "EHLO again.example.com" : "HELO again.example.com", mayBeFollowed: false);
        }
    }

    private void WriteTransaction(int number)
    {
        var text = MessageText.Create(_random, $"{_seed}.{number}");
        Add($"MAIL FROM:{Sender()}{MailParameters(text.Length)}");
        for (var left = _random.Next(1, MostRecipients + 1); left > 0; left--)
        {
            Add($"RCPT TO:{Recipient()}{(_isEsmtp && Chance(5) ? " NOTIFY=NEVER" : "")}");
        }

        if (Chance(6))
        {
            Add("RSET");
            return;
        }

        _group.Add("DATA");
        Flush(text);
    }

    private string Sender() => _random.Next(12) switch
    {
        0 => "<>",
        1 => $"<{Unknown}@example.com>",
        2 => $"<{Busy}@example.com>",
        3 => "<\"a b\"@example.com>",
        4 => "<@relay.example.net:routed@example.com>",
        _ => $"<sender{_random.Next(5)}@example.com>",
    };

    private string Recipient() => _random.Next(8) switch
    {
        0 or 1 => $"<{Unknown}@example.org>",
        2 => $"<{Busy}@example.org>",
        3 => "<Upper.Case+tag@Example.ORG>",
        _ => $"<recipient{_random.Next(10)}@example.org>",
    };

    private string MailParameters(int size)
    {
        var parameters = new StringBuilder();
        if (_isEsmtp)
        {
            _wasTooBig = Chance(15);
            parameters.Append(_wasTooBig ? " SIZE=999999999" : Chance(2) ? $" SIZE={size}" : "");
            parameters.Append(Chance(3) ? " BODY=8BITMIME" : Chance(5) ? " body=7bit" : "");
            parameters.Append(Chance(5) ? $" RET=HDRS ENVID=e{_seed}" : "");
            parameters.Append(Chance(6) ? " SMTPUTF8" : "");
        }

        return parameters.ToString();
    }

    /// <summary>Adds a command to the group; after one that must come last in a group (RFC 2920 section 3.1) the answers are waited for.</summary>
    private void Add(string command, bool mayBeFollowed = true)
    {
        _group.Add(command);
        if (!mayBeFollowed || !_isPipelined)
        {
            Flush("");
        }
    }

    private void Flush(string text)
    {
        _steps.Add(new SessionStep([.. _group], text));
        _group.Clear();
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
