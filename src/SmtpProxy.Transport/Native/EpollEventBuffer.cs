using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmtpProxy.Transport.Native;

/// <summary>Room for <c>struct epoll_event</c>, which is packed on x86 and nowhere else.</summary>
internal sealed unsafe class EpollEventBuffer
{
    /// <summary>Octets that one event takes at most.</summary>
    public const int MaxSize = 16;

    private static readonly int Size = IsPacked ? 12 : 16;
    private static readonly int DataOffset = IsPacked ? 4 : 8;

    private readonly byte[] _events;

    public EpollEventBuffer(int capacity)
    {
        Capacity = capacity;
        _events = GC.AllocateArray<byte>(capacity * Size, pinned: true);
    }

    public int Capacity { get; }

    public byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_events));

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    public EpollEvents EventsAt(int index) => (EpollEvents)Unsafe.ReadUnaligned<uint>(ref _events[index * Size]);

    public ulong DataAt(int index) => Unsafe.ReadUnaligned<ulong>(ref _events[(index * Size) + DataOffset]);

    /// <summary>Writes one event into <paramref name="target"/>, which has room for <see cref="MaxSize"/> octets.</summary>
    public static void Write(byte* target, EpollEvents events, ulong data)
    {
        Unsafe.WriteUnaligned(target, (uint)events);
        Unsafe.WriteUnaligned(target + DataOffset, data);
    }
}
