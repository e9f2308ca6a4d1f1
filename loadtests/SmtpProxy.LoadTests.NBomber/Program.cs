using SmtpProxy.LoadTests.NBomber;

return await NBomberRun.RunAsync(args);
