#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A capture gives the same flows whether 1, 2 or 8 workers read it."""
import collections
import gzip
import json
import pathlib
import struct
import sys

from vigie_test import CAPTURES, Tap, captures_in, scratch_folder, vigie


def flows_by_capture(workers):
    result = vigie("replay", "--workers", workers, "--flows", "-", "--summary", "none", CAPTURES,
                   seconds=300)
    flows = collections.defaultdict(list)
    for line in result.stdout.splitlines():
        flows[pathlib.Path(json.loads(line)["vigie"]["capture"]).name].append(line)
    return result, {capture: sorted(lines) for capture, lines in flows.items()}


def timeless_capture(path):
    """Answers of one DNS server, all at one time, compressed: more than a worker's ring and the window hold."""
    message = bytes.fromhex("123481800001000100000000016102667200000100 01c00c000100010000003c0004c0000201") + bytes(1300)
    udp = struct.pack(">HHHH", 53, 5353, 8 + len(message), 0) + message
    packet = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x08\x08\x08\x08",
                         b"\x0a\0\0\1") + udp
    record = struct.pack("<IIII", 1000, 0, len(packet), len(packet)) + packet
    with gzip.open(path, "wb", 1) as capture:
        capture.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for _ in range(300):
            capture.write(record * 200)


def nobody_waits_for_the_other(tap):
    """A worker whose ring is full is not held up by one that has nothing to say."""
    with scratch_folder() as scratch:
        capture = scratch / "timeless.pcap.gz"
        timeless_capture(capture)
        for workers in (1, 2, 8):
            result = vigie("replay", "--workers", workers, "--flows", "-", "--summary", "none", capture, seconds=60)
            tap.ok(result.status == 0 and len(result.stdout.splitlines()) == 1,
                   f"{workers} workers, one time for all packets", result.told())


def main():
    tap = Tap()
    nobody_waits_for_the_other(tap)
    result, alone = flows_by_capture(1)
    tap.ok(result.status == 0 and alone, "1 worker replays all captures", result.told())
    for workers in (2, 8):
        result, flows = flows_by_capture(workers)
        tap.ok(result.status == 0, f"{workers} workers replay all captures", result.told())
        for capture in captures_in(CAPTURES):
            one, many = alone.get(capture.name, []), flows.get(capture.name, [])
            differ = sorted(set(one) ^ set(many))[:4]
            tap.ok(one == many, f"{workers} workers, same flows: {capture.name}", differ)
        tap.ok(set(alone) == set(flows), f"{workers} workers find flows in the same captures",
               sorted(set(alone) ^ set(flows)))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
