using System.Buffers;
using System.IO.Pipelines;

namespace SmtpProxy.Infrastructure;

/// <summary>Sending over a pipe with a deadline. What the system takes at once, which is nearly all, sets none and allocates nothing.</summary>
internal static class PipeSending
{
    /// <summary>Sends what was written and <paramref name="octets"/> behind it, most of them from where they lie. False when the connection is lost or
    /// nothing is taken for <paramref name="timeout"/>.</summary>
    public static ValueTask<bool> SendAsync(PipeWriter output, in ReadOnlySequence<byte> octets, Deadline deadline, TimeSpan timeout)
    {
        try
        {
            var sending = output.WriteAsync(GatherAllButLast(output, octets));
            if (!sending.IsCompletedSuccessfully)
            {
                return FinishAsync(output, sending, deadline, timeout);
            }

            var sent = sending.Result;
            return sent.IsCanceled ? FinishAsync(output, new(sent), deadline, timeout) : new(!sent.IsCompleted);
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            return new(false);
        }
    }

    private static ReadOnlyMemory<byte> GatherAllButLast(PipeWriter output, in ReadOnlySequence<byte> octets)
    {
        var last = ReadOnlyMemory<byte>.Empty;
        foreach (var segment in octets)
        {
            output.Write(last.Span);
            last = segment;
        }

        return last;
    }

    private static async ValueTask<bool> FinishAsync(PipeWriter output, ValueTask<FlushResult> sending, Deadline deadline, TimeSpan timeout)
    {
        deadline.Set(timeout);
        try
        {
            var flushed = await sending;
            while (flushed.IsCanceled && !deadline.IsExpired)
            {
                flushed = await output.FlushAsync();
            }

            return !flushed.IsCompleted && !flushed.IsCanceled;
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            // The read side says what happened; here it only matters that nothing more can be sent.
            return false;
        }
        finally
        {
            deadline.Clear();
        }
    }
}
