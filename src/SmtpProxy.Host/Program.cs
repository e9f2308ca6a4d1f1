using SmtpProxy.Host.Commands;

return await new CommandLineApp(Console.Out, Console.Error).RunAsync(args);
