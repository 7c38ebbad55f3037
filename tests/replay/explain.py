#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`vigie explain` finds an alert in a file of alerts and answers a reader's questions."""
import gzip
import os
import sys

from vigie_test import SOURCE, Tap, scratch_folder, vigie

ALERTS = SOURCE / "tests" / "replay" / "alerts.jsonl"
UPLOAD = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
COVERED = "a1b2c3ffffffffffffffffffffffffff"
FINDING = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SERVED = "99887766554433221100ffeeddccbbaa"

# Id or its beginning -> what has to be told, and what must not be.
WANTED = {
    UPLOAD: ([f"Alert {UPLOAD}: high", "ECO-USA: economic-secret data towards us-direct",
              "Amazon Web Services, recorded as controlled from the United States", "the table says high", "No step changed that",
              "prefix ", "sni ", "No exception in force covers it", "18 U.S.C. 2713 (CLOUD Act)", "checked on 20",
              "Ask the owner of licences (DGPhares) today", "What vigie does not say"], []),
    "A1B2C3D4": ([f"Alert {UPLOAD}: high"], []),
    "a1b2c3ff": ([f"Alert {COVERED}: informational", "low -> medium", "medium -> informational",
                  "EXC-2026-004 covers it: informational with it, medium without", "These say otherwise",
                  "bulk.s3.amazonaws.com archives.s3.eu-west-3.amazonaws.com"], ["No exception in force"]),
    FINDING: ([f"Alert {FINDING}: medium", "GOV-EXC-EXPIRED", "EXC-2025-011", "Ask the owner of the exception"],
              ["How we know", "the table says"]),
    "998877": ([f"Alert {SERVED}: medium", "served", "no name of the catalogue tells"],
               ["18 U.S.C.", "ordered under US law"]),
}

# What may not be claimed of anybody.
CLAIMS = ["illegal", "violation", "leak", "theft", "stolen", "is safe", "compliant"]

LINE = ('{"event":{"kind":"alert","id":"%s"},"rule":{"id":"R"},"message":"m","vigie":{"severity":"low"}}\n')


def check_answers(tap, folder):
    for query, (wanted, unwanted) in WANTED.items():
        run = vigie("explain", "--alerts", ALERTS, query, env=environment(folder))
        text = " ".join(run.stdout.split())
        missing = [f"not told: {part}" for part in wanted if " ".join(part.split()) not in text]
        told = [f"told: {part}" for part in unwanted + CLAIMS if part in text]
        tap.ok(run.status == 0 and not run.trouble and not missing and not told, f"{query} is explained",
               missing + told + run.told())


def check_settings(tap, folder):
    """The exception is told in full where the settings have it, and the file of alerts may be named there."""
    settings = folder / "vigie.yaml"
    policy = (SOURCE / "tests" / "unit" / "app" / "ministere-des-phares.yaml").read_text()
    settings.write_text(policy + f"\nrun: {{alerts: {ALERTS}}}\n")
    run = vigie("explain", "-c", settings, COVERED, env=environment(folder))
    wanted = ["open-data publication", "Chef open data", "approved on", "2027-03-31"]
    tap.ok(run.status == 0 and all(part in run.stdout for part in wanted),
           "an exception is told as the settings have it", run.told() + run.stdout.splitlines())


def check_errors(tap, folder):
    alerts = {
        "binary": "\x01\x02\n",
        "flows": '{"event":{"kind":"event"}}\n',
        "empty": "",
    }
    for name, text in alerts.items():
        (folder / name).write_text(text)
    (folder / "gzip").write_bytes(gzip.compress((LINE % UPLOAD).encode()))
    rows = [
        ("several alerts begin so", ["--alerts", ALERTS, "a1b2c3"], 1, [UPLOAD, COVERED, "more digits"]),
        ("no alert has the id", ["--alerts", ALERTS, "abcdef"], 1, ["no alert with the id abcdef", "among its 5"]),
        ("a file of binary lines", ["--alerts", folder / "binary", UPLOAD], 1, ["binary:1: no JSON", "no line of it"]),
        ("the file is compressed", ["--alerts", folder / "gzip", UPLOAD], 1, ["compressed by gzip", "zcat"]),
        ("the file holds flows", ["--alerts", folder / "flows", UPLOAD], 1, ["holds no alerts at all"]),
        ("the file is empty", ["--alerts", folder / "empty", UPLOAD], 1, ["it is empty"]),
        ("the file is not there", ["--alerts", folder / "none", UPLOAD], 1, ["No such file"]),
        ("the file is a folder", ["--alerts", folder, UPLOAD], 1, ["directory"]),
        ("no file is named", [UPLOAD], 2, ["--alerts FILE"]),
        ("no id is given", ["--alerts", ALERTS], 2, ["name one alert"]),
        ("the id is too short", ["--alerts", ALERTS, "a1b2c"], 2, ["first 6 digits", "a1b2c"]),
        ("the id is too long", ["--alerts", ALERTS, UPLOAD + "00"], 2, ["has 32 digits", UPLOAD + "00"]),
        ("the id is no number", ["--alerts", ALERTS, "EXC-2026-004"], 2, ["hexadecimal"]),
    ]
    for name, arguments, status, parts in rows:
        run = vigie("explain", *arguments, env=environment(folder))
        good = run.status == status and not run.trouble and all(str(part) in run.stderr for part in parts)
        tap.ok(good and not run.stdout, name, run.told())


def check_torn_files(tap, folder):
    """What a crash leaves of a file does not take the other alerts away."""
    rows = {
        "a torn line": ('{"event":\n' + LINE % UPLOAD, ":1: no JSON"),
        "two torn lines": ('{"event":\nx\n' + LINE % UPLOAD, "passed over, and 1 more"),
        "a line that is too long": (" " * 70000 + "\n" + LINE % UPLOAD, ":1: a line of more than"),
        "no end of the last line": ((LINE % UPLOAD).rstrip("\n"), None),
        "a torn last line": (LINE % UPLOAD + '{"event":', None),
    }
    torn = folder / "torn"
    for name, (text, warning) in rows.items():
        torn.write_text(text)
        run = vigie("explain", "--alerts", torn, UPLOAD, env=environment(folder))
        warnings = [line for line in run.stderr.splitlines() if "passed over" in line]
        warned = len(warnings) == 1 and warning in warnings[0] if warning else not warnings
        tap.ok(run.status == 0 and f"Alert {UPLOAD}" in run.stdout and warned and not run.trouble,
               f"{name}: the alert is explained", run.told())


def check_standard_input(tap, folder):
    with open(ALERTS, encoding="utf-8") as alerts:
        run = vigie("explain", "--alerts", "-", UPLOAD, stdin=alerts, env=environment(folder))
    tap.ok(run.status == 0 and "high" in run.stdout, "alerts come by standard input", run.told())


def environment(folder):
    """No databases, and nothing written outside of the scratch folder."""
    return {**os.environ, "VIGIE_DATA": str(folder), "VIGIE_STATE": str(folder / "state")}


def main():
    tap = Tap()
    with scratch_folder() as folder:
        check_answers(tap, folder)
        check_settings(tap, folder)
        check_errors(tap, folder)
        check_torn_files(tap, folder)
        check_standard_input(tap, folder)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
