# SPDX-License-Identifier: Apache-2.0
"""The verdict a second time, written from the text of the policy model and not from the program.

Sections and steps are those of the model: 3f the table and the steps, 3g the exceptions, 5 the
settled readings. An answer depends on the answers before it, because exceptions hold so many bytes
a day: one Oracle has to be asked about the flows in their order.
"""
import collections
import dataclasses
import datetime

import yaml

# 3c: the classes of data in their order, with the code they have in a rule id.
CLASSES = {
    "public": "PUB", "internal": "INT", "personal": "PER", "economic-secret": "ECO",
    "state-business-application": "SBA", "health": "HLT", "diffusion-restreinte": "DRE", "secret": "SEC"}
CLASS_ORDER = list(CLASSES)

# 3a: the classes of exposure. Both kinds of US control have one code.
EXPOSURES = {
    "state-internal": "INT", "eu-qualified": "QUA", "eu-sovereign": "SOV",
    "us-technology-eu-controlled": "TEC", "third-country": "THC", "us-direct": "USA", "us-parent": "USA",
    "unknown": "UNK"}

# 3f: severity by class and exposure. "HDS" is class health where a valid HDS record counts.
TABLE_COLUMNS = ("INT", "QUA", "SOV", "TEC", "THC", "USA", "UNK")
TABLE = {
    "PUB": (0, 0, 0, 0, 0, 0, 0),
    "INT": (0, 0, 0, 0, 1, 1, 1),
    "PER": (0, 0, 0, 1, 2, 2, 2),
    "ECO": (0, 0, 0, 2, 3, 3, 2),
    "SBA": (0, 0, 2, 2, 3, 3, 3),
    "HLT": (0, 2, 2, 2, 3, 3, 3),
    "HDS": (0, 0, 1, 2, 3, 3, 3),
    "DRE": (0, 3, 3, 3, 4, 4, 4),
    "SEC": (4, 4, 4, 4, 4, 4, 4),
}
FAR = ("THC", "USA", "UNK")

