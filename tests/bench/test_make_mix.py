#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The mix that the benchmark replays is what it says: right checksums, new clients, in order."""
import collections
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

import capture_reader
import make_mix
from vigie_test import CAPTURES, Tap, scratch_folder

SIZE = 6_000_000


def mix_to(path):
    subprocess.run([sys.executable, make_mix.__file__, "--bytes", str(SIZE), "-o", str(path), str(CAPTURES)],
                   check=True, stdout=subprocess.DEVNULL)
    return path.read_bytes()


def header_checksum_is_right(data):
    """True for anything but IPv4."""
    layout = make_mix.layout_of(data)
    if layout is None or layout.end - layout.source != 8:
        return True
    header = data[layout.source - 12:layout.source - 12 + (data[layout.source - 12] & 15) * 4]
    total = make_mix.words(header)
    return (total & 0xffff) + (total >> 16) == 0xffff


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        once, again = mix_to(scratch / "a.pcap"), mix_to(scratch / "b.pcap")
        tap.ok(once == again, "the same inputs give the same mix")
        tap.ok(SIZE <= len(once) < SIZE + 1_000_000, "the size asked for is reached", [len(once)])
        packets = list(capture_reader.packets(scratch / "a.pcap"))
    times = [seconds for seconds, *_ in packets]
    tap.ok(times == sorted(times), "packets are in order of time")
    frames = [make_mix.Frame(0, data, make_mix.layout_of(data)) for _, _, data, _ in packets]
    clients = {end for frame in frames if frame.layout for end in make_mix.ends(frame) if end[0] == 10}
    tap.ok(len(clients) > 100, "playing a capture again brings new clients", [len(clients)])
    wrong = sum(not header_checksum_is_right(data) for _, _, data, _ in packets)
    tap.ok(wrong < len(packets) / 100, "header checksums stay right (some captures came with wrong ones)",
           [f"{wrong} of {len(packets)}"])
    few = list(make_mix.first_of_flows(frames, 3))
    counts = collections.Counter(
        frozenset(zip(make_mix.ends(frame), frame.layout.ports or (0, 0))) for frame in few)
    tap.ok(0 < len(few) < len(frames) and max(counts.values()) == 3, "the first packets of flows are chosen",
           [len(few), max(counts.values())])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
