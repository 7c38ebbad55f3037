#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`vigie check`: every mistake with its place, and settings that print back to themselves."""
import datetime
import os
import re
import sys

from vigie_test import CAPTURES, SOURCE, Tap, scratch_folder, vigie

DONE, FAILED = 0, 1
PHARES = SOURCE / "tests" / "unit" / "app" / "ministere-des-phares.yaml"
PCAP = CAPTURES / "http" / "mercury-http_auth.pcap"
EXAMPLE = SOURCE / "configs" / "vigie.yaml"

# Settings, and all that is said of them.
MISTAKES = {
    "a mistyped word": ("""\
zones:
  - id: rh
    match: {cidr: 198.51.100.64/26}
    class: inernal
""", """\
s.yaml:4:12: unknown class `inernal`: did you mean `internal`?
   4 |     class: inernal
     |            ^
1 mistake
"""),
    "mistakes of several parts": ("""\
policy: {time_zone: Europe/Pari}
zones:
  - {id: rh, match: {vlan: 110}, class: personal, content_inspection: on}
  - {id: dsi, match: {vlan: [109, 110]}, class: health, privacy: excluded}
tenancies:
  - {id: t, operator: ovhclod, service: x, match: {cidr: 10.0.0.0/8}}
exception: []
""", """\
s.yaml:1:21: time zone `Europe/Pari`: the system knows no such zone (package tzdata), expected a name as in \
Europe/Paris or UTC
   1 | policy: {time_zone: Europe/Pari}
     |                     ^
s.yaml:3:71: content inspection needs `privacy.dpia_ref` and `privacy.staff_informed_on`
   3 |   - {id: rh, match: {vlan: 110}, class: personal, content_inspection: on}
     |                                                                       ^
s.yaml:4:22: zone `dsi` has the same keys as zone `rh`
   4 |   - {id: dsi, match: {vlan: [109, 110]}, class: health, privacy: excluded}
     |                      ^
s.yaml:4:66: `excluded` is refused for class health: from health up, flows have to be judged
   4 |   - {id: dsi, match: {vlan: [109, 110]}, class: health, privacy: excluded}
     |                                                                  ^
s.yaml:6:23: unknown operator `ovhclod`: did you mean `ovhcloud`?
   6 |   - {id: t, operator: ovhclod, service: x, match: {cidr: 10.0.0.0/8}}
     |                       ^
s.yaml:6:58: not a prefix of the internet: traffic to it never leaves, so no tenancy is looked for there
   6 |   - {id: t, operator: ovhclod, service: x, match: {cidr: 10.0.0.0/8}}
     |                                                          ^
s.yaml:7:1: unknown key `exception`: did you mean `exceptions`?
   7 | exception: []
     | ^
7 mistakes
"""),
    "sinks that cannot be": ("""\
sinks:
  - {name: soc, type: syslog-tsl, address: siem.example}
  - {name: relp, type: relp, address: "2001:db8::1", token_env: T}
journal: {path: /no/such/folder/j.db}
""", """\
s.yaml:2:23: unknown type `syslog-tsl`: did you mean `syslog-tls`?
   2 |   - {name: soc, type: syslog-tsl, address: siem.example}
     |                       ^
s.yaml:3:39: `2001:db8::1`: an IPv6 address stands in brackets, as in [2001:db8::1]:514
   3 |   - {name: relp, type: relp, address: "2001:db8::1", token_env: T}
     |                                       ^
s.yaml:3:54: type relp has no `token_env`
   3 |   - {name: relp, type: relp, address: "2001:db8::1", token_env: T}
     |                                                      ^
s.yaml:4:17: /no/such/folder/j.db: its folder is not there
   4 | journal: {path: /no/such/folder/j.db}
     |                 ^
4 mistakes
"""),
    "an exception that cannot be": ("""\
exceptions:
  - id: E1
    zones: [internal, internl]
    operators: [aws]
    services: [s4]
    kinds: [backup, mial]
    max_class: secret
    max_bytes_day: 1GiB
    cap: 3
    reason: r
    legal_basis: l
    owner: o
    approved_by: a
    approved_on: 2026-01-01
    expires_on: 2027-07-02
""", """\
s.yaml:2:5: exception lacks `measures`
   2 |   - id: E1
     |     ^
s.yaml:3:23: unknown zone `internl`: did you mean `internal`?
   3 |     zones: [internal, internl]
     |                       ^
s.yaml:5:16: unknown service of these operators `s4`: did you mean `s3`?
   5 |     services: [s4]
     |                ^
s.yaml:6:21: unknown kind `mial`: did you mean `mail`?
   6 |     kinds: [backup, mial]
     |                     ^
s.yaml:7:16: no exception can cover class secret; expected diffusion-restreinte or less
   7 |     max_class: secret
     |                ^
s.yaml:9:10: `cap` is `3`, expected a whole number from 0 to 2
   9 |     cap: 3
     |          ^
s.yaml:15:17: expires_on 2027-07-02 is more than 18 months after approved_on 2026-01-01, expected 2027-07-01 at the latest
  15 |     expires_on: 2027-07-02
     |                 ^
7 mistakes
"""),
}


