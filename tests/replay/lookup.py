#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`vigie lookup` answers for addresses and names, and leaves out what it does not know."""
import json
import os
import re
import shutil
import sys

from vigie_test import SOURCE, Tap, scratch_folder, vigie

TEST_DATA = SOURCE / "tests" / "mmdb" / "test-data"
KEYS = {"query", "kind", "operator", "operator_name", "control_country", "exposure", "service",
        "service_kind", "resolver_of", "region", "region_country", "asn", "as_org", "country", "evidence", "sources"}

# Query -> what the answer has to hold (None: absent). The databases are MaxMind's test ones.
WANTED = {
    "s3.eu-west-3.amazonaws.com": {
        "kind": "name", "operator": "aws", "operator_name": "Amazon Web Services", "control_country": "US",
        "exposure": "us-direct", "service": "s3", "service_kind": "object-storage", "region": "eu-west-3",
        "region_country": "FR", "asn": None, "country": None},
    "S3.EU-West-3.AmazonAWS.com.": {"kind": "name", "operator": "aws", "service": "s3"},
    "drive.google.com": {"kind": "name", "operator": "google", "exposure": "us-direct", "service_kind": "file-sharing"},
    "outlook.office365.com": {"kind": "name", "operator": "microsoft", "exposure": "us-direct", "service_kind": "mail"},
    "s3.gra.io.cloud.ovh.net": {"kind": "name", "operator": "ovhcloud", "control_country": "FR"},
    "eu-west-3.console.aws.amazon.com": {"kind": "name", "operator": "aws", "region_country": "FR"},
    "www.amazon.fr": {"kind": "name", "operator": "amazon", "exposure": "us-direct"},
    "www.google.fr": {"kind": "name", "operator": "google", "exposure": "us-direct"},
    "cloud.huawei.com": {"kind": "name", "operator": "huawei", "exposure": "third-country"},
    "www.open-telekom-cloud.com": {"kind": "name", "operator": "otc", "exposure": "eu-sovereign"},
    "www.orange.fr": {"kind": "name", "operator": "orange", "exposure": "eu-sovereign"},
    # No address is known, so the one that would have decided does: it is on AWS.
    "wetransfer.com": {"kind": "name", "operator": "wetransfer", "control_country": "IT", "exposure": "us-direct"},
    "nobody.example": {"kind": "name", "operator": None, "service": None, "region": None, "asn": None},
    "1.0.0.1": {"kind": "address", "asn": 15169, "as_org": "Google Inc.", "operator": "google",
                "exposure": "us-direct", "control_country": "US", "resolver_of": "cloudflare"},
    # A subscriber's line: the network is known, whose machine it is is not.
    "83.206.40.1": {"kind": "address", "asn": 3215, "operator": None, "exposure": "unknown"},
    "1.128.0.1": {"kind": "address", "asn": 1221, "as_org": "Telstra Pty Ltd"},
    "81.2.69.160": {"kind": "address", "country": "GB"},
    "2a02:d3c0::1": {"kind": "address"},
    "::ffff:1.0.0.1": {"kind": "address", "asn": 15169, "operator": "google"},
    "64:ff9b::100:1": {"kind": "address", "asn": 15169, "operator": "google"},
    "10.1.2.3": {"kind": "address", "operator": None, "asn": None, "country": None, "region": None},
}


def faults(answer, wanted):
    for key in set(answer) - KEYS:
        yield f"unknown key {key}"
    for key, value in answer.items():
        if value in (None, "", 0, [], {}):
            yield f"{key} is {value!r}: what is not known has to be absent"
    for key, value in wanted.items():
        if answer.get(key) != value:
            yield f"{key} is {answer.get(key)!r}, not {value!r}"


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        settings = scratch / "settings.yaml"
        settings.write_text(f'databases:\n  asn: "{TEST_DATA}/GeoLite2-ASN-Test.mmdb"\n'
                            f'  country: "{TEST_DATA}/GeoLite2-Country-Test.mmdb"\n')
        # No packaged databases beside those of the test: whether setup could fetch them must not show.
        alone = {"env": {**os.environ, "VIGIE_DATA": str(scratch)}}
        result = vigie("lookup", "-c", settings, "--json", *WANTED, **alone)
        tap.ok(result.status == 0 and not result.stderr, "all queries are answered", result.told())
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        tap.ok([answer["query"] for answer in answers] == list(WANTED), "one line a query, in their order",
               [result.stdout])
        for answer in answers:
            found = list(faults(answer, WANTED.get(answer["query"], {})))
            tap.ok(not found, f"lookup of {answer['query']}", found + [json.dumps(answer)])

        text = vigie("lookup", "-c", settings, "1.0.0.1", "drive.google.com", **alone)
        tap.ok(text.status == 0 and "15169" in text.stdout and "Google" in text.stdout,
               "the answer for a person names network and operator", text.told() + text.stdout.splitlines())
        tap.ok("US law (18 U.S.C. 2713)" in text.stdout and "reaches" not in text.stdout
               and "catalogue, recorded 20" in text.stdout, "the answer claims what the records say", [text.stdout])
        text = vigie("lookup", "-c", settings, "64:ff9b::100:1", "192.168.1.1", "ff02::1", **alone)
        for words in ("1.0.0.1", "NAT64", "private address", "not an address of the internet"):
            tap.ok(words in text.stdout, f"the answer for a special address says `{words}`", [text.stdout])

        packaged = scratch / "packaged"
        packaged.mkdir()
        shutil.copy(TEST_DATA / "GeoLite2-Country-Test.mmdb", packaged / "dbip-country.mmdb")
        text = vigie("lookup", "81.2.69.160", env={**os.environ, "VIGIE_DATA": str(packaged)})
        tap.ok(re.search(r"GB +DB-IP Country Lite, https://db-ip.com 20\d\d-\d\d-\d\d\n", text.stdout) is not None,
               "the packaged country database is named as its licence asks", text.told() + text.stdout.splitlines())
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
