namespace SmtpProxy.Protocol.Scripts;

/// <summary>What a step of a script does.</summary>
public enum SmtpStepKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Sends octets that the server answers with one reply.</summary>
    Send = 1,

    /// <summary>Reads one reply and compares the first digit of its code.</summary>
    Expect = 2,

    /// <summary>Like <see cref="Expect"/>; the reply lists what the server offers.</summary>
    ExpectCapabilities = 3,
}
