using System.Net;
using System.Security.Cryptography;
using System.Text;
using SmtpProxy.Configuration.Formats;

namespace SmtpProxy.Host.Admin;

/// <summary>Refuses what a web page or a stranger might send: foreign Host and Origin headers (DNS rebinding, cross-site requests), and
/// changes without the token; and whatever needs the store before it is open.</summary>
internal sealed class RequestGuard(IAdminTarget target, ListenAddress address)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (await CheckAsync(context) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private async Task<IResult?> CheckAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsOwnHost(request.Host.Host, context.Connection.LocalIpAddress))
        {
            return Problem.Forbidden("the Host header names neither this host nor the admin address");
        }

        if (request.Headers.Origin is [{ } origin, ..] && !IsOwnOrigin(origin, request.Host))
        {
            return Problem.Forbidden("the Origin header is foreign");
        }

        var isChange = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (isChange && target.Current.Config.Admin.TokenFile is { } file && !await HasTokenAsync(request, file, context.RequestAborted))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem.Unauthorized("changes need the token of SmtpProxy:Admin:TokenFile as 'Authorization: Bearer ...'");
        }

        return request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && target is { IsReady: false, IsDraining: false }
            ? Problem.Unavailable("the proxy is starting")
            : null;
    }

    private bool IsOwnHost(string host, IPAddress? local)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var ip))
        {
            return IPAddress.IsLoopback(ip) || ip.Equals(address.Address)
                || (local is not null && ip.MapToIPv6().Equals(local.MapToIPv6()));
        }

        return IsNamed(host, "localhost")
            || IsNamed(host, Dns.GetHostName())
            || target.Current.Config.Listeners.Values.Any(listener => IsNamed(host, listener.Hostname));
    }

    private static bool IsNamed(string host, string name) => string.Equals(host, name, StringComparison.OrdinalIgnoreCase);

    // A page that this port serves has the very origin that its requests go to.
    private static bool IsOwnOrigin(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);

    // Read anew each time: changes are rare, and a token that was replaced must count at once.
    private static async Task<bool> HasTokenAsync(HttpRequest request, string file, CancellationToken cancellationToken)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            var token = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
            return token.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(token), Hash(header[Scheme.Length..].Trim()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A token that cannot be read lets nobody in.
            return false;
        }
    }

    // Hashed, so that the comparison takes as long for a token of another length.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
