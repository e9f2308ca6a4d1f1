using System.Text;
using SmtpProxy.LoadTests.Scenarios.Smtp;

namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>The steps of a connection, each a row of the report. After a failed step there is no connection.</summary>
internal sealed class SmtpSteps(ScenarioOptions options) : IAsyncDisposable
{
    private static readonly byte[] Hello = "EHLO load.example.org\r\n"u8.ToArray();
    private static readonly byte[] Quit = "QUIT\r\n"u8.ToArray();
    private static readonly int[] EnvelopeReplies = [250, 250, 354];

    private SmtpDialogue? _dialogue;

    /// <summary>True while the connection can be used.</summary>
    public bool IsOpen => _dialogue is not null;

    /// <summary>The connection, for what is no step of its own.</summary>
    public SmtpDialogue Dialogue => _dialogue ?? throw new InvalidOperationException("There is no connection.");

    /// <summary>The commands before the text, as a client with PIPELINING sends them.</summary>
    public static byte[] Envelope(string sender) => Encoding.ASCII.GetBytes($"MAIL FROM:<{sender}>\r\nRCPT TO:<load@example.net>\r\nDATA\r\n");

    /// <summary>Connects, up to and with the greeting.</summary>
    public Task<StepOutcome> ConnectAsync(ILoadContext context, CancellationToken cancellationToken) => MeasureAsync(
        context,
        "connect",
        async token =>
        {
            _dialogue = await SmtpDialogue.ConnectAsync(options.Target, token);
            return StepOutcome.Ok();
        },
        cancellationToken);

    /// <summary>EHLO.</summary>
    public Task<StepOutcome> HelloAsync(ILoadContext context, CancellationToken cancellationToken) => MeasureAsync(
        context, "ehlo", async token => StepOutcome.Of(await Dialogue.CommandAsync(Hello, token), 250), cancellationToken);

    /// <summary>STARTTLS with a full handshake.</summary>
    public Task<StepOutcome> StartTlsAsync(ILoadContext context, CancellationToken cancellationToken) => MeasureAsync(
        context, "starttls", async token => StepOutcome.Of(await Dialogue.StartTlsAsync(token), 220), cancellationToken);

    /// <summary>One message: MAIL, RCPT and DATA at once, then the text.</summary>
    public Task<StepOutcome> MessageAsync(ILoadContext context, string sender, ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        MeasureAsync(
            context,
            "message",
            async token =>
            {
                var go = await EnvelopeAsync(sender, token);
                return go.IsOk ? StepOutcome.Of(await Dialogue.CommandAsync(text, token), 250, text.Length) : go;
            },
            cancellationToken);

    /// <summary>MAIL, RCPT and DATA, up to 354.</summary>
    public async Task<StepOutcome> EnvelopeAsync(string sender, CancellationToken cancellationToken) =>
        StepOutcome.Of(await Dialogue.CommandsAsync(Envelope(sender), EnvelopeReplies, cancellationToken), 354);

    /// <summary>QUIT, and the end of the connection.</summary>
    public async Task<StepOutcome> QuitAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        var outcome = await MeasureAsync(
            context, "quit", async token => StepOutcome.Of(await Dialogue.CommandAsync(Quit, token), 221), cancellationToken);
        await DisposeAsync();
        return outcome;
    }

    /// <summary>Runs a step; a failure ends the connection.</summary>
    public async Task<StepOutcome> MeasureAsync(
        ILoadContext context, string name, Func<CancellationToken, Task<StepOutcome>> body, CancellationToken cancellationToken)
    {
        var outcome = await context.StepAsync(name, token => StepOutcome.CatchAsync(body, token), cancellationToken);
        if (!outcome.IsOk)
        {
            await DisposeAsync();
        }

        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _dialogue, null) is { } dialogue)
        {
            await dialogue.DisposeAsync();
        }
    }
}
