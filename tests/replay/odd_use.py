#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pipes, links, merged files and outputs in the wrong place: what is right works, what is not is told and harms nothing."""
import json
import os
import shutil
import sys
import threading

from vigie_test import CAPTURES, Tap, scratch_folder, vigie

GOOD = CAPTURES / "http" / "mercury-http_auth.pcap"
OTHER = CAPTURES / "http" / "zeek-pipelined-requests.pcap"


def flows(*arguments, **options):
    """Result, and the flow records on standard output."""
    result = vigie("replay", "--flows", "-", "--summary", "none", *arguments, **options)
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def captures_of(records):
    return [os.path.basename(record["vigie"]["capture"]) for record in records]


def pipe_with(path, content):
    """A named pipe into which somebody writes `content` once; joins at the end."""
    os.mkfifo(path)

    def write():
        try:
            path.write_bytes(content)
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    return writer


def pipes(tap, scratch):
    expected = len(flows(GOOD)[1]) + len(flows(OTHER)[1])
    for case, options in (("apart", []), ("merged", ["--merge"])):
        pipe = scratch / f"pipe-{case}"
        writer = pipe_with(pipe, GOOD.read_bytes())
        result, records = flows(*options, pipe, OTHER)
        writer.join(5)
        tap.ok(result.status == 0 and len(records) == expected, f"a named pipe, {case}",
               [f"{len(records)} flows, expected {expected}", *result.told()])
        with GOOD.open("rb") as stdin:
            result, records = flows(*options, "-", OTHER, stdin=stdin)
        tap.ok(result.status == 0 and len(records) == expected, f"standard input, {case}", result.told())

    pipe = scratch / "pipe-text"
    writer = pipe_with(pipe, b"these are notes\n" * 10)
    result, records = flows("--merge", pipe, OTHER)
    writer.join(5)
    tap.ok(result.status == 1 and "pipe" in result.stderr and not records, "a merged pipe that is no capture is told",
           result.told())


def merging(tap, scratch):
    alone = flows(GOOD)[1]
    result, records = flows("--merge", GOOD, GOOD)
    tap.ok(result.status == 0 and len(records) == len(alone)
           and records[0]["network"]["packets"] == 2 * alone[0]["network"]["packets"],
           "a file merged with itself is one conversation of twice the packets", result.told())
    result, records = flows(GOOD, GOOD)
    tap.ok(result.status == 0 and len(records) == 2 * len(alone), "a file given twice is replayed twice", result.told())

    missing, text = scratch / "missing.pcap", scratch / "notes.txt"
    text.write_text("these are notes\n")
    for bad in (missing, text, "/dev/null"):
        result, records = flows("--merge", GOOD, bad, OTHER)
        told = result.stderr.splitlines()
        tap.ok(result.status == 1 and len(told) == 1 and str(bad) in told[0]
               and sorted(set(captures_of(records))) == sorted([GOOD.name, OTHER.name]),
               f"merging goes on without {os.path.basename(bad)}", result.told())


def links(tap, scratch):
    folder = scratch / "links"
    folder.mkdir()
    (folder / "link.pcap").symlink_to(GOOD)
    (folder / "round").symlink_to(folder)
    (folder / "broken.pcap").symlink_to(scratch / "nowhere")
    result, records = flows(folder)
    tap.ok(result.status == 0 and set(captures_of(records)) == {"link.pcap"} and "broken.pcap" in result.stderr,
           "in a folder, links to files are read, a broken one is told", result.told())


def outputs(tap, scratch):
    mine = scratch / "mine.pcap"
    shutil.copy(GOOD, mine)
    for case, given in (("the capture that is read", [mine]), ("another capture", [OTHER])):
        result = vigie("replay", "--flows", mine, "--summary", "none", *given)
        tap.ok(result.status == 1 and "mine.pcap" in result.stderr and mine.read_bytes() == GOOD.read_bytes(),
               f"flows do not replace {case}", result.told())
    old = scratch / "flows.jsonl"
    old.write_text("{}\n")
    result = vigie("replay", "--flows", old, "--summary", "none", GOOD)
    tap.ok(result.status == 0 and "mercury" in old.read_text(), "flows of an earlier run are replaced", result.told())

    journal, sinks = scratch / "journal.db", scratch / "full.yaml"
    sinks.write_text(f"journal: {{path: {journal}}}\nsinks: [{{name: soc, type: unix, path: /dev/log}}]\n")
    vigie("replay", "--journal", journal, "--summary", "none", GOOD)
    for case, command in (("summary", ["replay", GOOD]), ("flows", ["replay", "--flows", "-", GOOD]),
                          ("answer", ["lookup", "example.com"]), ("verification", ["verify", "--journal", journal]),
                          ("alerts", ["alerts", "--journal", journal, "--format", "csv"]),
                          ("sinks", ["sink", "status", "-c", sinks])):
        with open("/dev/full", "wb") as full:
            result = vigie(*command, stdout=full)
        tap.ok(result.status == 1 and "No space left" in result.stderr and not result.trouble,
               f"{case} onto a full disk", result.told())


