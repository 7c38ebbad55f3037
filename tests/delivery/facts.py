# SPDX-License-Identifier: Apache-2.0
"""What a message says of an alert, from every format into the same words, and what the journal's line says. So that a
field that was lost, cut or put into another one's place shows. Values are texts; None where there is none."""
import datetime
import re

import messages

SEVERITIES = ("informational", "low", "medium", "high", "critical")
ECS_SEVERITY = dict(zip((1, 3, 5, 8, 10), SEVERITIES))
SYSLOG_SEVERITY = dict(zip((6, 5, 4, 3, 2), SEVERITIES))
OCSF_SEVERITY = dict(zip((1, 2, 3, 4, 5), SEVERITIES))
# Members of the block `vigie` that are looked at, and the names that CEF's neighbours have for them.
BLOCK = {"day": "day", "flows": "flows", "zone": "zone", "zone_owner": "zoneOwner", "host": "host",
         "data_class": "dataClass", "direction": "direction", "name": "name", "operator": "operator",
         "service": "service", "service_kind": "serviceKind", "region": "region", "exposure": "exposure",
         "confidence": "confidence", "shape": "shape", "payload_out": "payloadOut", "payload_in": "payloadIn",
         "exception": "exception", "subject": "subject", "severity": "severity"}


def at(record, *path):
    """The value at a path into nested objects, or None."""
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _named(pairs):
    return {name: None if value is None else str(value) for name, value in pairs.items()}


def _ends(record, source, destination, names):
    found = {}
    for end, side in (("src", source), ("dst", destination)):
        for fact, member in names.items():
            found[f"{end}{fact}"] = at(record, side, member)
    return found


def of_record(record, sequence):
    """Of the journal's line."""
    block = {name: at(record, "vigie", name) for name in BLOCK}
    return _named({
        "id": at(record, "event", "id"), "sequence": sequence, "rule": at(record, "rule", "id"),
        "rule_name": at(record, "rule", "name"), "message": record.get("message"), **block,
        "transport": at(record, "network", "transport"),
        **_ends(record, "source", "destination", {"": "ip", "_port": "port", "_bytes": "bytes"})})


def of_ecs(record):
    return {**of_record(record, at(record, "event", "sequence")),
            "severity_number": ECS_SEVERITY.get(at(record, "event", "severity"))}


def _of_block(record, *path):
    return {name: at(record, *path, name) for name in BLOCK}


def of_ocsf(record):
    return _named({
        "id": at(record, "finding_info", "uid"), "sequence": at(record, "metadata", "sequence"),
        "rule": at(record, "metadata", "event_code"), "rule_name": at(record, "finding_info", "title"),
        "message": record.get("message"), **_of_block(record, "unmapped", "vigie"),
        "severity_number": OCSF_SEVERITY.get(record.get("severity_id")),
        **_ends(record, "src_endpoint", "dst_endpoint", {"": "ip", "_port": "port"})})


def of_eve(record):
    return _named({
        "id": at(record, "vigie", "id"), "sequence": at(record, "vigie", "sequence"),
        "rule": at(record, "vigie", "rule"), "message": at(record, "vigie", "message"), **_of_block(record, "vigie"),
        "src": record.get("src_ip"), "dst": record.get("dest_ip"), "src_port": record.get("src_port"),
        "dst_port": record.get("dest_port"), "src_bytes": at(record, "flow", "bytes_toserver"),
        "dst_bytes": at(record, "flow", "bytes_toclient")})


def _of_keys(fields):
    """Keys of structured data and LEEF."""
    return {"id": fields.get("id"), "sequence": fields.get("sequence"), "rule_name": fields.get("ruleName"),
            **{name: fields.get(key) for name, key in BLOCK.items()}}


def of_syslog_parts(parts):
    """Of a message in format `syslog`, taken apart as messages.syslog does; SD of whoever took it apart."""
    fields = next((value for name, value in parts["sd"].items() if name.startswith("vigie@")), {})
    return _named({
        **_of_keys(fields), "rule": fields.get("rule"), "msgid": parts["msgid"], "message": parts["msg"],
        "severity_number": SYSLOG_SEVERITY.get(parts["pri"] % 8), "transport": fields.get("transport"),
        **{name: fields.get(key) for name, key in {
            "src": "src", "src_port": "srcPort", "src_bytes": "srcBytes", "dst": "dst", "dst_port": "dstPort",
            "dst_bytes": "dstBytes"}.items()}})


def of_leef(text):
    header, fields = messages.leef(text)
    return _named({
        **_of_keys(fields), "rule": header["event_id"], "message": fields.get("msg"), "transport": fields.get("proto"),
        "severity_number": ECS_SEVERITY.get(int(fields.get("sev", 0))), "src": fields.get("src"),
        "dst": fields.get("dst"), "src_port": fields.get("srcPort"), "dst_port": fields.get("dstPort"),
        "src_bytes": fields.get("srcBytes"), "dst_bytes": fields.get("dstBytes")})


