#!/usr/bin/env python3
"""Measures SmtpProxy beside HAProxy and nginx. See README.md."""
import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import sys
import tempfile
import time

# Nothing is left beside the sources.
sys.dont_write_bytecode = True

import backends
import loads
import peers
from processes import Child

# Name, what it is, messages at scale 1, and the figures: key, heading, decimals.
LOADS = {
    "W1": ("a connection per message, 4 KiB, 20 clients", 10_000, (("cpu", "CPU s/10k", 2), ("rate", "msg/s", 0))),
    "W2": ("kept sessions, 4 KiB, 20 clients", 10_000, (("cpu", "CPU s/10k", 2), ("rate", "msg/s", 0))),
    "W3": ("20 MB messages, 4 clients", 30, (("cpu_gb", "CPU s/GB", 2), ("mbps", "MB/s", 0))),
    "W4": ("idle sessions after MAIL", 5_000, (("kib", "KiB each", 1), ("idle_cpu", "idle CPU", 2))),
    "W5": ("latency, one client, a connection per message", 1_000, (("p50", "p50 ms", 3), ("p99", "p99 ms", 2))),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, child, seconds=30):
    """Until it greets."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if child and child.process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as connection:
                loads.say(connection, b"", b"220")
                loads.say(connection, b"QUIT\r\n", b"221")
                return
        except (OSError, RuntimeError):
            time.sleep(0.05)
    raise RuntimeError(f"nobody greets at port {port}: {child.last_words() if child else ''}")


def start(name, port, ports, folder, program):
    """Starts a peer and waits for its greeting."""
    command = peers.command(name, port, free_port(), ports, folder, program)
    child = Child(name, command, os.path.join(folder, name + ".log"))
    try:
        wait_for(port, child)
    except RuntimeError:
        child.stop()
        raise
    return child


def run_idle(name, ports, folder, options):
    """Idle sessions of a fresh process: what an older one has freed and not given back would hide what they cost."""
    # A folder of its own: the other process of this peer may watch its configuration, and would take the port from a changed one.
    port, own = free_port(), tempfile.mkdtemp(dir=folder)
    os.chmod(own, 0o755)
    child = start(name, port, ports, own, options.program)
    try:
        loads.short_sessions(port, 200)
        # Never scaled: with fewer, the room that a heap has left hides them.
        return loads.idle(port, LOADS["W4"][1], child)
    finally:
        child.stop()


def run_load(load, port, scale, proxy, backend):
    """One run; the figures with what it cost."""
    count = max(4, int(LOADS[load][1] * scale))
    before, taken, backend_before = proxy.cpu() if proxy else 0, backend.messages(), backend.cpu()
    run = {"W1": loads.short_sessions, "W2": loads.kept_sessions, "W3": loads.large, "W5": loads.latency}[load]
    figures = run(port, count)
    backend.settle()
    used = proxy.cpu() - before if proxy else 0
    figures["cpu"] = used * 10_000 / count
    figures["backend_cpu"] = (backend.cpu() - backend_before) * 10_000 / count
    if "gigabytes" in figures:
        figures["cpu_gb"] = used / figures["gigabytes"]
    if taken is not None and backend.messages() - taken != count:
        raise RuntimeError(f"{count} messages were sent, {backend.messages() - taken} have arrived")
    return figures


def measure(options, folder):
    """All runs, interleaved: each repetition runs each load over all peers, so that the machine's moods meet all alike."""
    ports = [free_port() for _ in range(3)]
    backend = (backends.Postfix if options.backend == "postfix" else backends.Sinks)(ports, folder)
    children, results = {}, []
    try:
        for port in ports:
            wait_for(port, None)
        where = {"direct": ports[0]}
        for name in options.peers:
            if name == "direct":
                continue
            where[name] = free_port()
            children[name] = start(name, where[name], ports, folder, options.program)
            # Compilers and caches.
            for _ in range(2):
                run_load("W1", where[name], options.scale / 10, children[name], backend)
                run_load("W2", where[name], options.scale / 10, children[name], backend)
        for repetition in range(options.repetitions):
            for load in options.loads:
                for name in options.peers:
                    if name == "direct" and load == "W4":
                        continue
                    figures = {"peer": name, "load": load, "repetition": repetition}
                    try:
                        if load == "W4":
                            figures |= run_idle(name, ports, folder, options)
                        else:
                            figures |= run_load(load, where[name], options.scale, children.get(name), backend)
                    except (OSError, RuntimeError) as error:
                        figures["error"] = str(error)
                    results.append(figures)
                    print(repetition, load, name, {k: round(v, 3) for k, v in figures.items() if isinstance(v, float)},
                          figures.get("error", ""), flush=True)
    finally:
        for child in children.values():
            child.stop()
        backend.stop()
    return results


def pick(results, load, peer, key):
    return {r["repetition"]: r[key] for r in results if r["load"] == load and r["peer"] == peer and key in r}


def cell(results, load, peer, key, decimals):
    """The median, and its ratio to HAProxy: the median of the ratios within one repetition."""
    own, base = pick(results, load, peer, key), pick(results, load, "haproxy", key)
    if not own:
        return "-"
    text = f"{statistics.median(own.values()):.{decimals}f}"
    ratios = [own[repetition] / base[repetition] for repetition in own if base.get(repetition)]
    return f"{text} ({statistics.median(ratios):.2f})" if ratios and peer != "haproxy" else text


def report(results, options):
    """The table in Markdown: figures, in brackets their ratio to HAProxy."""
    columns = [(load, *figure) for load in options.loads for figure in LOADS[load][2]]
    lines = ["| | " + " | ".join(f"{load} {heading}" for load, _, heading, _ in columns) + " |", "| --- |" + " ---: |" * len(columns)]
    for peer in options.peers:
        cells = (cell(results, load, peer, key, decimals) for load, key, _, decimals in columns)
        lines.append(f"| {peer} | " + " | ".join(cells) + " |")
    lines += ["", *(f"- {load}: {LOADS[load][0]}" for load in options.loads)]
    if options.backend == "postfix":
        lines += ["", "Postfix's own CPU s/10k: " + "; ".join(
            f"{load} {peer} {cell(results, load, peer, 'backend_cpu', 1)}" for load in options.loads if load != "W4" for peer in options.peers)]
    return "\n".join(lines)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="SmtpProxy.Host.dll, or a published smtpproxy")
    parser.add_argument("--peers", default="direct," + ",".join(peers.ALL), type=lambda text: text.split(","))
    parser.add_argument("--loads", type=lambda text: text.split(","), help="default: all; before Postfix, which serves 100 at a time, W1,W2,W5")
    parser.add_argument("--backend", choices=("sink", "postfix"), default="sink")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the messages")
    parser.add_argument("--output", help="file for all runs, one JSON object a line")
    options = parser.parse_args()
    options.loads = options.loads or (["W1", "W2", "W5"] if options.backend == "postfix" else list(LOADS))
    for what, known, given in (("peer", ("direct", *peers.ALL), options.peers), ("load", tuple(LOADS), options.loads)):
        for name in given:
            if name not in known:
                parser.error(f"no {what} is called {name}: {', '.join(known)}")
    options.program = os.path.abspath(options.program)
    return options


def main():
    options = parse()
    # So that what was started is ended, also when somebody ends us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="smtpproxy-bench-")
    # Read by servers that have given up being root.
    os.chmod(folder, 0o755)
    try:
        results = measure(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(result) + "\n" for result in results)
    print()
    print(report(results, options))
    return 1 if any("error" in result for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
