#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a new user gets wrong: the exit status tells, and one line on standard error says what to do."""
import os
import pathlib
import shutil
import sys

from vigie_test import CAPTURES, VIGIE, Tap, captures_in, scratch_folder, vigie

DONE, FAILED, USAGE = 0, 1, 2
GOOD = CAPTURES / "http" / "pcpp-PartialHttpRequest.pcap"


def check(tap, case, result, status, *words):
    """Status as expected; at most one line of message (usage: more) that names `words`; never a crash."""
    # A build without address data says so first, whatever is asked; that is not this test's matter.
    lines = [line for line in result.stderr.splitlines() if "no database of autonomous systems" not in line]
    most = {DONE: 1, FAILED: 1, USAGE: 30}[status]
    named = all(str(word) in result.stderr for word in words)
    said = status == DONE or lines
    tap.ok(not result.trouble and result.status == status and len(lines) <= most and said and named, case,
           [result.trouble, f"expected status {status} and {words}", *result.told()])


def inputs(tap, scratch):
    """Things in place of a capture."""
    empty, text, folder = scratch / "empty.pcap", scratch / "notes.txt", scratch / "folder"
    empty.touch()
    text.write_text("these are notes, and no capture at all\n" * 10)
    folder.mkdir()
    shutil.copy(text, folder)
    missing = scratch / "missing.pcap"

    for case, path in {"file that is not there": missing, "empty file": empty, "text file": text,
                       "folder without a capture": folder}.items():
        check(tap, case, vigie("replay", path), FAILED, path.name)

    flows = scratch / "flows.jsonl"
    check(tap, "a missing file does not hinder the others",
          vigie("replay", "--flows", flows, "--summary", "none", missing, GOOD), FAILED, missing.name)
    tap.ok(flows.read_text(encoding="utf-8"), "the other file's flows are written")

    shutil.copy(GOOD, folder)
    check(tap, "a folder's other files are passed over", vigie("replay", "--summary", "none", folder), DONE)
    check(tap, "standard input that is no capture",
          vigie("replay", "-", stdin=text.open("rb")), FAILED)
    check(tap, "capture on standard input",
          vigie("replay", "--summary", "none", "-", stdin=GOOD.open("rb")), DONE)


