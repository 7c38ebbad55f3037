#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The golden files of the format ocsf are events of the Open Cybersecurity Schema Framework."""
import copy
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

import golden_files
import ocsf_facts as facts
from json_types import is_address, is_long
from vigie_test import Tap

# 2000 to 2100: what is outside is in another unit.
MILLISECONDS = range(946684800000, 4102444800000)
INTEGERS = range(-2**31, 2**31)

SCALARS = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: is_long(value) and value in INTEGERS,
    "long": is_long,
    "timestamp": lambda value: is_long(value) and value in MILLISECONDS,
    "boolean": lambda value: isinstance(value, bool),
    "ip": is_address,
    "port": lambda value: is_long(value) and value in range(65536),
    "any": lambda value: isinstance(value, dict),
}


def faults_of_value(value, kind, place):
    if isinstance(kind, list):
        if not isinstance(value, list) or not value:
            yield f"{place}: no list with something in it"
            return
        for number, item in enumerate(value):
            yield from faults_of_value(item, kind[0], f"{place}[{number}]")
    elif kind in SCALARS:
        if not SCALARS[kind](value):
            yield f"{place}: {value!r} is no {kind}"
    elif not isinstance(value, dict):
        yield f"{place}: no object"
    else:
        yield from faults_of_object(value, kind, facts.OBJECTS[kind], place)


def faults_of_object(value, kind, attributes, place):
    """`kind` is the number of a class or the name of an object."""
    for name, (wanted, required) in attributes.items():
        if name in value:
            yield from faults_of_value(value[name], wanted, f"{place}.{name}")
        elif required:
            yield f"{place}.{name}: missing"
    for name in value.keys() - attributes.keys():
        yield f"{place}.{name}: no attribute of {kind}"
    for name, number in value.items():
        ids = facts.ENUMS.get((kind, name), facts.ENUMS.get((None, name)))
        if ids is not None and number not in ids:
            yield f"{place}.{name}: no id {number!r}"
    lists = [facts.AT_LEAST_ONE[kind]] if kind in facts.AT_LEAST_ONE else []
    if kind == "data_security":
        lists = facts.DATA_SECURITY_AT_LEAST_ONE
    for names in lists:
        if not value.keys() & set(names):
            yield f"{place}: none of {', '.join(names)}"


def faults_of_captions(event):
    """The text beside an id is the id's caption."""
    pairs = [("severity", facts.SEVERITIES.get(event["severity_id"])),
             ("status", facts.STATUSES.get(event.get("status_id"))),
             ("class_name", facts.CLASS_NAMES.get(event["class_uid"])),
             ("category_name", facts.CATEGORIES.get(event["category_uid"]))]
    for name, caption in pairs:
        if name in event and event[name] != caption:
            yield f"{name}: {event[name]!r} for {caption!r}"
    for item in event.get("observables", []):
        if item["type"] != facts.OBSERVABLE_TYPES[item["type_id"]]:
            yield f"observables: {item['type']!r} for {item['type_id']}"


def value_at(event, path):
    for name in path.split("."):
        event = event.get(name, {}) if isinstance(event, dict) else {}
    return event


def faults_of_numbers(event):
    if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"]:
        yield "type_uid: is not class_uid * 100 + activity_id"
    if event["category_uid"] != event["class_uid"] // 1000:
        yield "category_uid: not that of the class"
    if event["metadata"]["version"] != facts.VERSION:
        yield "metadata.version: other facts are needed"
    for item in event.get("observables", []):
        if value_at(event, item["name"]) != item["value"]:
            yield f"observables: {item['name']} is another value"


def faults_of_unmapped(event):
    """The wire of a finding stands there in the shapes that flows have for it."""
    shapes = {"connection_info": "network_connection_info", "traffic": "network_traffic",
              "ja4_fingerprint_list": ["ja4_fingerprint"]}
    for name, kind in shapes.items():
        if name in event.get("unmapped", {}):
            yield from faults_of_value(event["unmapped"][name], kind, f"unmapped.{name}")


def faults(event):
    attributes = facts.CLASSES.get(event.get("class_uid"))
    if attributes is None:
        return [f"class_uid: no class {event.get('class_uid')!r}"]
    attributes = dict(attributes)
    for profile in event.get("metadata", {}).get("profiles", []):
        attributes |= facts.PROFILES.get(profile, {})
    found = list(faults_of_object(event, event["class_uid"], attributes, ""))
    if not found:
        found += [*faults_of_captions(event), *faults_of_numbers(event), *faults_of_unmapped(event)]
    return found


def broken(event):
    """Events with one thing wrong each, to see that the check looks at it."""
    changes = {
        "a missing attribute": lambda e: e.pop("time"),
        "an attribute of no class": lambda e: e.update(evidences=[]),
        "an id that there is not": lambda e: e.update(severity_id=7),
        "a text for a number": lambda e: e.update(duration="1500"),
        "nanoseconds for milliseconds": lambda e: e.update(time=e["time"] * 1000000),
        "true for a number": lambda e: e.update(severity_id=True),
        "another type_uid": lambda e: e.update(type_uid=200602),
        "a caption of another id": lambda e: e.update(severity="Low"),
        "an attribute without its profile": lambda e: e["metadata"].pop("profiles"),
        "an endpoint that nothing identifies": lambda e: e.update(src_endpoint={"port": 1}),
        "a missing attribute within": lambda e: e["finding_info"].pop("uid"),
        "an address that is none": lambda e: e["src_endpoint"].update(ip="10.0.0.256"),
        "an observable that is not there": lambda e: e["observables"][0].update(value="10.0.0.6"),
    }
    for name, change in changes.items():
        changed = copy.deepcopy(event)
        change(changed)
        yield name, changed


def main():
    tap = Tap()
    events = golden_files.read("ocsf")
    for name, event in events.items():
        found = faults(event)
        tap.ok(not found, f"{name} is as the schema says", found)
    classes = {event["class_uid"] for event in events.values()}
    tap.ok(classes == set(facts.CLASSES), "every class is seen", [f"{classes}"])
    for name, event in broken(events["alert-ipv4"]):
        tap.ok(bool(faults(event)), f"the check notices {name}")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
