#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The golden files of the formats ecs and eve: names and types as their receivers know them."""
import datetime
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

import golden_files
from json_types import is_address, is_boolean, is_date, is_eve_date, is_float, is_keyword, is_long
from vigie_test import SOURCE, Tap

# Elastic Common Schema 8.11 (https://www.elastic.co/guide/en/ecs/8.11, repository elastic/ecs,
# generated/elasticsearch/composable/component/*.json): field -> type. Every field takes a list too.
ECS = {
    is_date: "@timestamp event.created event.start event.end",
    is_long: "event.sequence event.severity event.duration network.bytes network.packets source.port "
             "source.bytes source.packets source.as.number destination.port destination.bytes "
             "destination.packets destination.as.number",
    is_float: "event.risk_score",
    is_address: "source.ip destination.ip related.ip",
    is_boolean: "tls.resumed",
    is_keyword: "ecs.version event.kind event.id event.category event.type event.action event.module "
                "event.dataset event.reason data_stream.type data_stream.dataset data_stream.namespace "
                "tags message source.address destination.address rule.id rule.name rule.category rule.ruleset rule.version observer.name "
                "observer.type observer.vendor observer.product observer.version observer.ingress.zone "
                "observer.egress.zone network.transport network.iana_number network.type "
                "network.protocol network.application network.direction network.community_id "
                "network.vlan.id network.inner.vlan.id source.as.organization.name "
                "source.geo.country_iso_code destination.domain destination.as.organization.name "
                "destination.geo.country_iso_code tls.version tls.version_protocol "
                "tls.client.server_name tls.next_protocol cloud.target.provider cloud.target.region "
                "cloud.target.service.name threat.framework threat.tactic.id threat.tactic.name "
                "threat.technique.id threat.technique.name threat.technique.subtechnique.id "
                "threat.technique.subtechnique.name related.hosts related.hash",
}

# ECS categorization fields: kinds, and category -> types that are expected with it.
KINDS = {"alert", "asset", "enrichment", "event", "metric", "state", "pipeline_error", "signal"}
TYPES = {
    "network": {"access", "allowed", "connection", "denied", "end", "info", "protocol", "start"},
    "intrusion_detection": {"allowed", "denied", "info"},
    "configuration": {"access", "change", "creation", "deletion", "info"},
    "host": {"access", "change", "end", "info", "start"},
}
DIRECTIONS = {"ingress", "egress", "inbound", "outbound", "internal", "external", "unknown"}

# Suricata 7 (https://docs.suricata.io, output/eve/eve-json-format; etc/schema.json): field -> type.
EVE = {
    is_eve_date: "timestamp flow.start flow.end vigie.start vigie.end vigie.recorded",
    is_long: "flow_id vlan src_port dest_port ip_v alert.gid alert.signature_id alert.rev "
             "alert.severity flow.pkts_toserver flow.pkts_toclient flow.bytes_toserver "
             "flow.bytes_toclient flow.age",
    is_address: "src_ip dest_ip",
    is_boolean: "tls.session_resumed",
    is_keyword: "event_type host pcap_filename proto community_id app_proto alert.action "
                "alert.signature alert.category alert.metadata.policy alert.metadata.confidence "
                "alert.metadata.severity alert.metadata.mitre_tactic_id "
                "alert.metadata.mitre_technique_id tls.sni tls.version tls.ja4 log_level "
                "engine.message engine.module",
}


def types_of(table):
    return {field: kind for kind, fields in table.items() for field in fields.split()}


def wrong_types(event, table):
    types = types_of(table)
    for path, value in golden_files.leaves(event):
        if path in types and not types[path](value):
            yield f"{path}: {value!r} is not as {types[path].__name__} says"
        elif path not in types and not path.startswith("vigie."):
            yield f"{path}: no field of the schema"


def wrong_categories(event):
    kind, categories, types = (event["event"][name] for name in ("kind", "category", "type"))
    if kind not in KINDS:
        yield f"event.kind: {kind}"
    for name in categories:
        if name not in TYPES:
            yield f"event.category: {name}"
    allowed = set().union(*(TYPES.get(name, set()) for name in categories))
    for name in types:
        if name not in allowed:
            yield f"event.type: {name} with none of {categories}"
    if event.get("network", {}).get("direction", "unknown") not in DIRECTIONS:
        yield f"network.direction: {event['network']['direction']}"


def missing_fields(event):
    """What Elastic Security needs of every event."""
    paths = {path for path, _ in golden_files.leaves(event)}
    for field in ("@timestamp", "ecs.version", "event.kind", "event.category", "event.type"):
        if field not in paths:
            yield f"{field}: missing"


def wrong_identity(event, sample):
    if "id" not in event["event"]:
        yield "event.id: missing"
    if not sample.startswith("flow") and "sequence" not in event["event"]:
        yield "event.sequence: missing"
    # An index behind a data stream refuses any other value.
    stream = event["data_stream"]["dataset"]
    if stream != ("vigie.flow" if sample.startswith("flow") else "vigie.alert"):
        yield f"data_stream.dataset: {stream}"


