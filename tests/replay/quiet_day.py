#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ordinary traffic raises next to no alert: at most one of medium or more for 200 inside hosts.

tests/expected/quiet-day.tsv lists the captures (corpus.py says where they are), and
quiet-day-alerts.tsv the alerts that were looked at and accepted; any other fails. Every capture is
replayed twice, its inside hosts once of class internal and once of class personal.
"""
import collections
import concurrent.futures
import csv
import json
import os
import sys

from corpus import corpus_folder
from vigie_test import EXPECTED, Tap, scratch_folder, vigie

HOSTS_FOR_ONE_ALERT = 200
CLASSES = ("internal", "personal")
COUNTED = {"medium", "high", "critical"}
PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
           "0.0.0.0/8", "fc00::/7", "fe80::/10")

# As the columns of quiet-day-alerts.tsv; `accepted` leaves the sentence out.
Alert = collections.namedtuple("Alert", "capture data_class rule operator sentence")


def table(name):
    with open(EXPECTED / name, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def settings_text(row, data_class):
    public = [] if row["inside"] == "-" else row["inside"].split()
    listed = ", ".join(f'"{prefix}"' for prefix in [*PRIVATE, *public])
    return (f"zones:\n  - {{id: office, label: Office, match: {{cidr: [{listed}]}}, "
            f"class: {data_class}, owner: test}}\n")


def replay(row, data_class, folder, scratch):
    """(result, lines of flow records, lines of alerts) of one capture."""
    stem = scratch / f"{row['capture'].replace('/', '-')}-{data_class}"
    settings, flows, alerts = (stem.with_name(stem.name + end) for end in (".yaml", ".flows", ".alerts"))
    settings.write_text(settings_text(row, data_class), encoding="utf-8")
    result = vigie("replay", "-c", settings, "--alerts", alerts, "--flows", flows, "--summary", "none",
                   folder / row["capture"])
    texts = [path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
             for path in (flows, alerts)]
    return result, *texts


def hosts_in(lines):
    """Inside hosts with traffic to the outside: those who could raise an alert."""
    blocks = [json.loads(line)["vigie"] for line in lines]
    return {block["host"] for block in blocks if block.get("host") and block["direction"] == "egress"}


def alerts_in(lines, row, data_class):
    """The alerts of medium or more, one for each id: an alert may be written again as it grows."""
    alerts = {}
    for line in lines:
        record = json.loads(line)
        block = record["vigie"]
        if record["event"]["kind"] == "alert" and block["severity"] in COUNTED:
            key = record["event"].get("id", line)
            alerts[key] = Alert(row["capture"], data_class, record["rule"]["id"],
                                block.get("operator", "-"), record.get("message", ""))
    return list(alerts.values())


def accepted_alerts():
    return {(row["capture"], row["class"], row["rule"], row["operator"])
            for row in table("quiet-day-alerts.tsv")}


def judge_class(tap, data_class, hosts, alerts):
    told = [" ".join(alert) for alert in alerts]
    new = [text for alert, text in zip(alerts, told) if alert[:4] not in accepted_alerts()]
    tap.note(f"{data_class}: {hosts} inside hosts, {len(alerts)} alerts of medium or more")
    tap.ok(hosts > 0, f"{data_class}: there are inside hosts")
    tap.ok(len(alerts) * HOSTS_FOR_ONE_ALERT <= hosts,
           f"{data_class}: at most one alert of medium or more for {HOSTS_FOR_ONE_ALERT} hosts", told)
    tap.ok(not new, f"{data_class}: no alert that nobody has looked at", new)


def main():
    tap = Tap()
    folder = corpus_folder()
    rows = [row for row in table("quiet-day.tsv") if folder and (folder / row["capture"]).is_file()]
    if not rows:
        tap.skip("quiet day", "no folder with the captures: set VIGIE_CORPUS")
        return tap.end()
    with scratch_folder() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for data_class in CLASSES:
            hosts, alerts = 0, []
            runs = pool.map(lambda row, c=data_class: replay(row, c, folder, scratch), rows)
            for row, (result, flow_lines, alert_lines) in zip(rows, runs):
                good = result.status == 0 and not result.trouble
                tap.ok(good, f"{data_class}: {row['capture']}", result.told())
                hosts += len(hosts_in(flow_lines))
                alerts += alerts_in(alert_lines, row, data_class)
            judge_class(tap, data_class, hosts, alerts)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
