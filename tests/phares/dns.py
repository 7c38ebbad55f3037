# SPDX-License-Identifier: Apache-2.0
"""DNS messages (RFC 1035): a question, and its answer by way of aliases."""
import struct

from wire import packed

A, CNAME, AAAA = 1, 5, 28
QUERY, ANSWER = 0x0100, 0x8180


class _Writer:
    """Names are shortened by pointing at what stands in the message already."""

    def __init__(self, number, flags, answers):
        self.data = bytearray(struct.pack(">HHHHHH", number, flags, 1, answers, 0, 0))
        self.known = {}

    def name(self, text):
        while text:
            if text in self.known:
                self.data += struct.pack(">H", 0xc000 | self.known[text])
                return
            self.known[text] = len(self.data)
            label, _, text = text.partition(".")
            self.data += bytes([len(label)]) + label.encode()
        self.data += b"\0"

    def question(self, name, kind):
        self.name(name)
        self.data += struct.pack(">HH", kind, 1)

    def address(self, name, kind, ttl, address):
        self.name(name)
        self.data += struct.pack(">HHIH", kind, 1, ttl, len(packed(address))) + packed(address)

    def alias(self, name, ttl, target):
        self.name(name)
        self.data += struct.pack(">HHI", CNAME, 1, ttl)
        at = len(self.data)
        self.data += b"\0\0"
        self.name(target)
        struct.pack_into(">H", self.data, at, len(self.data) - at - 2)


def query(number, name, kind):
    writer = _Writer(number, QUERY, 0)
    writer.question(name, kind)
    return bytes(writer.data)


def answer(number, name, kind, aliases, addresses, ttl):
    """`aliases` lead from the name to the one that has the addresses (which may be none)."""
    writer = _Writer(number, ANSWER, len(aliases) + len(addresses))
    writer.question(name, kind)
    for target in aliases:
        writer.alias(name, max(ttl, 300), target)
        name = target
    for address in addresses:
        writer.address(name, kind, ttl, address)
    return bytes(writer.data)
