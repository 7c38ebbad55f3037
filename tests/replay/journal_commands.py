#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`vigie verify`, `vigie alerts` and `vigie explain` over a journal that `vigie replay` has made."""
import csv
import fcntl
import io
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time

from vigie_test import SOURCE, VIGIE, Tap, scratch_folder, vigie

PHARES = SOURCE / "tests" / "phares"
DAY = PHARES / "day.pcap.gz"
DONE, FAILED, USAGE = 0, 1, 2
SEVERITIES = ["informational", "low", "medium", "high", "critical"]


def journal_of_the_day(folder):
    """The ministry's day, journalled under a key of its own; gives the settings and the journal."""
    settings, journal = folder / "s.yaml", folder / "journal.db"
    settings.write_text(f"include: {PHARES / 'phares.yaml'}\njournal: {{path: {journal}}}\n", encoding="utf-8")
    run = vigie("replay", "-c", settings, "--summary", "none", "--journal", journal, DAY)
    if run.status != DONE or run.trouble:
        raise RuntimeError(f"no journal: {run.told()}")
    return settings, journal


def lines(*arguments):
    """The alerts as JSON."""
    run = vigie("alerts", "--format", "json", *arguments)
    return run, [json.loads(line) for line in run.stdout.splitlines()]


def verify(tap, folder, settings, journal):
    run = vigie("verify", "-c", settings)
    head = next((line.split()[-1] for line in run.stdout.splitlines() if line.startswith("head ")), "")
    tap.ok(run.status == DONE and "Whole: no row" in run.stdout and "by   the site's key" in run.stdout and len(head) == 64,
           "a journal is whole", [run.stdout, *run.told()])
    run = vigie("verify", "-c", settings, "--json", "--noted", head.upper())
    told = json.loads(run.stdout)
    tap.ok(run.status == DONE and told["good"] and told["head"] == head and told["noted_row"] == told["last"]
           and told["site_key"] is True, "the noted head is found again", [run.stdout, *run.told()])
    run = vigie("verify", "-c", settings, "--noted", "0" * 64)
    tap.ok(run.status == FAILED and "noted hash" in run.stderr and not run.stdout, "another hash is not", run.told())
    copy = folder / "copy.db"
    shutil.copy(journal, copy)
    run = vigie("verify", "--journal", copy)
    tap.ok(run.status == DONE and "who signed it was not checked" in run.stdout and "Whole" not in run.stdout,
           "a copy is checked without the key", [run.stdout, *run.told()])
    tap.ok("sums of flows" in run.stdout and max(map(len, run.stdout.splitlines())) <= 80, "verify: lines of 80 columns",
           [run.stdout])
    told = json.loads(vigie("verify", "--journal", copy, "--json").stdout)
    tap.ok(told["consistent"] and not told["good"] and told["signer"] == "not-checked",
           "verify: whose a journal is has to be checked for it to be good", [told])
    key = told["public_key"]
    run = vigie("verify", "--journal", copy, "--key", key.upper())
    tap.ok(run.status == DONE and "Whole: no row" in run.stdout and "the key of --key" in run.stdout,
           "verify: by a noted key", [run.stdout, *run.told()])
    run = vigie("verify", "--journal", copy, "--key", "0" * 64)
    told = json.loads(vigie("verify", "--journal", copy, "--key", "0" * 64, "--json").stdout)
    tap.ok(run.status == FAILED and f"signed by key {key}" in run.stderr and not run.stdout and not told["good"],
           "verify: by another key", [run.stdout, *run.told()])
    tap.ok(vigie("verify", "--journal", copy, "--key", "12").status == USAGE, "verify: what is no key")
    for case, sql, word in (
            ("a row was changed", "UPDATE journal SET content = replace(content, 'vigie', 'vigiE') WHERE seq = 3",
             "row 3 "),
            ("a row is missing", "DELETE FROM journal WHERE seq = 5", "row 5 is missing"),
            ("the last row is missing", "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", "row"),
            ("a severity was lowered", "UPDATE journal SET severity = 0 WHERE seq = 6", "row 6 ")):
        broken = folder / "broken.db"
        shutil.copy(journal, broken)
        with sqlite3.connect(broken) as database:
            database.execute(sql)
        database.close()
        run = vigie("verify", "--journal", broken)
        told = vigie("verify", "--journal", broken, "--json")
        tap.ok(run.status == FAILED and word in run.stderr and "Whole" not in run.stdout and not run.trouble
               and told.status == FAILED and not json.loads(told.stdout)["good"], f"verify: {case}",
               [run.stdout, *run.told()])


