# SPDX-License-Identifier: Apache-2.0
"""A day at the tap: collects the records of what its hosts do, from asking for a name to closing the connection."""
import random
import struct

import dns
import quic
import tls
from network import FORWARDER, HOSTS, MIDNIGHT_US, PLACES, QUAD9, RESOLVER_V4, RESOLVER_V6
from talk import TcpTalk, UdpTalk
from wire import Path

INSIDE_RTT_US = 400


def at(hour, minute=0, second=0):
    """That time of the day, in microseconds since 1970."""
    return MIDNIGHT_US + int(((hour * 60 + minute) * 60 + second) * 1_000_000)


def request_for(name, method="GET", path="/"):
    return (f"{method} {path} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
            "Accept: */*\r\n\r\n").encode()


def answer_of(content, kind="text/html; charset=utf-8"):
    return (f"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
            "\r\n").encode() + content


class Day:
    def __init__(self):
        self.records = []
        self.flows = 0
        self.dice = random.Random("un jour au ministere des Phares")
        self._ports = {}
        self._cached_until = {}

    def keep(self, talk):
        self.records += talk.close()
        self.flows += 1

    def _port(self, host):
        """Ephemeral ports go up, as they do on a desktop."""
        port = self._ports.get(host, 49152 + sum(host.encode()) * 37 % 8000)
        self._ports[host] = port + 1
        return port

    def udp_exchange(self, path, ports, start_us, rtt_us, question, answer):
        talk = UdpTalk(path, ports, start_us, rtt_us)
        talk.say(True, question)
        talk.say(False, answer)
        self.keep(talk)
        return talk.now

    def _ask(self, host, place, kind, start_us, resolver):
        near = HOSTS[host].v6 if ":" in resolver else HOSTS[host].v4
        addresses = [address for address in (place.v6 if kind == dns.AAAA else place.v4,) if address]
        number = self.dice.randrange(65536)
        rtt_us = 9000 if resolver == QUAD9 else INSIDE_RTT_US
        return self.udp_exchange(Path(near, resolver, HOSTS[host].link), (self._port(host), 53), start_us, rtt_us,
                                 dns.query(number, place.name, kind),
                                 dns.answer(number, place.name, kind, place.aliases, addresses, place.ttl))

    def look_up(self, host, name, start_us, resolver=None):
        """The host asks for a name unless it still knows, and its resolver asks the forwarder likewise."""
        place, two = PLACES[name], HOSTS[host].v6 is not None
        resolver = resolver or (RESOLVER_V6 if two else RESOLVER_V4)
        now = start_us
        for kind in (dns.A, dns.AAAA) if two else (dns.A,):
            if self._cached_until.get((host, name, kind), 0) > start_us:
                continue
            self._cached_until[host, name, kind] = start_us + place.ttl * 1_000_000
            if resolver != QUAD9 and self._cached_until.get(("resolver", name, kind), 0) <= now:
                self._cached_until["resolver", name, kind] = now + place.ttl * 1_000_000
                now = self._ask("resolver", place, kind, now, FORWARDER)
            now = self._ask(host, place, kind, now, resolver)
        return now + 1500

    def connect(self, host, far, start_us, port=443, rtt_us=None, inbound=False):
        """An open TCP connection."""
        near = HOSTS[host].v6 if ":" in far else HOSTS[host].v4
        ports = (port, self._port(far)) if inbound else (self._port(host), port)
        return TcpTalk(Path(near, far, HOSTS[host].link), ports, start_us, rtt_us or INSIDE_RTT_US,
                       self.dice.randrange(1 << 32), inbound)

    def tls_over(self, talk, name, kind, up, down, seconds):
        """A handshake, a request with its answer, and as many bytes as are missing to `up` and `down`."""
        label = f"{name} {talk.now} {talk.ports}"
        host = name or "sauvegarde"
        for outward, data in tls.exchange(label, name, kind, request_for(host), answer_of(b"<p>Bonjour.</p>" * 9)):
            talk.say(outward == talk.opener, data)
        talk.fill(up, down, seconds)
        self.keep(talk)

    def visit(self, host, name, start_us, up, down, seconds=6, kind="browser", ask=True, resolver=None):
        """HTTPS to a place, by IPv6 where both ends have it. Returns when it is over."""
        place = PLACES[name]
        now = self.look_up(host, name, start_us, resolver) if ask else start_us
        far = place.v6 if place.v6 and HOSTS[host].v6 else place.v4
        talk = self.connect(host, far, now, rtt_us=place.rtt_ms * 1000)
        self.tls_over(talk, name, kind, up, down, seconds)
        return talk.now

    def visit_by_quic(self, host, name, start_us, up, down, seconds=6):
        place = PLACES[name]
        now = self.look_up(host, name, start_us)
        near, far = (HOSTS[host].v6, place.v6) if place.v6 and HOSTS[host].v6 else (HOSTS[host].v4, place.v4)
        talk = UdpTalk(Path(near, far, HOSTS[host].link), (self._port(host), 443), now, place.rtt_ms * 1000)
        for outward, data in quic.exchange(f"{host} {name} {now}", name, self.dice):
            talk.say(outward, data)
        talk.fill(up, down, seconds)
        self.keep(talk)

    def fetch_in_clear(self, host, name, path, start_us, down, seconds=4):
        """HTTP/1.1 without TLS: a package or an update, signed by other means."""
        place = PLACES[name]
        now = self.look_up(host, name, start_us)
        talk = self.connect(host, place.v4, now, 80, place.rtt_ms * 1000)
        question = request_for(name, path=path)
        head = answer_of(b"", "application/octet-stream").replace(b"Length: 0", b"Length: %d" % down)
        talk.say(True, question)
        talk.say(False, head)
        talk.fill(len(question), down + len(head), seconds)
        self.keep(talk)

    def ask_time(self, host, server, start_us, rtt_us):
        """NTP version 4 (RFC 5905), client and server mode."""
        seconds = start_us // 1_000_000 + 2_208_988_800
        question = b"\x23\x00\x06\xec" + bytes(36) + struct.pack(">II", seconds, start_us % 1_000_000 * 4294)
        answer = b"\x24\x02\x06\xec" + bytes(8) + b"\x91\xee\xcb\x0e" + struct.pack(">II", seconds, 0) * 4
        self.udp_exchange(Path(HOSTS[host].v4, server, HOSTS[host].link), (self._port(host), 123), start_us, rtt_us,
                          question, answer)
