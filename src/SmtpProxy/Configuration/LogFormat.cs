namespace SmtpProxy.Configuration;

/// <summary>The shape of the line that is logged for each transaction.</summary>
public enum LogFormat
{
    /// <summary><c>key=value</c> pairs in the shape that mail log parsers know.</summary>
    Postfix,

    /// <summary>One JSON object a line.</summary>
    Json,
}
