#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`vigie sink test`, `vigie sink status` and `vigie alerts replay` against receivers of our own."""
import http.server
import json
import os
import pathlib
import re
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "smoke"))

from live_vigie import EAL, Live, eal_trouble, wait_for
from vigie_test import CAPTURES, SOURCE, Tap, scratch_folder, vigie

PHARES = SOURCE / "tests" / "phares"
DAY = PHARES / "day.pcap.gz"
PCAP = CAPTURES / "http" / "mercury-http_auth.pcap"
DONE, FAILED, USAGE = 0, 1, 2


class StreamReceiver:
    """Takes one connection after the other and keeps what was sent."""

    def __init__(self, family=socket.AF_INET, address=("127.0.0.1", 0)):
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.bind(address)
        self.socket.listen()
        self.text = b""
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self):
        return "127.0.0.1:%d" % self.socket.getsockname()[1]

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                while part := connection.recv(65536):
                    self.text += part


class DatagramReceiver:
    """Keeps the datagrams; a transport may wait until they have been read."""

    def __init__(self, family=socket.AF_INET, address=("127.0.0.1", 0)):
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.text = b""
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self):
        return "127.0.0.1:%d" % self.socket.getsockname()[1]

    def _serve(self):
        while True:
            self.text += self.socket.recv(65536)


class HttpReceiver(http.server.ThreadingHTTPServer):
    """Answers each POST with the status of its path, `/200`, and keeps the bodies."""

    def __init__(self):
        self.bodies = []
        super().__init__(("127.0.0.1", 0), HttpHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.server_address[1]


class HttpHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):  # pylint: disable=invalid-name
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.bodies.append(body)
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def unused_address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return "127.0.0.1:%d" % free.getsockname()[1]


def write_settings(folder, *sinks):
    path = folder / "s.yaml"
    path.write_text(f"include: {PHARES / 'phares.yaml'}\nsensor: {{name: vigie-1}}\n"
                    f"journal: {{path: {folder / 'journal.db'}}}\nsinks:\n" + "".join(f"  - {{{sink}}}\n" for sink in sinks),
                    encoding="utf-8")
    return path


def tests_of_sinks(tap, folder):
    tcp, udp = StreamReceiver(), DatagramReceiver()
    local = DatagramReceiver(socket.AF_UNIX, str(folder / "log"))
    web = HttpReceiver()
    settings = write_settings(
        folder, f'name: tcp, type: syslog-tcp, address: "{tcp.address}", format: cef, minimum: critical',
        f'name: udp, type: syslog-udp, address: "{udp.address}"', f"name: local, type: unix, path: {folder / 'log'}",
        f"name: file, type: file, path: {folder / 'out.jsonl'}", f'name: hook, type: webhook, url: "{web.url}/200"')
    run = vigie("sink", "test", "-c", settings)
    told = dict(line.split(": ", 1) for line in run.stdout.splitlines())
    tap.ok(run.status == DONE and list(told) == ["tcp", "udp", "local", "file", "hook"] and not run.stderr
           and not run.trouble, "test: a line for each sink, in their order", [run.stdout, *run.told()])
    tap.ok(all("acknowledges nothing" in told[name] for name in ("tcp", "udp", "local"))
           and all(told[name].startswith("taken") for name in ("file", "hook")),
           "test: what acknowledges nothing is told", [run.stdout])
    line = json.loads((folder / "out.jsonl").read_text(encoding="utf-8"))
    tap.ok(wait_for(lambda: all(b"SYS-TEST" in receiver.text for receiver in (tcp, udp, local))) and b"CEF:" in tcp.text
           and b" vigie-1 " in udp.text and len(web.bodies) == 1,
           "test: the alert has arrived", [ascii(tcp.text), ascii(udp.text), ascii(local.text)])
    tap.ok(line["rule"]["id"] == "SYS-TEST" and line["event"]["kind"] == "alert" and "othing happened" in line["message"]
           and not (folder / "journal.db").exists(), "test: it says that nothing happened, and is not journalled",
           [json.dumps(line)])
    run = vigie("sink", "test", "udp", "-c", settings)
    tap.ok(run.status == DONE and run.stdout.startswith("udp: ") and len(run.stdout.splitlines()) == 1,
           "test: one sink by its name", [run.stdout, *run.told()])


