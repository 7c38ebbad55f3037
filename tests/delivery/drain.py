#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast a back-log drains into rsyslog, over TLS and over RELP. Run by hand; VIGIE_DRAIN says how many alerts
(default 1,000,000). Prints alerts a second, and checks that each arrived once."""
import os
import sys
import time

from arrivals import Arrivals
from authority import Certificates
from daemon import wait_for
from live_vigie import eal_trouble
from rsyslog import Rsyslog
from sensor import ALERT, Sensor
from sinks import relp, rsyslog_identity, syslog_tls
from vigie_test import Tap, scratch_folder

MANY = int(os.environ.get("VIGIE_DRAIN", "1000000"))
RATE = int(os.environ.get("VIGIE_DRAIN_RATE", "30000"))
SECONDS = 120 + MANY / 500


def count_lines(path, seen):
    """Lines of a growing file; `seen` is [bytes, lines] so far."""
    with open(path, "rb") as file:
        file.seek(seen[0])
        while data := file.read(1 << 20):
            seen[0] += len(data)
            seen[1] += data.count(b"\n")
    return seen[1]


def drain(tap, sensor, name, receiver, sink):
    sensor.sinks = [sink]
    seen = [0, 0]
    receiver.out.touch()
    count_lines(receiver.out, seen)
    already, due = seen[1], len(sensor.rows())
    begin = time.monotonic()
    started = sensor.start()
    done = wait_for(lambda: count_lines(receiver.out, seen) - already >= due, SECONDS)
    seconds = time.monotonic() - begin
    result = sensor.stop()
    tap.ok(started and done, f"{name}: {due} alerts in {seconds:.1f} s, {due / seconds:.0f} a second", result.told())
    rows = sensor.rows()
    Arrivals(name, receiver, rsyslog_identity).check(tap, rows, f"{name}: each once", 60, most_again=0)


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("drain", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        certificates = Certificates(folder / "certificates")
        with Rsyslog(folder / "rsyslog", certificates, fields=("sd",)) as receiver, Sensor(folder / "sensor") as sensor:
            begin = time.monotonic()
            filled = sensor.start_with_load(MANY, RATE) and sensor.wait_for_rows(MANY, seconds=SECONDS)
            seconds = time.monotonic() - begin
            result = sensor.stop()
            if not tap.ok(filled and sum(row.kind == ALERT for row in sensor.rows()) >= MANY,
                          f"{MANY} alerts journalled in {seconds:.1f} s", result.told()):
                return tap.end()
            tap.note(f"the journal has {sensor.journal.stat().st_size >> 20} MiB")
            drain(tap, sensor, "TLS", receiver, syslog_tls("tls", receiver.ports["tls"], certificates))
            drain(tap, sensor, "RELP", receiver, relp("relp", receiver.ports["relp"]))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
