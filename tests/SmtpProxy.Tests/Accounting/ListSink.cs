using System.Text;
using SmtpProxy.Accounting;

namespace SmtpProxy.Tests.Accounting;

/// <summary>Keeps the lines it gets.</summary>
internal sealed class ListSink : ILineSink
{
    public List<string> Lines { get; } = [];

    public void Write(ReadOnlySpan<byte> line) => Lines.Add(Encoding.UTF8.GetString(line));
}
