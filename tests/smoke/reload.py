#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIGHUP: settings without a fault take effect under the same process, others leave it as it is; both are told."""
import os
import signal
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

from live_vigie import EAL, Live, eal_trouble, wait_for
from vigie_test import Tap, scratch_folder


class Watching(Live):
    """A running program that can be told to reload."""

    @property
    def told(self):
        return self._text(self._stderr)

    def reload(self, settings, word):
        """Whether it says the word, once more than before, and runs."""
        before = self.told.count(word)
        settings()
        self._process.send_signal(signal.SIGHUP)
        return wait_for(lambda: self.told.count(word) > before) and self._process.poll() is None

    @property
    def pid(self):
        return self._process.pid


def rules(journal):
    database = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    try:
        return [rule for rule, in database.execute("SELECT rule FROM journal ORDER BY seq")]
    finally:
        database.close()


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("reload", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        path, journal = folder / "vigie.yaml", folder / "journal.db"
        good = f"journal: {{path: {journal}}}\nprivacy: {{key_file: {folder}/site.key}}\nrun: {{report_every: 0}}\n"
        path.write_text(good)
        live = Watching("-c", path, "--", *EAL, "--vdev=net_null0,no-rx=1")
        tap.ok(live.wait_until_watching(), "it watches")
        tap.ok(live.reload(lambda: path.write_text(good + "zones: 7\n"), "not loaded"), "settings with a fault: it goes on",
               live.told.splitlines()[-5:])
        tap.ok("vigie.yaml:4:8: " in live.told, "the fault is told with its place", live.told.splitlines()[-5:])
        more = good + "alerts: {minimum: high}\n"
        tap.ok(live.reload(lambda: path.write_text(more), "vigie: watching"), "settings without one: it begins anew",
               live.told.splitlines()[-5:])
        tap.ok(live.reload(lambda: None, "vigie: watching"), "and once more", live.told.splitlines()[-5:])
        result = live.end()
        tap.ok(result.status == 0 and not result.trouble, "it ends well", result.told())
        expected = ["SYS-START", "SYS-RELOAD-FAILED", "SYS-RELOAD", "SYS-STOP", "SYS-START", "SYS-RELOAD", "SYS-STOP",
                    "SYS-START", "SYS-STOP"]
        tap.ok(rules(journal) == expected, "the journal has it all", [str(rules(journal))])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
