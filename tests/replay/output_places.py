#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Outputs never replace what has to stay, never share a place, and one that fails takes no other with it."""
import os
import pathlib
import shutil
import subprocess
import sys

from vigie_test import CAPTURES, SOURCE, Tap, scratch_folder, vigie

DONE, FAILED, USAGE, MET = 0, 1, 2, 3
GOOD = CAPTURES / "http" / "mercury-http_auth.pcap"
PHARES = SOURCE / "tests" / "phares"
DAY = PHARES / "day.pcap.gz"

# A mount of a few pages in a namespace of our own, and then the program: $1 is the folder, "$@" behind it the command.
ON_FULL_DISK = 'mount -t tmpfs -o size=64k tmpfs "$1" && shift && exec "$@"'


def replay(*arguments, **options):
    return vigie("replay", "--summary", "none", *arguments, **options)


def told_once(result, status, *words):
    lines = [line for line in result.stderr.splitlines() if "no database" not in line]
    return result.status == status and not result.trouble and len(lines) == 1 and \
        all(str(word) in lines[0] for word in words)


def site(scratch):
    """Settings that name a file of every kind; gives them with those files."""
    folder = scratch / "site"
    folder.mkdir()
    catalogue = shutil.copytree(SOURCE / "configs" / "catalogue", folder / "catalogue")
    rules = shutil.copytree(SOURCE / "configs" / "policy", folder / "policy")
    database = folder / "asn.mmdb"
    shutil.copy(SOURCE / "tests" / "mmdb" / "test-data" / "GeoLite2-ASN-Test.mmdb", database)
    included = folder / "zones.yaml"
    included.write_text("zones: [{id: all, match: {cidr: 10.0.0.0/8}, class: public}]\n", encoding="utf-8")
    settings = folder / "vigie.yaml"
    settings.write_text(f"include: zones.yaml\ncatalogue: {catalogue}\nrules: {rules}\n"
                        f"databases: {{asn: {database}}}\nprivacy: {{key_file: {folder}/site.key}}\n", encoding="utf-8")
    return settings, {
        "the settings": settings, "an included file": included, "the catalogue": catalogue / "france.yaml",
        "the rules": rules / "rules.yaml", "a database": database,
    }


def needed_files_stay(tap, scratch):
    settings, needed = site(scratch)
    key = settings.parent / "site.key"
    result = replay("-c", settings, "--flows", key, GOOD)
    tap.ok(told_once(result, FAILED, "--flows", key, "key") and not key.exists(),
           "flows do not take the place of a key that is not made yet", result.told())
    replay("-c", settings, GOOD)
    needed["the key"] = key
    notes = scratch / "notes.txt"
    notes.write_text("no capture\n", encoding="utf-8")
    needed["a file to be read"] = notes
    for what, path in needed.items():
        before = path.read_bytes()
        symbolic, hard = scratch / "symbolic", scratch / "hard"
        symbolic.symlink_to(path)
        os.link(path, hard)
        for option, given in (("--flows", path), ("--alerts", path), ("--flows", symbolic), ("--alerts", hard)):
            result = replay("-c", settings, option, given, GOOD, notes)
            tap.ok(told_once(result, FAILED, option, given) and path.read_bytes() == before,
                   f"{option} {given.name}: {what} stays", result.told())
        symbolic.unlink()
        hard.unlink()
    result = replay("-c", settings, "--flows", settings.parent / "catalogue" / "flows.jsonl", GOOD)
    tap.ok(result.status == DONE, "a new file beside them is written", result.told())


def two_places(tap, scratch):
    here, link = scratch / "here", scratch / "link"
    here.mkdir()
    link.symlink_to(here)
    old = here / "old.jsonl"
    old.touch()
    os.link(old, here / "other.jsonl")
    os.symlink(old, here / "symbolic.jsonl")
    for flows, alerts in (
            ("-", "/dev/stdout"), (here / "a", f"{here}//./a"), (here / "a", link / "a"),
            (old, here / "other.jsonl"), (old, here / "symbolic.jsonl"), ("/dev/full", "/dev/full")):
        result = vigie("replay", "--flows", flows, "--alerts", alerts, GOOD)
        tap.ok(result.status == USAGE and "two places" in result.stderr, f"one place: {flows} and {alerts}", result.told())
    result = replay("--flows", "here/a", "--alerts", "here/../link/a", GOOD, cwd=scratch)
    tap.ok(result.status == USAGE and not (here / "a").exists(), "one place, relative", result.told())
    with open(old, "wb") as stdout:
        result = replay("--flows", "-", "--alerts", old, GOOD, stdout=stdout)
    tap.ok(result.status == USAGE, "one place: standard output and its file", result.told())
    for flows, alerts in (("a", "b"), (old, "a"), ("/dev/null", "/dev/null"), ("-", "/dev/null")):
        result = replay("--flows", flows, "--alerts", alerts, GOOD, cwd=here)
        tap.ok(result.status == DONE, f"two places: {flows} and {alerts}", result.told())


