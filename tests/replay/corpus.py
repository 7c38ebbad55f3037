#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every capture of a folder is read cleanly, adds up, and gives the same flows with any workers.

The folder is $VIGIE_CORPUS; without it, ../shared/captures beside the source tree where that is
there. Where it holds `expected/`, the names are compared too.
"""
import concurrent.futures
import os
import pathlib
import sys

import names
from summaries import packets_of, sums_up
from vigie_test import SOURCE, Tap, captures_in, scratch_folder, vigie

RECALL, PRECISION = 0.95, 0.99
SECONDS = 60


def corpus_folder():
    """The folder, or None; VIGIE_CORPUS set to a folder that is not there is a mistake to tell."""
    named = os.environ.get("VIGIE_CORPUS")
    if named:
        return pathlib.Path(named)
    beside = SOURCE.parent / "shared" / "captures"
    return beside if beside.is_dir() else None


def replay(capture, scratch):
    """(fault or "", its diagnostics, flow lines) of one capture."""
    flows = scratch / f"{capture.name}.jsonl"
    first = vigie("replay", "--workers", 1, "--flows", flows, "--summary", "json", capture, seconds=SECONDS)
    if first.trouble or first.status != 0:
        return first.trouble or "exit status", first.told(), []
    counts = packets_of(first.stdout)
    if counts is None or not sums_up(counts):
        return "packet counts do not add up", [str(counts)], []
    alone = sorted(flows.read_text(encoding="utf-8").splitlines())
    for workers in (2, 8):
        more = vigie("replay", "--workers", workers, "--flows", "-", "--summary", "none", capture,
                     seconds=SECONDS)
        if more.trouble or more.status != 0:
            return f"{workers} workers: {more.trouble or 'exit status'}", more.told(), alone
        together = sorted(more.stdout.splitlines())
        if together != alone:
            return f"other flows with {workers} workers", sorted(set(alone) ^ set(together))[:4], alone
    return "", [], alone


def check_names(tap, folder, flows):
    total, compared = names.Score(), 0
    for capture, lines in flows.items():
        table = folder / "expected" / f"{capture.name}.tsv"
        if table.is_file():
            compared += 1
            total.add(names.compare(names.expected_names(table), names.names_in(lines)), capture.name)
    if not compared:
        tap.skip("names", "the corpus has no tables of expected names")
        return
    for text in total.missed + total.wrong:
        tap.note(text)
    tap.note(f"{compared} captures, {total}")
    tap.ok(total.recall >= RECALL, f"recall is at least {RECALL}", [str(total)])
    tap.ok(total.precision >= PRECISION, f"precision is at least {PRECISION}", [str(total)])


def main():
    tap = Tap()
    folder = corpus_folder()
    if folder is None:
        tap.skip("corpus", "VIGIE_CORPUS is not set and ../shared/captures is not there")
        return tap.end()
    captures = captures_in(folder)
    tap.ok(captures, f"there are captures in {folder}")

    flows = {}
    with scratch_folder() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = pool.map(lambda capture: replay(capture, scratch), captures)
        for capture, (fault, diagnostics, lines) in zip(captures, runs):
            tap.ok(not fault, str(capture.relative_to(folder)), [fault, *diagnostics])
            flows[capture] = lines
    check_names(tap, folder, flows)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
