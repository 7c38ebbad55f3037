# SPDX-License-Identifier: Apache-2.0
"""vigie as it is installed: settings with sinks, a journal, traffic that makes alerts, start, end and sudden death."""
import json
import pathlib
import signal
import sqlite3

from daemon import wait_for
from live_vigie import EAL, Live
from load import Feed, UDP_TIMEOUT_S, ZONE
from vigie_test import vigie

ALERT, SENSOR, CHECKPOINT = 0, 1, 2


class Row:
    """A row of the journal; `content` is the line of JSON."""

    def __init__(self, seq, kind, identity, rule, severity, content, recorded_ns):
        self.seq, self.kind, self.id, self.rule, self.severity = seq, kind, identity, rule, severity
        self.recorded_ns = recorded_ns
        self.content = content.decode() if isinstance(content, bytes) else content

    @property
    def record(self):
        return json.loads(self.content)


def read_journal(path, kinds=(ALERT, SENSOR)):
    """Rows of a journal that nobody need have closed, by sequence number."""
    if not pathlib.Path(path).exists():
        return []
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        marks = ",".join("?" * len(kinds))
        return [Row(*row) for row in database.execute(
            "SELECT seq, kind, id, rule, severity, content, recorded_ns FROM journal "
            f"WHERE kind IN ({marks}) ORDER BY seq", kinds)]
    except sqlite3.OperationalError as error:
        # A journal of which the first row is not yet there.
        if "no such table" in str(error):
            return []
        raise
    finally:
        database.close()


def journal_count(path, kinds=(ALERT, SENSOR)):
    if not pathlib.Path(path).exists():
        return 0
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        marks = ",".join("?" * len(kinds))
        return database.execute(f"SELECT count(*) FROM journal WHERE kind IN ({marks})", kinds).fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        database.close()


class Running(Live):
    """A running program that can be looked at."""

    @property
    def pid(self):
        return self._process.pid

    @property
    def stderr(self):
        return self._text(self._stderr)

    def runs(self):
        return self._process.poll() is None


class Sensor:
    """One installation in a folder. `sinks` are those of the settings; `more` are further settings, by key.

    Every alert is told, and none is told again for what came later: the limits are those of the cases that set them."""

    def __init__(self, folder, sinks=(), more=None, inside=(), journal=None):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sinks, self.inside = list(sinks), inside
        self.journal = pathlib.Path(journal or self.folder / "journal.db")
        self.settings_path = self.folder / "vigie.yaml"
        self.settings = {
            "zones": [{"id": "load", "match": {"cidr": [ZONE]}, "class": "secret", "owner": "HFDS"}],
            "privacy": {"addresses": "clear", "key_file": str(self.folder / "site.key")},
            "flows": {"timeouts": {"udp": UDP_TIMEOUT_S}},
            "alerts": {"minimum": "low", "rule_limit": 0, "limit": 0},
            "sensor": {"name": "sensor-1.phares.example"},
            "journal": {"path": str(self.journal)},
            "run": {"report_every": 0},
            **(more or {}),
        }
        self.live = self.feed = None
        self._feeds = self._next_host = 0

    def write_settings(self):
        """JSON is YAML."""
        self.settings_path.write_text(json.dumps({**self.settings, "sinks": self.sinks}, indent=1), encoding="utf-8")

    def start(self, *devices):
        """Runs it with EAL devices; True when it watches."""
        self.write_settings()
        devices = devices or ("--vdev=net_null0,no-rx=1",)
        self.live = Running("-c", self.settings_path, "--", *EAL, *devices, inside=self.inside)
        return self.live.wait_until_watching()

    def start_with_capture(self, path):
        return self.start(f"--vdev=net_pcap0,rx_pcap={path}")

    def start_with_load(self, hosts, rate, frame=None):
        """Alerts of `hosts` hosts, none of which sent anything before; or frames that `frame` makes."""
        self._feeds += 1
        self.feed = Feed(self.folder / f"feed-{self._feeds}", hosts, self._next_host, rate, frame)
        self._next_host += hosts
        self.feed.start()
        return self.start(f"--vdev=net_pcap0,rx_pcap={self.feed.path}")

    def _end_feed(self):
        if self.feed is not None:
            self.feed.close()
            self.feed = None

    def stop(self, number=signal.SIGTERM):
        """Ends it as a service manager does; gives the Result."""
        self._end_feed()
        result, self.live = self.live.end(number), None
        return result

    def kill(self):
        result, self.live = self.live.end(signal.SIGKILL), None
        self._end_feed()
        return result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.live is not None:
            self.kill()
        self._end_feed()

    def command(self, *words, **options):
        """Another command of the program over the same settings."""
        self.write_settings()
        return vigie(*words, "-c", self.settings_path, **options)

    def rows(self, kinds=(ALERT, SENSOR)):
        return read_journal(self.journal, kinds)

    def wait_for_rows(self, count, kinds=(ALERT,), seconds=60):
        return wait_for(lambda: journal_count(self.journal, kinds) >= count, seconds)
