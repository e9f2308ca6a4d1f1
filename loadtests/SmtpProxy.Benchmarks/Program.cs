using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(SmtpProxy.Benchmarks.CommandBenchmarks).Assembly).Run(args);
