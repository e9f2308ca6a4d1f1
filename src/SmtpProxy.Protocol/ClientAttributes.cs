namespace SmtpProxy.Protocol;

/// <summary>What a server lets be told of a client by XCLIENT or XFORWARD.</summary>
[Flags]
public enum ClientAttributes : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>NAME: the host name that belongs to the address.</summary>
    Name = 1 << 0,

    /// <summary>REVERSE_NAME: the host name that the address claims.</summary>
    ReverseName = 1 << 1,

    /// <summary>ADDR: the address.</summary>
    Address = 1 << 2,

    /// <summary>PORT: the port.</summary>
    Port = 1 << 3,

    /// <summary>PROTO: SMTP or ESMTP.</summary>
    Protocol = 1 << 4,

    /// <summary>HELO: the name given with HELO or EHLO.</summary>
    Helo = 1 << 5,

    /// <summary>LOGIN: the user who logged in.</summary>
    Login = 1 << 6,

    /// <summary>DESTADDR: the address that the client connected to.</summary>
    DestinationAddress = 1 << 7,

    /// <summary>DESTPORT: the port that the client connected to.</summary>
    DestinationPort = 1 << 8,

    /// <summary>IDENT: what the sender of the command calls the message.</summary>
    Ident = 1 << 9,

    /// <summary>SOURCE: whether the message came from outside.</summary>
    Source = 1 << 10,
}
