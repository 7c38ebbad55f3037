#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""vigie agrees with a person about the operator, kind and exposure of flows drawn at random.

tests/expected/judged.tsv holds the person's answers; the captures are those of the corpus (corpus.py
says which folder). Clients on public addresses are declared inside, so that every flow is judged.
"""
import collections
import concurrent.futures
import csv
import ipaddress
import json
import os
import sys

from corpus import corpus_folder
from vigie_test import EXPECTED, Tap, scratch_folder, vigie

RIGHT = 0.98
FIELDS = {"operator": "-", "host_operator": "-", "kind": "unknown", "exposure": "unknown"}
COUNTED = ("operator", "kind", "exposure")
UNDER_US_LAW = {"us-direct", "us-parent"}


def judged_rows():
    """The rows by capture."""
    rows = collections.defaultdict(list)
    with open(EXPECTED / "judged.tsv", encoding="utf-8", newline="") as lines:
        table = (line for line in lines if not line.startswith("#"))
        for row in csv.DictReader(table, delimiter="\t"):
            rows[row["capture"]].append(row)
    return rows


def write_settings(path, rows):
    clients = {row["client_ip"] for of_capture in rows.values() for row in of_capture}
    public = sorted(client for client in clients if ipaddress.ip_address(client).is_global)
    listed = ", ".join(f'"{client}/{ipaddress.ip_address(client).max_prefixlen}"' for client in public)
    path.write_text(f"policy: {{inside: [{listed}]}}\n", encoding="utf-8")


def flow_of(row):
    return (row["proto"], row["client_ip"], int(row["client_port"]), row["server_ip"],
            int(row["server_port"]), row["name"])


def answers_in(text):
    """Flow -> what vigie says of it, of the flow records of one capture."""
    answers = {}
    for line in text.splitlines():
        record = json.loads(line)
        source, destination, said = record["source"], record["destination"], record["vigie"]
        flow = (record["network"].get("transport"), source["ip"], source.get("port"), destination["ip"],
                destination.get("port"), said.get("name"))
        answers[flow] = {
            "operator": said.get("operator", "-"),
            "host_operator": said.get("host_operator", "-"),
            "kind": said.get("service_kind", "unknown"),
            "exposure": said.get("exposure", "unknown"),
            "confidence": said.get("confidence", "high"),
        }
    return answers


def replay(capture, settings):
    return vigie("replay", "-c", settings, "--flows", "-", "--summary", "none", capture)


def wrong_fields(row, answer):
    return [field for field in FIELDS if answer[field] not in row[field].split("|")]


def is_falsely_american(row, answer):
    """A flow under no US law, shown as under US law without a doubt."""
    return (not UNDER_US_LAW & set(row["exposure"].split("|")) and answer["exposure"] in UNDER_US_LAW
            and answer["confidence"] == "high")


class Comparison:
    def __init__(self):
        self.rows = self.right = 0
        self.right_by_field = collections.Counter()
        self.falsely_american, self.absent = [], []

    def add(self, tap, row, answer):
        told = f"{row['capture']} {row['name']} {row['server_ip']}"
        self.rows += 1
        if answer is None:
            self.absent.append(told)
            return
        wrong = wrong_fields(row, answer)
        self.right_by_field.update(set(FIELDS) - set(wrong))
        self.right += not set(wrong) & set(COUNTED)
        for field in wrong:
            tap.note(f"{told}: {field} {answer[field]}, judged {row[field]} ({row['reason']})")
        if is_falsely_american(row, answer):
            self.falsely_american.append(told)

    def conclude(self, tap):
        for field in FIELDS:
            tap.note(f"{field}: {self.right_by_field[field]} of {self.rows} right")
        tap.note(f"rows with {', '.join(COUNTED)} right: {self.right} of {self.rows}")
        tap.ok(not self.absent, "every judged flow is in the records, with its name", self.absent)
        tap.ok(self.right >= RIGHT * self.rows, f"at least {RIGHT:.0%} of the rows are right")
        tap.ok(not self.falsely_american, "no flow to others is shown as under US law with confidence high",
               self.falsely_american)


def main():
    tap = Tap()
    folder = corpus_folder()
    rows = judged_rows()
    there = [name for name in rows if folder and (folder / name).is_file()]
    if not there:
        tap.skip("judged", "no folder with the captures: set VIGIE_CORPUS")
        return tap.end()
    comparison = Comparison()
    with scratch_folder() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        settings = scratch / "settings.yaml"
        write_settings(settings, rows)
        runs = pool.map(lambda name: replay(folder / name, settings), there)
        for name, result in zip(there, runs):
            if not tap.ok(result.status == 0 and not result.trouble, name, result.told()):
                continue
            answers = answers_in(result.stdout)
            for row in rows[name]:
                comparison.add(tap, row, answers.get(flow_of(row)))
    comparison.conclude(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
