#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The golden messages of CEF, LEEF and syslog, read by parsers written from the standards, say what the lines say."""
import datetime
import json
import os
import re
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

from vigie_test import SOURCE, Tap

GOLDEN = SOURCE / "tests" / "golden" / "formats"
SENSOR, VERSION, POLICY, POLICY_VERSION, SEQUENCE = "sensor-1.phares.example", "0.1.0", "phares", "7", "42"
# When each row was written to the journal.
RECORDED = "2026-12-01T10:00:00.987654321Z"

UNSAFE = {*range(0x20), *range(0x7f, 0xa0), 0x200e, 0x200f, *range(0x2028, 0x202f), *range(0x2066, 0x206a)}
SEVERITIES = {"informational": (1, 0, 6), "low": (3, 21, 5), "medium": (5, 47, 4), "high": (8, 73, 3), "critical": (10, 99, 2)}


# The parsers. Each returns header fields and a dictionary, or raises ValueError.

def parse_cef(text):
    header = re.match(r"CEF:0((?:\|(?:[^|\\]|\\[|\\])*){6})\|", text)
    if not header:
        raise ValueError("no header of CEF")
    fields = [re.sub(r"\\(.)", r"\1", field) for field in re.findall(r"\|((?:[^|\\]|\\.)*)", header.group(1))]
    values, extension = {}, text[header.end():]
    pair = re.compile(r"([A-Za-z0-9]+)=((?:[^=\\]|\\[=\\nr])*?)(?= [A-Za-z0-9]+=|$)", re.DOTALL)
    at = 0
    while at < len(extension):
        match = pair.match(extension, at)
        if not match or match.group(1) in values:
            raise ValueError(f"no new pair at {extension[at:at + 40]!r}")
        values[match.group(1)] = re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r"}.get(m.group(1), m.group(1)), match.group(2))
        at = match.end() + 1
    return fields, values


def parse_leef(text):
    parts = text.split("|", 6)
    if len(parts) != 7 or parts[0] != "LEEF:2.0" or parts[5] != "0x09":
        raise ValueError("no header of LEEF 2.0")
    pairs = [pair.partition("=") for pair in parts[6].split("\t")]
    if len({key for key, _, _ in pairs}) != len(pairs) or not all(re.fullmatch("[A-Za-z0-9]+", key) for key, _, _ in pairs):
        raise ValueError("a key twice, or one that is none")
    return parts[1:5], {key: value for key, _, value in pairs}


def parse_syslog(text):
    header = re.match(r"<(\d{1,3})>1 (\S+) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) ", text)
    if not header:
        raise ValueError("no header of RFC 5424")
    at, elements = header.end(), {}
    element = re.compile(r'\[([^ =\]"]{1,32})((?: [^ =\]"]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]')
    while text[at] == "[":
        match = element.match(text, at)
        if not match or match.group(1) in elements:
            raise ValueError(f"no new element at {text[at:at + 40]!r}")
        parameters = re.findall(r' ([^ =]+)="((?:[^"\\\]]|\\.)*)"', match.group(2))
        elements[match.group(1)] = {key: re.sub(r"\\(.)", r"\1", value) for key, value in parameters}
        if len(elements[match.group(1)]) != len(parameters):
            raise ValueError("a parameter twice")
        at = match.end()
    if text[at] != " ":
        raise ValueError("no message")
    return header.groups(), elements, text[at + 1:]


# What the line says, in the words of the formats.

def clean(value, kept="", spaces=""):
    """As docs/formats.md says: what is not `kept` and drives a terminal becomes U+FFFD, `spaces` a space."""
    text = "".join(c if c in kept else " " if c in spaces else "\ufffd" if ord(c) in UNSAFE else c for c in value)
    return text.strip(" ")


def look(line, *path):
    for key in path:
        line = line.get(key) if isinstance(line, dict) else None
    return line


def ns(text):
    """Nanoseconds since 1970."""
    whole = datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(whole.timestamp()) * 10**9 + int(text[20:29])


