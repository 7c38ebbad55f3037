#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program's verdicts are those of a second writing of the policy model (verdict_oracle.py): on flows
whose verdicts are known by hand, on every combination that the steps look at, and on flows drawn by
chance whose exceptions run out, begin and end."""
import collections
import dataclasses
import subprocess
import sys

from verdict_oracle import (CLASSES, EXPOSURES, Oracle, class_is_covered, destination_matches, ended, in_force,
                            size_in_bytes)
from verdict_rows import ROWS, SETTINGS
from verdict_world import World, grid
from vigie_test import BUILD, Tap, scratch_folder, vigie

ANSWERS = BUILD / "tests" / "replay" / "verdict_answers"
FLOWS = 20_000
SEED = 20261201
SHOWN = 5
COLUMNS = ("rule id", "severity before", "severity after", "covering exception", "ended exception", "steps")


def program_answers(settings, flows):
    """The program's lines of answers, in the order of the flows; or None and why not."""
    if not ANSWERS.exists():
        return None, [f"{ANSWERS} is not built"]
    facts = "".join(flow.line() + "\n" for flow in flows)
    done = subprocess.run([ANSWERS, settings], input=facts, capture_output=True, text=True, timeout=300, check=False)
    lines = done.stdout.splitlines()
    if done.returncode or done.stderr or len(lines) != len(flows):
        return None, [f"{ANSWERS.name}: exit status {done.returncode}, {len(lines)} answers to {len(flows)} flows",
                      *done.stderr.splitlines()[:20]]
    return lines, []


def told_exceptions(oracle, facts):
    """For the exceptions that name the flow's zone: what else matches, and what they still hold."""
    data_class = oracle.effective_class(facts)
    for exception in oracle.exceptions:
        if facts.zone in exception["zones"]:
            day = "ended" if ended(exception, facts.day) else "valid" if in_force(exception, facts.day) else "not yet"
            yield (f"  {exception['id']}: cap {exception['cap']}, {day}; class "
                   f"{class_is_covered(exception, data_class)}, kind {facts.kind in exception['kinds']}, destination "
                   f"{destination_matches(exception, facts)}, room for {oracle.room(exception, facts.day)} bytes")


def told_difference(settings_text, flows, number, wanted, answer):
    """The facts, both answers, what differs, and what the oracle went by."""
    facts = flows[number]
    yield f"flow {number + 1}: " + ", ".join(f"{key}={value}" for key, value in dataclasses.asdict(facts).items())
    yield f"  wanted: {wanted}"
    yield f"  answer: {answer}"
    pairs = zip(COLUMNS, wanted.split("\t"), answer.split("\t"))
    yield "  differs in " + ", ".join(name for name, left, right in pairs if left != right)
    oracle = Oracle(settings_text)
    for earlier in flows[:number]:
        oracle.judge(earlier)
    yield f"  class {oracle.effective_class(facts)}, zone's R9 {oracle.zones[facts.zone].get('r9', False)}"
    yield from told_exceptions(oracle, facts)


def compare(tap, name, settings_text, judged, scratch):
    """One case: the program answers all the flows as wanted."""
    settings = scratch / "settings.yaml"
    settings.write_text(settings_text)
    flows = [facts for facts, _ in judged]
    answers, trouble = program_answers(settings, flows)
    if answers is None:
        return tap.ok(False, name, trouble)
    wrong = [(number, wanted.line(), answers[number]) for number, (_, wanted) in enumerate(judged)
             if wanted.line() != answers[number]]
    told = [f"{len(wrong)} of {len(flows)} answers differ"]
    for number, wanted, answer in wrong[:SHOWN]:
        told.extend(told_difference(settings_text, flows, number, wanted, answer))
    return tap.ok(not wrong, name, told)


def known_rows(tap, scratch):
    """Each row by itself, so that a failing one is seen by its name."""
    settings = scratch / "known.yaml"
    settings.write_text(SETTINGS)
    check = vigie("check", "-c", settings)
    tap.ok(check.status == 0, "the settings of the worked example are valid", check.told())
    oracle = Oracle(SETTINGS)
    answers, trouble = program_answers(settings, [facts for _, facts, _ in ROWS])
    tap.ok(answers is not None, "the program answers the flows known by hand", trouble)
    for number, (name, facts, wanted) in enumerate(ROWS):
        second = oracle.judge(facts).line()
        answer = answers[number] if answers else "(none)"
        tap.ok(second == wanted.line() == answer, name,
               [facts.line(), f"wanted: {wanted.line()}", f"oracle: {second}", f"answer: {answer}"])


def every_combination(tap, scratch):
    settings = World(SEED).settings.partition("exceptions:")[0]
    oracle = Oracle(settings)
    judged = [(facts, oracle.judge(facts)) for facts in grid()]
    compare(tap, f"all {len(judged)} combinations of zone, content, exposure, shape, kind and confidence",
            settings, judged, scratch)


def met_by(exceptions, judged):
    """How often the drawn flows meet what they are drawn for."""
    met, used = collections.Counter(), collections.Counter()
    listed = {exception["id"]: exception for exception in exceptions}
    for facts, answer in judged:
        met[answer.rule.removesuffix("+R9")] += 1
        if answer.covering != "-":
            exception = listed[answer.covering]
            used[answer.covering, facts.day] += facts.bytes_up
            met["limit met exactly"] += used[answer.covering, facts.day] == size_in_bytes(exception["max_bytes_day"])
            met[answer.covering] += 1
            met["first day"] += facts.day == str(exception["approved_on"])
            met["last day"] += facts.day == str(exception["expires_on"])
            met["changed nothing"] += answer.before == answer.after
            met["DRE covered"] += answer.rule.startswith("DRE")
            met["ended beside one in force"] += answer.ended != "-"
        met["ended"] += answer.ended != "-"
    return met


def drawn_flows(tap, scratch):
    world = World(SEED)
    judged = list(world.flows(FLOWS))
    settings = scratch / "drawn.yaml"
    settings.write_text(world.settings)
    check = vigie("check", "-c", settings)
    tap.ok(check.status == 0, "the settings drawn by chance are valid", check.told())
    met = met_by(world.exceptions, judged)
    rules = [f"{code}-{exposure}" for code in CLASSES.values() for exposure in set(EXPOSURES.values())]
    wanted = rules + [exception["id"] for exception in world.exceptions] + [
        "first day", "last day", "limit met exactly", "changed nothing", "DRE covered", "ended",
        "ended beside one in force"]
    missed = [what for what in wanted if met[what] < 10]
    tap.ok(not missed, "the drawn flows meet every rule, exception and boundary", missed)
    compare(tap, f"{FLOWS} flows drawn by chance", world.settings, judged, scratch)


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        known_rows(tap, scratch)
        every_combination(tap, scratch)
        drawn_flows(tap, scratch)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
