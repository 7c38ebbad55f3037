# SPDX-License-Identifier: Apache-2.0
"""What the replay tests share: the places, running the program, printing TAP."""
import contextlib
import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile

SOURCE = pathlib.Path(os.environ.get("VIGIE_SOURCE_ROOT", pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get("VIGIE_BUILD_ROOT", SOURCE / "build"))
VIGIE = BUILD / "app" / "vigie"
CAPTURES = SOURCE / "tests" / "captures"
EXPECTED = SOURCE / "tests" / "expected"

# tests/meson.build sets this exit status for a sanitizer's report.
SANITIZER_STATUS = 99
SANITIZER_TEXT = re.compile(r"(Address|Leak|Thread|Memory)Sanitizer|runtime error:|Assertion .* failed")


@dataclasses.dataclass
class Result:
    """How a run of the program ended. `status` is None where the time limit was met."""
    status: int | None
    stdout: str
    stderr: str

    @property
    def trouble(self):
        """Why this is no clean end whatever the arguments were; empty where it is one."""
        if self.status is None:
            return "time limit met"
        if self.status < 0:
            return f"killed by signal {-self.status}"
        if self.status == SANITIZER_STATUS or SANITIZER_TEXT.search(self.stderr):
            return "sanitizer report"
        return ""

    def told(self, lines=20):
        """For diagnostics: status and the beginning of standard error."""
        return [f"exit status {self.status}"] + self.stderr.splitlines()[:lines]


def vigie(*arguments, seconds=60, inside=(), **options):
    """Runs the program, behind the command `inside`; `options` go to subprocess.run."""
    command = [*map(str, inside), str(VIGIE), *map(str, arguments)]
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **options}
    try:
        done = subprocess.run(command, stderr=subprocess.PIPE, timeout=seconds, check=False, **options)
    except subprocess.TimeoutExpired as late:
        return Result(None, "", (late.stderr or b"").decode(errors="replace"))
    return Result(done.returncode, (done.stdout or b"").decode(errors="replace"),
                  done.stderr.decode(errors="replace"))


def captures_in(folder):
    """Capture files below a folder, in a fixed order."""
    endings = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".pcap.zst", ".pcapng.zst")
    return sorted(path for path in pathlib.Path(folder).rglob("*")
                  if path.is_file() and path.name.endswith(endings))


@contextlib.contextmanager
def scratch_folder():
    with tempfile.TemporaryDirectory(prefix="vigie-test-") as folder:
        yield pathlib.Path(folder)


class Tap:
    """Counts and prints cases; the plan comes last, so a test that dies on the way is noticed."""

    def __init__(self):
        self.count = self.failed = 0
        print("TAP version 13", flush=True)

    def ok(self, good, name, diagnostics=()):
        """One case; `diagnostics` are printed where it failed."""
        self.count += 1
        if not good:
            self.failed += 1
            for line in filter(None, diagnostics):
                self.note(line)
        print(f"{'' if good else 'not '}ok {self.count} - {name}", flush=True)
        return good

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def note(self, text):
        print(f"# {text}", flush=True)

    def end(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0
