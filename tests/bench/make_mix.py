#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes one large Ethernet capture out of many small ones.

Every Ethernet packet that was captured whole is taken. Each capture is played again and again, each
time at a moment of its own within a minute, until the size is reached. From its second time on the
addresses of its clients are exchanged for fresh private ones, with the checksums put right: the
flows are new, the servers stay real. The same inputs give the same mix.
"""
import argparse
import collections
import hashlib
import heapq
import ipaddress
import os
import pathlib
import random
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

import capture_reader
from vigie_test import captures_in

START, SPREAD_SECONDS = 1_700_000_000, 60
VLAN, IPV4, IPV6 = (0x8100, 0x88a8), 0x0800, 0x86dd
TCP, UDP = 6, 17

# Where a frame has its addresses, the checksums over them, and its ports (None without).
Layout = collections.namedtuple("Layout", "source destination end checksums ports")
Frame = collections.namedtuple("Frame", "after data layout")


def layout_of(data):
    """The outermost IP header's layout, or None."""
    at = 12
    while int.from_bytes(data[at:at + 2], "big") in VLAN:
        at += 4
    kind = int.from_bytes(data[at:at + 2], "big")
    at += 2
    if kind == IPV4 and len(data) >= at + 20:
        fragment = int.from_bytes(data[at + 6:at + 8], "big") & 0x1fff
        payload = at + (data[at] & 15) * 4
        source, size, protocol, checksums = at + 12, 4, data[at + 9], [at + 10]
    elif kind == IPV6 and len(data) >= at + 40:
        fragment, payload = 0, at + 40
        source, size, protocol, checksums = at + 8, 16, data[at + 6], []
    else:
        return None
    ports = None
    if not fragment and protocol in (TCP, UDP) and len(data) >= payload + 4:
        ports = struct.unpack_from(">HH", data, payload)
        place = payload + (16 if protocol == TCP else 6)
        if len(data) >= place + 2 and (protocol == TCP or any(data[place:place + 2])):
            checksums.append(place)
    return Layout(source, source + size, source + 2 * size, checksums, ports)


def ends(frame):
    layout = frame.layout
    return frame.data[layout.source:layout.destination], frame.data[layout.destination:layout.end]


def frames_of(path):
    """Whole Ethernet packets of a capture, in order of time, counted from the first."""
    try:
        packets = [(seconds, data) for seconds, link, data, wire in capture_reader.packets(path)
                   if link == capture_reader.ETHERNET and 14 <= len(data) == wire <= 65535]
    except ValueError:
        return []
    packets.sort(key=lambda packet: packet[0])
    if not packets:
        return []
    first, last = packets[0][0], packets[-1][0]
    squeeze = min(1.0, SPREAD_SECONDS / (last - first)) if last > first else 1.0
    return [Frame((seconds - first) * squeeze, data, layout_of(data)) for seconds, data in packets]


def first_of_flows(frames, count):
    """The first `count` packets of each conversation, both directions together."""
    seen = collections.Counter()
    for frame in frames:
        if frame.layout is None:
            continue
        ports = frame.layout.ports or (0, 0)
        flow = frozenset(zip(ends(frame), ports))
        seen[flow] += 1
        if seen[flow] <= count:
            yield frame


def clients_of(frames):
    """Addresses to exchange: private ones, and those never seen on the side of the lower port."""
    servers, every = set(), set()
    for frame in frames:
        if frame.layout is None:
            continue
        source, destination = ends(frame)
        every |= {source, destination}
        if frame.layout.ports:
            servers.add(source if frame.layout.ports[0] < frame.layout.ports[1] else destination)
    for address in every:
        value = ipaddress.ip_address(address)
        if not value.is_multicast and set(address) != {255} and (value.is_private or address not in servers):
            yield address


def fresh(address, number, time):
    """A private address of its own for a client of capture `number` in its `time`-th playing."""
    digest = hashlib.blake2b(struct.pack(">II", number, time) + address, digest_size=15).digest()
    return b"\x0a" + digest[:3] if len(address) == 4 else b"\xfd" + digest


def words(data):
    return sum(struct.unpack(f">{len(data) // 2}H", data))


def exchange(frame, table):
    """The frame with other addresses; checksums are updated as RFC 1624 says."""
    if frame.layout is None:
        return frame.data
    old = b"".join(ends(frame))
    new = b"".join(table.get(address, address) for address in ends(frame))
    if new == old:
        return frame.data
    data = bytearray(frame.data)
    data[frame.layout.source:frame.layout.end] = new
    change = words(new) + words(bytes(byte ^ 0xff for byte in old))
    for place in frame.layout.checksums:
        total = (~int.from_bytes(data[place:place + 2], "big") & 0xffff) + change
        while total >> 16:
            total = (total & 0xffff) + (total >> 16)
        data[place:place + 2] = (~total & 0xffff).to_bytes(2, "big")
    return data


def playing(order, start, frames, table):
    """(time, order, bytes) of one capture played once; `order` settles equal times."""
    for number, frame in enumerate(frames):
        yield start + frame.after, order, number, exchange(frame, table) if table else frame.data


def playings(captures, size):
    """As many playings as make up `size` bytes."""
    dice, made, order, time = random.Random(1), 0, 0, 0
    while made < size:
        for number, (frames, clients) in enumerate(captures):
            if made >= size:
                return
            table = {address: fresh(address, number, time) for address in clients} if time else {}
            yield playing(order, START + dice.random() * SPREAD_SECONDS, frames, table)
            made += sum(16 + len(frame.data) for frame in frames)
            order += 1
        time += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="+", help="where the captures are")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--bytes", type=int, default=500_000_000, help="size to reach (default %(default)s)")
    parser.add_argument("--first", type=int, metavar="N",
                        help="of each flow the first N packets alone: a mix of handshakes")
    options = parser.parse_args()

    captures = []
    for path in (path for folder in options.folder for path in captures_in(folder)):
        frames = frames_of(path)
        if options.first:
            frames = list(first_of_flows(frames, options.first))
        if frames:
            captures.append((frames, sorted(clients_of(frames))))
    if not captures:
        sys.exit("make_mix.py: no Ethernet capture there")

    count = 0
    part = pathlib.Path(options.output + ".part")
    with open(part, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for seconds, _, _, data in heapq.merge(*playings(captures, options.bytes)):
            whole = int(seconds)
            out.write(struct.pack("<IIII", whole, int((seconds - whole) * 1e6), len(data), len(data)))
            out.write(data)
            count += 1
    part.rename(options.output)
    print(f"{count} packets of {len(captures)} captures")


if __name__ == "__main__":
    main()
