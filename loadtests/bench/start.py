#!/usr/bin/env python3
"""Starts a program ten times and says how long it took to the line `smtpproxy ready`, the CPU time up to there, and the memory it
holds a while later with nothing to do.

    start.py /opt/smtpproxy/smtpproxy          or: start.py dotnet .../SmtpProxy.Host.dll

Linux; ports that are free are chosen. Wall time means something on a quiet machine only; CPU time suffers less from others.
"""
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 10
SETTLE_S = 3


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def memory_mb(pid: int) -> float:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def cpu_ms(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main(command: list[str]) -> None:
    walls, cpus, memories = [], [], []
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"SmtpProxy": {
            "Listeners": {"mx": {"Address": f"127.0.0.1:{free_port()}"}},
            "Clusters": {"pool": {"Destinations": {"mta1": {"Address": f"127.0.0.1:{free_port()}"}}}},
            "Admin": {"Address": f"127.0.0.1:{free_port()}"},
        }}, file)
        file.flush()
        for run in range(RUNS):
            began = time.monotonic()
            process = subprocess.Popen([*command, "run", "--config", file.name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            line = process.stdout.readline().decode().strip()
            walls.append((time.monotonic() - began) * 1000)
            if line != "smtpproxy ready":
                sys.exit(f"not ready but: {line!r}")
            cpus.append(cpu_ms(process.pid))
            if run == RUNS - 1:
                time.sleep(SETTLE_S)
                memories.append(memory_mb(process.pid))
            process.terminate()
            process.wait()
    print(f"ready after {statistics.median(walls):.0f} ms ({min(walls):.0f} to {max(walls):.0f}), "
          f"CPU {statistics.median(cpus):.0f} ms, {memories[0]:.0f} MB idle")


if __name__ == "__main__":
    main(sys.argv[1:] or sys.exit(__doc__))