def damaged(tap, scratch):
    """A capture cut anywhere is read as far as it goes, and the damage is told."""
    data = GOOD.read_bytes()
    for keep in (30, len(data) // 2, len(data) - 1):
        path = scratch / f"cut-{keep}.pcap"
        path.write_bytes(data[:keep])
        check(tap, f"capture cut to {keep} of {len(data)} bytes", vigie("replay", path), DONE, path.name, "damaged")
    headless = scratch / "headless"
    headless.mkdir()
    for keep in (4, 10, 23):
        path = scratch / f"cut-{keep}.pcap"
        path.write_bytes(data[:keep])
        shutil.copy(path, headless)
        check(tap, f"capture cut to {keep} bytes, inside its header", vigie("replay", path), FAILED, path.name,
              "is no capture")
        check(tap, f"the same, merged, {keep} bytes", vigie("replay", "--merge", "--summary", "none", path, GOOD), FAILED,
              path.name, "is no capture")
    shutil.copy(GOOD, headless)
    check(tap, "in a folder they are passed over", vigie("replay", "--summary", "none", headless), DONE)
    packed = scratch / "broken.pcap.gz"
    packed.write_bytes(b"\x1f\x8b\x08\x00" + bytes(60))
    check(tap, "broken gzip file", vigie("replay", packed), FAILED, packed.name)


def unreadable(tap, scratch):
    """Root may read everything, so the program is run as somebody else."""
    case = "file without permission"
    path = scratch / "secret.pcap"
    shutil.copy(GOOD, path)
    path.chmod(0)
    scratch.chmod(0o755)
    somebody = {}
    if os.geteuid() == 0:
        if any(not folder.stat().st_mode & 0o001 for folder in pathlib.Path(VIGIE).resolve().parents):
            tap.skip(case, "run as root, and the build folder is not open to other users")
            return
        somebody = {"user": 65534, "group": 65534, "extra_groups": []}
    check(tap, case, vigie("replay", path, cwd="/", **somebody), FAILED, path.name)


def arguments(tap, scratch):
    for case, given in {
        "no command": [], "unknown command": ["reply", GOOD], "replay without a capture": ["replay"],
        "unknown option": ["replay", "--flowers", "-", GOOD], "option without its value": ["replay", GOOD, "--flows"],
        "no workers": ["replay", "--workers", "0", GOOD], "workers in words": ["replay", "--workers", "two", GOOD],
        "unknown summary": ["replay", "--summary", "xml", GOOD], "lookup of nothing": ["lookup"],
    }.items():
        check(tap, case, vigie(*given), USAGE)
    check(tap, "standard input twice", vigie("replay", "-", "-"), USAGE, "standard input")
    for given, meant in ((["replay", "--flowss", "-", GOOD], "--flows"), (["check", "--prnit"], "--print"),
                         (["replay", "--summary", "jsno", GOOD], "json"), (["run", "--confg=x"], "--config"),
                         (["replay", "--fail-on", "hihg", GOOD], "high"), (["lokup", "x"], "lookup")):
        result = vigie(*given)
        tap.ok(result.status == USAGE and "did you mean" in result.stderr.splitlines()[0]
               and meant in result.stderr.splitlines()[0].partition("did you mean")[2],
               f"the likely word: {' '.join(map(str, given[:3]))}", result.told())
    check(tap, "lookup of what is neither address nor name", vigie("lookup", "not a name!"), FAILED)

    place = scratch / "no-such-folder" / "flows.jsonl"
    check(tap, "flows into a folder that is not there", vigie("replay", "--flows", place, GOOD), FAILED, place)
    check(tap, "flows onto a full disk", vigie("replay", "--flows", "/dev/full", "--summary", "none", GOOD), FAILED)


OPTIONS = {"replay": ["config", "flows", "alerts", "summary", "fail-on", "merge", "workers", "help"],
           "run": ["config", "help"], "check": ["config", "print", "help"], "lookup": ["config", "json", "help"],
           "explain": ["config", "alerts", "journal", "help"], "verify": ["config", "journal", "noted", "json", "help"],
           "alerts": ["config", "journal", "since", "until", "severity", "rule", "zone", "id", "limit", "all", "follow",
                      "format", "help"],
           "alerts replay": ["config", "since", "until", "sink", "journal", "help"], "sink": ["help"],
           "sink test": ["config", "help"], "sink status": ["config", "journal", "format", "help"]}


def helps(tap):
    result = vigie("--help")
    tap.ok(result.status == DONE and all(f"vigie {command.split()[0]}" in result.stdout for command in OPTIONS) and not result.stderr,
           "help: every command", result.told())
    for command, options in OPTIONS.items():
        result = vigie(*command.split(), "--help")
        lines = result.stdout.splitlines()
        told = [option for option in options if any(f"--{option}" in line[:26] for line in lines)]
        tap.ok(result.status == DONE and not result.stderr and told == options and "Examples:" in lines
               and all(len(line) <= 100 for line in lines[3:]), f"help: {command} tells each option",
               [f"missing: {sorted(set(options) - set(told))}", *lines])


def settings(tap, scratch):
    path = scratch / "settings.yaml"
    check(tap, "settings that are not there", vigie("replay", "-c", path, GOOD), FAILED, path.name)
    for case, text, named in (
            ("settings with an unknown key", "databases:\n  asm: x.mmdb\n", f"{path}:2"),
            ("settings that are no YAML", "databases: [\n", path),
            ("settings that name a missing database", "databases:\n  country: missing.mmdb\n", "missing.mmdb")):
        path.write_text(text)
        check(tap, case, vigie("replay", "-c", path, GOOD), FAILED, named)


def reader_leaves(tap):
    """A reader of the flows that goes away early, as `head` does, is no crash and no hang."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        result = vigie("replay", "--flows", "-", "--summary", "none", *captures_in(CAPTURES / "tls"), stdout=pipe)
    tap.ok(result.trouble in ("", "killed by signal 13"), "the reader of the flows goes away", result.told())


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        inputs(tap, scratch)
        damaged(tap, scratch)
        unreadable(tap, scratch)
        arguments(tap, scratch)
        helps(tap)
        settings(tap, scratch)
    reader_leaves(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