def class_of(line):
    if line["event"]["kind"] == "event":
        return "flow"
    rule = line["rule"]["id"]
    return "sensor" if rule.startswith("SYS-") else "finding" if rule.startswith("GOV-") and "network" not in line else "alert"


def listed(words):
    return None if words is None else ",".join(word.replace(",", "\ufffd") for word in words)


def steps(line):
    found = look(line, "vigie", "steps")
    if found is None:
        return None
    parts = [":".join(re.sub("[,:]", "\ufffd", step[key]) for key in ("step", "before", "after")) for step in found]
    return ",".join(parts)


def technique(line):
    """As docs/formats-json.md says of `threat`."""
    v = line["vigie"]
    has_form = (class_of(line) == "alert" and not v.get("test") and v.get("direction") == "egress"
                and v.get("service_kind") in ("object-storage", "file-sharing") and v.get("shape") in ("export", "bulk"))
    return "T1567.002" if has_form else None


def far(line):
    source = line.get("source", {})
    return source if "as" in source or "geo" in source else line.get("destination", {})


def common(line):
    """Every field under vigie's own key, as syslog has it."""
    v, severity = line["vigie"], look(line, "vigie", "severity")
    plain = {"zone": "zone", "zoneOwner": "zone_owner", "host": "host", "dataClass": "data_class", "day": "day", "subject": "subject",
             "direction": "direction", "flowId": "flow_id", "capture": "capture", "name": "name", "nameSource": "name_source",
             "operator": "operator", "hostOperator": "host_operator", "service": "service", "serviceKind": "service_kind",
             "region": "region", "regionCountry": "region_country", "tenancy": "tenancy", "exposure": "exposure",
             "confidence": "confidence", "shape": "shape", "exception": "exception", "evidenceName": "evidence_name", "flows": "flows",
             "payloadOut": "payload_out", "payloadIn": "payload_in", "vni": "vni", "flowSeq": "seq", "test": "test", "final": "final",
             "moreNames": "more_names", "otherNames": "other_names", "protocolCategory": "protocol_category"}
    values = {key: v.get(member) for key, member in plain.items()}
    for key, member in {"names": "names", "evidence": "evidence", "wayEvidence": "way_evidence",
                        "disagree": "disagree", "flags": "flags", "risks": "risks",
                        "exceptionsOfPart": "exceptions_of_part", "exceptionsEnded": "exceptions_ended"}.items():
        values[key] = listed(v.get(member))
    values.update({
        "id": look(line, "event", "id") or v["flow_id"], "sequence": SEQUENCE, "class": class_of(line), "severity": severity,
        "severityBeforeException": v.get("severity_before_exception"),
        "riskScore": SEVERITIES[severity][1] if severity else None, "rule": look(line, "rule", "id"),
        "ruleName": look(line, "rule", "name"), "start": line["event"]["start"], "end": line["event"]["end"], "steps": steps(line),
        "transport": look(line, "network", "transport"), "networkType": look(line, "network", "type"), "protocol": look(line, "network", "protocol"),
        "communityId": look(line, "network", "community_id"), "vlan": look(line, "network", "vlan", "id"),
        "innerVlan": look(line, "network", "inner", "vlan", "id"), "asNumber": look(far(line), "as", "number"),
        "asOrganization": look(far(line), "as", "organization", "name"), "country": look(far(line), "geo", "country_iso_code"),
        "tlsVersion": look(line, "tls", "version"), "serverName": look(line, "tls", "client", "server_name"),
        "ja4": look(line, "tls", "client", "ja4"), "dstDomain": look(line, "destination", "domain"),
        "nextProtocol": look(line, "tls", "next_protocol"), "tlsResumed": look(line, "tls", "resumed"),
        "recorded": RECORDED, "technique": technique(line), "policy": POLICY, "policyVersion": POLICY_VERSION, "sensor": SENSOR,
    })
    for end, name in (("src", "source"), ("dst", "destination")):
        for suffix, member in (("", "ip"), ("Port", "port"), ("Bytes", "bytes"), ("Packets", "packets")):
            values[end + suffix] = look(line, name, member)
    for end, name in (("innerSrc", "source"), ("innerDst", "destination")):
        for suffix, member in (("", "ip"), ("Port", "port")):
            values[end + suffix] = look(line, "vigie", "inner", name, member)
    values |= {"outerSrc": look(line, "vigie", "outer", "source", "ip"), "tunnel": look(line, "vigie", "outer", "tunnel"),
               "outerDst": look(line, "vigie", "outer", "destination", "ip")}
    return values


