# SPDX-License-Identifier: Apache-2.0
"""Flows whose verdicts are known by hand: the worked example of the policy model (section 4, flows F1
to F10) and the settled readings (section 5). They are judged in this order, for exceptions hold so
many bytes a day."""
from verdict_oracle import Answer, Facts

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

# Section 4, with a zone of every class beside it and exceptions for the readings.
SETTINGS = """\
policy: {version: 1, name: ministere-des-phares, time_zone: Europe/Paris, unmapped_class: internal}
zones:
  - {id: bureautique, label: Desktops, match: {cidr: [198.51.100.0/26, "2001:db8:10::/48"], vlan: 110}, class: internal, r9: false, owner: DSI}
  - {id: rh, label: HR application, match: {cidr: [198.51.100.64/26], vlan: 120}, class: state-business-application, r9: false, owner: DRH}
  - {id: licences, label: Company files, match: {cidr: [198.51.100.128/26], vlan: 130}, class: economic-secret, r9: true, owner: DGPhares}
  - {id: sante, label: Seafarer health, match: {cidr: [198.51.100.192/27], vni: 5030}, class: health, r9: true, owner: Service medical}
  - {id: etat-major, label: DR cell, match: {cidr: [198.51.100.224/27], vlan: 140}, class: diffusion-restreinte, r9: false, owner: HFDS}
  - {id: pub, label: Public, match: {cidr: [10.0.1.0/24]}, class: public, r9: true, owner: DSI}
  - {id: int, label: Internal with R9, match: {cidr: [10.0.2.0/24]}, class: internal, r9: true, owner: DSI}
  - {id: per, label: Personal, match: {cidr: [10.0.3.0/24]}, class: personal, r9: false, owner: DSI}
  - {id: per-r9, label: Personal with R9, match: {cidr: [10.0.4.0/24]}, class: personal, r9: true, owner: DSI}
  - {id: eco, label: Economic, match: {cidr: [10.0.5.0/24]}, class: economic-secret, r9: false, owner: DSI}
  - {id: sba, label: Application, match: {cidr: [10.0.6.0/24]}, class: state-business-application, r9: false, owner: DSI}
  - {id: hlt, label: Health, match: {cidr: [10.0.7.0/24]}, class: health, r9: false, owner: DSI}
  - {id: dre, label: Restricted, match: {cidr: [10.0.8.0/24]}, class: diffusion-restreinte, r9: true, owner: DSI}
  - {id: sec, label: Secret, match: {cidr: [10.0.9.0/24]}, class: secret, r9: true, owner: DSI}
tenancies:
  - {id: ovh-snc, operator: ovhcloud, service: hosted-private-cloud-snc, match: {cidr: [203.0.113.0/28]}, owner: DSI}
exceptions:
  - {id: EXC-2026-004, zones: [bureautique], operators: [aws], kinds: [object-storage], max_class: internal, max_bytes_day: 1GiB, cap: 0, reason: open-data publication, legal_basis: data already public, owner: Chef open data, approved_by: RSSI, approved_on: 2026-04-01, expires_on: 2027-03-31, measures: none}
  - {id: EXC-2025-011, zones: [licences], operators: [dropbox], kinds: [file-sharing], max_class: economic-secret, max_bytes_day: 1GiB, cap: 1, reason: exchange with foreign shipyards, legal_basis: contract, owner: Bureau licences, approved_by: RSSI, approved_on: 2025-06-01, expires_on: 2026-11-30, measures: client-side encryption}
  - {id: BOTH, zones: [eco, pub], operators: [aws], services: [s3], kinds: [object-storage], max_class: economic-secret, max_bytes_day: 10MiB, cap: 1, reason: r, legal_basis: l, owner: o, approved_by: RSSI, approved_on: 2026-06-15, expires_on: 2027-12-15, measures: none}
  - {id: SERVICE, zones: [per], services: [drive], kinds: [file-sharing], max_class: personal, max_bytes_day: 10MiB, cap: 0, reason: r, legal_basis: l, owner: o, approved_by: RSSI, approved_on: 2026-06-15, expires_on: 2026-12-31, measures: none}
  - {id: FIRST, zones: [sba], operators: [microsoft], kinds: [mail, unknown], max_class: state-business-application, max_bytes_day: 10MiB, cap: 1, reason: r, legal_basis: l, owner: o, approved_by: RSSI, approved_on: 2026-06-15, expires_on: 2026-12-31, measures: none}
  - {id: SECOND, zones: [sba], operators: [microsoft], kinds: [mail], max_class: state-business-application, max_bytes_day: 20MiB, cap: 1, reason: r, legal_basis: l, owner: o, approved_by: RSSI, approved_on: 2026-06-15, expires_on: 2026-12-31, measures: none}
  - {id: LOWEST, zones: [sba], operators: [microsoft], kinds: [mail], max_class: state-business-application, max_bytes_day: 1MiB, cap: 0, reason: r, legal_basis: l, owner: o, approved_by: RSSI, approved_on: 2026-06-15, expires_on: 2026-12-31, measures: none}
  - {id: DR, type: dr-approval, zones: [dre, sec], operators: [ovhcloud], kinds: [backup], max_class: diffusion-restreinte, max_bytes_day: 10MiB, cap: 2, reason: r, legal_basis: l, owner: o, approved_by: HFDS, approved_on: 2026-06-15, expires_on: 2026-12-31, measures: none}
  - {id: ORDINARY, type: ordinary, zones: [dre, sec], operators: [ovhcloud], kinds: [mail], max_class: health, max_bytes_day: 10MiB, cap: 0, reason: r, legal_basis: l, owner: o, approved_by: HFDS, approved_on: 2026-06-15, expires_on: 2026-12-31, measures: none}
  - {id: ENDED, zones: [hlt, pub], operators: [ovhcloud, scaleway], kinds: [backup], max_class: health, max_bytes_day: 1KiB, cap: 0, reason: r, legal_basis: l, owner: o, approved_by: DPO, approved_on: 2026-01-01, expires_on: 2026-11-30, measures: none}
  - {id: RENEWED, zones: [hlt], operators: [ovhcloud], kinds: [backup], max_class: health, max_bytes_day: 10MiB, cap: 0, reason: r, legal_basis: l, owner: o, approved_by: DPO, approved_on: 2026-12-01, expires_on: 2027-05-31, measures: none}
"""