def choices(tap, settings, journal):
    run, all_rows = lines("-c", settings)
    sequences = [row["event"]["sequence"] for row in all_rows]
    tap.ok(run.status == DONE and len(all_rows) > 10 and sequences == sorted(sequences)
           and len({row["event"]["id"] for row in all_rows}) == len(all_rows), "json: every alert once, with its row",
           run.told())
    high = [row["event"]["id"] for row in all_rows if SEVERITIES.index(row["vigie"]["severity"]) >= 3]
    first = all_rows[0]["event"]["id"]
    rules = [row["event"]["id"] for row in all_rows if row["rule"]["id"] == "ECO-USA"]
    zones = [row["event"]["id"] for row in all_rows if row["vigie"].get("zone") == "rh"]
    for case, options, wanted in (
            ("a severity and above", ["--severity", "high"], high), ("a rule", ["--rule", "ECO-USA"], rules),
            ("a zone", ["--zone", "rh"], zones), ("the beginning of an id", ["--id", first[:8].upper()], [first]),
            ("the latest", ["--limit", "2"], [row["event"]["id"] for row in all_rows[-2:]]),
            ("all times each was told", ["--all", "--since", "1h"], [row["event"]["id"] for row in all_rows]),
            ("those of the last hour", ["--since", "1h"], [row["event"]["id"] for row in all_rows]),
            ("those before it", ["--until", "1h"], []), ("those of a day long ago", ["--until", "2020-01-01"], []),
            ("those since a moment", ["--since", "2020-01-01T00:00:00+01:00"], [row["event"]["id"] for row in all_rows])):
        run, rows = lines("-c", settings, *options)
        tap.ok(run.status == DONE and wanted == [row["event"]["id"] for row in rows] and not run.trouble,
               f"alerts: {case}", [f"{len(rows)}, expected {len(wanted)}", *run.told()])
    run = vigie("alerts", "--journal", journal, "--rule", "NONE")
    tap.ok(run.status == DONE and not run.stdout and "no such alert" in run.stderr, "alerts: none is told", run.told())
    return all_rows


def formats(tap, settings, rows):
    run = vigie("alerts", "-c", settings, "--format", "csv")
    table = list(csv.DictReader(io.StringIO(run.stdout, newline="")))
    tap.ok(run.status == DONE and run.stdout.count("\r\n") == len(rows) + 1
           and [row["id"] for row in table] == [row["event"]["id"] for row in rows]
           and [row["message"] for row in table] == [row["message"] for row in rows]
           and all(None not in row and None not in row.values() for row in table), "csv: the same alerts", run.told())
    run = vigie("alerts", "-c", settings)
    text = run.stdout.splitlines()
    column = text[0].index("alert")
    tap.ok(run.status == DONE and [line[column:column + 8] for line in text[1:]]
           == [row["event"]["id"][:8] for row in rows] and "\x1b" not in run.stdout, "text: a table without colours",
           [run.stdout, *run.told()])
    run = vigie("alerts", "-c", settings, "--limit", "3")
    tap.ok(len(run.stdout.splitlines()) == 4 and f"{len(rows) - 3} earlier ones" in run.stderr,
           "text: what is left out is told", run.told())


