#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rewrites a capture as a tap of several ways might have seen it: out of order.

    shuffle.py IN OUT

The packets of each flow are permuted within windows of eight, the same way in every run. Times,
interfaces and everything that is no packet of a flow stay where they are, so that what changes is
which packet comes at which place. A flow is a pair of ends of the outermost TCP or UDP; fragments
and other packets stay. Reads pcap and pcapng, also gzipped; writes the same format, unpacked.
"""
import collections
import gzip
import random
import struct
import sys

WINDOW = 8
SEED = 8

_PCAP = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">",
         b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\x3c\x4d": ">"}
_VLAN = (0x8100, 0x88a8, 0x9100)
_IP = {0x0800: 4, 0x86dd: 6}


def _ends(frame, at):
    """(transport, the two ends without order) of the IP packet at `at`; None where it has none."""
    if len(frame) < at + 20:
        return None
    if frame[at] >> 4 == 4:
        if struct.unpack_from(">H", frame, at + 6)[0] & 0x3fff:
            return None  # a fragment
        transport, size = frame[at + 9], 4
        addresses, ports = at + 12, at + (frame[at] & 15) * 4
    elif frame[at] >> 4 == 6:
        transport, size = frame[at + 6], 16
        addresses, ports = at + 8, at + 40
    else:
        return None
    if transport not in (6, 17) or len(frame) < ports + 4:
        return None
    one = frame[addresses:addresses + size], frame[ports:ports + 2]
    other = frame[addresses + size:addresses + 2 * size], frame[ports + 2:ports + 4]
    return transport, frozenset([one, other])


def _behind_ethertype(frame, at):
    """The flow of what an EtherType at `at` announces, VLAN tags passed over."""
    while len(frame) >= at + 2:
        kind = struct.unpack_from(">H", frame, at)[0]
        if kind in _IP:
            return _ends(frame, at + 2)
        if kind not in _VLAN:
            return None
        at += 4
    return None


def flow_of(link, frame):
    """What tells the packet's flow from others; None where it has none."""
    if link == 1:
        return _behind_ethertype(frame, 12)
    if link == 113:
        return _behind_ethertype(frame, 14)
    if link == 276:
        kind = struct.unpack_from(">H", frame)[0] if len(frame) >= 20 else 0
        return _ends(frame, 20) if kind in _IP else None
    if link in (0, 108):
        return _ends(frame, 4)
    if link in (12, 101, 228, 229):
        return _ends(frame, 0)
    return None


def _places(data):
    """Yields (begin, end of what is moved, link type, interface, captured bytes) a packet."""
    if data[:4] in _PCAP:
        order = _PCAP[data[:4]]
        link, at = struct.unpack_from(order + "I", data, 20)[0] & 0xffff, 24
        while at + 16 <= len(data):
            captured = struct.unpack_from(order + "I", data, at + 8)[0]
            if at + 16 + captured > len(data):
                return
            yield at + 8, at + 16 + captured, link, 0, data[at + 16:at + 16 + captured]
            at += 16 + captured
    elif data[:4] == b"\n\r\r\n":
        yield from _blocks(data)


def _blocks(data):
    order, links, at = "<", [], 0
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\n\r\r\n":
            order, links = ("<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"), []
        kind, size = struct.unpack_from(order + "II", data, at)
        if size < 12 or size % 4 or at + size > len(data):
            return
        if kind == 1:
            links.append(struct.unpack_from(order + "H", data, at + 8)[0])
        elif kind == 6 and size >= 32:
            number = struct.unpack_from(order + "I", data, at + 8)[0]
            captured = struct.unpack_from(order + "I", data, at + 20)[0]
            if number < len(links) and at + 28 + captured <= at + size:
                yield (at, at + size, links[number], number, data[at + 28:at + 28 + captured])
        at += size


def _moved(data, here, there):
    """What stands at place `here` once the packet of place `there` has come there."""
    if data[:4] in _PCAP:
        return data[there[0]:there[1]]
    # Enhanced packet block: interface and time belong to the place, all else to the packet.
    block = bytearray(data[there[0]:there[1]])
    block[8:20] = data[here[0] + 8:here[0] + 20]
    return bytes(block)


def shuffled(data):
    """The capture with its packets in another order."""
    places = list(_places(data))
    flows = collections.defaultdict(list)
    for number, (_, _, link, interface, frame) in enumerate(places):
        flow = flow_of(link, frame)
        if flow is not None:
            flows[flow, interface].append(number)
    source = list(range(len(places)))
    chance = random.Random(SEED)
    for numbers in flows.values():
        for start in range(0, len(numbers), WINDOW):
            window = numbers[start:start + WINDOW]
            for number, moved in zip(window, chance.sample(window, len(window))):
                source[number] = moved
    out, at = [], 0
    for number, place in enumerate(places):
        out += [data[at:place[0]], _moved(data, place, places[source[number]])]
        at = place[1]
    return b"".join(out) + data[at:]


def unpacked(capture):
    """The bytes of a capture; those of a format that is not known as they are."""
    with open(capture, "rb") as file:
        data = file.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def shuffle(capture, out):
    with open(out, "wb") as file:
        file.write(shuffled(unpacked(capture)))


if __name__ == "__main__":
    shuffle(sys.argv[1], sys.argv[2])