def answer(rule, before, after=None, covering="-", ended="-", steps=""):
    return Answer(rule, before, before if after is None else after, covering, ended,
                  tuple(filter(None, steps.split(","))))


def outlook(zone, **other):
    return Facts(zone, service_operator="microsoft", host_operator="microsoft", service="exchange-online",
                 kind="mail", **other)


def bucket(zone, **other):
    return Facts(zone, **{"service_operator": "aws", "host_operator": "aws", "service": "s3",
                          "kind": "object-storage", **other})


def dropbox(zone, **other):
    return Facts(zone, service_operator="dropbox", host_operator="dropbox", service="dropbox",
                 kind="file-sharing", **other)


def drive(zone, **other):
    return Facts(zone, service_operator="google", host_operator="google", service="drive", kind="file-sharing",
                 **other)


def backup(zone, operator="ovhcloud", **other):
    return Facts(zone, service_operator=operator, host_operator=operator, kind="backup",
                 **{"exposure": "eu-sovereign", **other})


def strong(data_class):
    return {"content_class": data_class, "content_strength": "strong"}


WORKED_EXAMPLE = [
    ("F1", outlook("bureautique", shape="interactive", bytes_up=3 * MIB),
     answer("INT-USA", 0, steps="shape:1>0")),
    ("F2", bucket("bureautique", shape="bulk", bytes_up=420 * MIB),
     answer("INT-USA", 2, 0, "EXC-2026-004", steps="shape:1>2,exception:2>0")),
    ("F3", backup("sante", exposure="eu-qualified", service="hosted-private-cloud-snc", shape="bulk",
                  bytes_up=12 * GIB, letters="h"),
     answer("HLT-QUA", 0)),
    ("F4", Facts("sante", exposure="eu-sovereign", shape="bulk", service_operator="ovhcloud",
                 host_operator="ovhcloud", service="object-storage", kind="object-storage", bytes_up=2 * GIB),
     answer("HLT-SOV", 2)),
    ("F5", drive("licences", bytes_up=64 * MIB), answer("ECO-USA", 3)),
    ("F6", Facts("rh", service_operator="cloudflare", host_operator="cloudflare", kind="web-generic",
                 bytes_up=80 * MIB),
     answer("SBA-USA", 3)),
    ("F7", Facts("bureautique", **strong("personal"), exposure="unknown", confidence="low",
                 kind="web-generic", bytes_up=5 * MIB),
     answer("PER-UNK", 3, steps="content:2>3")),
    ("F8", Facts("etat-major", shape="trace", confidence="medium", host_operator="cloudflare", bytes_up=30 * KIB),
     answer("DRE-USA", 4)),
    ("F9", dropbox("licences", bytes_up=600 * KIB), answer("ECO-USA", 3, ended="EXC-2025-011")),
    ("F10", Facts("rh", confidence="low", service_operator="outscale", host_operator="aws",
                  service="object-storage", kind="object-storage", bytes_up=12 * MIB, letters="ma"),
     answer("SBA-USA", 2, steps="confidence:3>2")),
]

