# SPDX-License-Identifier: Apache-2.0
"""Traffic that makes alerts by the number: each inside host sends one datagram to the internet, from a zone of class
`secret`, of which every flow is one critical alert of its own. As a capture file, or onto a wire at a rate."""
import ipaddress
import os
import socket
import struct
import threading
import time

PCAP_HEADER = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
ZONE = "10.0.0.0/8"
FIRST_HOST = int(ipaddress.ip_address("10.0.0.1"))
MOST_HOSTS = (1 << 24) - 2
# An address of the blocks for documentation: of no operator, so that nothing but the zone decides.
OUTSIDE = ipaddress.ip_address("203.0.113.80").packed
INSIDE_PEER = ipaddress.ip_address("10.255.255.254").packed
STATIONS = bytes.fromhex("020000000002020000000001")
RULE = "SEC-UNK"

# Seconds of capture time after which a flow has ended; what follows the alerts lasts longer than that.
UDP_TIMEOUT_S = 1
TAIL_PACKETS, TAIL_STEP_US = 64, 100_000


def _words(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def _frame_maker(destination, payload=b"vigie", port=40000):
    """A function from the number of an inside host to its frame. All frames have one length."""
    udp = struct.pack(">HHHH", port, 4433, 8 + len(payload), 0) + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0x4000, 64, 17, 0)
    fixed = _words(head + destination)
    ethernet = STATIONS + b"\x08\x00" + head[:10]
    pack = struct.Struct(">HI").pack

    def frame(host):
        address = FIRST_HOST + host
        total = fixed + (address >> 16) + (address & 0xffff)
        total = (total & 0xffff) + (total >> 16)
        total = (total & 0xffff) + (total >> 16)
        return ethernet + pack(total ^ 0xffff, address) + destination + udp

    return frame


def one_talker(number):
    """Frame of a flow of its own of one and the same host."""
    return _frame_maker(OUTSIDE, port=1024 + number)(0)


def address_of(host):
    return str(ipaddress.ip_address(FIRST_HOST + host))


_RECORD = struct.Struct("<IIII").pack


def _record(at_us, body):
    return _RECORD(at_us // 1_000_000, at_us % 1_000_000, len(body), len(body)) + body


def _check_hosts(first, hosts):
    if first + hosts > MOST_HOSTS:
        raise ValueError(f"no room in {ZONE} for {hosts} hosts from {first} on")


def write_capture(path, hosts, first=0, start=None, seconds=1.0):
    """Datagrams of `hosts` inside hosts from number `first` on, spread over `seconds` from `start` (seconds since
    1970; a little ago by default), then some traffic within the zone: with it capture time goes on.

    The device reads a file as fast as it can. With many hosts some flows are then only told when the program ends;
    Feed is for those who want them while it runs."""
    _check_hosts(first, hosts)
    begin_us = int((time.time() - 60 - seconds if start is None else start) * 1_000_000)
    span_us = int(seconds * 1_000_000)
    frame, quiet = _frame_maker(OUTSIDE), _frame_maker(INSIDE_PEER)
    with open(path, "wb") as out:
        out.write(PCAP_HEADER)
        for at in range(0, hosts, 16384):
            out.write(b"".join(_record(begin_us + host * span_us // hosts, frame(first + host))
                               for host in range(at, min(at + 16384, hosts))))
        out.write(b"".join(_record(begin_us + span_us + step * TAIL_STEP_US, quiet(MOST_HOSTS - 2))
                           for step in range(TAIL_PACKETS)))
    return path


class Feed:
    """A pipe that stands for a capture file, into which a thread writes datagrams as time goes by: `rate` hosts a
    second, and when all `hosts` have sent theirs, some traffic within the zone, so that time goes on and flows end.

    The program waits in the pipe as long as somebody has it open: `close` comes before its end. `frame` gives another
    frame for each number."""

    SLICE_S = 0.02

    def __init__(self, path, hosts, first=0, rate=2000, frame=None):
        _check_hosts(first, hosts)
        self.path, self.hosts, self.first, self.rate = path, hosts, first, rate
        self._frame = frame or _frame_maker(OUTSIDE)
        self.sent = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        os.mkfifo(path)

    def start(self):
        self._thread.start()
        return self

    def _run(self):
        try:
            # Whoever reads opens it when it likes; without a reader there is nothing to wait for but the end.
            while not self._stop.is_set():
                try:
                    pipe = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
                    break
                except OSError:
                    time.sleep(self.SLICE_S)
            else:
                return
            os.set_blocking(pipe, True)
            with open(pipe, "wb", buffering=0) as out:
                self._write(out)
        except BrokenPipeError:
            """The reader was killed, which is what tests do."""

    def _write(self, out):
        frame, quiet = self._frame, _record_of_quiet()
        out.write(PCAP_HEADER)
        begin, lead_us = time.monotonic(), int((time.time() - 60) * 1_000_000)
        while not self._stop.is_set():
            passed = time.monotonic() - begin
            due = min(self.hosts, int(passed * self.rate) + 1)
            now_us = lead_us + int(passed * 1_000_000)
            out.write(b"".join(_record(now_us, frame(self.first + host)) for host in range(self.sent, due))
                      + quiet(now_us))
            self.sent = due
            time.sleep(self.SLICE_S)

    def close(self):
        self._stop.set()
        self._thread.join()
        os.unlink(self.path)


def _record_of_quiet():
    body = _frame_maker(INSIDE_PEER)(MOST_HOSTS - 2)
    return lambda at_us: _record(at_us, body)


def send_frames(device, hosts, first=0, rate=1000, stop=None):
    """Sends the datagrams out of a network device of this namespace, `rate` a second, until `stop()` says so; returns
    how many were sent. Needs root."""
    frame = _frame_maker(OUTSIDE)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((device, 0))
        begin = time.monotonic()
        for number in range(hosts):
            if stop is not None and stop():
                return number
            early = begin + number / rate - time.monotonic()
            if early > 0:
                time.sleep(early)
            out.send(frame(first + number))
    return hosts
