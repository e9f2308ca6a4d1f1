using System.CommandLine;
using SmtpProxy.Host.Client;

namespace SmtpProxy.Host.Commands;

/// <summary>The options of all commands that ask a running proxy.</summary>
internal sealed class AdminOptions
{
    private readonly Option<string> _admin = new("--admin")
    {
        Description = "Address of the admin API: host:port or URL.",
        HelpName = "address",
        DefaultValueFactory = _ => AdminClient.DefaultAddress,
    };

    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Cluster to ask about. Default: the only one there is.",
        HelpName = "id",
    };

    private readonly Option<FileInfo?> _tokenFile = new("--token-file")
    {
        Description = "File with the token that changes need. Default: none.",
        HelpName = "file",
    };

    private readonly Option<string> _output = new("--output")
    {
        Description = "Form of the answer: table or json.",
        HelpName = "table|json",
        DefaultValueFactory = _ => "table",
    };

    public AdminOptions() => _output.AcceptOnlyFromAmong("table", "json");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_admin);
        command.Options.Add(_cluster);
        command.Options.Add(_tokenFile);
        command.Options.Add(_output);
    }

    /// <summary>Runs <paramref name="body"/> with a client of the API, set up as the options say.</summary>
    public async Task<int> RunAsync(ParseResult result, Func<AdminSession, Task<int>> body, CancellationToken cancellationToken)
    {
        var token = result.GetValue(_tokenFile) is { } file ? await ReadTokenAsync(file, cancellationToken) : null;
        using var client = AdminClient.Create(result.GetRequiredValue(_admin), token)
            ?? throw new CommandException(ExitCode.Usage, $"--admin '{result.GetValue(_admin)}' is neither host:port nor an http URL");
        var writer = new AnswerWriter(result.InvocationConfiguration.Output, asJson: result.GetValue(_output) == "json");
        return await body(new AdminSession(client, writer, result.GetValue(_cluster)));
    }

    private static async Task<string> ReadTokenAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(file.FullName, cancellationToken)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"--token-file: {e.Message}");
        }
    }
}
