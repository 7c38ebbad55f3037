#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The names found in the shipped captures are the expected ones, also out of order."""
import collections
import json
import pathlib
import sys

import names
import shuffle
from vigie_test import CAPTURES, EXPECTED, Tap, captures_in, scratch_folder, vigie

WORKERS = (1, 2, 8)


def records_of(tap, folder, workers, way):
    """File name of a capture -> its flow lines."""
    result = vigie("replay", "--workers", workers, "--flows", "-", "--summary", "none", folder, seconds=300)
    tap.ok(result.status == 0, f"{way}, {workers} workers: all captures are replayed", result.told())
    records = collections.defaultdict(list)
    for line in result.stdout.splitlines():
        records[pathlib.Path(json.loads(line)["vigie"]["capture"]).name].append(line)
    return records


def score_of(records):
    total = names.Score()
    for capture in captures_in(CAPTURES):
        table = EXPECTED / f"{capture.name}.tsv"
        score = names.compare(names.expected_names(table), names.names_in(records[capture.name]))
        total.add(score, capture.name)
    return total


def shuffle_all(tap, folder):
    moved = 0
    for capture in captures_in(CAPTURES):
        shuffle.shuffle(capture, folder / capture.name)
        moved += (folder / capture.name).read_bytes() != shuffle.unpacked(capture)
    tap.ok(moved > 0, f"{moved} captures have another order")


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        shuffle_all(tap, scratch)
        for way, folder in (("as they are", CAPTURES), ("shuffled", scratch)):
            for workers in WORKERS:
                score = score_of(records_of(tap, folder, workers, way))
                names.judge(tap, score, f"{way}, {workers} workers")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