def live_outputs(tap, scratch):
    """`check` and `run` say of `run.flows` and `run.alerts` what `replay` says of its options."""
    settings = scratch / "run.yaml"
    key = scratch / "run.key"
    for case, run, place in (
            ("the settings", f"{{flows: {settings}}}", "2:14: "),
            ("the key", f"{{flows: a, alerts: {key}}}", "2:25: "),
            ("a capture", f"{{alerts: {GOOD}}}", "2:15: "),
            ("one place", f"{{flows: {scratch}/a, alerts: {scratch}/./a}}", f"2:{len(str(scratch)) + 26}: "),
            ("standard output twice", "{flows: '-', alerts: /dev/stdout}", "2:27: ")):
        settings.write_text(f"privacy: {{key_file: {key}}}\nrun: {run}\n", encoding="utf-8")
        before = settings.read_bytes()
        checked, started = vigie("check", "-c", settings), vigie("run", "-c", settings, "--", "--no-such-option")
        tap.ok(checked.status == FAILED and f"{settings}:{place}" in checked.stderr and "1 mistake" in checked.stderr,
               f"check: {case}", checked.told())
        tap.ok(told_once(started, FAILED, f"{settings}:{place}") and settings.read_bytes() == before and not key.exists(),
               f"run: {case}", started.told())


def small_disk(folder):
    """Command that gives the program a full disk at `folder`; None where there can be none."""
    folder.mkdir()
    for options in ([], ["--user", "--map-root-user"]):
        inside = ["unshare", "--mount", *options, "sh", "-c", ON_FULL_DISK, "sh", folder]
        try:
            if subprocess.run([*map(str, inside), "true"], check=False, capture_output=True, timeout=20).returncode == 0:
                return inside
        except OSError:
            pass
    return None


def one_fails(tap, scratch):
    settings = scratch / "phares.yaml"
    settings.write_text((PHARES / "phares.yaml").read_text(encoding="utf-8").replace(
        "privacy: {", f"privacy: {{key_file: {scratch}/phares.key, "), encoding="utf-8")
    inputs = ["-c", settings, DAY, GOOD]
    whole = vigie("replay", "--flows", scratch / "flows", "--alerts", scratch / "alerts", *inputs)
    flows, alerts = (pathlib.Path(scratch / name).read_bytes() for name in ("flows", "alerts"))
    if not tap.ok(whole.status == DONE and flows and alerts and whole.stdout, "all outputs go well", whole.told()):
        return
    small = scratch / "small"
    disk = small_disk(small)
    full = [("a device that is full", "/dev/full", ())]
    if disk is None:
        tap.skip("a full disk", "no mount namespace")
    else:
        full.append(("a full disk", small / "out", disk))
    for case, place, inside in full:
        result = vigie("replay", "--flows", place, "--alerts", scratch / "again", *inputs, inside=inside)
        tap.ok(told_once(result, FAILED, place, "No space left"), f"flows onto {case}: it is told", result.told())
        tap.ok((scratch / "again").read_bytes() == alerts and result.stdout == whole.stdout,
               f"flows onto {case}: alerts and summary are whole", result.stdout.splitlines()[:8])
        result = vigie("replay", "--alerts", place, "--flows", scratch / "again", *inputs, inside=inside)
        good = result.status == DONE if inside else told_once(result, FAILED, place, "No space left")
        tap.ok(good and (scratch / "again").read_bytes() == flows and result.stdout == whole.stdout,
               f"alerts onto {case}: flows and summary are whole", result.told())


def fail_on(tap, scratch):
    settings = scratch / "phares.yaml"
    quiet = scratch / "quiet.yaml"
    quiet.write_text(settings.read_text(encoding="utf-8") + "alerts: {minimum: critical}\n", encoding="utf-8")
    for given in (settings, quiet):
        result = replay("-c", given, "--fail-on", "medium", DAY)
        tap.ok(result.status == MET and told_once(result, MET, "--fail-on medium is met: the worst is critical (rule "),
               f"--fail-on says why, {given.name}", result.told())
    result = replay("--fail-on", "critical", GOOD)
    tap.ok(result.status == DONE and "--fail-on" not in result.stderr, "--fail-on that is not met", result.told())


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        needed_files_stay(tap, scratch)
        two_places(tap, scratch)
        live_outputs(tap, scratch)
        one_fails(tap, scratch)
        fail_on(tap, scratch)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