def same(tap, case, result, status, stderr):
    """Exit status and standard error as expected; a difference is shown line by line."""
    shown = [f"said: {line}" for line in result.stderr.splitlines()]
    tap.ok(not result.trouble and result.status == status and result.stderr == stderr, case,
           [result.trouble, f"exit status {result.status}", *shown])


def mistakes(tap, scratch):
    for case, (settings, said) in MISTAKES.items():
        (scratch / "s.yaml").write_text(settings, encoding="utf-8")
        same(tap, case, vigie("check", "-c", "s.yaml", cwd=scratch), FAILED, said)


def parts(tap, scratch):
    """What is wrong in one part does not hide what is wrong in another."""
    (scratch / "catalogue.yaml").write_text("operators: [{id: x}]\n", encoding="utf-8")
    (scratch / "rules.yaml").write_text("version: 1\n", encoding="utf-8")
    (scratch / "origin.table").write_bytes(b"no table")
    (scratch / "s.yaml").write_text(
        "catalogue: catalogue.yaml\nrules: rules.yaml\ndatabases: {table: origin.table}\n"
        "zones: [{id: a, match: {}, class: public}]\n"
        "tenancies: [{id: t, operator: nobody, service: x, match: {name: x y}}]\n", encoding="utf-8")
    result = vigie("check", "-c", "s.yaml", cwd=scratch)
    named = all(f"\n{name}:" in "\n" + result.stderr for name in ("catalogue.yaml", "rules.yaml", "s.yaml:3:20: origin.table",
                                                                  "s.yaml:4", "s.yaml:5"))
    tap.ok(result.status == FAILED and not result.trouble and named, "faults of every part in one run", result.told(60))
    tap.ok("catalogue could not be read" in result.stderr and "unknown operator" not in result.stderr,
           "without a catalogue its ids are not looked up, and that is said", result.told(60))
    result = vigie("check", env={**os.environ, "VIGIE_CATALOGUE": "/no/such"})
    tap.ok(result.status == FAILED and "/no/such" in result.stderr, "a missing catalogue", result.told())


