# SPDX-License-Identifier: Apache-2.0
"""Runs `vigie run` as a service manager does: waits until it watches, ends it with a signal, reads what it wrote."""
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

from vigie_test import VIGIE, Result

LIMIT_SECONDS = 60

# EAL as an ordinary user, without huge pages.
EAL = ["--no-huge", "--no-shconf", "--no-pci", "-m", "512"]


class Live:
    """A running program. Its output goes to files, so it never waits for us to read; what it keeps where the settings do
    not say goes to a folder of its own."""

    def __init__(self, *arguments, inside=()):
        """`inside` is a command to run it in, as `ip netns exec NAME`."""
        self._stdout, self._stderr = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self._state = tempfile.TemporaryDirectory(prefix="vigie-state-")
        command = [*inside, str(VIGIE), "run", *map(str, arguments)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._stdout, stderr=self._stderr,
                                         env={**os.environ, "VIGIE_STATE": self._state.name})

    def _text(self, file):
        return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")

    def wait_until_watching(self):
        """False where it ended before, or took too long."""
        return wait_for(lambda: self._process.poll() is not None or "vigie: watching" in self._text(self._stderr)) \
            and self._process.poll() is None

    def end(self, number=signal.SIGINT):
        """Sends the signal and waits; one that does not end is killed, and its status is None."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            status = self._process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            status = None
        result = Result(status, self._text(self._stdout), self._text(self._stderr))
        self._stdout.close()
        self._stderr.close()
        self._state.cleanup()
        return result


def wait_for(condition, seconds=LIMIT_SECONDS):
    """Asks until the condition holds; False when the time is up."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def eal_trouble():
    """Why EAL cannot start here, or None. The line is EAL's own."""
    live = Live("-c", os.devnull, "--", *EAL, "--vdev", "net_null0")
    watching = live.wait_until_watching()
    result = live.end()
    if watching or "EAL does not start" not in result.stderr:
        return None
    return result.stderr.strip().splitlines()[-1]
