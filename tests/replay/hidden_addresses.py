#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where pseudonyms stand for inside addresses, no flow id that everybody can compute gives them away."""
import json
import sys

from vigie_test import CAPTURES, SOURCE, Tap, scratch_folder, vigie

DAY = SOURCE / "tests" / "phares" / "day.pcap.gz"


def flows(scratch, capture, addresses, key, workers=1):
    settings = scratch / "vigie.yaml"
    settings.write_text(f"privacy: {{addresses: {addresses}, key_file: {scratch / key}}}\n", encoding="utf-8")
    result = vigie("replay", "-c", settings, "--workers", workers, "--flows", "-", "--summary", "none", capture)
    return result, result.stdout


def ids(text):
    return {json.loads(line)["vigie"]["flow_id"] for line in text.splitlines()}


def check(tap, scratch, capture):
    result, hidden = flows(scratch, capture, "pseudonym", "one.key")
    clear = ids(flows(scratch, capture, "clear", "one.key")[1])
    plain = ids(vigie("replay", "--flows", "-", "--summary", "none", capture).stdout)
    other = ids(flows(scratch, capture, "pseudonym", "other.key")[1])
    name = capture.name
    tap.ok(result.status == 0 and hidden and clear == plain, f"{name}: ids of clear flows are the same everywhere",
           result.told())
    tap.ok(len(ids(hidden)) == len(clear) and not ids(hidden) & clear, f"{name}: hidden ids are not those of clear flows")
    tap.ok(not ids(hidden) & other and len(other) == len(clear), f"{name}: another key gives other ids")
    for workers in (1, 2):
        tap.ok(flows(scratch, capture, "pseudonym", "one.key", workers)[1] == hidden,
               f"{name}: the same in every run under a key, {workers} worker{'s'[:workers - 1]}")


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        for capture in (CAPTURES / "http" / "mercury-http_auth.pcap", DAY):
            check(tap, scratch, capture)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
