# SPDX-License-Identifier: Apache-2.0
"""Frames between two ends, as a tap with a short snap length keeps them, and the file they go into.

A record is (time in microseconds since 1970, everything behind the time in a pcap record). A frame may
have been longer on the wire than what was kept of it: `missing` counts the payload bytes that were not.
"""
import collections
import gzip
import hashlib
import ipaddress
import struct

TCP, UDP = 6, 17
IPV4, IPV6, VLAN_TAG = 0x0800, 0x86dd, 0x8100
CHECKSUM_AT = {TCP: 16, UDP: 6}
VXLAN_PORT = 4789
VXLAN_ENDS = (b"\x0a\x32\x1e\x01", b"\x0a\x32\x1e\x02")
PCAP_HEADER = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)

# How a host's frames are marked: a VLAN id and a VXLAN network id, None without.
Link = collections.namedtuple("Link", "vlan vni", defaults=(None, None))


def words(data):
    """Sum of the 16-bit words, as RFC 1071 adds them."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def packed(address):
    return ipaddress.ip_address(address).packed


def station(address):
    """A locally administered Ethernet address that belongs to an IP address."""
    return b"\x02" + hashlib.blake2b(address, digest_size=5).digest()


def ipv4_header(source, destination, protocol, length, ttl):
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + length, 0, 0x4000, ttl, protocol, 0, source, destination)
    return header[:10] + struct.pack(">H", words(header) ^ 0xffff) + header[12:]


def ipv6_header(source, destination, protocol, length, ttl):
    return struct.pack(">IHBB16s16s", 0x60000000, length, protocol, ttl, source, destination)


def ethernet(source, destination, kind, vlan=None):
    tag = b"" if vlan is None else struct.pack(">HH", VLAN_TAG, vlan)
    return destination + source + tag + struct.pack(">H", kind)


class Path:
    """The way between an inside host (`near`) and the other end (`far`)."""

    def __init__(self, near, far, link=Link()):
        self.ends = packed(near), packed(far)
        self.stations = station(self.ends[0]), station(b"gateway" + struct.pack(">HI", link.vlan or 0, link.vni or 0))
        self.link = link
        self.version = 4 if len(self.ends[0]) == 4 else 6

    def record(self, outward, protocol, segment, missing=0):
        """The record's lengths and bytes of a transport header with its payload."""
        source, destination = self.ends if outward else self.ends[::-1]
        length, ttl = len(segment) + missing, 128 if outward else 56
        segment = self._with_checksum(source + destination, protocol, segment, missing)
        header = ipv4_header if self.version == 4 else ipv6_header
        packet = header(source, destination, protocol, length, ttl) + segment
        near, far = self.stations if outward else self.stations[::-1]
        vlan = None if self.link.vni is not None else self.link.vlan
        frame = ethernet(near, far, IPV4 if self.version == 4 else IPV6, vlan) + packet
        if self.link.vni is not None:
            frame = self._in_vxlan(outward, frame, missing)
        return struct.pack("<II", len(frame), len(frame) + missing) + frame

    @staticmethod
    def _with_checksum(addresses, protocol, segment, missing):
        """A segment that is not whole keeps the sum of the pseudo header, as offloading hosts leave it."""
        pseudo = words(addresses + struct.pack(">II", len(segment) + missing, protocol))
        if missing:
            value = pseudo
        else:
            value = words(struct.pack(">H", pseudo) + segment) ^ 0xffff or 0xffff
        at = CHECKSUM_AT[protocol]
        return segment[:at] + struct.pack(">H", value) + segment[at + 2:]

    def _in_vxlan(self, outward, frame, missing):
        source, destination = VXLAN_ENDS if outward else VXLAN_ENDS[::-1]
        length = 16 + len(frame) + missing
        port = 49152 + words(self.ends[0] + self.ends[1]) % 16384
        return (ethernet(station(source), station(destination), IPV4)
                + ipv4_header(source, destination, UDP, length, 64)
                + struct.pack(">HHHH", port, VXLAN_PORT, length, 0)
                + struct.pack(">II", 0x08000000, self.link.vni << 8) + frame)


def write_records(out, records):
    """Writes records, which have to be in order of time, to an open file, many at a time."""
    batch = []
    for time_us, body in records:
        batch.append(struct.pack("<II", time_us // 1_000_000, time_us % 1_000_000))
        batch.append(body)
        if len(batch) >= 65536:
            out.write(b"".join(batch))
            batch.clear()
    out.write(b"".join(batch))


def write_packed_capture(path, records):
    """A gzip file without name and time in it: the same records give the same bytes."""
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as out:
        out.write(PCAP_HEADER)
        write_records(out, sorted(records, key=lambda record: record[0]))
