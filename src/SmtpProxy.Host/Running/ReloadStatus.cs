namespace SmtpProxy.Host.Running;

/// <summary>How a reload ended.</summary>
internal enum ReloadStatus
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>The new configuration is in force.</summary>
    Applied,

    /// <summary>It has errors; the old one stays.</summary>
    Invalid,

    /// <summary>The proxy was started without a file.</summary>
    NoFile,
}
