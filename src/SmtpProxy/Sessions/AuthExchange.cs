using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>AUTH, as the client sees it (RFC 4954): the command, its challenges and their answers. PLAIN and LOGIN are asked for the name here, so
/// that it can choose the server.</summary>
internal sealed partial class AuthExchange(
    ClientChannel client, ClientIdentity identity, ListenerConfig listener, SnapshotSource source, SessionServices services, AuthRelay relay,
    ClientErrors errors, ILogger logger)
{
    private static readonly byte[] Cancel = "*"u8.ToArray();

    private AuthAttempt? _attempt;
    private AuthAnswer _answer;

    /// <summary>True when the client's next line is an answer and no command.</summary>
    public bool IsAwaitingAnswer { get; private set; }

    /// <summary>True when <see cref="RunAsync"/> must be called before anything else is read.</summary>
    public bool IsDue => _attempt is not null && !IsAwaitingAnswer;

    /// <summary>True when the line looked at last may hold credentials.</summary>
    public bool IsAuthLine { get; private set; }

    /// <summary>How long the line may be that begins with <paramref name="buffer"/>: those of an exchange have a limit of their own, and so has the
    /// command, which may hold the first of them.</summary>
    public int LimitOf(in ReadOnlySequence<byte> buffer)
    {
        IsAuthLine = listener.Auth.Mode == AuthMode.Relay && (IsAwaitingAnswer || AuthCommand.IsBegun(buffer));
        return IsAuthLine ? listener.Limits.MaxAuthLine : listener.Limits.MaxCommandLine;
    }

    /// <summary>Takes the command, or refuses it. Returns why the session must end, or none.</summary>
    public SessionEnd Begin(ReadOnlySpan<byte> argument, string helo)
    {
        var command = AuthCommand.Parse(argument);
        if (command.Status == AuthStatus.Ok)
        {
            _attempt = new AuthAttempt(command, helo);
            _answer = AuthAnswer.Response;
            return SessionEnd.None;
        }

        services.Sessions.Authenticated(identity.Listener, AuthResult.Rejected);
        return errors.Refuse(command.Status switch
        {
            AuthStatus.BadMechanism => SmtpReplies.BadArgument,
            AuthStatus.NotRelayable => SmtpReplies.UnknownMechanism,
            _ => SmtpReplies.NotBase64,
        });
    }

    /// <summary>Takes the answer to a challenge, whatever it looks like.</summary>
    public void Answer(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            Answer(line.FirstSpan);
            return;
        }

        var copy = line.ToArray();
        Answer(copy);
        CryptographicOperations.ZeroMemory(copy);
    }

    /// <summary>Takes note of an answer that was too long to be taken.</summary>
    public void AnswerTooLong()
    {
        IsAwaitingAnswer = false;
        _answer = AuthAnswer.TooLong;
    }

    /// <summary>Goes on as far as it can without the client. Returns why the session must end, or none.</summary>
    public async ValueTask<SessionEnd> RunAsync()
    {
        var attempt = _attempt!;
        if (_answer != AuthAnswer.Response)
        {
            return await StopAsync(attempt);
        }

        if (attempt.IsNameDue)
        {
            client.Write(attempt.FirstChallenge);
            IsAwaitingAnswer = true;
            return SessionEnd.None;
        }

        var result = relay.IsEngaged ? await relay.ContinueAsync(attempt) : await relay.BeginAsync(attempt, Search(attempt));
        if (result != AuthResult.None)
        {
            return Finish(attempt, result);
        }

        IsAwaitingAnswer = true;
        return SessionEnd.None;
    }

    /// <summary>The session is over, or begins anew.</summary>
    public void Close()
    {
        if (_attempt is { } attempt)
        {
            relay.Drop();
            Book(attempt, AuthResult.Cancelled);
        }
    }

    private void Answer(ReadOnlySpan<byte> octets)
    {
        IsAwaitingAnswer = false;
        _answer = octets.SequenceEqual(Cancel) ? AuthAnswer.Cancel : SaslText.IsBase64(octets) ? AuthAnswer.Response : AuthAnswer.NotBase64;
        if (_answer == AuthAnswer.Response)
        {
            _attempt!.Add(octets);
        }
    }

    private async ValueTask<SessionEnd> StopAsync(AuthAttempt attempt)
    {
        var isCancelled = _answer == AuthAnswer.Cancel;
        if (!await relay.CancelAsync(tell: isCancelled))
        {
            client.Refuse(isCancelled ? SmtpReplies.AuthCancelled
                : _answer == AuthAnswer.TooLong ? SmtpReplies.AuthLineTooLong : SmtpReplies.NotBase64);
        }

        return Finish(attempt, isCancelled ? AuthResult.Cancelled : AuthResult.Rejected);
    }

    private SessionEnd Finish(AuthAttempt attempt, AuthResult result)
    {
        Book(attempt, result);

        // Guessing is what the limit of errors is for.
        return result is AuthResult.Rejected or AuthResult.Cancelled ? errors.Count() : SessionEnd.None;
    }

    private void Book(AuthAttempt attempt, AuthResult result)
    {
        _attempt = null;
        IsAwaitingAnswer = false;
        attempt.Wipe();
        services.Sessions.Authenticated(identity.Listener, result);
        var login = attempt.Login;
        Log.Ended(logger, identity.SessionId, login.Mechanism, EnumLabels<AuthResult>.Of(result), identity.RemoteEndPoint, LogText.Escape(login.User));
    }

    /// <summary>The search for the server of a login. Routes look at the name as if it were the sender: more is not known yet.</summary>
    private Transaction Search(AuthAttempt attempt)
    {
        var user = attempt.User ?? "";
        var envelope = new Envelope
        {
            Client = identity,
            Helo = attempt.Helo,
            Login = attempt.Login,
            Sender = user,
            SenderAt = user.LastIndexOf('@'),
            MailCommand = default,
            BareMailCommand = default,
        };
        return new Transaction(envelope, number: 0, source.Current.Routes.MatchLogin(envelope), services.Time);
    }

    private static partial class Log
    {
        [LoggerMessage(1020, LogLevel.Information, "Session {Session}: AUTH {Mechanism} {Result}, client={Client}, sasl_username={User}", EventName = "AuthEnded")]
        public static partial void Ended(ILogger logger, string session, string mechanism, string result, System.Net.IPEndPoint client, string user);
    }
}