def wanted_syslog(line):
    return common(line)


def wanted_leef(line):
    values = common(line)
    del values["rule"]
    values["cat"] = values.pop("class")
    values["proto"] = values.pop("transport")
    del values["recorded"]
    values["devTime"] = ns(RECORDED) // 10**6
    values["sev"] = SEVERITIES.get(values["severity"], (1,))[0]
    values["totalPackets"] = look(line, "network", "packets")
    values["msg"] = line["message"]
    return values


def address(text, version):
    """The address where it is one of that version."""
    is_6 = text is not None and ":" in text
    is_4 = text is not None and re.fullmatch(r"[0-9.]+", text)
    return text if (is_6 if version == 6 else is_4) else None


LABELS = {"c6a2": "Source IPv6 Address", "c6a3": "Destination IPv6 Address", "cn1": "ASN", "cn2": "UploadBytes", "cn3": "Sequence",
          "cs1": "Jurisdiction", "cs2": "Provider", "cs3": "DataClass", "cs4": "PolicyId", "cs5": "ServerName", "cs6": "JA4",
          "cfp1": "Confidence", "flexString1": "Zone", "flexString2": "Host"}

# Key of the standard -> vigie's own key.
CEF_KEYS = {"externalId": "id", "cn3": "sequence", "cat": "class", "cnt": "flows", "spt": "srcPort", "dpt": "dstPort",
            "app": "protocol", "cs1": "exposure", "cs2": "operator", "cs3": "dataClass", "cs4": "rule", "cs6": "ja4", "cn1": "asNumber",
            "cn2": "payloadOut", "flexString1": "zone", "flexString2": "host", "reason": "evidence", "dvchost": "sensor"}


def wanted_cef(line):
    values = common(line)
    ingress, egress = values["direction"] == "ingress", values["direction"] == "egress"
    wanted = {key: values.pop(own) for key, own in CEF_KEYS.items()}
    start, end, name = values.pop("start"), values.pop("end"), values["name"]
    ends = {end: values.pop(end) for end in ("src", "dst")}
    out, into = values.pop("srcBytes"), values.pop("dstBytes")
    domain = values.pop("dstDomain") or (name if not address(name, 4) else None)
    parts = domain.split(".", 1) if domain else [None]
    server_name, service, transport = values.pop("serverName"), values.pop("service"), values.pop("transport")
    del values["ruleName"], values["recorded"]
    found = values.pop("technique")
    wanted.update({"frameworkName": found and "MITRE ATT&CK", "threatAttackID": found})
    wanted.update({f"vigie{key[0].upper()}{key[1:]}": value for key, value in values.items()})
    wanted.update({
        "rt": ns(RECORDED) // 10**6, "start": ns(start) // 10**6, "end": ns(end) // 10**6,
        "type": "1" if (wanted["cnt"] or 0) > 1 else None,
        "act": {"flow": "observed", "sensor": "reported"}.get(wanted["cat"], "detected"),
        "outcome": "success" if wanted["cn2"] else None, "deviceDirection": "1" if egress else "0" if ingress else None,
        "src": address(ends["src"], 4), "c6a2": address(ends["src"], 6), "dst": address(ends["dst"], 4), "c6a3": address(ends["dst"], 6),
        "shost": None if ingress else wanted["flexString2"], "dhost": domain,
        "destinationDnsDomain": parts[1] if len(parts) == 2 and "." in parts[1] else domain,
        "destinationServiceName": service or values["serviceKind"], "proto": transport and transport.upper(),
        "in": out if ingress else into, "out": into if ingress else out, "cs5": server_name or name,
        "cfp1": {"low": "1.0", "medium": "2.0", "high": "3.0"}.get(values["confidence"]), "deviceExternalId": SENSOR,
        "msg": line["message"],
    })
    return wanted


