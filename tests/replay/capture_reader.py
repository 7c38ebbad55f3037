# SPDX-License-Identifier: Apache-2.0
"""Reads pcap and pcapng on its own account, to check the program's counts against.

Reading ends at the first damage: a cut record or block, or a length nobody could mean.
"""
import gzip
import struct

ETHERNET = 1
PACKET_MAX = 256 * 1024

_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9), b"\xa1\xb2\x3c\x4d": (">", 10**9),
}


def packets(path):
    """Yields (seconds, link type, captured bytes, length on the wire)."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] in _PCAP:
        return _pcap(data, *_PCAP[data[:4]])
    if data[:4] == b"\n\r\r\n":
        return _pcapng(data)
    raise ValueError(f"{path}: no capture")


def _pcap(data, order, per_second):
    if len(data) < 24:
        return
    link = struct.unpack_from(order + "I", data, 20)[0] & 0xffff
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, captured, wire = struct.unpack_from(order + "IIII", data, at)
        at += 16
        if captured > PACKET_MAX or at + captured > len(data):
            return
        yield seconds + fraction / per_second, link, data[at:at + captured], max(wire, captured)
        at += captured


def _pcapng(data):
    order, interfaces, at = "<", [], 0
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + "I", data, at)[0]
        if data[at:at + 4] == b"\n\r\r\n":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        size = struct.unpack_from(order + "I", data, at + 4)[0]
        if size < 12 or size % 4 or at + size > len(data):
            return
        body = data[at + 8:at + size - 4]
        if kind == 1 and len(body) >= 8:
            interfaces.append(_interface(body, order))
        elif kind in (2, 3, 6):
            packet = _block(kind, body, order, interfaces)
            if packet is None:
                return
            yield packet
        at += size


def _interface(body, order):
    """(link type, snap length, ticks a second); option 9 is if_tsresol."""
    link, _, snap = struct.unpack_from(order + "HHI", body)
    at, ticks = 8, 10**6
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        if code == 0:
            break
        if code == 9 and size == 1 and at + 4 < len(body):
            value = body[at + 4]
            ticks = 2 ** (value & 0x7f) if value & 0x80 else 10 ** value
        at += 4 + (size + 3 & ~3)
    return link, snap, ticks


def _block(kind, body, order, interfaces):
    """The packet of an enhanced (6), simple (3) or obsolete (2) packet block; None where damaged."""
    if kind == 3:
        if len(body) < 4 or not interfaces:
            return None
        wire = struct.unpack_from(order + "I", body)[0]
        link, snap, _ = interfaces[0]
        captured = min(wire, snap or wire, len(body) - 4)
        return 0.0, link, body[4:4 + captured], wire
    if len(body) < 20:
        return None
    form = order + ("IIIII" if kind == 6 else "HxxIIII")
    number, high, low, captured, wire = struct.unpack_from(form, body)
    if number >= len(interfaces) or captured > PACKET_MAX or 20 + captured > len(body):
        return None
    link, _, ticks = interfaces[number]
    return ((high << 32) + low) / ticks, link, body[20:20 + captured], max(wire, captured)
