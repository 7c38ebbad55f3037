# SPDX-License-Identifier: Apache-2.0
"""Conversations over TCP and UDP: what one end says, the other answers, and how much payload went by."""
import struct

from wire import TCP, UDP

SEGMENT = 1460
# What receive offload makes of segments in a row: about as large as IPv4 allows, or of thirty segments.
# A round number in binary and one time for a whole burst, as drivers that are polled give it, let large
# transfers pack into four bytes a packet.
LARGE, MODEST = 60 << 10, 30 * SEGMENT
LARGE_FROM = 16 << 20
BURST, BURSTS_FROM = 16, 64
FIN, SYN, PSH, ACK = 1, 2, 8, 16
# MSS 1460, window scale 8, SACK permitted: what a desktop offers.
SYN_OPTIONS = bytes.fromhex("020405b40103030801010402")


def pieces(total, size):
    """Lengths of at most `size` that make up `total`."""
    return [size] * (total // size) + ([total % size] if total % size else [])


class Talk:
    """Either transport. `sent` counts the payload: [inward, outward]."""

    def __init__(self, path, ports, start_us, rtt_us):
        self.path, self.ports, self.now, self.rtt_us = path, ports, start_us, rtt_us
        self.sent = [0, 0]
        self.records = []

    def fill(self, up, down, seconds):
        """Sends what is missing to `up` and `down` bytes of payload, whose bytes are not kept."""
        rest_up, rest_down = up - self.sent[True], down - self.sent[False]
        if rest_up < 0 or rest_down < 0:
            raise ValueError(f"already sent {self.sent}, more than {down} down or {up} up")
        large, modest = self.sizes
        size = large if max(rest_up, rest_down) >= LARGE_FROM else modest
        ups, downs = pieces(rest_up, size), pieces(rest_down, size)
        if len(ups) >= len(downs):
            self._pour(True, ups, pieces_like(rest_down, len(ups), size), int(seconds * 1e6))
        else:
            self._pour(False, downs, pieces_like(rest_up, len(downs), size), int(seconds * 1e6))

    def _pour(self, outward, major, minor, duration_us):
        """Sends `major` one way, and `minor` the other way spread evenly among it."""
        start, done, count = self.now + self.rtt_us, 0, len(major)
        burst = BURST if count >= BURSTS_FROM else 1
        for number, length in enumerate(major):
            self.now = start + number // burst * burst * duration_us // count
            self.cut(outward, length)
            due = (number + 1) * len(minor) // count
            for length in minor[done:due]:
                self.cut(not outward, length)
            if done == due and number % burst == burst - 1:
                self.acknowledge(not outward)
            done = due
        self.now += self.rtt_us


def pieces_like(total, most, size):
    """`total` in up to a piece for each 64 of the other way, and no larger than may be."""
    return pieces(total, min(size, max(SEGMENT, -(-total // max(1, most // 64)))))


class TcpTalk(Talk):
    """A TCP connection that the near end opens, or the far end where `inbound`."""
    sizes = LARGE, MODEST

    def __init__(self, path, ports, start_us, rtt_us, first, inbound=False):
        super().__init__(path, ports, start_us, rtt_us)
        self.opener = not inbound
        self.seq = [(first * 0x9e3779b1 + 7) & 0xffffffff, first & 0xffffffff]
        self.heads = {}
        for outward, flags, options in ((self.opener, SYN, SYN_OPTIONS), (not self.opener, SYN | ACK, SYN_OPTIONS)):
            self._packet(outward, flags, options=options)
            self.seq[outward] = (self.seq[outward] + 1) & 0xffffffff
            self.now += rtt_us
        self.acknowledge(self.opener)

    def _packet(self, outward, flags, payload=b"", options=b""):
        near, far = self.ports if outward else self.ports[::-1]
        ack = self.seq[not outward] if flags & ACK else 0
        offset = (20 + len(options)) // 4 << 4
        header = struct.pack(">HHIIBBHHH", near, far, self.seq[outward], ack, offset, flags, 1026, 0, 0)
        self.records.append((self.now, self.path.record(outward, TCP, header + options + payload)))
        self._advance(outward, len(payload))

    def _advance(self, outward, length):
        self.seq[outward] = (self.seq[outward] + length) & 0xffffffff
        self.sent[outward] += length

    def acknowledge(self, outward):
        self._packet(outward, ACK)

    def say(self, outward, data):
        """Payload that is kept whole; the other end acknowledges it."""
        self.now += 300 if outward else self.rtt_us
        for at in range(0, len(data), SEGMENT):
            last = at + SEGMENT >= len(data)
            self._packet(outward, ACK | (PSH if last else 0), data[at:at + SEGMENT])
            self.now += 12
        self.acknowledge(not outward)

    def cut(self, outward, length):
        """A segment of which only the headers are kept: one frame as good as the next but for two numbers."""
        if (outward, length) not in self.heads:
            near, far = self.ports if outward else self.ports[::-1]
            header = struct.pack(">HHIIBBHHH", near, far, 0, 0, 0x50, ACK | PSH, 1026, 0, 0)
            body = self.path.record(outward, TCP, header, length)
            self.heads[outward, length] = body[:-16], body[-8:]
        head, tail = self.heads[outward, length]
        self.records.append((self.now, head + struct.pack(">II", self.seq[outward], self.seq[not outward]) + tail))
        self._advance(outward, length)

    def close(self):
        for outward in (self.opener, not self.opener):
            self.now += self.rtt_us // 2
            self._packet(outward, FIN | ACK)
            self.seq[outward] = (self.seq[outward] + 1) & 0xffffffff
        self.now += 60
        self.acknowledge(self.opener)
        return self.records


class UdpTalk(Talk):
    """Datagrams both ways between two ports."""
    # UDP receive offload: 48 and 12 datagrams of 1,350 bytes in a row.
    sizes = 48 * 1350, 12 * 1350

    def say(self, outward, data):
        self.now += 300 if outward else self.rtt_us
        self._datagram(outward, data, 0)

    def cut(self, outward, length):
        self._datagram(outward, b"", length)

    def acknowledge(self, outward):
        """Nothing: in QUIC it is payload like any other."""

    def _datagram(self, outward, data, missing):
        near, far = self.ports if outward else self.ports[::-1]
        header = struct.pack(">HHHH", near, far, 8 + len(data) + missing, 0)
        self.records.append((self.now, self.path.record(outward, UDP, header + data, missing)))
        self.sent[outward] += len(data) + missing

    def close(self):
        return self.records
