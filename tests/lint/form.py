#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The form of the files: licence line, sizes, format."""
import collections
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

import tree
from vigie_test import Tap

FILE_LINES, FUNCTION_LINES, COLUMNS, TAB = 600, 80, 100, 8


def without_licence(path):
    if not any("SPDX-License-Identifier: Apache-2.0" in line for line in tree.lines(path)[:2]):
        yield f"{tree.name(path)}: no SPDX line at the top"


def without_pragma(path):
    if path.suffix == ".h" and "#pragma once" not in tree.lines(path):
        yield f"{tree.name(path)}: no #pragma once"


def too_long(path):
    count = len(tree.lines(path))
    if count > FILE_LINES:
        yield f"{tree.name(path)}: {count} lines"


def long_functions(path):
    """The style puts a function's braces, and no others of functions, in the first column."""
    start = None
    for number, line in enumerate(tree.lines(path), 1):
        if line == "{":
            start = number
        elif line.startswith("}") and start is not None:
            if number - start - 1 > FUNCTION_LINES:
                yield f"{tree.name(path)}:{start}: function of {number - start - 1} lines"
            start = None


def wide_lines(path):
    for number, line in enumerate(tree.lines(path), 1):
        if len(line.expandtabs(TAB)) > COLUMNS:
            yield f"{tree.name(path)}:{number}: {len(line.expandtabs(TAB))} columns"


def untidy_lines(path):
    text = path.read_text(encoding="utf-8")
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        yield f"{tree.name(path)}: does not end in one newline"
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip():
            yield f"{tree.name(path)}:{number}: space at the end of the line"


def check_format(tap):
    case = "clang-format has nothing to change"
    if not shutil.which("clang-format"):
        tap.skip(case, "clang-format is not installed")
        return
    run = subprocess.run(["clang-format", "--dry-run", "--Werror", *map(str, tree.c_files())],
                         cwd=tree.ROOT, capture_output=True, text=True, check=False)
    places = collections.Counter(line.partition(":")[0] for line in run.stderr.splitlines() if "error:" in line)
    tap.ok(run.returncode == 0, case,
           [f"{os.path.relpath(path, tree.ROOT)}: {count} places" for path, count in places.items()])


def main():
    tap = Tap()
    checks = {
        "every file names its licence": (without_licence, tree.text_files()),
        "every header has #pragma once": (without_pragma, tree.c_files()),
        f"no file has over {FILE_LINES} lines": (too_long, tree.c_files()),
        f"no function has over {FUNCTION_LINES} lines": (long_functions, tree.c_files()),
        f"no line of C has over {COLUMNS} columns": (wide_lines, tree.c_files()),
        "lines end without spaces, files with one newline": (untidy_lines, tree.text_files()),
    }
    for case, (check, paths) in checks.items():
        found = [fault for path in paths for fault in check(path)]
        tap.ok(not found, case, found)
    check_format(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
