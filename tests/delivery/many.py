#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many alerts at a rate into rsyslog over TLS: every one arrives. VIGIE_MANY says how many (default 20,000; the full
check has 100,000), VIGIE_MANY_RATE how many a second."""
import os
import sys

from arrivals import Arrivals
from authority import Certificates
from daemon import NotHere
from live_vigie import eal_trouble
from rsyslog import Rsyslog
from sensor import ALERT, Sensor
from sinks import rsyslog_identity, syslog_tls
from vigie_test import Tap, scratch_folder

MANY = int(os.environ.get("VIGIE_MANY", "20000"))
RATE = int(os.environ.get("VIGIE_MANY_RATE", "10000"))
SECONDS = 60 + MANY / 500


def many(tap, folder):
    certificates = Certificates(folder / "certificates")
    with Rsyslog(folder / "rsyslog", certificates, fields=("sd",)) as receiver, \
            Sensor(folder / "sensor", [syslog_tls("siem", receiver.ports["tls"], certificates)]) as sensor:
        arrivals = Arrivals("rsyslog", receiver, rsyslog_identity)
        watching = sensor.start_with_load(MANY, RATE)
        journalled = watching and sensor.wait_for_rows(MANY, seconds=SECONDS)
        rows = sensor.rows()
        tap.ok(journalled and len({row.id for row in rows if row.kind == ALERT}) == MANY,
               f"{MANY} alerts are in the journal", [] if watching else sensor.stop().told())
        if not watching:
            return
        arrivals.check(tap, rows, "all arrive while it runs", SECONDS, most_again=0, running=True)
        result = sensor.stop()
        tap.ok(result.status == 0 and not result.trouble, "it ends well", result.told())
        arrivals.check(tap, sensor.rows(), "and what was told at the end", 20, most_again=0)
        verified = sensor.command("verify")
        tap.ok(verified.status == 0, "the journal is whole", verified.told())


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("many alerts", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        try:
            many(tap, folder)
        except NotHere as missing:
            tap.skip("many alerts", missing)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
