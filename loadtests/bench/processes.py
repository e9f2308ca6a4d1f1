"""Processes that the bench starts, what they cost, and their end."""
import os
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def fields(pid):
    """The fields of /proc/PID/stat behind the name; None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            text = file.read()
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


def family(root):
    """A process and all below it."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            found = fields(name)
            if found:
                children.setdefault(int(found[1]), []).append(int(name))
    members, queue = [], [root]
    while queue:
        pid = queue.pop()
        members.append(pid)
        queue += children.get(pid, [])
    return members


class Child:
    """A program of ours, in a session of its own, with its children."""

    def __init__(self, name, command, log):
        self.name = name
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)

    def cpu(self):
        """User and system seconds, with those of children that have ended."""
        total = 0
        for pid in family(self.process.pid):
            found = fields(pid)
            if found:
                total += sum(int(value) for value in found[11:15])
        return total / TICKS

    def memory(self):
        """KiB that it holds alone, and its share of what it holds with others."""
        total = 0
        for pid in family(self.process.pid):
            try:
                with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                    total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
            except OSError:
                continue
        return total

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-5:])

    def stop(self):
        """Ends it and what it has started, by id: gently, then for good."""
        members = family(self.process.pid)
        for sign, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            # The first asks the leader alone; it ends its children itself.
            for pid in members if sign == signal.SIGKILL else members[:1]:
                if is_there(pid):
                    try:
                        os.kill(pid, sign)
                    except ProcessLookupError:
                        continue
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                self.process.poll()
                if not any(is_there(pid) for pid in members):
                    return
                time.sleep(0.02)


def is_there(pid):
    """True while a process runs; one that has ended and is not yet waited for does not."""
    found = fields(pid)
    return found is not None and found[0] != "Z"
