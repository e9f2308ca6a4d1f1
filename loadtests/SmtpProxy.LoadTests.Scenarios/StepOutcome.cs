using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using SmtpProxy.LoadTests.Scenarios.Smtp;

namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>How a step or an iteration ended.</summary>
/// <param name="IsOk">True when it did what it should.</param>
/// <param name="Code">The server's reply code, or a word for what else went wrong.</param>
/// <param name="Bytes">Octets of message text that were sent.</param>
/// <param name="Message">What the server or the system said; null when it is well.</param>
public readonly record struct StepOutcome(bool IsOk, string Code, long Bytes = 0, string? Message = null)
{
    /// <summary>It went well.</summary>
    public static StepOutcome Ok(long bytes = 0) => new(true, "ok", bytes);

    /// <summary>A reply: well when its code is <paramref name="expected"/>.</summary>
    public static StepOutcome Of(SmtpReply reply, int expected, long bytes = 0) => reply.Code == expected
        ? Ok(bytes)
        : new StepOutcome(false, reply.Code.ToString(CultureInfo.InvariantCulture), 0, reply.Text);

    /// <summary>Runs a step; what the network or the server did wrong becomes an outcome.</summary>
    /// <param name="body">The step.</param>
    /// <param name="token">What the step was given: cancelled when its time is over.</param>
    public static async Task<StepOutcome> CatchAsync(Func<CancellationToken, Task<StepOutcome>> body, CancellationToken token)
    {
        try
        {
            return await body(token);
        }
        catch (SmtpReplyException e)
        {
            return Of(e.Reply, expected: 0);
        }
        catch (SocketException e)
        {
            return new StepOutcome(false, e.SocketErrorCode.ToString(), 0, e.Message);
        }
        catch (AuthenticationException e)
        {
            return new StepOutcome(false, "tls", 0, e.Message);
        }
        catch (IOException e)
        {
            return new StepOutcome(false, "closed", 0, e.Message);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return new StepOutcome(false, "timeout", 0, "No end within the time for one iteration.");
        }
    }
}
