using SmtpProxy.Host.Admin.Documents;

namespace SmtpProxy.Host.Admin;

/// <summary>Answers that say what went wrong (RFC 9457).</summary>
internal static class Problem
{
    public static IResult BadRequest(string detail) => Create(StatusCodes.Status400BadRequest, "Bad request", detail);

    public static IResult Unauthorized(string detail) => Create(StatusCodes.Status401Unauthorized, "Token needed", detail);

    public static IResult Forbidden(string detail) => Create(StatusCodes.Status403Forbidden, "Refused", detail);

    public static IResult NotFound(string detail) => Create(StatusCodes.Status404NotFound, "Not found", detail);

    public static IResult Conflict(string detail) => Create(StatusCodes.Status409Conflict, "Not possible", detail);

    public static IResult TooLarge(string detail) => Create(StatusCodes.Status413PayloadTooLarge, "Too large", detail);

    public static IResult Unavailable(string detail) => Create(StatusCodes.Status503ServiceUnavailable, "Try again", detail);

    /// <summary>A configuration with faults.</summary>
    public static IResult Invalid(IReadOnlyList<string> errors) => Create(
        StatusCodes.Status422UnprocessableEntity,
        "Invalid configuration",
        "the configuration in force stays: " + string.Join("; ", errors),
        errors);

    private static IResult Create(int status, string title, string detail, IReadOnlyList<string>? errors = null) =>
        Results.Json(
            new ProblemDocument(status, title, detail, errors),
            AdminJson.Default.ProblemDocument,
            "application/problem+json",
            status);
}
