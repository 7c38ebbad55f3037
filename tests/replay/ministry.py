#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A day at the fictional ministry of tests/phares: from packets to verdicts, alerts and sentences."""
import csv
import json
import os
import subprocess
import sys

from vigie_test import BUILD, SOURCE, Tap, scratch_folder, vigie

PHARES = SOURCE / "tests" / "phares"
SEVERITIES = ["informational", "low", "medium", "high", "critical"]
# Rows of expected.tsv that belong to another capture, or to what is not looked into here.
OTHER_CAPTURE = {"F3-fifth-night"}
WITH_CONTENT = {"F7-with-content"}


def rows(name):
    with open(PHARES / name, encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def compile_table(folder):
    """The small address data of the day; the one file that vigie takes from the folder VIGIE_DATA."""
    options = []
    for path in sorted((PHARES / "ranges").glob("*.tsv")):
        options += ["--ranges", f"{path.stem}={path}"]
    subprocess.run([BUILD / "geo" / "origin-compile", "--asn-v4", PHARES / "asn-ipv4.csv", "--asn-v6",
                    PHARES / "asn-ipv6.csv", "--asn-source", "test", *options, "-o", folder / "origin.table"],
                   check=True, stdout=subprocess.DEVNULL)


class Day:
    """What vigie says of one capture."""

    def __init__(self, folder, capture, workers):
        settings = folder / "phares.yaml"
        text = (PHARES / "phares.yaml").read_text(encoding="utf-8")
        settings.write_text(text.replace("privacy: {", f"privacy: {{key_file: {folder}/site.key, "), encoding="utf-8")
        self.flows_path = folder / f"flows-{workers}.jsonl"
        self.alerts_path = folder / f"alerts-{workers}.jsonl"
        self.result = vigie("replay", "-c", settings, "--workers", workers, "--flows", self.flows_path, "--alerts",
                            self.alerts_path, "--fail-on", "critical", capture, seconds=300,
                            env={**os.environ, "VIGIE_DATA": str(folder)})
        self.flows = [json.loads(line) for line in self.flows_path.open(encoding="utf-8")]
        self.alerts = [json.loads(line) for line in self.alerts_path.open(encoding="utf-8")]

    def flows_of(self, row):
        return [flow for flow in self.flows if flow["source"].get("ip") == row["host"] and
                row["destination"] in (flow["vigie"].get("name"), flow["destination"].get("ip"))]

    def alerts_of(self, row):
        if row["rule"].startswith("GOV-"):
            return [alert for alert in self.alerts if alert["rule"]["id"] == row["rule"]]
        return [alert for alert in self.alerts if alert.get("source", {}).get("ip") == row["host"] and
                alert["rule"]["id"] == row["rule"]]


def describe(record):
    block = record["vigie"]
    return {
        "rule": record["rule"]["id"],
        "severity": block["severity"],
        "severity_before_exception": block.get("severity_before_exception", "-"),
        "shape": block.get("shape", "-"),
        "confidence": block.get("confidence", "-"),
        "flags": ",".join(sorted(set(block.get("flags", [])) - {"midstream", "no-sni", "tunnelled"})) or "-",
    }


def expected_of(row):
    fields = ("rule", "severity", "severity_before_exception", "shape", "confidence")
    return {**{field: row[field] for field in fields}, "flags": ",".join(sorted(row["flags"].split(",")))}


def check_flow(tap, day, row, sentences):
    """The last flow of the group carries its verdict (of one flow, or the one that reached the day's limit)."""
    flows = sorted(day.flows_of(row), key=lambda flow: flow["event"]["start"])
    if not tap.ok(flows, f"{row['id']}: flow found"):
        return
    said = describe(flows[-1])
    tap.ok(said == expected_of(row), f"{row['id']}: {row['rule']} {row['severity']}", [f"said     {said}",
                                                                           f"expected {expected_of(row)}"])
    if len(flows) == 1 and row["id"] in sentences:
        tap.ok(flows[0]["message"] == sentences[row["id"]], f"{row['id']}: sentence",
               [f"said     {flows[0]['message']}", f"expected {sentences[row['id']]}"])


def check_alert(tap, day, row, sentences):
    before = row["severity_before_exception"] if row["severity_before_exception"] != "-" else row["severity"]
    alerts = day.alerts_of(row)
    if SEVERITIES.index(before) < SEVERITIES.index("low"):
        tap.ok(not alerts, f"{row['id']}: no alert below low", map(json.dumps, alerts))
        return
    if not tap.ok(len(alerts) == 1, f"{row['id']}: one alert", [f"{len(alerts)} of them"]):
        return
    alert = alerts[0]
    tap.ok(alert["vigie"]["severity"] == row["severity"] and alert["event"]["kind"] == "alert" and
           len(alert["event"]["id"]) == 32, f"{row['id']}: alert of severity {row['severity']}", [json.dumps(alert)])
    wanted = sentences.get(row["id"])
    if wanted:
        tap.ok(alert["message"] == wanted, f"{row['id']}: sentence of the alert", [f"said     {alert['message']}",
                                                                                   f"expected {wanted}"])
    elif row["first_clause"] != "-":
        tap.ok(alert["message"].startswith(row["first_clause"]), f"{row['id']}: first clause", [alert["message"]])


def check_day(tap, folder):
    capture = PHARES / "day.pcap.gz"
    sentences = {row["id"]: row["sentence"] for row in rows("sentences.tsv")}
    alone = Day(folder, capture, 1)
    tap.ok(alone.result.status == 3, "--fail-on critical is met", alone.result.told())
    expected = [row for row in rows("expected.tsv") if row["id"] not in OTHER_CAPTURE | WITH_CONTENT]
    for row in expected:
        if not row["rule"].startswith("GOV-"):
            check_flow(tap, alone, row, sentences)
        check_alert(tap, alone, row, sentences)
    wanted = {(row["rule"], row["host"]) for row in expected}
    others = [alert for alert in alone.alerts if (alert["rule"]["id"], alert.get("source", {}).get("ip", "-"))
              not in wanted and not alert["rule"]["id"].startswith("GOV-")]
    tap.ok(not others, "the office raises no alert", [alert["message"] for alert in others])
    by_severity = {alert["vigie"]["severity"] for alert in alone.alerts}
    tap.ok(by_severity == set(SEVERITIES), "an alert of each severity", sorted(by_severity))
    ids = [alert["event"]["id"] for alert in alone.alerts]
    tap.ok(len(set(ids)) == len(ids), "one alert for each id")
    for workers in (2, 8):
        many = Day(folder, capture, workers)
        tap.ok(many.flows == alone.flows, f"{workers} workers, same flows")
        tap.ok(many.alerts == alone.alerts, f"{workers} workers, same alerts")
    mode = (folder / "site.key").stat().st_mode & 0o777
    tap.ok(mode == 0o600, "the key file is its owner's alone", [oct(mode)])


def check_nights(tap, folder):
    """A backup on five nights running: the fourth and fifth recur."""
    capture = folder / "nights.pcap"
    subprocess.run([sys.executable, PHARES / "recurring.py", capture], check=True, stdout=subprocess.DEVNULL)
    day = Day(folder, capture, 2)
    row = next(row for row in rows("expected.tsv") if row["id"] in OTHER_CAPTURE)
    flows = sorted(day.flows_of(row), key=lambda flow: flow["event"]["start"])
    tap.ok(len(flows) == 5, "five nights, five backups", [str(len(flows))])
    for night, flow in enumerate(flows, 1):
        flags = flow["vigie"].get("flags", [])
        tap.ok("night" in flags and ("recurring" in flags) == (night >= 4), f"night {night}: flags", flags)
    tap.ok(describe(flows[-1]) == expected_of(row), f"{row['id']}: {row['rule']} {row['severity']}",
           [str(describe(flows[-1])), str(expected_of(row))])
    tap.ok(not day.alerts, "a qualified backup is no alert", [alert["message"] for alert in day.alerts])


def main():
    tap = Tap()
    with scratch_folder() as folder:
        compile_table(folder)
        check_day(tap, folder)
        check_nights(tap, folder)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