def is_plain(text):
    """Whether a terminal shows the text as it is: only line feeds among the control characters."""
    return all(sign == "\n" or not (ord(sign) < 0x20 or 0x7f <= ord(sign) < 0xa0) for sign in text)


def hostile_texts(tap, scratch):
    """What drives a terminal is spelled out, wherever a name or an argument comes back in a message."""
    red = "a\x1b[31mRED\n2.pcap"
    spelled = "a\\x1b[31mRED\\x0a2.pcap"
    folder = scratch / "hostile"
    folder.mkdir()
    damaged = folder / red
    damaged.write_bytes(GOOD.read_bytes()[:-5])
    text = scratch / f"text{red}"
    text.write_text("these are notes\n")
    (folder / f"nowhere-{red}").symlink_to(scratch / "nowhere")
    empty = scratch / f"empty-{red}"
    empty.mkdir()
    notes = scratch / f"notes-{red}"
    notes.mkdir()
    (notes / "notes.txt").write_text("these are notes\n")
    settings = scratch / f"settings-{red}"
    settings.write_text('flows: {"work\\e[31mers": 1}\n')
    sinks = scratch / "sinks.yaml"
    sinks.write_text("sinks: [{name: soc, type: unix, path: /dev/log}]\n")
    for case, given in (
            ("a file of a folder, and a broken link", ["replay", folder]),
            ("a file that is no capture", ["replay", text]),
            ("a file that is not there", ["replay", scratch / f"missing-{red}"]),
            ("a folder without a file", ["replay", empty]),
            ("a folder without a capture", ["replay", notes]),
            ("flows over a capture", ["replay", "--flows", damaged, GOOD]),
            ("flows into no folder", ["replay", "--flows", scratch / red / "flows", GOOD]),
            ("workers", ["replay", "--workers", red, GOOD]),
            ("settings that are not there", ["replay", "-c", scratch / red, GOOD]),
            ("settings with a mistake", ["replay", "-c", settings, GOOD]),
            ("EAL options without --", ["run", "-c", "x", red]),
            ("an unknown option", ["lookup", f"--{red}"]),
            ("an unknown command", [red]),
            ("a query", ["lookup", red]),
            ("a journal that is not there", ["verify", "--journal", scratch / red]),
            ("a text in place of a journal", ["alerts", "--journal", text]),
            ("explain from a text", ["explain", "--journal", text, "abcdef"]),
            ("a hash", ["verify", "--noted", red]),
            ("a time", ["alerts", "--since", red]),
            ("a severity", ["alerts", "--severity", red]),
            ("an alert's id", ["alerts", "--id", red]),
            ("an operand of alerts", ["alerts", red]),
            ("a sink that is not there", ["sink", "test", red, "-c", sinks]),
            ("a word behind sink", ["sink", red]),
            ("a format", ["sink", "status", "--format", red]),
            ("a sink to replay to", ["alerts", "replay", "-c", sinks, "--since", "1h", "--sink", red])):
        result = vigie(*given)
        tap.ok(spelled in result.stderr and is_plain(result.stderr) and is_plain(result.stdout) and not result.trouble,
               f"hostile bytes are spelled out: {case}", [ascii(line) for line in result.told()])

    result = vigie("lookup", b"\xff\xc2\x9b31m\x7f".decode(errors="surrogateescape"))
    tap.ok(result.status == 1 and "\\xff\\xc2\\x9b31m\\x7f" in result.stderr and is_plain(result.stderr),
           "bytes that are no UTF-8, C1 controls and DEL are spelled out", [ascii(line) for line in result.told()])
    result = vigie("lookup", "x\x1b" * 3000)
    tap.ok(result.status == 1 and "..." in result.stderr and len(result.stderr) < 2000, "a long query is cut",
           [f"{len(result.stderr)} characters"])


def options(tap):
    for case, given, word in (
            ("a wrong letter among several is named", ["replay", "-xy", GOOD], "option -x"),
            ("a word where none belongs is named", ["replay", "--merge=3", GOOD], "--merge=3"),
            ("run without settings", ["run"], "-c FILE"),
            ("run with EAL options in front of --", ["run", "-c", "/dev/null", "net_pcap0"], "--"),
            ("run with an unknown option", ["run", "--vdev", "x"], "option --vdev"),
            ("run with settings that are not there", ["run", "-c", "/no/such.yaml"], "/no/such.yaml"),
            ("verify with an unknown option", ["verify", "--nted", "x"], "--noted"),
            ("alerts with an unknown option", ["alerts", "--folow"], "--follow"),
            ("alerts replay with an unknown option", ["alerts", "replay", "--sinks", "x"], "--sink"),
            ("alerts replay without anything", ["alerts", "replay"], "--since T"),
            ("sink without a word", ["sink"], "status"),
            ("sink status without settings", ["sink", "status"], "-c"),
            ("sink test without settings", ["sink", "test"], "-c")):
        result = vigie(*given)
        tap.ok(result.status in (1, 2) and word in result.stderr.splitlines()[0] and not result.trouble, case,
               result.told())


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        pipes(tap, scratch)
        merging(tap, scratch)
        links(tap, scratch)
        outputs(tap, scratch)
        hostile_texts(tap, scratch)
    options(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
