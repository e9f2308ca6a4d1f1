using System.Net;

namespace SmtpProxy.Transport.Native;

/// <summary>Sets sockets up. All of them are non-blocking and stay out of child processes.</summary>
internal static unsafe class NativeSocket
{
    /// <summary>Large enough for the address of either family.</summary>
    private const int AddressSize = 28;

    private const int SocketFlags = Constants.SocketNonBlocking | Constants.SocketCloseOnExec;

    /// <summary>A socket that listens; what it accepts has no delay.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static int Listen(IPEndPoint endPoint, int backlog)
    {
        var descriptor = Create(endPoint);
        try
        {
            Set(descriptor, Constants.LevelSocket, Constants.ReuseAddress, 1);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                Set(descriptor, Constants.LevelIPv6, Constants.IPv6Only, 0);
            }

            var address = endPoint.Serialize();
            fixed (byte* pointer = address.Buffer.Span)
            {
                Check(Libc.Bind(descriptor, pointer, address.Size));
            }

            Check(Libc.Listen(descriptor, backlog));
            return descriptor;
        }
        catch
        {
            _ = Libc.Close(descriptor);
            throw;
        }
    }

    /// <summary>A socket that is connecting, or connected already.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be connected to.</exception>
    public static int Connect(IPEndPoint endPoint, out bool isConnected)
    {
        var descriptor = Create(endPoint);
        try
        {
            var address = endPoint.Serialize();
            fixed (byte* pointer = address.Buffer.Span)
            {
                isConnected = Libc.Connect(descriptor, pointer, address.Size) == 0;
            }

            if (!isConnected && Errno.Last is not (Errno.InProgress or Errno.Interrupted))
            {
                throw Errno.ToException(Errno.Last);
            }

            return descriptor;
        }
        catch
        {
            _ = Libc.Close(descriptor);
            throw;
        }
    }

    /// <summary>The next connection, or -1 and an error number.</summary>
    public static int Accept(int listener, out IPEndPoint? remote)
    {
        var address = stackalloc byte[AddressSize];
        var length = AddressSize;
        var descriptor = Libc.Accept(listener, address, &length, SocketFlags);
        remote = descriptor < 0 ? null : Read(new ReadOnlySpan<byte>(address, length));
        return descriptor;
    }

    public static IPEndPoint? LocalEndPoint(int descriptor)
    {
        var address = stackalloc byte[AddressSize];
        var length = AddressSize;
        return Libc.GetSocketName(descriptor, address, &length) < 0 ? null : Read(new ReadOnlySpan<byte>(address, length));
    }

    /// <summary>The error that a connection attempt ended with; 0 when it is connected.</summary>
    public static int TakeError(int descriptor)
    {
        var error = 0;
        var length = sizeof(int);
        return Libc.GetSocketOption(descriptor, Constants.LevelSocket, Constants.PendingError, &error, &length) < 0 ? Errno.Last : error;
    }

    /// <summary>Closing sends a reset from now on.</summary>
    public static void ResetOnClose(int descriptor)
    {
        var linger = stackalloc int[] { 1, 0 };
        _ = Libc.SetSocketOption(descriptor, Constants.LevelSocket, Constants.Linger, linger, 2 * sizeof(int));
    }

    private static int Create(IPEndPoint endPoint)
    {
        var isIPv6 = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var family = isIPv6 ? Constants.FamilyIPv6 : Constants.FamilyIPv4;
        var descriptor = Libc.Socket(family, Constants.Stream | SocketFlags, Constants.Tcp);
        Check(descriptor);
        Set(descriptor, Constants.Tcp, Constants.NoDelay, 1);
        return descriptor;
    }

    private static IPEndPoint? Read(ReadOnlySpan<byte> address) => BitConverter.ToUInt16(address) switch
    {
        Constants.FamilyIPv4 => new IPEndPoint(new IPAddress(address.Slice(4, 4)), (address[2] << 8) | address[3]),
        Constants.FamilyIPv6 => new IPEndPoint(
            new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])), (address[2] << 8) | address[3]),
        _ => null,
    };

    private static void Set(int descriptor, int level, int name, int value) =>
        Check(Libc.SetSocketOption(descriptor, level, name, &value, sizeof(int)));

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw Errno.ToException(Errno.Last);
        }
    }
}
