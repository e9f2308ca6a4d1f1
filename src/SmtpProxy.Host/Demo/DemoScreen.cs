using Spectre.Console;
using Spectre.Console.Rendering;

namespace SmtpProxy.Host.Demo;

/// <summary>Shows the demo: a table that updates on a terminal, only the last one elsewhere.</summary>
/// <param name="output">Where the text goes.</param>
/// <param name="look">Gives what is to be seen now.</param>
/// <param name="reroutes">Gives the number of entries that were moved.</param>
internal sealed class DemoScreen(TextWriter output, Func<DemoPicture> look, Func<Task<int>> reroutes)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    /// <summary>Shows the table until <paramref name="work"/> is done.</summary>
    public async Task ShowAsync(Task work)
    {
        if (!_console.Profile.Out.IsTerminal)
        {
            await work;
            _console.Write(await DrawAsync());
            return;
        }

        await _console.Live(await DrawAsync()).StartAsync(async live =>
        {
            while (!work.IsCompleted)
            {
                await Task.WhenAny(work, Task.Delay(Refresh, TimeProvider.System));
                live.UpdateTarget(await DrawAsync());
            }

            await work;
        });
    }

    private async Task<IRenderable> DrawAsync() => DemoTable.Draw(look(), await reroutes());
}
