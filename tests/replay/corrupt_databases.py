#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A corrupt database is refused with a reason, or answers what it can; it never brings us down."""
import sys

from vigie_test import SOURCE, Tap, scratch_folder, vigie

BAD = SOURCE / "tests" / "mmdb" / "bad-data"
ASKED = ("8.8.8.8", "2001:4860::1")


def main():
    tap = Tap()
    databases = sorted(BAD.rglob("*.mmdb"))
    tap.ok(databases, "there are corrupt databases to try")
    with scratch_folder() as scratch:
        settings = scratch / "settings.yaml"
        for database in databases:
            for kind in ("asn", "country"):
                settings.write_text(f'databases:\n  {kind}: "{database}"\n')
                result = vigie("lookup", "-c", settings, *ASKED)
                answered = result.status == 0 and all(address in result.stdout for address in ASKED)
                refused = (result.status == 1 and len(result.stderr.splitlines()) == 1
                           and database.name in result.stderr)
                tap.ok(not result.trouble and (answered or refused), f"{database.name} as {kind} database",
                       [result.trouble, *result.told(), *result.stdout.splitlines()[:4]])
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
