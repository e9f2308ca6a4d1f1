using System.Runtime.InteropServices;
using Xunit;

namespace SmtpProxy.TransportTests;

/// <summary>Leaves the process without descriptors until disposed.</summary>
internal sealed unsafe partial class DescriptorLimit : IDisposable
{
    private const int NumberOfFiles = 7;

    private readonly Limit _before;

    public DescriptorLimit()
    {
        Limit before;
        Assert.Equal(0, GetLimit(NumberOfFiles, &before));
        _before = before;
        var open = Directory.GetFileSystemEntries("/proc/self/fd").Select(static name => int.Parse(Path.GetFileName(name))).ToHashSet();
        var lowestFree = Enumerable.Range(0, int.MaxValue).First(descriptor => !open.Contains(descriptor));

        // Those above that are open stay usable.
        var none = new Limit { Soft = (ulong)lowestFree, Hard = before.Hard };
        Assert.Equal(0, SetLimit(NumberOfFiles, &none));
    }

    public void Dispose()
    {
        var before = _before;
        _ = SetLimit(NumberOfFiles, &before);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, Limit* limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
