"""The loads, each with the figures it gives."""
import gc
import resource
import socket
import subprocess
import time

SOURCE = ["smtp-source", "-M", "load.example.org", "-f", "load@example.org", "-t", "load@example.net"]
ENVELOPE = b"MAIL FROM:<load@example.org>\r\n", b"RCPT TO:<load@example.net>\r\n", b"DATA\r\n"
TEXT = b"Subject: load\r\n\r\n" + (b"x" * 76 + b"\r\n") * 52 + b".\r\n"


def source(port, arguments):
    """Runs smtp-source to its end; returns the seconds."""
    start = time.monotonic()
    done = subprocess.run([*SOURCE, *arguments, f"127.0.0.1:{port}"], capture_output=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError("smtp-source: " + done.stderr.decode(errors="replace")[-300:])
    return time.monotonic() - start


def short_sessions(port, count):
    return {"messages": count, "rate": count / source(port, ["-s", "20", "-m", str(count), "-l", "4096"])}


def kept_sessions(port, count):
    return {"messages": count, "rate": count / source(port, ["-d", "-s", "20", "-m", str(count), "-l", "4096"])}


def large(port, count):
    size = 20_000_000
    seconds = source(port, ["-s", "4", "-m", str(count), "-l", str(size)])
    return {"messages": count, "rate": count / seconds, "gigabytes": count * size / 1e9, "mbps": count * size / 1e6 / seconds}


def say(connection, line, code):
    """Sends a line and reads a reply, all of it."""
    if line:
        connection.sendall(line)
    reply = b""
    while True:
        part = connection.recv(4096)
        reply += part
        last = reply[:-1].rsplit(b"\n", 1)[-1]
        if not part or (reply.endswith(b"\n") and last[3:4] != b"-"):
            break
    if not reply.startswith(code):
        raise RuntimeError(f"{line[:40]!r} was answered {reply[:200]!r}")


def converse(port):
    """A connection after its greeting and EHLO."""
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    say(connection, b"", b"220")
    say(connection, b"EHLO load.example.org\r\n", b"250")
    return connection


def latency(port, count):
    """One client, a connection for each message, one command at a time."""
    times = []
    gc.disable()
    for _ in range(count):
        start = time.perf_counter()
        with converse(port) as connection:
            for line, code in zip(ENVELOPE, (b"250", b"250", b"354")):
                say(connection, line, code)
            say(connection, TEXT, b"250")
            times.append(time.perf_counter() - start)
            say(connection, b"QUIT\r\n", b"221")
    gc.enable()
    times.sort()
    return {"messages": count, "p50": times[len(times) // 2] * 1000, "p99": times[int(len(times) * 0.99)] * 1000}


def settled(proxy):
    """Its memory, once it neither takes nor gives back any more."""
    last = proxy.memory()
    for _ in range(15):
        time.sleep(1)
        now = proxy.memory()
        if abs(now - last) <= now / 200:
            return now
        last = now
    return last


def idle(port, count, proxy):
    """So many sessions that have said MAIL and then nothing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    connections = []
    try:
        before = settled(proxy)
        for _ in range(count):
            connections.append(converse(port))
            say(connections[-1], ENVELOPE[0], b"250")
        held = settled(proxy) - before
        start = proxy.cpu()
        time.sleep(2)
        return {"messages": 0, "kib": held / count, "idle_cpu": (proxy.cpu() - start) / 2}
    finally:
        for connection in connections:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
