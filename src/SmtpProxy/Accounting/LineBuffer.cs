using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SmtpProxy.Accounting;

/// <summary>One log line in the making, in a buffer of the caller. What would pass the end of the buffer is left out; <see cref="Size"/> holds
/// the longest line that the formats can make, so that this never happens to them.</summary>
internal ref struct LineBuffer(Span<byte> buffer)
{
    /// <summary>Octets that a line needs at most: texts are bounded, each character takes up to six octets.</summary>
    public const int Size = 10_240;

    /// <summary>Characters kept of a text that a client or a server sent.</summary>
    public const int TextLimit = 160;

    /// <summary>Characters kept of a name from the configuration.</summary>
    public const int NameLimit = 64;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>The line so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    private readonly Span<byte> Free => _buffer[_length..];

    /// <summary>Adds text of our own.</summary>
    public void Add(scoped ReadOnlySpan<byte> text)
    {
        var taken = text[..Math.Min(text.Length, _buffer.Length - _length)];
        taken.CopyTo(Free);
        _length += taken.Length;
    }

    /// <summary>Adds ASCII text of our own.</summary>
    public void Add(string text)
    {
        Ascii.FromUtf16(text, Free, out var written);
        _length += written;
    }

    /// <summary>Adds a number, an address or an identifier: whatever prints itself in ASCII.</summary>
    public void AddValue<T>(T value)
        where T : IUtf8SpanFormattable
    {
        if (value.TryFormat(Free, out var written, default, CultureInfo.InvariantCulture))
        {
            _length += written;
        }
    }

    /// <summary>Adds foreign text: characters outside <paramref name="plain"/> as <c>\uXXXX</c>, and no more than <paramref name="limit"/> of it.</summary>
    public void AddEscaped(scoped ReadOnlySpan<char> text, SearchValues<char> plain, int limit)
    {
        var isCut = text.Length > limit;
        text = isCut ? text[..limit] : text;
        while (!text.IsEmpty)
        {
            var run = text.IndexOfAnyExcept(plain);
            run = run < 0 ? text.Length : run;
            AddPlain(text[..run]);
            text = text[run..];
            if (!text.IsEmpty)
            {
                text = text[AddCharacter(text)..];
            }
        }

        if (isCut)
        {
            Add("..."u8);
        }
    }

    /// <summary>Adds the first character of <paramref name="text"/>. Returns how many UTF-16 units it takes.</summary>
    private int AddCharacter(scoped ReadOnlySpan<char> text)
    {
        if (Rune.DecodeFromUtf16(text, out var rune, out var taken) != OperationStatus.Done)
        {
            // Half of a surrogate pair: the other half was cut off, or never was. Readers of JSON reject it.
            AddEscape(Rune.ReplacementChar.Value);
        }
        else
        {
            Span<char> units = stackalloc char[2];
            foreach (var unit in units[..rune.EncodeToUtf16(units)])
            {
                AddEscape(unit);
            }
        }

        return taken;
    }

    private void AddPlain(scoped ReadOnlySpan<char> text)
    {
        Ascii.FromUtf16(text, Free, out var written);
        Debug.Assert(written == text.Length || Free.Length == written, "Plain characters are ASCII.");
        _length += written;
    }

    private void AddEscape(int unit)
    {
        Span<byte> escape = stackalloc byte[6];
        "\\u"u8.CopyTo(escape);
        unit.TryFormat(escape[2..], out _, "x4", CultureInfo.InvariantCulture);
        if (escape.Length <= Free.Length)
        {
            Add(escape);
        }
    }
}