# Steps 1 to 7, with 5.25 and 5.26.
STEPS = [
    ("R9 raises and is kept in the rule id though the shape lowers after it (5.25)",
     Facts("per-r9", shape="interactive"), answer("PER-USA+R9", 1, steps="r9:2>3,shape:3>1")),
    ("R9 is no part of the rule id where it changed nothing",
     Facts("licences"), answer("ECO-USA", 3)),
    ("R9 raises an unknown destination to high",
     Facts("licences", exposure="unknown"), answer("ECO-UNK+R9", 3, steps="r9:2>3")),
    ("R9 raises an operator of the EU to medium",
     Facts("per-r9", exposure="eu-sovereign"), answer("PER-SOV+R9", 2, steps="r9:0>2")),
    ("R9 leaves a qualified service alone",
     Facts("sante", exposure="eu-qualified", letters="h"), answer("HLT-QUA", 0)),
    ("R9 raises health with an HDS record at an operator of the EU",
     Facts("sante", exposure="eu-sovereign", letters="h"), answer("HLT-SOV+R9", 2, steps="r9:1>2")),
    ("R9 says nothing of internal data", Facts("int"), answer("INT-USA", 1)),
    ("R9 counts for the class that strong content gives",
     Facts("int", **strong("personal")), answer("PER-USA+R9", 4, steps="r9:2>3,content:3>4")),
    ("content and mismatch raise no diffusion-restreinte (5.25)",
     Facts("dre", **strong("personal"), exposure="eu-qualified", letters="mda"), answer("DRE-QUA", 3)),
    ("a mismatch does not raise diffusion-restreinte of one's own (5.25)",
     Facts("dre", exposure="state-internal", confidence="low", letters="mda"), answer("DRE-INT", 0)),
    ("neither trace, kind nor confidence lower diffusion-restreinte",
     Facts("dre", shape="trace", confidence="low", letters="l"), answer("DRE-USA", 4)),
    ("a trace of secret to one's own infrastructure stays critical",
     Facts("sec", exposure="state-internal", shape="trace"), answer("SEC-INT", 4)),
    ("strong content of a higher class is the class", Facts("per", **strong("secret")), answer("SEC-USA", 4)),
    ("strong content of a lower class leaves the zone's",
     Facts("sba", **strong("personal"), exposure="third-country"), answer("SBA-THC", 4, steps="content:3>4")),
    ("weak content changes nothing",
     Facts("int", content_class="health", content_strength="weak"), answer("INT-USA", 1)),
    ("strong content of class internal does not raise (5.26)",
     Facts("pub", **strong("internal")), answer("INT-USA", 1)),
    ("strong content of class internal keeps a low-sink from lowering",
     Facts("int", **strong("internal"), letters="l"), answer("INT-USA", 1)),
    ("strong content raises no operator of the EU",
     Facts("per", **strong("health"), exposure="eu-sovereign"), answer("HLT-SOV", 2)),
    ("bulk raises low and medium by one", Facts("per", shape="bulk"), answer("PER-USA", 3, steps="shape:2>3")),
    ("bulk raises no high", Facts("eco", shape="bulk"), answer("ECO-USA", 3)),
    ("bulk raises no public data", Facts("pub", shape="bulk", exposure="unknown"), answer("PUB-UNK", 0)),
    ("bulk raises no licensed technology of the EU",
     Facts("eco", shape="bulk", exposure="us-technology-eu-controlled"), answer("ECO-TEC", 2)),
    ("interactive keeps the result from falling below informational",
     Facts("int", shape="interactive"), answer("INT-USA", 0, steps="shape:1>0")),
    ("a low-sink lowers by one", Facts("per", letters="l"), answer("PER-USA", 1, steps="kind:2>1")),
    ("a low-sink that is only claimed does not (5.26)",
     Facts("per", confidence="low", letters="l"), answer("PER-USA", 1, steps="confidence:2>1")),
    ("a low-sink does not lower what is bulk (5.26)",
     Facts("per", shape="bulk", letters="l"), answer("PER-USA", 3, steps="shape:2>3")),
    ("low confidence does not lower an unknown destination",
     Facts("per", exposure="unknown", confidence="low"), answer("PER-UNK", 2)),
    ("low confidence does not lower low", Facts("int", confidence="low"), answer("INT-USA", 1)),
    ("a mismatch that dns contradicts is at least medium",
     Facts("per", exposure="eu-sovereign", confidence="low", letters="md"), answer("PER-SOV", 2, steps="mismatch:0>2")),
    ("a mismatch with the more exposed address is at least medium, after confidence lowered it",
     Facts("int", exposure="third-country", shape="bulk", confidence="low", letters="ma"),
     answer("INT-THC", 2, steps="shape:1>2,confidence:2>1,mismatch:1>2")),
    ("a mismatch alone raises nothing",
     Facts("per", exposure="eu-sovereign", confidence="low", letters="m"), answer("PER-SOV", 0)),
    ("a mismatch of less than an export raises nothing",
     Facts("per", shape="interactive", confidence="low", letters="mda"), answer("PER-USA", 0, steps="shape:2>0")),
    ("a mismatch raises no public data (5.26)", Facts("pub", confidence="low", letters="mda"), answer("PUB-USA", 0)),
    ("dns that contradicts without the flag raises nothing",
     Facts("per", exposure="eu-sovereign", letters="da"), answer("PER-SOV", 0)),
    ("health counts an HDS record", Facts("hlt", exposure="eu-sovereign", letters="h"), answer("HLT-SOV", 1)),
    ("health that content gives counts it too",
     Facts("per", **strong("health"), exposure="eu-qualified", letters="h"), answer("HLT-QUA", 0)),
    ("an HDS record is nothing to other classes",
     Facts("sba", exposure="eu-sovereign", letters="h"), answer("SBA-SOV", 2)),
    ("what no zone holds has the class of policy.unmapped_class", Facts("unmapped"), answer("INT-USA", 1)),
]

