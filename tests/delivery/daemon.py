# SPDX-License-Identifier: Apache-2.0
"""Programs that the tests start and stop: by process id, with their output in a file that is shown on failure."""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in ("replay", "smoke")]

from live_vigie import wait_for
from vigie_test import SOURCE

# Where scripts/receivers unpacks what is not installed.
UNPACKED = SOURCE / "data" / "receivers"
LIBRARY_FOLDERS = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib", "lib/x86_64-linux-gnu",
                   "lib/aarch64-linux-gnu", "usr/lib/syslog-ng")
START_SECONDS = 30
LOG_LINES = 30


class NotHere(Exception):
    """A receiver that is not on this machine; its text is the reason for skipping."""


def program(name):
    """Path of an installed or unpacked program."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin")
    if found and not os.environ.get("VIGIE_UNPACKED_ONLY"):
        return found
    for folder in ("usr/sbin", "usr/bin"):
        path = UNPACKED / folder / name
        if path.exists():
            return str(path)
    raise NotHere(f"{name} is not here; scripts/setup --tests gets it")


def environment_of(path):
    """The environment for a program: an unpacked one brings libraries along."""
    if not str(path).startswith(str(UNPACKED)):
        return dict(os.environ)
    folders = [str(UNPACKED / folder) for folder in LIBRARY_FOLDERS if (UNPACKED / folder).is_dir()]
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}


PORTS_GIVEN = set()


def free_port(kind=socket.SOCK_STREAM):
    """A port of the loopback address that nobody has just now: none that was given before, and none of those that the
    kernel gives to connections, which could take it before the receiver does."""
    while True:
        port = random.randrange(20000, 32768)
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in PORTS_GIVEN:
            PORTS_GIVEN.add(port)
            return port


def listens(port, host="127.0.0.1", inside=()):
    """Whether somebody takes connections there; `inside` is a command that leads into another network."""
    if inside:
        ask = f"import socket; socket.create_connection(({host!r}, {port}), 1)"
        return subprocess.run([*inside, sys.executable, "-c", ask], check=False, capture_output=True,
                              timeout=START_SECONDS).returncode == 0
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def last_lines(path, count=LOG_LINES):
    path = pathlib.Path(path)
    return path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:] if path.exists() else []


class Daemon:
    """A program in the foreground; `inside` is a command to run it in, as `ip netns exec NAME`."""

    def __init__(self, name, folder, command, ready=None, inside=()):
        self.name, self.folder, self.command, self.inside = name, pathlib.Path(folder), command, inside
        self.ready = ready or (lambda: True)
        self.log = self.folder / f"{name}.log"
        self.process = None

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.inside, *map(str, self.command)], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, cwd=self.folder,
                                            env=environment_of(self.command[0]))
        if not wait_for(lambda: self.process.poll() is not None or self.ready(), START_SECONDS) or not self.runs():
            self.stop(signal.SIGKILL)
            raise RuntimeError("\n".join([f"{self.name} does not start:", *last_lines(self.log)]))
        return self

    def runs(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, number=signal.SIGTERM):
        """Ends it; one that does not hear is killed."""
        if not self.runs():
            return
        self.process.send_signal(number)
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self):
        self.stop(signal.SIGKILL)

    def pause(self, seconds):
        """Nothing is read meanwhile, and nothing is closed."""
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    def told(self):
        return [f"{self.name}: {line}" for line in last_lines(self.log)]

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


class Tail:
    """Lines that a program appends to a file, each once; what has no end yet waits."""

    def __init__(self, path):
        self.path, self.offset, self.rest = pathlib.Path(path), 0, b""

    def lines(self):
        """What is new since the last call."""
        if not self.path.exists():
            return []
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            data = file.read()
        self.offset += len(data)
        *whole, self.rest = (self.rest + data).split(b"\n")
        return whole
