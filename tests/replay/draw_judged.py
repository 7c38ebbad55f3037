#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the flows that tests/expected/judged.tsv judges by hand, and prints the facts known of them.

Facts only: ends, name and where it was read, the network of the address. What vigie makes of them
is left out, so that the judge does not see it. Usage: draw_judged.py FOLDER-OF-CAPTURES
"""
import ipaddress
import json
import pathlib
import random
import sys

from vigie_test import captures_in, vigie

SEED = 20261123
COUNT = 200
# 15 would leave fewer than 200: most captures have one or two names.
MOST_OF_ONE_CAPTURE = 20


IPV6_IN_USE = ipaddress.ip_network("2000::/3")


def is_far(address, near):
    """Whether an address is somewhere on the internet, and not the near end itself."""
    far = ipaddress.ip_address(address)
    return far.is_global and address != near and (far.version == 4 or far in IPV6_IN_USE)


def named_flows(capture):
    """Facts of the named flows to global addresses, one list for each (name, address)."""
    result = vigie("replay", "--flows", "-", "--summary", "none", capture)
    found = {}
    for line in result.stdout.splitlines():
        record = json.loads(line)
        source, destination, name = record["source"], record["destination"], record["vigie"].get("name")
        if not name or not is_far(destination["ip"], source["ip"]):
            continue
        network = destination.get("as", {})
        facts = (record["network"]["transport"], source["ip"], source["port"], destination["ip"],
                 destination["port"], name, record["vigie"]["name_source"], network.get("number", ""),
                 network.get("organization", {}).get("name", ""))
        found.setdefault((name, destination["ip"]), set()).add(facts)
    return found


def draw(folder):
    chance = random.Random(SEED)
    pool = []
    for capture in captures_in(folder):
        found = named_flows(capture)
        keys = sorted(found)
        for key in sorted(chance.sample(keys, min(len(keys), MOST_OF_ONE_CAPTURE))):
            pool.append((capture.relative_to(folder).as_posix(), *chance.choice(sorted(found[key]))))
    return sorted(chance.sample(pool, min(len(pool), COUNT)))


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    for row in draw(pathlib.Path(sys.argv[1])):
        print(*row, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