def documented_fields():
    """(field, letters of the column `in`) of docs/records.md."""
    prefix = ""
    for line in (SOURCE / "docs" / "records.md").read_text().splitlines():
        if line.startswith("## "):
            prefix = "vigie." if "`vigie`" in line else ""
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `") or len(cells) < 4 or not re.fullmatch(r"[FAG ;]+", cells[2]):
            continue
        names = re.findall(r"`([^`]+)`", cells[0])
        for number, name in enumerate(names):
            letters = cells[2].split(";")
            if "." not in name and number > 0 and name in ("destination",):
                continue
            if name.startswith("."):
                name = names[0].split(".")[0] + name
            yield prefix + name, set(letters[min(number, len(letters) - 1)].split())


def wrong_times(ecs, eve, ocsf, sample):
    """An alert grows: its time is that of its latest packet, and it is told when it was written down."""
    event = ecs["event"]
    flow = sample.startswith("flow")
    own = event["start"] if flow else event["end"]
    if not (ecs["@timestamp"] == own and eve["timestamp"][:26] == own[:26] and ocsf["time"] == milliseconds(own)):
        yield f"not of {own}: {ecs['@timestamp']}, {eve['timestamp']}, {ocsf['time']}"
    recorded = eve["vigie"].get("recorded")
    if flow and (recorded or "created" in event or "logged_time" in ocsf["metadata"]):
        yield "a flow is not journalled"
    if not flow and not (recorded[:26] == event["created"][:26] and recorded[:26] > own[:26]
                         and ocsf["metadata"]["logged_time"] == ocsf["finding_info"]["created_time"]
                         == milliseconds(event["created"])):
        yield f"recorded: {recorded}, {event['created']}, {ocsf['metadata']}"


def milliseconds(text):
    whole = datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(whole.timestamp()) * 1000 + int(text[20:23])


# ECS has no field for it.
ELSEWHERE = {"tls.client.ja4": "vigie.tls.ja4"}


def lost_fields(events):
    """Fields of the journal's lines that no message of their kind has."""
    samples = {"F": [], "A": [], "G": []}
    for name, event in events.items():
        letter = "F" if name.startswith("flow") else "G" if name in ("finding", "test") else "A"
        if not name.startswith("sensor"):
            samples[letter].append(event)
    found = {letter: {path for event in group for path, _ in golden_files.leaves(event)}
             for letter, group in samples.items()}
    for field, letters in documented_fields():
        field = ELSEWHERE.get(field, field)
        for letter in sorted(letters):
            if not any(path == field or path.startswith(field + ".") for path in found[letter]):
                yield f"{field} ({letter})"


def wrong_eve(event):
    kind = event["event_type"]
    if kind not in ("alert", "flow", "engine"):
        yield f"event_type: {kind}"
    if (kind == "alert") != ("alert" in event):
        yield f"alert: with event_type {kind}"
    if (kind == "engine") != ("engine" in event):
        yield f"engine: with event_type {kind}"
    if "alert" in event and event["alert"]["severity"] not in range(1, 5):
        yield f"alert.severity: {event['alert']['severity']}"
    if "alert" in event and event["alert"]["signature_id"] not in range(2**32):
        yield "alert.signature_id: no number of 32 bits"
    # Numbers above are not whole in readers that keep doubles.
    if event.get("flow_id", 0) not in range(2**53):
        yield f"flow_id: {event['flow_id']}"
    if "id" not in event["vigie"]:
        yield "vigie.id: missing"


def signature_id(rule):
    """As docs/formats-json.md tells it, written a second time."""
    value = 2166136261
    for byte in rule.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return 1000000000 + value % 1000000000


def main():
    tap = Tap()
    ecs, eve, ocsf = (golden_files.read(name) for name in ("ecs", "eve", "ocsf"))
    tap.ok(ecs and ecs.keys() == eve.keys() == ocsf.keys(), "every format shows every sample")
    for sample, event in ecs.items():
        found = [*wrong_types(event, ECS), *wrong_categories(event), *missing_fields(event),
                 *wrong_identity(event, sample)]
        tap.ok(not found, f"ecs: {sample} has names and types of the schema", found)
    lost = list(lost_fields(ecs))
    tap.ok(not lost, "ecs: nothing that docs/records.md knows is lost", lost)
    for sample, event in eve.items():
        found = [*wrong_types(event, EVE), *wrong_eve(event)]
        tap.ok(not found, f"eve: {sample} has names and types of Suricata", found)
        if "alert" in event:
            tap.ok(event["alert"]["signature_id"] == signature_id(event["vigie"]["rule"]),
                   f"eve: the signature of {sample} follows from its rule")
    for sample, event in ecs.items():
        block = dict(event["vigie"])
        found = list(wrong_times(event, eve[sample], ocsf[sample], sample))
        tap.ok(not found, f"the times of {sample} are the same in all formats", found)
        tap.ok(ocsf[sample]["unmapped"]["vigie"] == block and block.items() <= eve[sample]["vigie"].items(),
               f"the block vigie of {sample} is the same in all formats")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
