#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`vigie lookup` of addresses in the shipped lists, against a second reading of lists and catalogue.

The second reading shares nothing with the program but the files: it looks at every list for the longest prefix, and
at the catalogue's YAML for what tag and region mean.
"""
import collections
import ipaddress
import json
import os
import random
import subprocess
import sys

import yaml

from vigie_test import BUILD, SOURCE, Tap, scratch_folder, vigie

ADDRESSES = 2000
RANGES = SOURCE / "configs" / "ranges"
CATALOGUE = SOURCE / "configs" / "catalogue"

Entry = collections.namedtuple("Entry", "prefix feed service region")


def read_aws(path):
    """One entry a prefix: a specific service before EC2 before AMAZON, then the first by name."""
    def order(row):
        return {"EC2": 1, "AMAZON": 2}.get(row["service"], 0), row["service"]
    document = json.loads(path.read_text())
    rows = {}
    for row in document["prefixes"] + document["ipv6_prefixes"]:
        prefix = ipaddress.ip_network(row.get("ip_prefix") or row["ipv6_prefix"])
        rows[prefix] = min(rows.get(prefix, row), row, key=order)
    return [Entry(prefix, "aws", row["service"], row["region"]) for prefix, row in rows.items()]


def read_plain(path):
    rows = [line.split("\t") for line in path.read_text().splitlines() if not line.startswith("#")]
    return [Entry(ipaddress.ip_network(prefix), path.stem, service or None, region or None)
            for prefix, service, region in rows]


def read_lists():
    """Lists in the order in which they are compiled, {path: [Entry]}."""
    paths = sorted(RANGES.glob("*.json")) + sorted(p for p in RANGES.glob("*.tsv") if p.name != "SOURCES.tsv")
    return {path: read_aws(path) if path.suffix == ".json" else read_plain(path) for path in paths}


class Table:
    """Longest prefix by trying every length from the longest on; of equal prefixes the first added stays."""

    def __init__(self, lists):
        self.entries = {}
        for entries in lists.values():
            for entry in entries:
                key = (entry.prefix.version, entry.prefix.prefixlen, int(entry.prefix.network_address))
                self.entries.setdefault(key, entry)

    def find(self, address):
        width = address.max_prefixlen
        for length in range(width, -1, -1):
            masked = int(address) >> (width - length) << (width - length)
            entry = self.entries.get((address.version, length, masked))
            if entry is not None:
                return entry
        return None


class Catalogue:
    """Who a list, or a region of it, belongs to, and which service a tag means."""

    def __init__(self, folder):
        self.feeds = collections.defaultdict(list)
        self.countries = {}
        for path in sorted(folder.glob("*.yaml")):
            document = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
            for operator in document.get("operators") or []:
                for feed in operator.get("feeds") or []:
                    self.feeds[feed["list"]].append((operator, feed))
            for table in document.get("regions") or []:
                self.countries[table["operator"]] = {code["code"]: code.get("country") for code in table["codes"]}

    def means(self, entry):
        """What the look-up has to say of an entry."""
        rules = self.feeds[entry.feed]
        part = [rule for rule in rules if entry.region in rule[1].get("regions", [])]
        operator, feed = (part or [rule for rule in rules if "regions" not in rule[1]])[0]
        tags = {tag["tag"]: tag["service"] for tag in feed.get("tags", [])}
        # A service that is the same everywhere is said to be in the region "GLOBAL", which is none.
        region = None if (entry.region or "").lower() == "global" else entry.region
        return {"operator": operator["id"], "service": tags.get(entry.service, feed.get("service")),
                "region": region, "region_country": self.countries.get(operator["id"], {}).get(region)}


def pick(chance, prefix):
    """An address of a prefix."""
    return prefix[chance.randrange(prefix.num_addresses)]


def compile_lists(lists, folder):
    """Makes origin.table out of nothing but the lists."""
    options = [f"--ranges={path.stem}={path}" for path in lists]
    return subprocess.run([str(BUILD / "geo" / "origin-compile"), *options, "-o", str(folder / "origin.table")],
                          capture_output=True, text=True, check=False)


def differences(answers, wanted):
    for query, want in wanted.items():
        answer = answers.get(query, {})
        for key, value in want.items():
            if answer.get(key) != value:
                yield f"{query}: {key} is {answer.get(key)!r}, not {value!r}"


def main():
    tap = Tap()
    chance = random.Random(1789)
    lists = read_lists()
    table, catalogue = Table(lists), Catalogue(CATALOGUE)
    listed = {line.split("\t")[0] for line in (RANGES / "SOURCES.tsv").read_text().splitlines()[1:]}
    tap.ok(listed == {path.name for path in lists}, "every list has its source, and every source its list",
           [str(listed ^ {path.name for path in lists})])
    outside = [str(entry.prefix) for entries in lists.values() for entry in entries if not entry.prefix.is_global]
    tap.ok(not outside, "no list has addresses that are nobody's on the internet", outside[:10])

    wanted = {}
    while len(wanted) < ADDRESSES:
        entries = lists[chance.choice(list(lists))]
        address = pick(chance, chance.choice(entries).prefix)
        wanted[str(address)] = catalogue.means(table.find(address))
    with scratch_folder() as scratch:
        made = compile_lists(lists, scratch)
        tap.ok(made.returncode == 0, "the shipped lists compile", made.stderr.splitlines())
        result = vigie("lookup", "--json", *wanted, env={**os.environ, "VIGIE_DATA": str(scratch),
                                                         "VIGIE_CATALOGUE": str(CATALOGUE)})
        answers = {answer["query"]: answer for answer in map(json.loads, result.stdout.splitlines())}
        tap.ok(result.status == 0 and list(answers) == list(wanted), f"{ADDRESSES} addresses are answered",
               result.told())
        wrong = list(differences(answers, wanted))
        tap.ok(not wrong, f"operator, service and region of {ADDRESSES} addresses are those of the lists",
               [f"{len(wrong)} differences"] + wrong[:20])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
