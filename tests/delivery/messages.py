# SPDX-License-Identifier: Apache-2.0
"""Reads messages back, each format by the letter of its own document and by nothing of ours: the syslog envelope (RFC
5424), CEF (ArcSight), LEEF 2.0 (QRadar), ECS, OCSF and EVE. What cannot be read is a ValueError."""
import json
import re

_HEADER = re.compile(rb"<(\d{1,3})>1 (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) ")
# RFC 5424 6: TIMESTAMP has at most six digits behind the point.
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)|-")
_SD_NAME = re.compile(r'[!#-<>-\\^-~]{1,32}')
_TEXT_END = re.compile(r" \[\w+ ([0-9a-f]{32}), (\d+)\]$")


def syslog(data):
    """The parts of a message of RFC 5424 as a dictionary; `sd` is {id: {name: value}}."""
    match = _HEADER.match(data)
    if not match:
        raise ValueError(f"no header of RFC 5424: {data[:100]!r}")
    pri, time, host, app, process, msgid = (part.decode("ascii") for part in match.groups())
    if int(pri) > 191 or not _TIMESTAMP.fullmatch(time):
        raise ValueError(f"PRI or TIMESTAMP: {data[:100]!r}")
    text = data[match.end():].decode("utf-8")
    elements, rest = structured_data(text)
    if rest and not rest.startswith(" "):
        raise ValueError(f"no space behind the structured data: {rest[:50]!r}")
    return {"pri": int(pri), "time": time, "host": host, "app": app, "process": process, "msgid": msgid,
            "sd": elements, "msg": rest[1:].removeprefix("\ufeff")}


def structured_data(text):
    """({id: {name: value}}, what follows)."""
    elements, at = {}, 0
    if text.startswith("-"):
        return elements, text[1:]
    while text.startswith("[", at):
        name = _SD_NAME.match(text, at + 1)
        if not name or name[0] in elements:
            raise ValueError(f"SD-ID: {text[at:at + 50]!r}")
        parameters = elements.setdefault(name[0], {})
        at = name.end()
        while text.startswith(" ", at):
            name = _SD_NAME.match(text, at + 1)
            if not name or not text.startswith('="', name.end()):
                raise ValueError(f"PARAM-NAME: {text[at:at + 50]!r}")
            parameters[name[0]], at = _sd_value(text, name.end() + 2)
        if not text.startswith("]", at):
            raise ValueError(f"SD-ELEMENT: {text[at:at + 50]!r}")
        at += 1
    if not elements:
        raise ValueError(f"no structured data: {text[:50]!r}")
    return elements, text[at:]


def _sd_value(text, at):
    """RFC 5424 6.3.3: a quote, a backslash and a closing bracket stand behind a backslash."""
    value = []
    while True:
        if at >= len(text) or text[at] == "]":
            raise ValueError(f"PARAM-VALUE without its end: {text[-50:]!r}")
        if text[at] == '"':
            return "".join(value), at + 1
        if text[at] == "\\" and text[at + 1:at + 2] in ('"', "\\", "]"):
            at += 1
        value.append(text[at])
        at += 1


def _unescape(text, escapes):
    return re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[0]), text, flags=re.DOTALL)


def _split(text, sign, count):
    """The first `count` parts at a sign that is not behind a backslash, and the rest."""
    parts, begin, at = [], 0, 0
    while len(parts) < count:
        if at >= len(text):
            raise ValueError(f"{len(parts)} of {count} fields: {text[:100]!r}")
        if text[at] == "\\":
            at += 1
        elif text[at] == sign:
            parts.append(text[begin:at])
            begin = at + 1
        at += 1
    return parts, text[begin:]


