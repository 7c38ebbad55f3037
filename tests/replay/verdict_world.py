# SPDX-License-Identifier: Apache-2.0
"""Settings and flows drawn by chance for the verdict test; the same ones at every run.

Chance is weighted so that the edges are met: half of the flows aim at an exception, at its first and
last days and at the last byte that it holds.
"""
import datetime
import random

import yaml

from verdict_oracle import CLASS_ORDER, EXPOSURES, Facts, Oracle, size_in_bytes

KINDS = ["object-storage", "file-sharing", "mail", "backup", "compute", "web-generic", "unknown"]

# Operators and services of the shipped catalogue; no service here has the name of another one here.
SERVICES = {
    "aws": ["s3", "glacier"], "google": ["drive", "gmail"], "microsoft": ["blob-storage", "onedrive"],
    "ovhcloud": ["hosted-private-cloud-snc", "web-hosting"], "scaleway": ["dedibox"], "dropbox": ["dropbox"],
    "cloudflare": ["r2"], "alibaba": ["oss"]}
OPERATORS = list(SERVICES)

SHAPES = ["trace", "interactive", "export", "bulk"]
# 3d: strong content makes the shape at least an export.
SHAPES_OF_STRONG_CONTENT = ["export", "bulk"]
STRENGTHS = ["none", "weak", "strong"]
CONFIDENCES = ["low", "medium", "high"]
# dns that contradicts and an address more exposed say something only beside the mismatch.
MISMATCHES = ["", "m", "md", "ma", "mda", "d", "a"]

DAY = datetime.timedelta(days=1)


def zones():
    """One of each class, with R9 and without."""
    return [{"id": f"{data_class}{'-r9' if r9 else ''}", "label": data_class.capitalize(),
             "match": {"cidr": [f"10.{number}.{int(r9)}.0/24"]}, "class": data_class, "r9": r9, "owner": "owner"}
            for number, data_class in enumerate(CLASS_ORDER) for r9 in (False, True)]


def grid():
    """Every combination of what steps 1 to 7 look at."""
    contents = [("-", "none")] + [(data_class, strength) for data_class in CLASS_ORDER
                                  for strength in ("weak", "strong")]
    for zone in zones():
        for content_class, strength in contents:
            # Weak content changes nothing: one class of it is enough.
            if strength == "weak" and content_class != "secret":
                continue
            for shape in SHAPES_OF_STRONG_CONTENT if strength == "strong" else SHAPES:
                for exposure in EXPOSURES:
                    for confidence in CONFIDENCES:
                        for mismatch in MISMATCHES:
                            for rest in ("", "h", "l", "hl"):
                                yield Facts(zone["id"], content_class, strength, exposure, shape, confidence,
                                            letters=rest + mismatch or "-")


