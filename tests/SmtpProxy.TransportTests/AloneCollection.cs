using Xunit;

namespace SmtpProxy.TransportTests;

/// <summary>Tests of what the whole process has: descriptors, memory. They run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
