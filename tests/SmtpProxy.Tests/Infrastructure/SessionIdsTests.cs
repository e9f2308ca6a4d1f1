using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public class SessionIdsTests
{
    [Fact]
    public void Next_ManyTimes_IsUniqueAndPlain()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 100_000; i++)
        {
            Assert.True(seen.Add(SessionIds.Next()));
        }

        Assert.All(seen.Take(100), id => Assert.Matches("^[0-9A-Z]{10}$", id));
    }
}