class World:
    """Settings with exceptions of every sort, and flows under them."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.exceptions = [self.exception(number) for number in range(18)]
        self.settings = yaml.safe_dump({
            "policy": {"version": 1, "name": "chance", "time_zone": "Europe/Paris", "unmapped_class": "personal"},
            "zones": zones(), "exceptions": self.exceptions}, sort_keys=False)
        self.zone_ids = [zone["id"] for zone in zones()] + ["unmapped"]

    def some(self, choices, least, most):
        return self.chance.sample(choices, self.chance.randint(least, most))

    def exception(self, number):
        approved = datetime.date(2025, 9, 15) + self.chance.randrange(180) * DAY
        lasts = self.chance.choice([0, 1, 30, 200, 365, 540]) * DAY
        written = {
            "id": f"EXC-{number:02}", "zones": self.some([zone["id"] for zone in zones()], 4, 14),
            **self.destination(number % 3), "kinds": self.some(KINDS, 2, 5),
            "max_class": self.chance.choice(CLASS_ORDER[:6]),
            "max_bytes_day": self.chance.choice(["1KiB", "64KiB", "1MiB", "3MiB", "1GiB"]),
            "cap": number % 4 % 3, "reason": "reason", "legal_basis": "basis", "owner": "owner",
            "approved_by": "RSSI", "approved_on": approved, "expires_on": approved + lasts, "measures": "none"}
        if number == 0:
            # 5.29: 18 calendar months are the longest allowed.
            written.update(approved_on=datetime.date(2025, 9, 15), expires_on=datetime.date(2027, 3, 15))
        if number in (4, 10):
            # 3g: the only sort that covers DRE; it covers what is below as well, and never SEC.
            written.update(type="dr-approval", max_class="diffusion-restreinte",
                           zones=["diffusion-restreinte", "diffusion-restreinte-r9", "secret", "health", "personal-r9"])
        elif number == 7:
            written["type"] = "ordinary"
        return written

    def destination(self, sort):
        """Operators alone, services alone, or both."""
        operators = self.some(OPERATORS, 2, 5)
        services = [service for operator in operators for service in SERVICES[operator]]
        services = self.some(services, 1, len(services))
        return [{"operators": operators}, {"services": services},
                {"operators": operators, "services": services}][sort]

    def flows(self, count):
        """Flows in their order, each with the answer that the oracle gives."""
        oracle = Oracle(self.settings)
        for exception, day in self.occasions(count):
            facts = self.facts_at_exception(exception, day, oracle) if exception else self.facts(day=day)
            yield facts, oracle.judge(facts)

    def occasions(self, count):
        """Exceptions to aim at (None: no aim) and days, as flows are told of when they end: in the order of
        days, some a day or two after the one they began in."""
        told = []
        for _ in range(count):
            exception = self.chance.choice(self.exceptions)
            day = self.day(exception)
            late = self.chance.choices([0, 1, 2], [8, 1, 1])[0] * DAY
            told.append((day + late, self.chance.random(), exception if self.chance.random() < 0.6 else None, str(day)))
        told.sort(key=lambda occasion: occasion[:2])
        return [(exception, day) for _, _, exception, day in told]

    def facts(self, **fixed):
        """Any flow; `fixed` are fields that are not left to chance."""
        pick = self.chance.choice
        strength = self.chance.choices(STRENGTHS, [6, 1, 2])[0]
        service_operator = pick(OPERATORS + ["-"])
        fields = {
            "zone": pick(self.zone_ids), "content_strength": strength,
            "content_class": "-" if strength == "none" else pick(CLASS_ORDER),
            "exposure": pick(list(EXPOSURES)),
            "shape": pick(SHAPES_OF_STRONG_CONTENT if strength == "strong" else SHAPES),
            "confidence": self.chance.choices(CONFIDENCES, [1, 2, 3])[0], "service_operator": service_operator,
            "host_operator": pick([service_operator, service_operator, "-", pick(OPERATORS)]),
            "service": pick(SERVICES.get(service_operator, []) + ["-"]), "kind": pick(KINDS),
            "bytes_up": self.chance.randrange(1 << 21),
            "letters": "".join(letter for letter in "hlmda" if self.chance.random() < 0.3) or "-"}
        return Facts(**{**fields, **fixed})

    def facts_at_exception(self, exception, day, oracle):
        """A flow that matches an exception or fails to by little."""
        pick = self.chance.choice
        service, service_operator = self.service_of(exception)
        covered = CLASS_ORDER[:CLASS_ORDER.index(exception["max_class"]) + 1]
        fixed = {"zone": pick([zone for zone in exception["zones"] if zone.removesuffix("-r9") in covered]
                              or exception["zones"]),
                 "confidence": pick(["medium", "high"]), "kind": pick(exception["kinds"]), "service": service,
                 "service_operator": service_operator,
                 "host_operator": pick([service_operator, pick(exception.get("operators", OPERATORS)), "-"]),
                 "day": day, "bytes_up": self.bytes_up(size_in_bytes(exception["max_bytes_day"]),
                                                       oracle.room(exception, day))}
        # In one flow of five a field is left to chance after all.
        if self.chance.random() < 0.2:
            del fixed[pick(["zone", "confidence", "kind", "host_operator", "bytes_up"])]
        return self.facts(**fixed)

    def service_of(self, exception):
        """A service with its operator, such as the exception lists."""
        known = [(service, operator) for operator in exception.get("operators", OPERATORS)
                 for service in SERVICES[operator]]
        return self.chance.choice([pair for pair in known if pair[0] in exception.get("services", [pair[0]])])

    def day(self, exception):
        """Often the first or the last valid day or one beside these."""
        first, last = exception["approved_on"], exception["expires_on"]
        if self.chance.random() < 0.5:
            return self.chance.choice([first, last]) + self.chance.randint(-1, 1) * DAY
        return first + self.chance.randint(0, (last - first).days) * DAY

    def bytes_up(self, limit, room):
        """Mostly little, so that several flows share a day; else what just fits and what just does not."""
        if self.chance.random() < 0.6:
            return self.chance.randint(0, limit // 8)
        return max(0, self.chance.choice([room, room + 1, room - 1, limit, limit + 1, limit // 2, 4 * limit]))
