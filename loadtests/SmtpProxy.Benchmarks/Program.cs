using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

// Benchmarks are built in projects of their own, which takes longer than the default allows on a small or busy machine.
BenchmarkSwitcher
    .FromAssembly(typeof(SmtpProxy.Benchmarks.CommandBenchmarks).Assembly)
    .Run(args, ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(TimeSpan.FromMinutes(15)));
