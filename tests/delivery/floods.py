#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Limits on how much is told: of each rule, of all rules, of one alert that goes on growing. What is held back is
counted, and the count arrives."""
import re
import sys

from arrivals import Arrivals
from authority import Certificates
from daemon import NotHere, wait_for
from live_vigie import eal_trouble
from load import ZONE, one_talker
from rsyslog import Rsyslog
from sensor import ALERT, Sensor
from sinks import relp, rsyslog_identity
from vigie_test import Tap, scratch_folder

MANY, RATE, LIMIT = 3000, 1500, 60
# Of a class whose alerts are not critical: only such count for the limit of all rules. Every datagram is an export.
LOW_ZONE = {"zones": [{"id": "low", "match": {"cidr": [ZONE]}, "class": "economic-secret",
                       "thresholds": {"trace_below": 1, "export_min": 2, "bulk_min": 1 << 20}}]}


def held_back(rows):
    """The sum of what the rows of floods tell."""
    total = 0
    for row in rows:
        if row.rule == "SYS-FLOOD":
            numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", row.record["message"])]
            total += max(numbers, default=0)
    return total


def flood(tap, folder, receiver, case, more):
    arrivals = Arrivals(case, receiver, rsyslog_identity)
    receiver.received()
    with Sensor(folder / case.replace(" ", "-"), [relp("siem", receiver.ports["relp"])], more) as sensor:
        if not tap.ok(sensor.start_with_load(MANY, RATE) and wait_for(lambda: sensor.feed.sent == MANY), f"{case}: it runs"):
            return
        told_once = sensor.wait_for_rows(LIMIT)
        result = sensor.stop()
        rows = sensor.rows()
    alerts = sum(row.kind == ALERT for row in rows)
    # The load takes two seconds: it may touch two minutes.
    tap.ok(told_once and LIMIT <= alerts <= 2 * LIMIT, f"{case}: {alerts} alerts are told", result.told())
    tap.ok(alerts + held_back(rows) == MANY, f"{case}: the rest is counted",
           [f"{held_back(rows)} of {MANY - alerts}", *[row.content for row in rows if row.rule == "SYS-FLOOD"]])
    arrivals.check(tap, rows, f"{case}: the count arrives", 20)


def growing_alert(tap, folder, receiver):
    """One host, one operator, one day: one alert, of flow after flow."""
    for every, least, most in ((3600, 1, 2), (1, 3, 9)):
        case = f"growing alert, told again every {every} s"
        more = {**LOW_ZONE, "alerts": {"minimum": "low", "update_every": every, "rule_limit": 0, "limit": 0}}
        arrivals = Arrivals(case, receiver, rsyslog_identity)
        receiver.received()
        with Sensor(folder / f"growing-{every}", [relp("siem", receiver.ports["relp"])], more) as sensor:
            if not tap.ok(sensor.start_with_load(500, 100, one_talker) and sensor.wait_for_rows(1), f"{case}: it runs"):
                continue
            # Only its own end ends the load.
            wait_for(lambda: sensor.feed.sent == 500)
            live = sum(row.kind == ALERT for row in sensor.rows())
            result = sensor.stop()
            rows = sensor.rows()
        alerts = [row for row in rows if row.kind == ALERT]
        tap.ok(len({row.id for row in alerts}) == 1 and least <= len(alerts) <= most and live >= least,
               f"{case}: {len(alerts)} times", result.told())
        tap.ok(alerts and alerts[-1].record["vigie"]["flows"] == 500, f"{case}: the last one tells all of it",
               [alerts[-1].content] if alerts else [])
        arrivals.check(tap, rows, f"{case}: every telling arrives", 20)


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("floods", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        certificates = Certificates(folder / "certificates")
        try:
            with Rsyslog(folder / "rsyslog", certificates, fields=("sd",)) as receiver:
                flood(tap, folder, receiver, "limit of a rule",
                      {"alerts": {"minimum": "low", "rule_limit": LIMIT, "limit": 0}})
                flood(tap, folder, receiver, "limit of all",
                      {**LOW_ZONE, "alerts": {"minimum": "low", "rule_limit": 0, "limit": LIMIT}})
                growing_alert(tap, folder, receiver)
        except NotHere as missing:
            tap.skip("floods", missing)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
