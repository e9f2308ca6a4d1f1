namespace SmtpProxy.TestKit.Wire;

/// <summary>How a TCP connection is given up.</summary>
public enum CloseHow
{
    /// <summary>In order.</summary>
    Fin,

    /// <summary>With a reset.</summary>
    Rst,
}