def machine(tap, scratch):
    """What the machine has to say of the key, the data and the databases."""
    def said(text, env=None):
        (scratch / "m.yaml").write_text(text, encoding="utf-8")
        return vigie("check", "-c", "m.yaml", cwd=scratch, env={**os.environ, **(env or {})})

    key = scratch / "open.key"
    key.write_text("0" * 64 + "\n", encoding="utf-8")
    key.chmod(0o644)
    same(tap, "a key that others may read", said("privacy: {key_file: open.key}\n"), FAILED, """\
m.yaml:1:21: open.key: others may open it (mode 0644): `chmod 600` it
   1 | privacy: {key_file: open.key}
     |                     ^
1 mistake
""")
    result = vigie("replay", "-c", "m.yaml", PCAP, cwd=scratch)
    tap.ok(result.status == FAILED and result.stderr.count("open.key") == 1, "`replay` says it once", result.told())
    key.write_text("no key\n", encoding="utf-8")
    key.chmod(0o600)
    result = said("privacy: {key_file: open.key}\n")
    tap.ok(result.status == FAILED and "m.yaml:1:21: open.key: is no key (64" in result.stderr, "a file that is no key",
           result.told())
    result = said("privacy: {key_file: open.key/site.key}\n")
    tap.ok(result.status == FAILED and "Not a directory" in result.stderr, "a key that could not be made", result.told())
    state = scratch / "state"
    result = said("policy: {version: 1}\n", {"VIGIE_STATE": str(state)})
    tap.ok(result.status == DONE and not state.exists(), "a key that can be made is not made", result.told())
    state.mkdir()
    (state / "site.key").write_text("no key\n", encoding="utf-8")
    (state / "site.key").chmod(0o600)
    result = said("policy: {version: 1}\n", {"VIGIE_STATE": str(state)})
    tap.ok(result.status == FAILED and result.stderr.startswith(f"{state}/site.key: is no key"),
           "the usual key, where the settings name none", result.told())

    result = said("policy: {version: 1}\n", {"VIGIE_DATA": str(scratch / "nowhere")})
    tap.ok(result.status == FAILED and result.stderr.startswith("VIGIE_DATA: ") and "nowhere" in result.stderr,
           "a data folder that is not there", result.told())
    (scratch / "data").mkdir()
    result = said("policy: {version: 1}\n", {"VIGIE_DATA": str(scratch / "data")})
    tap.ok(result.status == DONE and re.search("^countries +none", result.stdout, re.M)
           and re.search("^ranges +none", result.stdout, re.M), "databases that are missing are told",
           [result.stdout, *result.told()])
    (scratch / "bad.mmdb").write_bytes(b"no database" * 100)
    result = said("databases:\n  country: bad.mmdb\n  asn: bad.mmdb\n")
    tap.ok(result.status == FAILED and "m.yaml:2:12: bad.mmdb: " in result.stderr, "a database has the line of its key",
           result.told())


def includes(tap, scratch):
    (scratch / "parts").mkdir()
    main, zones = scratch / "main.yaml", scratch / "parts" / "zones.yaml"
    main.write_text("include: parts/zones.yaml\nzones: [{id: a, match: {vlan: 1}, class: public}]\n", encoding="utf-8")
    zones.write_text("zones:\n  - {id: b, match: {vlan: 2}, class: public}\n", encoding="utf-8")
    result = vigie("check", "-c", "main.yaml", cwd=scratch)
    tap.ok(result.status == DONE and "main.yaml, with parts/zones.yaml" in result.stdout
           and re.search(r"^zones +2$", result.stdout, re.M), "an included file counts", [result.stdout, *result.told()])
    zones.write_text("zones:\n  - {id: a, match: {vlan: 1}, class: pubic}\n", encoding="utf-8")
    same(tap, "mistakes of an included file have its place", vigie("check", "-c", "main.yaml", cwd=scratch), FAILED, """\
parts/zones.yaml:2:10: zone `a` is given again
   2 |   - {id: a, match: {vlan: 1}, class: pubic}
     |          ^
parts/zones.yaml:2:20: zone `a` has the same keys as zone `a`
   2 |   - {id: a, match: {vlan: 1}, class: pubic}
     |                    ^
parts/zones.yaml:2:38: unknown class `pubic`: did you mean `public`?
   2 |   - {id: a, match: {vlan: 1}, class: pubic}
     |                                      ^
3 mistakes
""")


def prints_back(tap, case, path, scratch):
    """What is printed is a settings file that prints the same again."""
    first = vigie("check", "--print", "-c", path)
    (scratch / "again.yaml").write_text(first.stdout, encoding="utf-8")
    second = vigie("check", "--print", "-c", scratch / "again.yaml")
    tap.ok(first.status == second.status == DONE and not first.stderr and first.stdout
           and first.stdout == second.stdout, f"{case} prints back", [*first.told(), *second.told()])
    return first.stdout


def uncommented(text):
    """The example with its examples in force: their lines begin with # and no space, or with two."""
    text = re.sub(r"^#(?=[^ ]|  )", "", text, flags=re.M)
    return re.sub(r"^(zones|services|tenancies|exceptions|sinks): \[\]\n", "", text, flags=re.M)


