#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every field and word of the golden lines is explained in docs/records.md."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

from vigie_test import SOURCE, Tap

GOLDEN = SOURCE / "tests" / "golden"
WORDS = {"flags", "evidence", "way_evidence", "disagree"}


def fields(value):
    """Names of all members, at any depth, and the words of the lists that are explained one by one."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            if key in WORDS:
                yield from member
            yield from fields(member)
    elif isinstance(value, list):
        for member in value:
            yield from fields(member)


def main():
    tap = Tap()
    text = (SOURCE / "docs" / "records.md").read_text()
    explained = {part for quoted in re.findall(r"`([^`]+)`", text) for part in quoted.split(".")}
    for folder in ("flow_json", "alert_json"):
        used = set()
        for path in sorted((GOLDEN / folder).glob("*.json")):
            used |= set(fields(json.loads(path.read_text())))
        missing = sorted(used - explained)
        tap.ok(used and not missing, f"docs/records.md explains what {folder} writes", missing)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