def on_a_terminal_of(columns, *arguments):
    """(exit status, what a terminal of so many columns gets)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen([VIGIE, *arguments], stdin=subprocess.DEVNULL, stdout=theirs,
                          stderr=subprocess.PIPE, env={**os.environ, "TERM": "xterm"}) as program:
        os.close(theirs)
        text = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            text += part
        os.close(ours)
    return program.returncode, text


def on_a_terminal(tap, settings):
    for columns in (80, 100, 120):
        status, text = on_a_terminal_of(columns, "alerts", "-c", settings)
        shown = re.sub(r"\x1b\[[0-9;]*m", "", text.decode("utf-8")).splitlines()
        tap.ok(status == DONE and b"\x1b[31mhigh" in text, "colours on a terminal", [ascii(text[:400])])
        tap.ok(max(map(len, shown)) <= columns, f"no line is longer than the {columns} columns of a terminal",
               [line for line in shown if len(line) > columns][:5])
    status, text = on_a_terminal_of(80, "alerts", "-c", settings, "--format", "json", "--limit", "3")
    rows = [json.loads(line) for line in text.decode("utf-8").splitlines()]
    tap.ok(status == DONE and len(rows) == 3, "json on a terminal is JSON", [ascii(text[:400])])


def follow(tap, folder, settings, journal, count):
    out = folder / "followed"
    with out.open("wb") as file, subprocess.Popen([VIGIE, "alerts", "-c", settings, "--follow", "--format", "json"],
                                                  stdin=subprocess.DEVNULL, stdout=file) as program:
        first = wait_for(lambda: out.read_bytes().count(b"\n") == count)
        vigie("replay", "-c", settings, "--summary", "none", "--journal", journal, DAY)
        second = wait_for(lambda: out.read_bytes().count(b"\n") == 2 * count)
        program.send_signal(signal.SIGINT)
        status = program.wait(30)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    tap.ok(first and second and status == DONE and len({row["event"]["sequence"] for row in rows}) == 2 * count,
           "follow: those that come are shown, a signal ends it",
           [f"{len(rows)} of {2 * count}, exit status {status}"])
    run, last = lines("-c", settings)
    tap.ok(run.status == DONE and len(last) == count and min(row["event"]["sequence"] for row in last) > count,
           "of one alert told twice the last counts", run.told())
    run, every = lines("-c", settings, "--all")
    tap.ok(len(every) == 2 * count, "with --all both", run.told())


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def explain(tap, settings, journal, rows):
    upload = next(row for row in rows if row["rule"]["id"] == "ECO-USA")["event"]["id"]
    for case, options in (("of the settings", ["-c", settings]), ("that is named", ["--journal", journal])):
        run = vigie("explain", *options, upload[:8])
        tap.ok(run.status == DONE and f"Alert {upload}: high" in run.stdout and not run.stderr,
               f"explain: an alert of the journal {case}", run.told())
    run = vigie("explain", "-c", settings, "abcdef012345")
    tap.ok(run.status == FAILED and "no alert with the id abcdef012345" in run.stderr, "explain: an id that is not there",
           run.told())
    alerts = SOURCE / "tests" / "replay" / "alerts.jsonl"
    run = vigie("explain", "-c", settings, "--alerts", alerts, "a1b2c3d4")
    tap.ok(run.status == DONE, "explain: a file that is named goes first", run.told())


def mistakes(tap, folder, settings):
    text = folder / "notes.txt"
    text.write_text("these are notes\n" * 100)
    for case, arguments, status, word in (
            ("a journal that is not there", ["verify", "--journal", folder / "none.db"], FAILED, "no journal there"),
            ("a text in place of a journal", ["verify", "--journal", text], FAILED, "no journal of vigie"),
            ("the same for alerts", ["alerts", "--journal", text], FAILED, "no journal of vigie"),
            ("a folder", ["alerts", "--journal", folder], FAILED, str(folder)),
            ("explain from a text", ["explain", "--journal", text, "abcdef"], FAILED, "no journal of vigie"),
            ("two sources", ["explain", "--journal", text, "--alerts", text, "abcdef"], USAGE, "only one"),
            ("half a hash", ["verify", "--noted", "abc"], USAGE, "64 hexadecimal digits"),
            ("verify with an operand", ["verify", text], USAGE, "--journal"),
            ("a time in words", ["alerts", "-c", settings, "--since", "yesterday"], USAGE, "--since takes 2h"),
            ("a day that is none", ["alerts", "-c", settings, "--until", "2026-02-30"], USAGE, "--until takes 2h"),
            ("a severity in slips", ["alerts", "--severity", "hihg"], USAGE, "did you mean high?"),
            ("a format in slips", ["alerts", "--format", "jsno"], USAGE, "did you mean json?"),
            ("a limit in words", ["alerts", "--limit", "ten"], USAGE, "--limit is a number"),
            ("an id that is none", ["alerts", "--id", "EXC-1"], USAGE, "hexadecimal"),
            ("alerts with an operand", ["alerts", "high"], USAGE, "high"),
            ("an end of what is to come", ["alerts", "--follow", "--until", "1h"], USAGE, "--until")):
        run = vigie(*arguments)
        tap.ok(run.status == status and word in run.stderr and not run.trouble and not run.stdout, f"mistakes: {case}",
               run.told())


def main():
    tap = Tap()
    with scratch_folder() as folder:
        os.environ["VIGIE_STATE"] = str(folder / "state")
        settings, journal = journal_of_the_day(folder)
        verify(tap, folder, settings, journal)
        rows = choices(tap, settings, journal)
        formats(tap, settings, rows)
        on_a_terminal(tap, settings)
        explain(tap, settings, journal, rows)
        mistakes(tap, folder, settings)
        follow(tap, folder, settings, journal, len(rows))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
