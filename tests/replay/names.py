# SPDX-License-Identifier: Apache-2.0
"""Compares the names in flow records with tables of expected names (tests/captures/README.md).

A flow with expected names is found when at least one of them was given. A name that was given and
is not expected for its flow is wrong. Optional kinds are neither missed nor wrong. The two ends of
a flow have no order, since who spoke first is not always in a capture.
"""
import collections
import csv
import dataclasses
import ipaddress
import json

RECALL, PRECISION = 0.995, 0.999

COUNTED_KINDS = {"tls-sni", "quic-sni", "http-host"}
COUNTED_SOURCES = {"tls-sni", "quic-sni", "http-host", "http-connect", "socks", "starttls-sni"}


def _end(address, port):
    return ipaddress.ip_address(address), int(port)


def _flow(transport, one, other):
    return transport, frozenset([one, other])


def _host(name):
    """An expected name in the form vigie shows: lower case, no port, no final dot, no brackets."""
    name = name.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    if name.count(":") == 1:
        name = name.partition(":")[0]
    return name.rstrip(".")


@dataclasses.dataclass
class Expected:
    counted: dict   # flow -> set of names
    optional: dict  # flow -> set of names


def expected_names(table):
    """Reads one table."""
    names = Expected(collections.defaultdict(set), collections.defaultdict(set))
    with open(table, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            flow = _flow(row["proto"], _end(row["client_ip"], row["client_port"]),
                         _end(row["server_ip"], row["server_port"]))
            kind = names.counted if row["kind"] in COUNTED_KINDS else names.optional
            kind[flow].add(_host(row["name"]))
    return names


def names_in(records):
    """Flow -> set of names, of flow records (texts, one JSON object each) that carry a name."""
    names = collections.defaultdict(set)
    for text in records:
        record = json.loads(text)
        block = record["vigie"]
        if block.get("name_source") not in COUNTED_SOURCES:
            continue
        source, destination = record["source"], record["destination"]
        flow = _flow(record["network"]["transport"], _end(source["ip"], source["port"]),
                     _end(destination["ip"], destination["port"]))
        names[flow].add(block["name"])
    return names


def _told(flow, names):
    transport, ends = flow
    return f"{transport} {' '.join(f'{a},{p}' for a, p in sorted(ends, key=str))} {'|'.join(sorted(names))}"


@dataclasses.dataclass
class Score:
    found: int = 0
    missed: list = dataclasses.field(default_factory=list)
    wrong: list = dataclasses.field(default_factory=list)

    @property
    def recall(self):
        return self.found / (self.found + len(self.missed)) if self.found or self.missed else 1.0

    @property
    def precision(self):
        return self.found / (self.found + len(self.wrong)) if self.found or self.wrong else 1.0

    def add(self, other, prefix):
        self.found += other.found
        self.missed += [f"{prefix}: {text}" for text in other.missed]
        self.wrong += [f"{prefix}: {text}" for text in other.wrong]

    def __str__(self):
        return (f"{self.found} found, {len(self.missed)} missed, {len(self.wrong)} wrong: "
                f"recall {self.recall:.4f}, precision {self.precision:.4f}")


def compare(expected, given):
    score = Score()
    for flow, names in expected.counted.items():
        if names & given.get(flow, set()):
            score.found += 1
        else:
            score.missed.append(_told(flow, names))
    for flow, names in given.items():
        strangers = names - expected.counted.get(flow, set()) - expected.optional.get(flow, set())
        if strangers:
            score.wrong.append(_told(flow, strangers))
    return score


def judge(tap, score, what):
    """The two cases of a score, with what was missed or wrong; nothing found is no pass."""
    for text in score.missed:
        tap.note(f"{what}: missed {text}")
    for text in score.wrong:
        tap.note(f"{what}: wrong {text}")
    tap.note(f"{what}: {score}")
    tap.ok(score.found > 0 and score.recall >= RECALL, f"{what}: recall is at least {RECALL}")
    tap.ok(score.found > 0 and score.precision >= PRECISION, f"{what}: precision is at least {PRECISION}")
