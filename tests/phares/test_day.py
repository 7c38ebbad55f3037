#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The captures of the ministry are what expected.tsv and README.md say, by a reader that knows nothing of vigie."""
import collections
import csv
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

import capture_reader
from network import MIDNIGHT_US
from recurring import LAST_US, NIGHTS
from vigie_test import Tap, scratch_folder
from wire import packed, words

HERE = pathlib.Path(__file__).resolve().parent
TCP, UDP, VXLAN = 6, 17, 4789
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
SENTENCE = re.compile(r"sent ([0-9.]+) (KiB|MiB|GiB) in (\d+) flows?")

Segment = collections.namedtuple("Segment", "time source destination ports protocol payload whole good")


def segment_of(time, data, wire):
    """The innermost TCP segment or UDP datagram of an Ethernet frame; the wire's length tells its payload's."""
    at = 16 if data[12:14] == b"\x81\x00" else 12
    version = data[at + 2] >> 4
    start, size, protocol = (at + 22, 4, data[at + 11]) if version == 4 else (at + 42, 16, data[at + 8])
    addresses = data[start - 2 * size:start]
    ports = int.from_bytes(data[start:start + 2], "big"), int.from_bytes(data[start + 2:start + 4], "big")
    if protocol == UDP and ports[1] == VXLAN:
        return segment_of(time, data[start + 16:], wire - start - 16)
    header = (data[start + 12] >> 4) * 4 if protocol == TCP else 8
    whole = wire == len(data)
    pseudo = addresses + (wire - start).to_bytes(4, "big") + protocol.to_bytes(4, "big")
    good = version == 6 or words(data[at + 2:start]) == 0xffff
    good = good and (not whole or words(words(pseudo).to_bytes(2, "big") + data[start:]) == 0xffff)
    return Segment(time, addresses[:size], addresses[size:], ports, protocol, wire - start - header, whole, good)


def segments(path):
    return [segment_of(time, data, wire) for time, _, data, wire in capture_reader.packets(path)]


def sent_by(found, host):
    """{(other end, ports): payload bytes} that a host sent out from connections it opened."""
    flows = collections.Counter()
    for segment in found:
        if segment.source == host and segment.protocol == TCP and segment.ports[0] >= 49152:
            flows[segment.destination, segment.ports] += segment.payload
    return flows


def expectations():
    with open(HERE / "expected.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def check_sentence(tap, found, row, far=None):
    number, unit, count = SENTENCE.search(row["first_clause"]).groups()
    flows = [sent for (end, ports), sent in sent_by(found, packed(row["host"])).items()
             if ports[1] in (80, 443) and end[:3] != packed(row["host"])[:3] and (far is None or end == far)]
    tap.ok(f"{sum(flows) / UNITS[unit]:.1f}" == number and len(flows) == int(count),
           f"{row['id']}: {number} {unit}, flows: {count}", [f"{sum(flows)} bytes in {len(flows)} flows"])


def check_nights(tap):
    with scratch_folder() as scratch:
        subprocess.run([sys.executable, HERE / "recurring.py", scratch / "nights.pcap"], check=True)
        found = segments(scratch / "nights.pcap")
    starts = sorted({segment.ports: segment.time for segment in reversed(found)
                     if segment.ports[1] == 443}.values())
    tap.ok(len(starts) == len(NIGHTS) and starts[-1] * 1e6 == LAST_US
           and all(abs(later - earlier - 86400) < 3600 for earlier, later in zip(starts, starts[1:])),
           "five nights in a row", starts)
    volumes = list(sent_by(found, packed("198.51.100.193")).values())
    tap.ok(all(abs(volume / (12 << 30) - 1) <= 0.05 for volume in volumes), "12 GiB each, within 5 %", volumes)


def main():
    tap = Tap()
    found = segments(HERE / "day.pcap.gz")
    times = [segment.time for segment in found]
    tap.ok(times == sorted(times), "packets are in order of time")
    tap.ok(0 <= times[0] - MIDNIGHT_US / 1e6 and times[-1] - MIDNIGHT_US / 1e6 < 86400, "all of one day in Paris")
    tap.ok(all(segment.good for segment in found), "checksums of all that was kept whole are right")
    named = {"L4": "13.107.6.152", "Q1": "203.0.113.6"}
    for row in expectations():
        if SENTENCE.search(row["first_clause"]) and row["id"] != "F3-fifth-night":
            check_sentence(tap, found, row, packed(named[row["id"]]) if row["id"] in named else None)
    check_nights(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
