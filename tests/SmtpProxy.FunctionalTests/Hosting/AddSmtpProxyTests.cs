using Microsoft.Extensions.DependencyInjection;
using SmtpProxy.Configuration;
using SmtpProxy.FunctionalTests.Sessions;
using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Hosting;

public class AddSmtpProxyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddSmtpProxy_InAnApplication_RelaysWithTheCallersPolicyAndObserver()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        var endPoint = FreePorts.NextEndPoint();
        var config = new ProxyConfig
        {
            Listeners = new Dictionary<string, ListenerConfig> { ["mx"] = new() { Address = endPoint.ToString(), Capabilities = [] } },
            Clusters = new Dictionary<string, ClusterConfig>
            {
                ["pool"] = new()
                {
                    LoadBalancingPolicy = "Last",
                    Destinations = new Dictionary<string, DestinationConfig>
                    {
                        ["b1"] = new() { Address = b1.EndPoint.ToString() },
                        ["b2"] = new() { Address = b2.EndPoint.ToString() },
                    },
                },
            },
        };
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoadBalancingPolicy, LastPolicy>();
        builder.Services.AddSmtpProxy(config).AddTransactionObserver<Observer>();
        using var application = builder.Build();
        await application.StartAsync(Token);
        await using var client = await SmtpClientStub.ConnectAsync(endPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
        await client.CommandAsync("QUIT");
        await application.StopAsync(Token);

        Assert.Empty(b1.Messages);
        Assert.Single(b2.Messages);
        var observer = Assert.IsType<Observer>(Assert.Single(application.Services.GetServices<ITransactionObserver>()));
        Assert.Equal(TransactionOutcome.Relayed, observer.Last?.Outcome);
    }

    private sealed class LastPolicy : ILoadBalancingPolicy
    {
        public string Name => "Last";

        public DestinationState Pick(in LoadBalancingContext context) => context.Available[^1];
    }

    private sealed class Observer : ITransactionObserver
    {
        public TransactionRecord? Last { get; private set; }

        public void OnCompleted(TransactionRecord record) => Last = record;
    }
}
