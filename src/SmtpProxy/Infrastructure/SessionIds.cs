namespace SmtpProxy.Infrastructure;

/// <summary>Short identifiers for sessions: ten characters that are easy to read out, unique in this process and improbable twice in a log.</summary>
internal static class SessionIds
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 10;

    // Names need not be secret, and a generator that makes secrets loads OpenSSL.
    private static long _last = Random.Shared.NextInt64();

    public static string Next()
    {
        // An odd multiplier maps consecutive numbers to numbers that look unlike, one to one.
        var value = unchecked((ulong)Interlocked.Increment(ref _last) * 0x9E3779B97F4A7C15UL);
        return string.Create(Length, value >> (64 - (5 * Length)), static (text, bits) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(bits & 31)];
                bits >>= 5;
            }
        });
    }
}
