#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every packet of a capture is in a flow or refused with a reason: nothing is lost silently."""
import sys

import capture_reader
from summaries import packets_of, sums_up
from vigie_test import CAPTURES, Tap, captures_in, vigie


def main():
    tap = Tap()
    for capture in captures_in(CAPTURES):
        result = vigie("replay", "--summary", "json", capture)
        counts = packets_of(result.stdout)
        tap.ok(counts is not None and sums_up(counts), f"every packet is in a flow or refused: {capture.name}",
               [str(counts)] + result.told())
        there = sum(1 for _ in capture_reader.packets(capture))
        tap.ok(counts is not None and counts["seen"] == there, f"every packet is counted: {capture.name}",
               [f"the file holds {there} packets, counted {counts}"])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