def prints(tap, scratch):
    prints_back(tap, "the shipped example", EXAMPLE, scratch)
    printed = prints_back(tap, "the ministry's policy", PHARES, scratch)
    tap.ok("  max_age_days: 400\n" in printed and "  alert_retention_days: 180\n" in printed
           and "  report_every: 60\n" in printed, "defaults are filled in")
    path = scratch / "uncommented.yaml"
    text = uncommented(EXAMPLE.read_text(encoding="utf-8")).replace("off          #", "on #")
    for file in re.findall(r": /etc/vigie/([a-z.-]+)", text):
        (scratch / file).write_text("s3cret\n")
        (scratch / file).chmod(0o600)
    path.write_text(text.replace("/etc/vigie/", f"{scratch}/"), encoding="utf-8")
    os.environ["VIGIE_KAFKA_PASSWORD"] = "s3cret"
    printed = prints_back(tap, "the shipped example with all its examples", path, scratch)
    tap.ok(all(f"\n{key}:\n" in printed for key in ("zones", "services", "tenancies", "exceptions", "thresholds", "sinks")),
           "the examples are valid", [printed])
    tap.ok("s3cret" not in printed and f"token_file: {scratch}/hec.token" in printed
           and "password_env: VIGIE_KAFKA_PASSWORD" in printed, "of secrets only the places are printed", [printed])
    tap.ok(all(line in printed for line in ("    address: \"[2001:db8::10]:2514\"", "    max_message: 8KiB",
                                            "    source_type: vigie:alert", "    rollups: \"true\"")),
           "the defaults of sinks are filled in", [printed])


def secrets(tap, scratch):
    """Whoever may not read them is told, without a word of what they say."""
    secret, path = scratch / "token", scratch / "secret.yaml"
    secret.write_text("s3cret\n")
    path.write_text(f"sinks:\n  - name: splunk\n    type: hec\n    url: https://splunk.example:8088\n"
                    f"    token_file: {secret}\n  - name: hook\n    type: webhook\n    url: https://hook.example\n"
                    f"    secret_env: VIGIE_TEST_SECRET\n", encoding="utf-8")
    secret.chmod(0o644)
    result = vigie("check", "-c", path)
    tap.ok(result.status == FAILED and f"{path}:5:17: {secret}: others may open it" in result.stderr
           and "s3cret" not in result.stderr, "a secret that others may read", result.told())
    secret.chmod(0o600)
    result = vigie("check", "-c", path)
    tap.ok(result.status == DONE and "splunk: hec, ecs, alerts" in result.stdout
           and "The variable VIGIE_TEST_SECRET of sink hook is not set here" in result.stderr,
           "a variable that is not set here is told", [result.stdout, *result.told()])
    result = vigie("check", "-c", path, env={**os.environ, "VIGIE_TEST_SECRET": "s3cret"})
    tap.ok(result.status == DONE and not result.stderr, "a variable that is set is not", result.told())
    secret.unlink()
    result = vigie("lookup", "-c", path, "192.0.2.1")
    tap.ok(result.status == DONE, "who sends nothing needs no secret", result.told())


EXCEPTION = ("  - {{id: E{0}, zones: internal, operators: aws, kinds: [backup], max_class: internal, max_bytes_day: 1GiB, "
             "cap: 0, reason: r, legal_basis: l, owner: o, approved_by: a, measures: m, approved_on: {1}, "
             "expires_on: {2}}}\n")


def overview(tap, scratch):
    """Exceptions are counted as of today, so these are written as of today."""
    def day(days):
        return datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days)

    spans = ((-100, -2), (-10, 20), (-10, 200), (-10, 300), (5, 20))
    path = scratch / "dates.yaml"
    path.write_text("exceptions:\n" + "".join(EXCEPTION.format(i, day(a), day(b)) for i, (a, b) in enumerate(spans)),
                    encoding="utf-8")
    result = vigie("check", "-c", path)
    tap.ok(result.status == DONE and "5: 3 in force, 1 ended, 1 to begin; 1 will end within 30 days" in result.stdout,
           "exceptions are counted by what they are today", [result.stdout, *result.told()])
    result = vigie("check", "-c", PHARES)
    wanted = (r"^policy +ministere-des-phares, version 1, Europe/Paris$", r"^zones +5$", r"^tenancies +1$",
              r"^services +1$", r"^exceptions +2:", r"^catalogue .*: [0-9,]+ operators$", r"^rules .*version")
    tap.ok(result.status == DONE and all(re.search(line, result.stdout, re.M) for line in wanted),
           "what was read is told", [result.stdout, *result.told()])
    tap.ok(vigie("check").status == DONE, "the defaults are in order")


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        mistakes(tap, scratch)
        parts(tap, scratch)
        machine(tap, scratch)
        includes(tap, scratch)
        prints(tap, scratch)
        secrets(tap, scratch)
        overview(tap, scratch)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
