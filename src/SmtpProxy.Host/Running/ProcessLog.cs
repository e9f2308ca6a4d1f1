using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace SmtpProxy.Host.Running;

/// <summary>The log of the process: on standard error, apart from the transaction log on standard output.</summary>
internal static class ProcessLog
{
    public static ILoggerFactory Create() => LoggerFactory.Create(logging =>
    {
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;

            // A reader that has stopped must not stop the mail: sessions log on threads that never block.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });

        // What the web server and its transport have to say is about clients that come and go.
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        if (SystemdHelpers.IsSystemdService())
        {
            // The journal has a time of its own and takes the level from a prefix.
            logging.AddSystemdConsole();
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            });
        }
    });
}
