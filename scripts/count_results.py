#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the cases in a testlog.json of meson: every TAP case, and one for a program without TAP.

Prints the failed and the skipped ones with their reason, then "N passed, N failed, N skipped" as
the last line; exit status 1 when anything failed or nothing ran. A program that ended badly, or
that ran fewer cases than it announced, has failed whatever its lines say.
"""
import collections
import json
import re
import sys

CASE = re.compile(r"^(not )?ok\b\s*\d*\s*-?\s*(.*?)\s*(?:#\s*(SKIP)\b\s*(.*))?$", re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)\s*(?:#\s*SKIP\b\s*(.*))?$", re.IGNORECASE)


def tap_cases(text):
    """(outcome, case, reasons) of each line, and the number announced (None without a plan)."""
    cases, planned, notes = [], None, []
    for line in text.splitlines():
        plan, case = PLAN.match(line), CASE.match(line)
        if line.startswith("#"):
            notes.append(line[1:].strip())
        elif plan:
            planned = int(plan.group(1))
            if planned == 0:
                cases.append(("skipped", "all", [plan.group(2) or "no reason given"]))
                planned = 1
        elif case:
            failed, name, directive, reason = case.groups()
            if directive:
                cases.append(("skipped", name, [reason or "no reason given"]))
            else:
                cases.append(("failed", name, notes) if failed else ("passed", name, []))
            notes = []
    return cases, planned


def cases_of(test):
    result = test["result"]
    cases, planned = tap_cases(test.get("stdout", ""))
    if planned is None:
        outcome = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}.get(result, "failed")
        return [(outcome, "whole program", [result.lower()])]
    if len(cases) < planned:
        cases += [("failed", "case that did not run", [result.lower()])] * (planned - len(cases))
    if result not in ("OK", "SKIP") and not any(outcome == "failed" for outcome, _, _ in cases):
        cases.append(("failed", "end of the program", [result.lower()]))
    return cases


def main(path):
    count, told = collections.Counter(), collections.defaultdict(list)
    with open(path, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            for outcome, case, reasons in cases_of(test):
                count[outcome] += 1
                told[outcome].append("\n    ".join([f"{test['name']}: {case}", *reasons]))
    for outcome in ("skipped", "failed"):
        for text in told[outcome]:
            print(f"{outcome}: {text}")
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 0 if count["passed"] and not count["failed"] else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} TESTLOG.json")
    try:
        sys.exit(main(sys.argv[1]))
    except FileNotFoundError:
        print("no test ran: meson wrote no log")
        print("0 passed, 1 failed, 0 skipped")
        sys.exit(1)