def failing_tests(tap, folder):
    web, dead = HttpReceiver(), unused_address()
    settings = write_settings(
        folder, f'name: dead, type: syslog-tcp, address: "{dead}"', f'name: refuses, type: webhook, url: "{web.url}/400"',
        f'name: ails, type: webhook, url: "{web.url}/503"', f"name: file, type: file, path: {folder / 'out2.jsonl'}",
        f"name: nowhere, type: unix, path: {folder / 'no-such-socket'}")
    run = vigie("sink", "test", "-c", settings)
    told = dict(line.split(": ", 1) for line in run.stdout.splitlines())
    tap.ok(run.status == FAILED and not run.trouble and "refused" in told["dead"].lower()
           and "failed" in told["ails"] and told["file"].startswith("taken") and "failed" in told["nowhere"]
           and not told["refuses"].startswith("taken"), "test: each failure is told, the others are tested",
           [run.stdout, *run.told()])
    secret = folder / "token"
    secret.write_text("s3cret\n")
    secret.chmod(0o644)
    settings = write_settings(folder, f'name: hec, type: hec, url: "{web.url}", token_file: {secret}',
                              f"name: file, type: file, path: {folder / 'out2.jsonl'}")
    run = vigie("sink", "test", "-c", settings)
    tap.ok(run.status == FAILED and "others may open it" in run.stderr and "s3cret" not in run.stderr,
           "test: a secret that others may read", run.told())
    tap.ok(vigie("sink", "test", "file", "-c", settings).status == DONE, "test: a sink that does not need it goes on")


def replays(tap, folder):
    tcp, dead = StreamReceiver(), unused_address()
    settings = write_settings(folder, f'name: tcp, type: syslog-tcp, address: "{tcp.address}"',
                              f"name: file, type: file, path: {folder / 'again.jsonl'}, minimum: high",
                              f'name: dead, type: syslog-tcp, address: "{dead}"')
    vigie("replay", "-c", settings, "--summary", "none", "--journal", folder / "journal.db", DAY)
    rows = [json.loads(line) for line in vigie("alerts", "-c", settings, "--format", "json").stdout.splitlines()]
    run = vigie("alerts", "replay", "-c", settings, "--since", "1h", "--sink", "tcp")
    tap.ok(run.status == DONE and f"{len(rows)} of {len(rows)} alerts written to tcp" in run.stdout and not run.trouble
           and wait_for(lambda: all(row["event"]["id"].encode() in tcp.text for row in rows)),
           "replay: every alert arrives again", [run.stdout, *run.told()])
    high = [row["event"] for row in rows if row["event"]["severity"] >= 8]
    run = vigie("alerts", "replay", "-c", settings, "--since", "1h", "--sink", "file")
    sent = [json.loads(line) for line in (folder / "again.jsonl").read_text(encoding="utf-8").splitlines()]
    tap.ok(run.status == DONE and f"file took {len(high)} of {len(rows)} alerts" in run.stdout
           and f"{len(rows) - len(high)} below its minimum, high" in run.stdout
           and [row["event"]["sequence"] for row in sent] == [event["sequence"] for event in high]
           and [row["event"]["id"] for row in sent] == [event["id"] for event in high],
           "replay: with the ids and numbers of the first time", [run.stdout, *run.told()])
    run = vigie("alerts", "replay", "-c", settings, "--since", "1h", "--until", "2020-01-01", "--sink", "file")
    tap.ok(run.status == DONE and "file took 0 of 0 alerts" in run.stdout, "replay: none of a time without any", run.told())
    run = vigie("alerts", "replay", "-c", settings, "--since", "1h", "--sink", "dead")
    tap.ok(run.status == FAILED and "nothing was sent" in run.stderr and not run.trouble, "replay: a sink that is away",
           run.told())
    for case, arguments, status, word in (
            ("no sink", ["--since", "1h"], USAGE, "--sink NAME"), ("no time", ["--sink", "tcp"], USAGE, "--since T"),
            ("an unknown sink", ["--since", "1h", "--sink", "fiel"], FAILED, "did you mean `file`?"),
            ("a time in words", ["--since", "now", "--sink", "tcp"], USAGE, "2h, 7d")):
        run = vigie("alerts", "replay", "-c", settings, *arguments)
        tap.ok(run.status == status and word in run.stderr and not run.trouble, f"replay: {case}", run.told())