COVERED = "exception:3>1"
EXCEPTIONS = [
    ("before the day of approval there is no exception (5.29)",
     bucket("bureautique", day="2026-03-31"), answer("INT-USA", 1)),
    ("the day of approval is valid (5.37)", bucket("bureautique", day="2026-04-01"),
     answer("INT-USA", 1, 0, "EXC-2026-004", steps="exception:1>0")),
    ("the last day is valid", dropbox("licences", day="2026-11-30"),
     answer("ECO-USA", 3, 1, "EXC-2025-011", steps=COVERED)),
    ("18 months are a valid time", bucket("eco", day="2027-12-15"), answer("ECO-USA", 3, 1, "BOTH", steps=COVERED)),
    ("the day after the last is not, and is said", bucket("eco", day="2027-12-16"),
     answer("ECO-USA", 3, ended="BOTH")),
    ("operators and services given both: both match (5.27)", bucket("eco"),
     answer("ECO-USA", 3, 1, "BOTH", steps=COVERED)),
    ("of both, the service does not match (5.27)", bucket("eco", service="glacier"), answer("ECO-USA", 3)),
    ("of both, the host does not match (5.27)", bucket("eco", host_operator="cloudflare"), answer("ECO-USA", 3)),
    ("of both, the service's operator does not match (5.27)",
     bucket("eco", service_operator="wetransfer"), answer("ECO-USA", 3)),
    ("of both, the operator of the proxy does not match (5.27)", bucket("eco", proxy_operator="cloudflare"),
     answer("ECO-USA", 3)),
    ("a proxy of an operator that is listed", bucket("eco", proxy_operator="aws"),
     answer("ECO-USA", 3, 1, "BOTH", steps=COVERED)),
    ("nobody is known but the proxy's operator",
     bucket("eco", service_operator="-", host_operator="-", proxy_operator="aws"),
     answer("ECO-USA", 3, 1, "BOTH", steps=COVERED)),
    ("a proxy outside that nobody knows buys nothing", bucket("eco", letters="p"), answer("ECO-USA", 3)),
    ("a service behind one neither", drive("per", letters="p"), answer("PER-USA", 2)),
    ("one operator known and listed is enough (5.27)", bucket("eco", host_operator="-"),
     answer("ECO-USA", 3, 1, "BOTH", steps=COVERED)),
    ("no operator known is none listed (5.27)",
     bucket("eco", service_operator="-", host_operator="-"), answer("ECO-USA", 3)),
    ("medium confidence is enough (5.27)", bucket("eco", confidence="medium"),
     answer("ECO-USA", 3, 1, "BOTH", steps=COVERED)),
    ("a claimed name buys no exception (5.27)", bucket("eco", confidence="low"),
     answer("ECO-USA", 2, steps="confidence:3>2")),
    ("a kind that is not listed", bucket("eco", kind="unknown"), answer("ECO-USA", 3)),
    ("a zone that is not listed", bucket("sba"), answer("SBA-USA", 3)),
    ("content above max_class", bucket("eco", **strong("health")), answer("HLT-USA", 4, steps="content:3>4")),
    ("content within max_class", bucket("pub", **strong("personal"), day="2026-12-05"),
     answer("PER-USA+R9", 4, 1, "BOTH", steps="r9:2>3,content:3>4,exception:4>1")),
    ("an exception is named where it changes nothing (5.29)", bucket("pub", day="2026-12-05"),
     answer("PUB-USA", 0, 0, "BOTH")),
    ("services alone", drive("per"), answer("PER-USA", 2, 0, "SERVICE", steps="exception:2>0")),
    ("a claimed service buys no exception (5.27)", drive("per", confidence="low"),
     answer("PER-USA", 1, steps="confidence:2>1")),
    ("the lowest cap of those that match, exactly its limit (5.28)", outlook("sba", bytes_up=MIB),
     answer("SBA-USA", 3, 0, "LOWEST", steps="exception:3>0")),
    ("of equal caps the first listed (5.28), where the lowest holds no more", outlook("sba", bytes_up=1),
     answer("SBA-USA", 3, 1, "FIRST", steps=COVERED)),
    ("a flow that would pass the limit is surplus there as a whole (5.28)", outlook("sba", bytes_up=10 * MIB),
     answer("SBA-USA", 3, 1, "SECOND", steps=COVERED)),
    ("surplus used up nothing, a smaller one still fits, to the last byte (5.28)",
     outlook("sba", bytes_up=10 * MIB - 1), answer("SBA-USA", 3, 1, "FIRST", steps=COVERED)),
    ("the winner alone was charged (5.37)", outlook("sba", bytes_up=10 * MIB),
     answer("SBA-USA", 3, 1, "SECOND", steps=COVERED)),
    ("all used up", outlook("sba", bytes_up=1), answer("SBA-USA", 3)),
    ("a flow without bytes fits", outlook("sba", bytes_up=0),
     answer("SBA-USA", 3, 0, "LOWEST", steps="exception:3>0")),
    ("another day has bytes of its own", outlook("sba", bytes_up=MIB, day="2026-12-02"),
     answer("SBA-USA", 3, 0, "LOWEST", steps="exception:3>0")),
    ("flows that the cap does not change use up bytes (5.37)",
     outlook("sba", bytes_up=MIB, shape="trace", day="2026-12-03"),
     answer("SBA-USA", 0, 0, "LOWEST", steps="shape:3>0")),
    ("so that the next has to go elsewhere (5.37)", outlook("sba", bytes_up=MIB, day="2026-12-03"),
     answer("SBA-USA", 3, 1, "FIRST", steps=COVERED)),
    ("what nobody names is listed as unknown (5.27)",
     Facts("sba", host_operator="microsoft", kind="unknown", day="2026-12-04"),
     answer("SBA-USA", 3, 1, "FIRST", steps=COVERED)),
    ("a DR approval lowers diffusion-restreinte", backup("dre"), answer("DRE-SOV", 3, 2, "DR", steps="exception:3>2")),
    ("an ordinary exception does not", Facts("dre", host_operator="ovhcloud", kind="mail"), answer("DRE-USA", 4)),
    ("nothing lowers secret", backup("sec"), answer("SEC-SOV", 4)),
    ("nor content of that class", backup("dre", **strong("secret")), answer("SEC-SOV", 4)),
    ("the end is said whatever the severity and the bytes (5.30)", backup("pub", bytes_up=MIB),
     answer("PUB-SOV", 0, ended="ENDED")),
    ("the end is said beside the exception in force (5.30)", backup("hlt", bytes_up=MIB),
     answer("HLT-SOV", 2, 0, "RENEWED", "ENDED", "exception:2>0")),
    ("the day before, both limits of time hold", backup("hlt", bytes_up=KIB, day="2026-11-30"),
     answer("HLT-SOV", 2, 0, "ENDED", steps="exception:2>0")),
    ("surplus of a small limit", backup("hlt", bytes_up=1, day="2026-11-30"), answer("HLT-SOV", 2)),
    ("the end is not said of another operator", backup("hlt", operator="aws"), answer("HLT-SOV", 2)),
    ("the end is not said of a claimed name (5.27)", backup("hlt", operator="scaleway", confidence="low"),
     answer("HLT-SOV", 1, steps="confidence:2>1")),
]

ROWS = WORKED_EXAMPLE + STEPS + EXCEPTIONS
