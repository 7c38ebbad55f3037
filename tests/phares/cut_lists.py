#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Cuts the address data of this folder out of the complete ones, configs/ranges and data/asn-ipv*.csv: for each address
that the day goes to, the longest prefix of a list, else the origin AS. For maintainers.
"""
import csv
import ipaddress
import json
import pathlib
import sys

import network

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLAIN = ("azure-public", "cloudflare", "google-cloud", "outscale")
OVH_AS, ASN_DATE = "16276", "2026-06-17"
# What AWS lists a prefix under besides a service: see geo/ranges.h.
GENERAL = {"EC2": 1, "AMAZON": 2}


def addresses():
    """Every address outside that the day goes to, or that comes to it."""
    found = {address for place in network.PLACES.values() for address in (place.v4, place.v6) if address}
    found |= {network.FORWARDER, network.QUAD9, network.ECH_FRONT, network.AWS_EC2_PARIS}
    return {ipaddress.ip_address(address) for address in found.union(network.TIME_SERVERS, network.READERS)}


def aws():
    """The head and the rows (prefix, service, region) of the AWS list."""
    document = json.loads((ROOT / "configs/ranges/aws.json").read_text(encoding="utf-8"))
    rows = {}
    for entry in document["prefixes"] + document["ipv6_prefixes"]:
        prefix = ipaddress.ip_network(entry.get("ip_prefix") or entry.get("ipv6_prefix"))
        known = rows.get(prefix)
        if known is None or GENERAL.get(entry["service"], 0) < GENERAL.get(known[1], 0):
            rows[prefix] = prefix, entry["service"], entry["region"]
    date = document["createDate"][:10]
    return ["# feed: aws", "# source: AWS ip-ranges.json", f"# date: {date}"], rows.values()


def plain(feed):
    """The same of a list in the plain form."""
    lines = (ROOT / "configs/ranges" / f"{feed}.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return lines[:3], [(ipaddress.ip_network(row[0]), *row[1:]) for row in rows]


def longest(rows, wanted):
    """{address: row} of those that a list has."""
    best = {}
    for row in rows:
        for address in wanted:
            if address in row[0] and (address not in best or row[0].prefixlen > best[address][0].prefixlen):
                best[address] = row
    return best


def origins(version, wanted):
    """{address: row} of the CSV of origin AS numbers."""
    found = {}
    with open(ROOT / "data" / f"asn-ipv{version}.csv", encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            first, last = ipaddress.ip_address(row[0]), ipaddress.ip_address(row[1])
            found.update({address: row for address in wanted
                          if address.version == version and first <= address <= last})
    return found


def prefix_around(row, address):
    """The prefix of an AS's range that an address lies in."""
    for prefix in ipaddress.summarize_address_range(*map(ipaddress.ip_address, row[:2])):
        if address in prefix:
            return prefix, "", ""
    raise ValueError(f"{address} is not in {row}")


def write_list(feed, head, rows):
    text = ["\t".join(map(str, row)) for row in sorted(set(rows), key=lambda row: (row[0].version, row[0]))]
    (HERE / "ranges" / f"{feed}.tsv").write_text("\n".join([*head, *text, ""]), encoding="utf-8")


def main():
    wanted, listed = addresses(), set()
    for feed in ("aws", *PLAIN):
        head, rows = aws() if feed == "aws" else plain(feed)
        best = longest(rows, wanted)
        write_list(feed, head, best.values())
        listed |= best.keys()
    ovh = []
    for version in (4, 6):
        found = origins(version, wanted - listed)
        ovh += [prefix_around(row, address) for address, row in found.items() if row[2] == OVH_AS]
        kept = {tuple(row) for row in found.values() if row[2] != OVH_AS}
        with open(HERE / f"asn-ipv{version}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                sorted(kept, key=lambda row: ipaddress.ip_address(row[0])))
    source = f"# source: AS{OVH_AS} in @ip-location-db/asn, since OVHcloud publishes no list"
    write_list("ovhcloud", ["# feed: ovhcloud", source, f"# date: {ASN_DATE}"], ovh)


if __name__ == "__main__":
    sys.exit(main())
