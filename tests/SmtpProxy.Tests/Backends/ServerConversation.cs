using System.Text;

namespace SmtpProxy.Tests.Backends;

/// <summary>The server's end of one connection.</summary>
internal sealed class ServerConversation(int number, Stream input, Stream output, Action close, Action reset)
{
    private readonly List<string> _commands = [];
    private readonly List<byte> _line = [];

    /// <summary>1 for the first connection to the server.</summary>
    public int Number { get; } = number;

    public bool HasEnded { get; private set; }

    public IReadOnlyList<string> Commands
    {
        get
        {
            lock (_commands)
            {
                return [.. _commands];
            }
        }
    }

    public async Task SendAsync(string text)
    {
        await output.WriteAsync(Encoding.Latin1.GetBytes(text));
        await output.FlushAsync();
    }

    /// <summary>The next line without its CR LF; null at the end.</summary>
    public async Task<string?> ReadLineAsync()
    {
        var octet = new byte[1];
        while (await input.ReadAsync(octet) == 1)
        {
            if (octet[0] == '\n')
            {
                var line = Encoding.Latin1.GetString([.. _line]).TrimEnd('\r');
                _line.Clear();
                lock (_commands)
                {
                    _commands.Add(line);
                }

                return line;
            }

            _line.Add(octet[0]);
        }

        HasEnded = true;
        return null;
    }

    /// <summary>So many octets; fewer at the end.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var octets = new byte[count];
        var length = await input.ReadAtLeastAsync(octets, count, throwOnEndOfStream: false);
        return octets[..length];
    }

    public void Close() => close();

    /// <summary>Ends the connection with RST where the transport knows it.</summary>
    public void Reset() => reset();
}