def expected(values, **cleaning):
    """As texts; what is absent, false or empty is not told."""
    texts = {key: "true" if value is True else clean(str(value), **cleaning)
             for key, value in values.items() if value is not None and value is not False}
    return {key: text for key, text in texts.items() if text}


def differences(found, wanted):
    for key in sorted({*found, *wanted}):
        is_cut = found.get(key, "").endswith("...") and wanted.get(key, "").startswith(found[key][:-3])
        if found.get(key) != wanted.get(key) and not is_cut:
            yield f"{key}: {found.get(key)!r}, wanted {wanted.get(key)!r}"


def check_cef(line, text):
    fields, values = parse_cef(text)
    wanted = expected(wanted_cef(line), kept="\n\r")
    wanted.update({f"{key}Label": label for key, label in LABELS.items() if key in wanted})
    severity = look(line, "vigie", "severity")
    name = look(line, "rule", "name")
    header = ["vigie", "vigie", VERSION, clean(line["rule"]["id"]), clean(name) if name else "Network flow judged",
              str(SEVERITIES[severity][0])]
    yield from differences(dict(enumerate(field.strip() for field in fields)), dict(enumerate(header)))
    yield from differences({key: value.rstrip(" ") for key, value in values.items()}, wanted)


def check_leef(line, text):
    fields, values = parse_leef(text)
    header = ["vigie", "vigie", VERSION, clean(line["rule"]["id"].replace("|", " "))]
    yield from differences(dict(enumerate(fields)), dict(enumerate(header)))
    yield from differences({key: value.rstrip(" ") for key, value in values.items()}, expected(wanted_leef(line), spaces="\t\n\r"))


def check_syslog(line, text):
    (priority, time, host, app, process, kind), elements, message = parse_syslog(text)
    wanted_header = [str(8 * 20 + SEVERITIES[line["vigie"]["severity"]][2]), line["event"]["end"][:23] + "Z", SENSOR, "vigie", "4711",
                     line["rule"]["id"][:32]]
    yield from differences(dict(enumerate([priority, time, host, app, process, kind])), dict(enumerate(wanted_header)))
    yield from differences(elements["vigie@32473"], expected(wanted_syslog(line)))
    yield from differences(elements["origin"], {"software": "vigie", "swVersion": VERSION})
    yield from differences(elements["meta"], {"sequenceId": SEQUENCE})
    sentence = clean(line["message"])
    mark = "" if sentence.isascii() else "\ufeff"
    yield from differences({"MSG": message.rstrip(" ")}, {"MSG": mark + sentence})


def check_bytes(raw):
    """UTF-8 on one line, without anything that drives a terminal."""
    text = raw.decode("utf-8")
    bad = [f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in {"Cc", "Zl", "Zp"} and c != "\t"]
    return [f"holds {', '.join(bad)}"] if bad else []


def main():
    tap = Tap()
    checks = {"cef": check_cef, "leef": check_leef, "syslog": check_syslog, "text": lambda line, text: []}
    for path in sorted((GOLDEN / "input").glob("*.json")):
        line = json.loads(path.read_text())
        for folder, check in checks.items():
            raw = (GOLDEN / folder / f"{path.stem}.txt").read_bytes()
            try:
                faults = check_bytes(raw) + list(check(line, raw.decode()))
            except (ValueError, KeyError, IndexError) as error:
                faults = [repr(error)]
            tap.ok(not faults, f"{folder}: {path.stem} comes back", faults)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
