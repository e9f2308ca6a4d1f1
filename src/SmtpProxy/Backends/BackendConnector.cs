using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Protocol.Scripts;

namespace SmtpProxy.Backends;

/// <summary>Makes new sessions: connects, reads the greeting, says EHLO, learns what the server offers and tells it who the client is.</summary>
internal sealed partial class BackendConnector(IBackendTransport transport, PoolMetrics metrics, TimeProvider time, ILogger logger)
{
    private readonly BackendTlsOptions _tls = new(time, logger);

    /// <summary>A new session with the destination, or why there is none. Never throws for what a network or a server does.</summary>
    public async ValueTask<LeaseResult> ConnectAsync(
        DestinationState destination, DestinationModel model, SessionRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var result = await OpenAsync(destination, model, request, cancellationToken);
        if (MayGoInClear(model.Connection.Tls, result))
        {
            // What Postfix does at its level "may": clear text was good enough for a server without TLS.
            metrics.WentInClear(destination.Id);
            Log.GoesInClear(logger, destination.ClusterId, destination.Id);
            var clear = model with { Connection = model.Connection with { Tls = ConnectionTlsMode.None } };
            result = await OpenAsync(destination, clear, request, cancellationToken);
        }

        return result with { ConnectDelay = time.GetElapsedTime(started) };
    }

    // Not for octets in clear behind the reply to STARTTLS: that is an attack or a server that is out of step.
    private static bool MayGoInClear(ConnectionTlsMode mode, LeaseResult result) =>
        mode == ConnectionTlsMode.Opportunistic
        && result is { Stage: TransactionStage.Tls, Code: 0, Result: AttemptResult.ConnectionLost or AttemptResult.TimedOut };

    private async ValueTask<LeaseResult> OpenAsync(
        DestinationState destination, DestinationModel model, SessionRequest request, CancellationToken cancellationToken)
    {
        BackendConnection connection;
        try
        {
            connection = await transport.ConnectAsync(model.Host, model.Port, model.Connection.ConnectTimeout, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or OperationCanceledException)
        {
            Log.ConnectFailed(logger, destination.ClusterId, destination.Id, FaultClassifier.Describe(e));
            var fault = FaultClassifier.Classify(e);

            // What the proxy lacks itself is no failure of the server, and must not move its senders.
            var stage = fault == AttemptResult.OutOfResources ? TransactionStage.Queue : TransactionStage.Connect;
            return LeaseResult.Failed(stage, fault, FaultClassifier.Describe(e));
        }

        var session = new BackendSession(destination, connection.RemoteEndPoint, connection.Transport, connection.Lifetime, time);
        await BackendIdentity.SendHeaderAsync(session, model.Connection, request.Client, connection.LocalEndPoint);
        var outcome = await ShakeHandsAsync(session, model, request, cancellationToken);
        if (outcome.Succeeded && !session.IsBroken)
        {
            return LeaseResult.Of(session);
        }

        session.Dispose();
        var phase = StageOf(outcome.Phase);
        if (outcome is { Phase: SmtpPhase.StartTls, Code: 0 })
        {
            Log.TlsFailed(logger, destination.ClusterId, destination.Id, outcome.Text);
        }

        if (outcome.Phase == SmtpPhase.XClient)
        {
            Log.NotTold(logger, destination.ClusterId, destination.Id, outcome.Text);
        }

        Log.HandshakeFailed(logger, destination.ClusterId, destination.Id, phase, outcome.Result, outcome.Code);
        var result = cancellationToken.IsCancellationRequested ? AttemptResult.Abandoned : outcome.Result;
        return new(null, phase, result, outcome.Code, outcome.Enhanced, outcome.Text, TimeSpan.Zero, TimeSpan.Zero);
    }

    private async ValueTask<ScriptOutcome> ShakeHandsAsync(
        BackendSession session, DestinationModel model, SessionRequest request, CancellationToken cancellationToken)
    {
        // A client that goes while a server makes it wait for the greeting sets the connection free.
        using var registration = cancellationToken.UnsafeRegister(static session => ((BackendSession)session!).Dispose(), session);
        var name = Encoding.UTF8.GetBytes(request.Hostname);
        var outcome = await SmtpScriptRunner.RunAsync(SmtpScript.Handshake(name), session, model.Connection.GreetingTimeout);
        if (outcome.Succeeded)
        {
            outcome = await BackendTls.RunAsync(session, model, _tls, name, outcome);
        }

        if (outcome.Succeeded)
        {
            outcome = await BackendIdentity.RunAsync(session, model.Connection, request.Client, request.Hostname, outcome);
        }

        if (outcome.Succeeded)
        {
            session.IsEsmtp = outcome.Capabilities is not null;
            session.Capabilities = outcome.Capabilities ?? SmtpCapabilities.None;
            session.Destination.Learn(session.Capabilities);
        }

        return outcome;
    }

    private static TransactionStage StageOf(SmtpPhase phase) => phase switch
    {
        SmtpPhase.Greeting => TransactionStage.Greeting,
        SmtpPhase.StartTls => TransactionStage.Tls,
        SmtpPhase.XClient => TransactionStage.Identity,
        _ => TransactionStage.Ehlo,
    };

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Information, "Connecting to {Cluster}/{Destination} failed: {Reason}")]
        public static partial void ConnectFailed(ILogger logger, string cluster, string destination, string reason);

        [LoggerMessage(1302, LogLevel.Information, "Opening a session with {Cluster}/{Destination} failed at {Stage}: {Result} {Code}")]
        public static partial void HandshakeFailed(
            ILogger logger, string cluster, string destination, TransactionStage stage, AttemptResult result, int code);

        [LoggerMessage(1320, LogLevel.Warning, "TLS with {Cluster}/{Destination} failed: {Reason}")]
        public static partial void TlsFailed(ILogger logger, string cluster, string destination, string reason);

        [LoggerMessage(1324, LogLevel.Warning, "{Cluster}/{Destination} is spoken to in clear on a new connection, as Opportunistic allows")]
        public static partial void GoesInClear(ILogger logger, string cluster, string destination);

        [LoggerMessage(1321, LogLevel.Warning, "{Cluster}/{Destination} cannot be told who the client is and is not used: {Reason}")]
        public static partial void NotTold(ILogger logger, string cluster, string destination, string reason);
    }
}
