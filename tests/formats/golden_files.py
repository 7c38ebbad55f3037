# SPDX-License-Identifier: Apache-2.0
"""The golden files of a format, read by Python: one JSON object in one line each."""
import json

from vigie_test import SOURCE

FOLDER = SOURCE / "tests" / "golden" / "formats"


def _without_duplicates(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def read(name):
    """Sample -> object."""
    found = {}
    for path in sorted((FOLDER / name).glob("*.json")):
        text = path.read_bytes().decode("utf-8")
        body, end = text[:-1], text[-1]
        if end != "\n" or any(ord(character) < 0x20 for character in body):
            raise ValueError(f"{path.name}: not one line")
        found[path.stem] = json.loads(body, object_pairs_hook=_without_duplicates)
    return found


def leaves(value, path=""):
    """(path, value) of everything that is no object; of lists, each item under the list's path."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    else:
        yield path, value
