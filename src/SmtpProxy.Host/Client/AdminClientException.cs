using System.Net;

namespace SmtpProxy.Host.Client;

/// <summary>The admin API refused a call or could not be reached.</summary>
internal sealed class AdminClientException(HttpStatusCode? status, string message) : Exception(message)
{
    /// <summary>What the API answered; null when it could not be reached.</summary>
    public HttpStatusCode? Status { get; } = status;
}
