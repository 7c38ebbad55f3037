#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The names found in the shipped captures are the expected ones."""
import collections
import json
import pathlib
import sys

import names
from vigie_test import CAPTURES, EXPECTED, Tap, captures_in, vigie

RECALL, PRECISION = 0.95, 0.99


def main():
    tap = Tap()
    result = vigie("replay", "--flows", "-", "--summary", "none", CAPTURES, seconds=300)
    tap.ok(result.status == 0, "all captures are replayed", result.told())

    records = collections.defaultdict(list)
    for line in result.stdout.splitlines():
        records[pathlib.Path(json.loads(line)["vigie"]["capture"]).name].append(line)

    total = names.Score()
    for capture in captures_in(CAPTURES):
        table = EXPECTED / f"{capture.name}.tsv"
        score = names.compare(names.expected_names(table), names.names_in(records[capture.name]))
        total.add(score, capture.name)
    for text in total.missed:
        tap.note(f"missed {text}")
    for text in total.wrong:
        tap.note(f"wrong {text}")
    tap.note(total)
    tap.ok(total.found > 0 and total.recall >= RECALL, f"recall is at least {RECALL}")
    tap.ok(total.found > 0 and total.precision >= PRECISION, f"precision is at least {PRECISION}")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
