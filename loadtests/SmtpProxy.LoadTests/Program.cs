using SmtpProxy.LoadTests.Commands;

return await new LoadTestApp(Console.Out, Console.Error).RunAsync(args);
