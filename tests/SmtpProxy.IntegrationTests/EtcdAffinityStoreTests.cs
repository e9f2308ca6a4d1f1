using SmtpProxy.Affinity;
using SmtpProxy.TestKit.Affinity;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>The contract of stores, kept by etcd. Each test has a prefix of its own.</summary>
public sealed class EtcdAffinityStoreTests(EtcdFixture etcd) : AffinityStoreContract, IClassFixture<EtcdFixture>
{
    protected override TimeProvider Time => TimeProvider.System;

    protected override ValueTask<IAffinityStore> OpenAsync() =>
        new(EtcdStores.Create(EtcdStores.Config(etcd.Server.Endpoint, $"/test/{Guid.NewGuid():N}")));
}
