using Xunit.Sdk;
using Xunit.v3;

// A case mostly waits, so several are played at a time on few cores; each has its own proxy, servers and ports.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 6)]
