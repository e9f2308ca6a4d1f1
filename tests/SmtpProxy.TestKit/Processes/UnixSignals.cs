using System.Runtime.InteropServices;

namespace SmtpProxy.TestKit.Processes;

/// <summary>Signals to processes that this test has started.</summary>
internal static class UnixSignals
{
    public const int HangUp = 1;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;
    private const int NoSuchProcess = 3;

    public static void Send(int processId, int signal)
    {
        // 0 and -1 would reach processes that are not ours.
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(processId, 1);
        Deliver(processId, signal);
    }

    /// <summary>To a whole process group, whose id is that of the process that leads it.</summary>
    public static void SendToGroup(int leader, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(leader, 1);
        Deliver(-leader, signal);
    }

    private static void Deliver(int target, int signal)
    {
        if (NativeKill(target, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new InvalidOperationException($"kill({target}, {signal}) failed with error {error}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int processId, int signal);
}
