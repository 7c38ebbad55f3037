#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every capture of a folder is read cleanly, adds up, and gives the same flows with any workers, as
it is and with the packets of its flows shuffled.

The folder is $VIGIE_CORPUS; without it, ../shared/captures beside the source tree where that is
there. Where it holds `expected/`, the names are compared too.
"""
import concurrent.futures
import os
import pathlib
import sys

import names
import shuffle
from summaries import packets_of, sums_up
from vigie_test import SOURCE, Tap, captures_in, scratch_folder, vigie

SECONDS = 60


def corpus_folder():
    """The folder, or None; VIGIE_CORPUS set to a folder that is not there is a mistake to tell."""
    named = os.environ.get("VIGIE_CORPUS")
    if named:
        return pathlib.Path(named)
    beside = SOURCE.parent / "shared" / "captures"
    return beside if beside.is_dir() else None


def flows_of(capture, workers):
    """(fault or "", its diagnostics, sorted flow lines) of one capture."""
    result = vigie("replay", "--workers", workers, "--flows", "-", "--summary", "none", capture, seconds=SECONDS)
    if result.trouble or result.status != 0:
        return f"{workers} workers: {result.trouble or 'exit status'}", result.told(), []
    return "", [], sorted(result.stdout.splitlines())


def same_with_any_workers(capture):
    """(fault or "", its diagnostics, flow lines) of one capture."""
    fault, diagnostics, alone = flows_of(capture, 1)
    for workers in (2, 8):
        if fault:
            break
        fault, diagnostics, together = flows_of(capture, workers)
        if not fault and together != alone:
            fault, diagnostics = f"other flows with {workers} workers", sorted(set(alone) ^ set(together))[:4]
    return fault, diagnostics, alone


def adds_up(capture):
    """(fault or "", its diagnostics) of one capture."""
    result = vigie("replay", "--workers", 1, "--summary", "json", capture, seconds=SECONDS)
    if result.trouble or result.status != 0:
        return result.trouble or "exit status", result.told()
    counts = packets_of(result.stdout)
    if counts is None or not sums_up(counts):
        return "packet counts do not add up", [str(counts)]
    return "", []


def replay(capture, scratch):
    """A capture as it is and shuffled: (fault or "", its diagnostics, two lists of flow lines)."""
    fault, diagnostics = adds_up(capture)
    if fault:
        return fault, diagnostics, ([], [])
    fault, diagnostics, lines = same_with_any_workers(capture)
    if fault:
        return fault, diagnostics, (lines, [])
    other = scratch / capture.name
    shuffle.shuffle(capture, other)
    fault, diagnostics, moved = same_with_any_workers(other)
    other.unlink()
    return fault and f"shuffled: {fault}", diagnostics, (lines, moved)


def check_names(tap, folder, flows):
    """The names are the same for any number of workers, since the flows are."""
    for number, what in enumerate(("as they are", "shuffled")):
        total, compared = names.Score(), 0
        for capture, lines in flows.items():
            table = folder / "expected" / f"{capture.name}.tsv"
            if table.is_file():
                compared += 1
                total.add(names.compare(names.expected_names(table), names.names_in(lines[number])),
                          capture.name)
        if not compared:
            tap.skip("names", "the corpus has no tables of expected names")
            return
        names.judge(tap, total, f"{compared} captures {what}")


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