def of_cef(text):
    header, fields = messages.cef(text)
    extra = {name: fields.get("vigie" + key[0].upper() + key[1:]) for name, key in BLOCK.items()}
    return _named({
        **extra, "id": fields.get("externalId"), "sequence": fields.get("Sequence"), "rule": header["class_id"],
        "rule_name": header["name"], "message": fields.get("msg"), "flows": fields.get("cnt"),
        "severity_number": ECS_SEVERITY.get(int(header["severity"])), "zone": fields.get("Zone"),
        "host": fields.get("Host"), "data_class": fields.get("DataClass"), "operator": fields.get("Provider"),
        "exposure": fields.get("Jurisdiction"), "payload_out": fields.get("UploadBytes"),
        "service": fields.get("destinationServiceName"), "src": fields.get("src") or fields.get("Source IPv6 Address"),
        "dst": fields.get("dst") or fields.get("Destination IPv6 Address"), "src_port": fields.get("spt"),
        "dst_port": fields.get("dpt"), "transport": (fields.get("proto") or "").lower() or None})


def of_text(text):
    """The line for people tells these only."""
    identity, sequence = messages.identity("text", text)
    words = text.split(" - ", 1)[0].split()
    return {"id": identity, "sequence": sequence and str(sequence), "severity": next(
        (word for word in words if word in SEVERITIES), None), "rule": next(
        (word for word in words if re.fullmatch(r"[A-Z]{3}-[A-Z0-9+-]+", word)), None),
        "message": text.split(" - ", 1)[1].rsplit(" [", 1)[0]}


READERS = {
    "cef": lambda body: of_cef(body.decode()),
    "leef": lambda body: of_leef(body.decode()),
    "ecs": lambda body: of_ecs(messages.strict_json(body)),
    "ocsf": lambda body: of_ocsf(messages.strict_json(body)),
    "eve": lambda body: of_eve(messages.strict_json(body)),
    "text": lambda body: of_text(body.decode()),
    "syslog": lambda body: of_syslog_parts(messages.syslog(body)),
}


def milliseconds(text):
    """Since 1970, of a time in any of the formats."""
    if text is None or str(text).isdigit():
        return text and int(text)
    text = re.sub(r"(\.\d{3})\d*", r"\1", text).replace("+0000", "Z").replace("Z", "+00:00")
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def _times_of_syslog(body):
    parts = messages.syslog(body)
    fields = next((value for name, value in parts["sd"].items() if name.startswith("vigie@")), {})
    return parts["time"], fields.get("recorded")


def _members(*paths):
    def read(body):
        record = messages.strict_json(body)
        return tuple(at(record, *path.split("/")) for path in paths)
    return read


# Of a body in that format: the event's own time, and when it was told.
TIMES = {
    "cef": lambda body: (lambda fields: (fields["end"], fields["rt"]))(messages.cef(body.decode())[1]),
    "leef": lambda body: (lambda fields: (fields["end"], fields["devTime"]))(messages.leef(body.decode())[1]),
    "ecs": _members("@timestamp", "event/created"),
    "ocsf": _members("time", "metadata/logged_time"),
    "eve": _members("timestamp", "vigie/recorded"),
    "syslog": _times_of_syslog,
}


def wrong_times(kind, row, body):
    """An alert has the time of its latest packet, and of its row in the journal."""
    if kind not in TIMES:
        return
    own, told = map(milliseconds, TIMES[kind](body))
    if own != milliseconds(row.record["event"]["end"]) or told != row.recorded_ns // 1000000:
        yield f"{kind}: row {row.seq}: times {own}, {told}, journal {row.record['event']['end']}, {row.recorded_ns}"


# What a format has no place for, or not the same.
LEFT_OUT = {
    "cef": {"name", "transport", "src_bytes", "dst_bytes"},
    "leef": set(),
    "ecs": set(),
    "ocsf": {"transport", "src_bytes", "dst_bytes"},
    "eve": {"transport", "rule_name"},
    "text": {*BLOCK} - {"severity"},
    "syslog": set(),
}


def _plain(text):
    """Formats without a place for controls and line ends put something else there, and drop spaces at the ends."""
    return None if text is None else re.sub(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]+", " ",
                                            text).strip()


def _same(expected, given):
    expected, given = _plain(expected), _plain(given)
    if expected == given:
        return True
    # What is too long for the format ends in a mark.
    return bool(expected and given and given.endswith(("...", "\u2026")) and len(given) > 100
                and expected.startswith(given.rstrip(".\u2026").strip()))


def differences(kind, record, sequence, given):
    """What a message says differently from the journal."""
    expected = of_record(record, sequence)
    for number in ("severity_number", "msgid"):
        if number in given:
            expected[number] = expected["severity" if number == "severity_number" else "rule"]
    if kind == "cef":
        # One key for either.
        expected["service"] = expected["service"] or expected["service_kind"]
    for name, value in expected.items():
        if name in given and name not in LEFT_OUT[kind] and not _same(value, given[name]):
            yield f"{kind}: {name}: {value!r} became {given[name]!r}"
