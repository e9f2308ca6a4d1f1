"""The mail servers behind the proxies: smtp-sink, or Postfix that throws all mail away."""
import os
import re
import shutil
import subprocess
import time

from processes import Child

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = bench.example.org
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = discard:
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 60000000
mailbox_size_limit = 0
maillog_file =
"""

# Service, type, and what serves it: the least that takes mail and throws it away.
SERVICES = """pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


class Sinks:
    """Three smtp-sinks, which count."""

    def __init__(self, ports, folder):
        # As root it wants to be told whom to become.
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        self.children = [
            Child(f"sink{i}", ["smtp-sink", *user, "-c", "-m", "8000", f"127.0.0.1:{port}", "4096"], os.path.join(folder, f"sink{i}.log"))
            for i, port in enumerate(ports)]

    def cpu(self):
        return sum(child.cpu() for child in self.children)

    def messages(self):
        """How many they took; None when they cannot tell."""
        total = 0
        for child in self.children:
            with open(child.log, "rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - 500))
                counts = re.findall(rb"mesg=(\d+)", file.read())
            total += int(counts[-1]) if counts else 0
        return total

    def settle(self):
        time.sleep(0.1)

    def stop(self):
        for child in self.children:
            child.stop()


class Postfix:
    """One Postfix with three listeners, its own queue and a discarding transport; needs root."""

    def __init__(self, ports, folder):
        self.folder = os.path.join(folder, "postfix")
        etc = os.path.join(self.folder, "etc")
        for name in (etc, os.path.join(self.folder, "spool"), os.path.join(self.folder, "data")):
            os.makedirs(name)
        os.chmod(folder, 0o755)
        shutil.chown(os.path.join(self.folder, "data"), "postfix")
        with open(os.path.join(etc, "main.cf"), "w", encoding="ascii") as file:
            file.write(MAIN_CF.format(folder=self.folder))
        with open(os.path.join(etc, "master.cf"), "w", encoding="ascii") as file:
            file.write("".join(f"127.0.0.1:{port} inet n - n - - smtpd\n" for port in ports) + SERVICES)
        subprocess.run(["postfix", "-c", etc, "check"], check=True, stderr=subprocess.DEVNULL)
        self.child = Child("postfix", ["postfix", "-c", etc, "start-fg"], os.path.join(folder, "postfix.log"))

    def cpu(self):
        return self.child.cpu()

    def messages(self):
        return None

    def settle(self):
        """Waits until what was taken is thrown away, for that costs, too."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not any(os.listdir(os.path.join(self.folder, "spool", queue)) for queue in ("incoming", "active")):
                return
            time.sleep(0.05)

    def stop(self):
        self.child.stop()