def cef(text):
    """(header, extension): the header's fields, and {key: value}; csN and cnN stand under their labels as well."""
    parts, rest = _split(text, "|", 7)
    if not re.fullmatch(r"CEF:[01]", parts[0]):
        raise ValueError(f"no CEF: {text[:50]!r}")
    names = ("version", "vendor", "product", "device_version", "class_id", "name", "severity")
    header = {name: _unescape(part, {"|": "|", "\\": "\\"}) for name, part in zip(names, parts)}
    # A key is the word before an equals sign that no backslash precedes; its value goes up to the space before the
    # next one.
    keys = list(re.finditer(r"(?:^|(?<= ))([A-Za-z0-9_.\[\]]+)=", rest))
    if rest and (not keys or keys[0].start() != 0):
        raise ValueError(f"extension: {rest[:50]!r}")
    extension = {}
    for match, after in zip(keys, [*keys[1:], None]):
        value = rest[match.end():after.start() - 1 if after else len(rest)]
        if re.search(r"(?<!\\)(?:\\\\)*=", value):
            raise ValueError(f"an equals sign without a backslash in {match[1]}")
        if match[1] in extension:
            raise ValueError(f"{match[1]} twice")
        extension[match[1]] = _unescape(value, {"=": "=", "\\": "\\", "n": "\n", "r": "\r"})
    for key in [key for key in extension if key.endswith("Label")]:
        extension.setdefault(extension[key], extension.get(key.removesuffix("Label")))
    return header, extension


def leef(text):
    """(header, attributes) of LEEF 2.0."""
    parts = text.split("|", 6)
    if len(parts) != 7 or parts[0] != "LEEF:2.0":
        raise ValueError(f"no LEEF 2.0: {text[:50]!r}")
    header = dict(zip(("version", "vendor", "product", "device_version", "event_id"), parts))
    delimiter = parts[5] or "\t"
    if match := re.fullmatch(r"(?:0?x)([0-9A-Fa-f]{1,4})", delimiter):
        delimiter = chr(int(match[1], 16))
    attributes = {}
    for pair in filter(None, parts[6].split(delimiter)):
        key, sign, value = pair.partition("=")
        if not sign or not re.fullmatch(r"[A-Za-z0-9_.]+", key) or key in attributes:
            raise ValueError(f"attribute {pair[:50]!r}")
        attributes[key] = value
    return header, attributes


def strict_json(text):
    """An object with no member twice, and no constant that JSON does not know."""
    def once(pairs):
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError(f"a member twice in {[name for name, _ in pairs]}")
        return found

    def never(word):
        raise ValueError(word)
    value = json.loads(text, object_pairs_hook=once, parse_constant=never)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _of_fields(fields):
    """From keys of CEF, LEEF or structured data."""
    identity = next((fields[key] for key in ("externalId", "id", "alertId", "eventId") if key in fields), None)
    sequence = next((value for key, value in fields.items() if key.lower() in ("sequence", "seq", "eventsequence",
                                                                               "journalsequence")), None)
    return identity, int(sequence) if sequence is not None else None


def _of_text(text):
    """The line for people ends in "[alert ID, ROW]"."""
    match = _TEXT_END.search(text)
    if not match:
        raise ValueError(f"no id at the end: {text[-60:]!r}")
    return match[1], int(match[2])


def _of_ecs(record):
    return record["event"]["id"], record["event"].get("sequence")


def identity_of_elements(elements):
    """(id, sequence) of structured data, {id: {name: value}}."""
    fields = next((value for name, value in elements.items() if name.startswith("vigie@")), {})
    return _of_fields(fields)


# Of a body in that format: (the alert's id, the row of the journal).
IDENTITIES = {
    "cef": lambda text: _of_fields(cef(text)[1]),
    "leef": lambda text: _of_fields(leef(text)[1]),
    "ecs": lambda text: _of_ecs(strict_json(text)),
    "ocsf": lambda text: (lambda meta: (meta["correlation_uid"], meta["sequence"]))(strict_json(text)["metadata"]),
    "eve": lambda text: (lambda block: (block["id"], block["sequence"]))(strict_json(text)["vigie"]),
    "text": _of_text,
}


def identity(kind, data, envelope=False):
    """(id, sequence) of a message in a format, bare or within a syslog envelope."""
    if not envelope:
        return IDENTITIES[kind](data.decode("utf-8") if isinstance(data, bytes) else data)
    parts = syslog(data)
    return identity_of_elements(parts["sd"]) if kind == "syslog" else IDENTITIES[kind](parts["msg"])


def identity_of_sd(text):
    """The same of structured data as rsyslog gives it."""
    return identity_of_elements(structured_data(text)[0])
