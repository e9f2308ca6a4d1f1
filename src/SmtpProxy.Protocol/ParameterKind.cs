namespace SmtpProxy.Protocol;

/// <summary>The form of a parameter's value.</summary>
internal enum ParameterKind : byte
{
    /// <summary>Any printable text without blanks.</summary>
    Text = 0,

    /// <summary>A number of octets.</summary>
    Size,

    /// <summary>A body type.</summary>
    Body,

    /// <summary>FULL or HDRS.</summary>
    ReturnContent,

    /// <summary>xtext or <c>&lt;&gt;</c>.</summary>
    Mailbox,

    /// <summary>xtext.</summary>
    Xtext,

    /// <summary>Address type, semicolon, xtext.</summary>
    OriginalRecipient,
}
