using System.Text;
using SmtpProxy.Accounting;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public class LineQueueTests
{
    private const int Longest = LineBuffer.Size + 1;

    [Fact]
    public void TryAdd_AnyLinesAndTakes_NoneIsLostButTheOldestBeyondTheBound()
    {
        var random = new Random(4711);
        for (var round = 0; round < 50; round++)
        {
            var capacity = random.Next(1, 200);
            var queue = new LineQueue(capacity);
            var expected = new Queue<string>();
            for (var i = 0; i < 1000; i++)
            {
                if (random.Next(60) == 0)
                {
                    AssertTaken(queue, expected);
                    continue;
                }

                var line = $"{i}".PadRight(random.Next(4) == 0 ? random.Next(Longest) : 5, 'x') + "\n";
                Assert.Equal(expected.Count < capacity, queue.TryAdd(Encoding.ASCII.GetBytes(line), out var wasEmpty));
                Assert.Equal(expected.Count == 0, wasEmpty);
                expected.Enqueue(line);
                while (expected.Count > capacity)
                {
                    expected.Dequeue();
                }
            }

            while (expected.Count > 0)
            {
                AssertTaken(queue, expected);
            }

            Assert.Null(queue.Take());
        }
    }

    [Fact]
    public void TryAdd_ReaderKeepsUp_AllocatesNothing()
    {
        var queue = new LineQueue(1000);
        var line = Encoding.ASCII.GetBytes(new string('x', 270) + "\n");
        Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Pass();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        // More than one block, and while one is being written the other is filled.
        void Pass()
        {
            for (var i = 0; i < 200; i++)
            {
                queue.TryAdd(line, out _);
            }

            var writing = queue.Take()!;
            for (var i = 0; i < 200; i++)
            {
                queue.TryAdd(line, out _);
            }

            queue.Return(writing);
            queue.Return(queue.Take()!);
        }
    }

    [Fact]
    public void TryAdd_LineLongerThanABlock_IsTakenWhole()
    {
        var queue = new LineQueue(10);
        var line = new string('x', LineQueue.BlockSize) + "\n";
        queue.TryAdd("a\n"u8, out _);
        queue.TryAdd(Encoding.ASCII.GetBytes(line), out _);
        queue.TryAdd("b\n"u8, out _);

        Assert.Equal("a\n", Text(queue.Take()));
        Assert.Equal(line, Text(queue.Take()));
        Assert.Equal("b\n", Text(queue.Take()));
    }

    [Fact]
    public void TryAdd_AfterClose_IsLostAndWhatWaitsStays()
    {
        var queue = new LineQueue(10);
        queue.TryAdd("a\n"u8, out _);
        queue.Close();

        Assert.False(queue.TryAdd("b\n"u8, out _));
        Assert.Equal("a\n", Text(queue.Take()));
        Assert.Null(queue.Take());
    }

    private static string? Text(LineBlock? block) => block is null ? null : Encoding.ASCII.GetString(block.Octets.Span);

    private static void AssertTaken(LineQueue queue, Queue<string> expected)
    {
        if (queue.Take() is not { } block)
        {
            Assert.Empty(expected);
            return;
        }

        var lines = Enumerable.Range(0, block.Lines).Select(_ => expected.Dequeue()).ToArray();
        Assert.Equal(string.Concat(lines), Text(block));
        queue.Return(block);
    }
}
