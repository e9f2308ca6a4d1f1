using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public sealed class OpenFileLimitTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("Max open files            1024                 524288               files", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files", int.MaxValue)]
    [InlineData("Max open files", int.MaxValue)]
    [InlineData("Max processes             63409                63409                processes", int.MaxValue)]
    public void Read_Limits_TheSoftOneOfOpenFiles(string line, int expected)
    {
        File.WriteAllText(_file, $"Limit                     Soft Limit           Hard Limit           Units\n{line}\n");

        Assert.Equal(expected, OpenFileLimit.Read(_file));
    }

    [Fact]
    public void Read_NoFile_NoLimit() => Assert.Equal(int.MaxValue, OpenFileLimit.Read(_file + ".none"));

    [Fact]
    public void ReadFree_ThisProcess_LessThanItsLimit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system says it in /proc.");

        Assert.InRange(OpenFileLimit.ReadFree(), 1, OpenFileLimit.Read() - 3);
    }

    public void Dispose() => File.Delete(_file);
}