NONE = "-"
SIZE_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known of one flow when it is judged; `letters` are those of verdict_answers.c."""
    zone: str
    content_class: str = NONE
    content_strength: str = "none"
    exposure: str = "us-direct"
    shape: str = "export"
    confidence: str = "high"
    service_operator: str = NONE
    host_operator: str = NONE
    service: str = NONE
    kind: str = "unknown"
    day: str = "2026-12-01"
    bytes_up: int = 1 << 20
    letters: str = NONE
    proxy_operator: str = NONE

    def line(self):
        return "\t".join(str(value) for value in dataclasses.astuple(self))

    @property
    def hds_record(self):
        return "h" in self.letters

    @property
    def low_sink(self):
        return "l" in self.letters

    @property
    def mismatch(self):
        return "m" in self.letters

    @property
    def dns_contradicts(self):
        return "d" in self.letters

    @property
    def address_more_exposed(self):
        return "a" in self.letters

    @property
    def asks_stranger(self):
        """A proxy outside was asked, and nobody knows whose it is."""
        return "p" in self.letters and self.proxy_operator == NONE


@dataclasses.dataclass(frozen=True)
class Answer:
    rule: str
    before: int
    after: int
    covering: str
    ended: str
    steps: tuple

    def line(self):
        return "\t".join((self.rule, str(self.before), str(self.after), self.covering, self.ended,
                          ",".join(self.steps)))


def size_in_bytes(text):
    """1GiB and the like; a number alone is bytes."""
    for unit, factor in SIZE_UNITS.items():
        if str(text).endswith(unit):
            return int(str(text).removesuffix(unit)) * factor
    return int(text)


class Course:
    """A severity on its way through the steps: kept in 0 to 4, and what changes it is stored (3f)."""

    def __init__(self, severity):
        self.severity = severity
        self.steps = []

    def step(self, name, severity):
        severity = max(0, min(4, severity))
        changed = severity != self.severity
        if changed:
            self.steps.append(f"{name}:{self.severity}>{severity}")
            self.severity = severity
        return changed


class Oracle:
    """Judges flows under one settings file."""

    def __init__(self, settings_text):
        settings = yaml.safe_load(settings_text)
        self.zones = {zone["id"]: zone for zone in settings["zones"]}
        # 3c: what no zone holds has the class that policy gives to the unmapped (5.6).
        self.zones["unmapped"] = {"class": settings["policy"]["unmapped_class"]}
        self.exceptions = settings.get("exceptions", [])
        self.used = collections.Counter()

    def judge(self, facts):
        data_class = self.effective_class(facts)
        code, exposure = CLASSES[data_class], EXPOSURES[facts.exposure]
        course = Course(self.severity_by_table(code, exposure, facts))
        rule = f"{code}-{exposure}"
        # 5.25: +R9 stays in the rule id though a later step lowers the value.
        if self.r9_step(course, code, exposure, facts):
            rule += "+R9"
        # Step 2: nothing between the table and the exception touches DRE and SEC, neither down nor up (5.25).
        if code not in ("DRE", "SEC"):
            self.ordinary_steps(course, code, exposure, facts)
        before = course.severity
        covering = self.covering_exception(facts, data_class)
        if covering:
            # Step 8.
            course.step("exception", min(course.severity, covering["cap"]))
        ended = self.ended_exception(facts, data_class)
        return Answer(rule, before, course.severity, covering["id"] if covering else NONE,
                      ended["id"] if ended else NONE, tuple(course.steps))

    def effective_class(self, facts):
        """3f: the higher of zone class and class implied by strong content; weak content changes nothing (3e)."""
        zone_class = self.zones[facts.zone]["class"]
        if facts.content_strength != "strong" or facts.content_class == NONE:
            return zone_class
        return max(zone_class, facts.content_class, key=CLASS_ORDER.index)

    @staticmethod
    def severity_by_table(code, exposure, facts):
        row = "HDS" if code == "HLT" and facts.hds_record else code
        return TABLE[row][TABLE_COLUMNS.index(exposure)]

    def r9_step(self, course, code, exposure, facts):
        """Step 1: in a zone with r9, PER to HLT have at least 2 for SOV and TEC, at least 3 for THC, USA, UNK."""
        if not self.zones[facts.zone].get("r9") or code not in ("PER", "ECO", "SBA", "HLT"):
            return False
        least = 2 if exposure in ("SOV", "TEC") else 3 if exposure in FAR else 0
        return course.step("r9", max(course.severity, least))

    @staticmethod
    def ordinary_steps(course, code, exposure, facts):
        strong = facts.content_strength == "strong"
        # Step 3: shape.
        if facts.shape == "trace":
            course.step("shape", 0)
        elif facts.shape == "interactive":
            course.step("shape", course.severity - 2)
        elif facts.shape == "bulk" and exposure in FAR and course.severity in (1, 2):
            course.step("shape", course.severity + 1)
        # Step 4: kind. A name that is only claimed never lowers, nor does any where the shape is bulk (5.26).
        if facts.low_sink and not strong and facts.confidence != "low" and facts.shape != "bulk":
            course.step("kind", course.severity - 1)
        # Step 5: content, where its own class is personal or above (5.26).
        if (strong and facts.content_class not in (NONE, "public", "internal") and exposure in FAR):
            course.step("content", course.severity + 1)
        # Step 6: confidence.
        if facts.confidence == "low" and exposure != "UNK" and course.severity >= 2:
            course.step("confidence", course.severity - 1)
        # Step 7: mismatch; not for public data (5.26).
        if (facts.mismatch and facts.shape in ("export", "bulk") and code != "PUB"
                and (facts.dns_contradicts or facts.address_more_exposed)):
            course.step("mismatch", max(course.severity, 2))

    def room(self, exception, day):
        """Bytes that an exception still holds on a day."""
        return size_in_bytes(exception["max_bytes_day"]) - self.used[exception["id"], day]

    def covering_exception(self, facts, data_class):
        """3g and 5.27 to 5.29, 5.37: the exception that covers the flow, None where none does."""
        valid = [exception for exception in self.exceptions
                 if in_force(exception, facts.day) and fields_match(exception, facts, data_class)]
        # 5.28: a flow that would pass the limit is surplus as a whole; exactly the limit is covered.
        with_room = [exception for exception in valid if facts.bytes_up <= self.room(exception, facts.day)]
        if not with_room:
            return None
        # 5.28: the lowest cap; min() keeps the first of equals, so the first listed.
        winner = min(with_room, key=lambda exception: exception["cap"])
        # 5.28, 5.37: every flow that matches uses up bytes, of the winning exception only.
        self.used[winner["id"], facts.day] += facts.bytes_up
        return winner

    def ended_exception(self, facts, data_class):
        """5.30: what matches in all but date and bytes and has ended, whatever the severity; of several the
        first listed, for an answer has one."""
        for exception in self.exceptions:
            if ended(exception, facts.day) and fields_match(exception, facts, data_class):
                return exception
        return None


def ended(exception, day):
    """3g: `expires_on` is the last valid day."""
    return datetime.date.fromisoformat(day) > exception["expires_on"]


def in_force(exception, day):
    """5.29, 5.37: not before `approved_on`, which is itself valid."""
    return datetime.date.fromisoformat(day) >= exception["approved_on"] and not ended(exception, day)


def fields_match(exception, facts, data_class):
    """3g: every field but date and bytes."""
    return (facts.zone in exception["zones"]
            and class_is_covered(exception, data_class)
            # 5.27: no wildcard, the kind of a nameless flow is `unknown` and has to be listed.
            and facts.kind in exception["kinds"]
            and destination_matches(exception, facts))


def class_is_covered(exception, data_class):
    # 3g: never for secret; for DRE only where the type says so.
    if data_class == "secret":
        return False
    if data_class == "diffusion-restreinte" and exception.get("type", "ordinary") != "dr-approval":
        return False
    return CLASS_ORDER.index(data_class) <= CLASS_ORDER.index(exception["max_class"])


def destination_matches(exception, facts):
    # 5.27: a claimed name buys no exception.
    if facts.confidence == "low":
        return False
    # Both kinds: a proxy outside has to be known, since what it is asked for is the client's word.
    if facts.asks_stranger:
        return False
    # 5.27: of operators and services both given, both have to match.
    if "services" in exception and facts.service not in exception["services"]:
        return False
    if "operators" in exception:
        # 5.27: every operator that is known, of the service, of the host and of a proxy outside that was
        # asked, has to be listed: each may hold the data.
        known = {facts.service_operator, facts.host_operator, facts.proxy_operator} - {NONE}
        return bool(known) and known <= set(exception["operators"])
    return True