def status_of(settings, *arguments):
    run = vigie("sink", "status", "-c", settings, "--format", "json", *arguments)
    return run, {sink["sink"]: sink for sink in map(json.loads, run.stdout.splitlines())}


def statuses(tap, folder):
    """While vigie runs and when it does not."""
    dead = unused_address()
    settings = write_settings(folder, f"name: file, type: file, path: {folder / 'live.jsonl'}",
                              f'name: dead, type: syslog-tcp, address: "{dead}"')
    run, told = status_of(settings)
    tap.ok(run.status == DONE and list(told) == ["file", "dead"] and told["file"]["waiting"] == 0,
           "status: before anything was journalled", [run.stdout, *run.told()])
    trouble = eal_trouble()
    if trouble:
        tap.skip("status while vigie runs", trouble)
        return
    live = Live("-c", settings, "--", *EAL, "--vdev", f"net_pcap0,rx_pcap={PCAP}")
    watching = live.wait_until_watching()
    good = wait_for(lambda: status_of(settings)[1]["file"].get("delivered", 0) > 0
                    and "failing_since" in status_of(settings)[1]["dead"])
    run, told = status_of(settings)
    tap.ok(watching and good and told["file"]["waiting"] == 0 and told["dead"]["waiting"] > 0
           and "refused" in told["dead"]["last_error"].lower() and "oldest_waiting" in told["dead"],
           "status: while vigie runs", [run.stdout, *run.told()])
    text = vigie("sink", "status", "-c", settings)
    tap.ok(text.status == DONE and "in order" in text.stdout and "failing for" in text.stdout
           and "\x1b" not in text.stdout, "status: as text", [text.stdout, *text.told()])
    ended = live.end()
    run, told = status_of(settings)
    tap.ok(ended.status == DONE and not ended.trouble and told["file"]["waiting"] == 0 and told["dead"]["waiting"] > 1,
           "status: after it has ended", [run.stdout, *ended.told()])
    run = vigie("sink", "status", "-c", settings, "dead")
    tap.ok(run.status == DONE and "dead" in run.stdout and "file" not in run.stdout, "status: one sink", run.told())
    metrics(tap, settings)


def metrics(tap, settings):
    """Each line is a remark, or a name with labels and a number; each name is announced before."""
    run = vigie("sink", "status", "-c", settings, "--format", "prometheus")
    announced, good = set(), True
    for line in run.stdout.splitlines():
        if match := re.fullmatch(r"# TYPE (\w+) (counter|gauge)", line):
            announced.add(match[1])
        elif not line.startswith("# HELP "):
            match = re.fullmatch(r'(\w+)\{sink="(file|dead)",type="[a-z-]+"\} [0-9.]+', line)
            good = good and match is not None and match[1] in announced
    tap.ok(run.status == DONE and good and 'vigie_sink_failing{sink="dead",type="syslog-tcp"} 1' in run.stdout,
           "status: as metrics", [run.stdout, *run.told()])


def mistakes(tap, folder):
    settings = write_settings(folder, "name: soc, type: unix, path: /dev/log")
    for case, arguments, status, word in (
            ("no word behind", ["sink"], USAGE, "`test` or `status`"),
            ("a slip of the finger", ["sink", "tset"], USAGE, "did you mean test?"),
            ("no settings", ["sink", "test"], FAILED, "-c"), ("an unknown sink", ["sink", "test", "sco", "-c", settings],
                                                             FAILED, "did you mean `soc`?"),
            ("two sinks", ["sink", "status", "a", "b", "-c", settings], USAGE, "too much is b"),
            ("an unknown format", ["sink", "status", "-c", settings, "--format", "jsn"], USAGE, "did you mean json?"),
            ("an unknown option", ["sink", "test", "--jsn"], USAGE, "unknown option --jsn")):
        run = vigie(*arguments)
        tap.ok(run.status == status and word in run.stderr and not run.stdout and not run.trouble, f"mistakes: {case}",
               run.told())


def main():
    tap = Tap()
    with scratch_folder() as folder:
        os.environ["VIGIE_STATE"] = str(folder / "state")
        for case in (tests_of_sinks, failing_tests, replays, statuses, mistakes):
            own = pathlib.Path(folder / case.__name__)
            own.mkdir()
            case(tap, own)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
