using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>One step of the client; exactly one of its actions is set.</summary>
public sealed record ClientStep
{
    /// <summary>Name of the connection, which is opened at its first use.</summary>
    public string Conn { get; init; } = "c1";

    /// <summary>Octets to send in one write, with escapes.</summary>
    public string? Send { get; init; }

    /// <summary>How often <see cref="Send"/> is repeated within the write.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary><see cref="Send"/> goes out beneath TLS.</summary>
    public bool Clear { get; init; }

    /// <summary><c>handshake</c>, or <c>close_notify</c>: ends TLS, not the connection.</summary>
    public string? Tls { get; init; }

    /// <summary>A line to send for each number, which stands for <c>{i}</c>.</summary>
    public string? SendEach { get; init; }

    /// <summary>The first number.</summary>
    public int From { get; init; }

    /// <summary>The last number.</summary>
    public int To { get; init; }

    /// <summary>What is sent behind the numbered lines.</summary>
    public string Then { get; init; } = "";

    /// <summary>All numbered lines go out in one write.</summary>
    public bool SingleWrite { get; init; }

    /// <summary>Pattern that the unread octets must come to match; they are read up to its end.</summary>
    public string? Expect { get; init; }

    /// <summary>What <see cref="Expect"/> found must have come in one receive.</summary>
    public bool OneSegment { get; init; }

    /// <summary>How long an expectation may take.</summary>
    public int TimeoutMs { get; init; } = 5000;

    /// <summary>Nothing is unread, and nothing comes in that time.</summary>
    public int? ExpectSilenceMs { get; init; }

    /// <summary>The connection is ended by the other side.</summary>
    public bool? ExpectClose { get; init; }

    /// <summary>Pattern in all octets that the connection has received.</summary>
    public string? ExpectTotal { get; init; }

    /// <summary>Nobody listens.</summary>
    public bool? ExpectConnectRefused { get; init; }

    /// <summary>Plays the step only when the text that was read last matches.</summary>
    public string? OnlyIfLast { get; init; }

    /// <summary>Closes the connection.</summary>
    public CloseHow? Close { get; init; }

    /// <summary>Ends the client's direction only.</summary>
    public bool? HalfClose { get; init; }

    /// <summary>Lets time pass.</summary>
    public int? WaitMs { get; init; }

    /// <summary>Something done to the proxy, or found out about it.</summary>
    public string? Control { get; init; }

    /// <summary>For <c>etcd.put</c>: the sender, behind a word that says what the key is for.</summary>
    public string? Key { get; init; }

    /// <summary>For <c>etcd.put</c>: the sender's server.</summary>
    public string? Value { get; init; }

    /// <summary>For <c>etcd.put_noise</c>: how many keys.</summary>
    public int Count { get; init; }

    /// <summary>Highest number.</summary>
    public int Le { get; init; }

    /// <summary>Highest number in a second.</summary>
    public double LePerS { get; init; }

    /// <summary>For <c>assert.proxy_exit</c>: counted from the request to stop.</summary>
    public int WithinMs { get; init; }
}
