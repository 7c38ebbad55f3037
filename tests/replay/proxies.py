#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Explicit proxies, PROXY headers and certificates, from packets to records: what was asked for is the destination,
and no inside address shows where pseudonyms stand for them."""
import ipaddress
import json
import os
import struct
import sys

from vigie_test import SOURCE, Tap, scratch_folder, vigie

sys.path.insert(0, str(SOURCE / "tests" / "phares"))
sys.path.insert(0, os.path.dirname(__file__))

import dns  # noqa: E402
import tls  # noqa: E402
from talk import TcpTalk  # noqa: E402
from wire import PCAP_HEADER, UDP, Path, write_records  # noqa: E402

HOST, PROXY_INSIDE, BALANCER, SERVER = "10.0.0.5", "10.0.0.80", "10.0.0.90", "10.0.0.91"
PROXY_OUTSIDE, ASKED, NAMELESS, CLIENT = "192.0.9.1", "192.0.9.44", "192.0.9.45", "192.0.9.46"
START_US = 1_796_112_000_000_000
UPLOAD = 2 << 20
ROGUE, STORE, UPDATES = "192.0.9.60", "s3.gra.io.cloud.ovh.net", "ctldl.windowsupdate.com"

LIAR, DISGUISED, WEB = "10.0.0.6", ("134744072", "0x08080808"), "192.0.9.61"

POLICY = """policy: {version: 1, name: proxies}
zones:
  - {id: ward, label: Ward, match: {cidr: [10.0.0.0/24]}, class: health, owner: IT}
exceptions:
  - {id: EXC-STORE, zones: [ward], operators: [ovhcloud], kinds: [object-storage], max_class: health,
     max_bytes_day: 10GiB, cap: 0, reason: r, legal_basis: l, owner: o, approved_by: a, approved_on: 2026-10-01,
     expires_on: 2027-06-01, measures: m}
"""


class Capture:
    """Conversations one after the other, in one file."""

    def __init__(self):
        self.records = []
        self.start_us = START_US

    def talk(self, near, far, port, said, up=UPLOAD):
        number = len(self.records)
        talk = TcpTalk(Path(near, far), (50000 + number % 9000, port), self.start_us, 20_000, number)
        for outward, data in said:
            talk.say(outward, data)
        talk.fill(max(up, talk.sent[True]), max(up // 100, talk.sent[False]), 1)
        self.records += talk.close()
        self.start_us += 60_000_000

    def own_answer(self, client, name, address):
        """An answer of DNS that the client had made for itself."""
        path = Path(client, ROGUE)
        answer = dns.answer(7, name, 1, [], [ipaddress.ip_address(address).packed], 300)
        segment = struct.pack(">HHHH", 53, 40000, 8 + len(answer), 0) + answer
        self.records.append((self.start_us, path.record(False, UDP, segment)))
        self.start_us += 1_000_000

    def write(self, path):
        with open(path, "wb") as out:
            out.write(PCAP_HEADER)
            write_records(out, sorted(self.records, key=lambda record: record[0]))


def connect(target):
    return [(True, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()),
            (False, b"HTTP/1.1 200 Connection established\r\n\r\n")]


def socks(address, port):
    asked = b"\5\1\0\1" + ipaddress.ip_address(address).packed + port.to_bytes(2, "big")
    return [(True, b"\5\1\0"), (False, b"\5\0"), (True, asked), (False, b"\5\0\0\1\0\0\0\0\0\0")]


def tls_to(name, kind="office"):
    return tls.exchange(name or "nameless", name, kind, b"POST", b"OK")


def make(path):
    capture = Capture()
    capture.talk(HOST, PROXY_INSIDE, 3128, connect("www.dropbox.com:443") + tls_to("www.dropbox.com"))
    capture.talk(HOST, PROXY_OUTSIDE, 3128, connect("drive.google.com:443") + tls_to("drive.google.com"))
    capture.talk(HOST, PROXY_INSIDE, 1080, socks(ASKED, 8443) + tls_to(None, "tool"))
    capture.talk(HOST, PROXY_INSIDE, 3128, connect("intranet:443") + tls_to("intranet"))
    capture.talk(HOST, NAMELESS, 443, tls_to(None, "old"))
    header = f"PROXY TCP4 {CLIENT} {BALANCER} 40000 443\r\n".encode()
    capture.talk(BALANCER, SERVER, 8080, [(True, header + b"GET / HTTP/1.1\r\nHost: www.phares.example\r\n\r\n")])
    for port, name in ((8001, STORE), (8002, UPDATES)):
        capture.talk(HOST, ROGUE, port, connect(f"{name}:443") + tls_to(name))
    capture.own_answer(LIAR, "www.dropbox.com", PROXY_INSIDE)
    capture.talk(LIAR, PROXY_INSIDE, 8003, connect("www.dropbox.com:443") + tls_to("www.dropbox.com"))
    for number, name in enumerate(DISGUISED):
        capture.talk(HOST, PROXY_INSIDE, 8004 + number, connect(f"{name}:443") + tls_to(None))
    absolute = b"POST http://www.phares.example/ HTTP/1.1\r\nHost: www.phares.example\r\nContent-Length: 2000000\r\n\r\n"
    capture.talk(HOST, WEB, 80, [(True, absolute)])
    capture.write(path)


def replay(scratch, capture, workers=1, addresses="clear"):
    settings = scratch / "vigie.yaml"
    settings.write_text(POLICY + f"privacy: {{addresses: {addresses}, key_file: {scratch / 'site.key'}}}\n", encoding="utf-8")
    alerts = scratch / f"alerts-{workers}-{addresses}.jsonl"
    result = vigie("replay", "-c", settings, "--workers", workers, "--flows", "-", "--alerts", alerts,
                   "--summary", "none", capture)
    return result, result.stdout, alerts.read_text(encoding="utf-8")


def flow_to(flows, address, port):
    found = [flow for flow in flows if flow["destination"].get("ip") == address and flow["destination"]["port"] == port]
    return found


def check_proxy_inside(tap, flows):
    named, private = flow_to(flows, PROXY_INSIDE, 3128)
    v = named["vigie"]
    tap.ok((v["direction"], v["name"], v["name_source"], v["operator"], v["confidence"]) ==
           ("egress", "www.dropbox.com", "http-connect", "dropbox", "medium"), "a name asked of a proxy inside", v)
    tap.ok("via-proxy" in v["flags"] and "sni-unconfirmed" not in v["flags"] and "host_operator" not in v
           and v["inner"] == {"destination": {"port": 443}}, "it is no claim, and the proxy has no operator", v)
    tap.ok("to www.dropbox.com, file-sharing of Dropbox, through a proxy inside." in named["message"],
           "the sentence says so", named["message"])
    tap.ok(private["vigie"]["direction"] == "internal" and "message" not in private, "a name of one's own stays inside",
           private)
    address, = flow_to(flows, PROXY_INSIDE, 1080)
    tap.ok(address["vigie"]["direction"] == "egress" and
           address["vigie"]["inner"] == {"destination": {"ip": ASKED, "port": 8443}}, "an address asked by SOCKS",
           address)
    tap.ok(f"to {ASKED}, " in address["message"], "and told as such", address["message"])


def check_proxy_outside(tap, flows):
    flow, = flow_to(flows, PROXY_OUTSIDE, 3128)
    v = flow["vigie"]
    tap.ok((v["name"], v["operator"], v["exposure"], v["confidence"]) ==
           ("drive.google.com", "google", "us-direct", "low"), "a name asked of a proxy outside", v)
    tap.ok(f"through a proxy at {PROXY_OUTSIDE}." in flow["message"] and "name-address-mismatch" not in v["flags"],
           "whose address is told, and is no mismatch", flow["message"])


def check_rogue(tap, flows):
    """A line of text to a server of one's own is a claim as a server name is."""
    flow, = flow_to(flows, ROGUE, 8001)
    v = flow["vigie"]
    tap.ok((flow["rule"]["id"], v["severity"], v["confidence"], v["operator"]) == ("HLT-UNK", "high", "low", "ovhcloud")
           and "review" in v["flags"] and "exception" not in v, "a proxy that nobody knows lowers nothing", v)
    tap.ok("A proxy outside has the data, and its operator is not identified." in flow["message"],
           "nor identifies it", flow["message"])
    flow, = flow_to(flows, ROGUE, 8002)
    tap.ok(flow["rule"]["id"] == "HLT-USA" and "review" in flow["vigie"]["flags"], "nor takes in little", flow)


def check_hiding(tap, flows):
    """No host hides what it asks of a proxy inside."""
    liar, = flow_to(flows, PROXY_INSIDE, 8003)
    tap.ok((liar["vigie"]["direction"], liar["vigie"].get("operator")) == ("egress", "dropbox"),
           "an answer of one's own makes no server of a proxy", liar)
    for number, name in enumerate(DISGUISED):
        flow, = flow_to(flows, PROXY_INSIDE, 8004 + number)
        tap.ok((flow["vigie"]["direction"], flow["vigie"]["exposure"]) == ("egress", "unknown"),
               f"{name} is an address in disguise", flow)
    web, = flow_to(flows, WEB, 80)
    tap.ok("through a proxy" not in web["message"] and web["vigie"]["name"] == "www.phares.example",
           "a server asked in the form for a proxy is none", web["message"])


def check_others(tap, flows):
    nameless, = flow_to(flows, NAMELESS, 443)
    tap.ok((nameless["vigie"].get("name"), nameless["vigie"].get("name_source")) ==
           ("sauvegarde.phares.example", "certificate"), "the certificate names what nothing else does", nameless)
    balanced, = flow_to(flows, SERVER, 8080)
    tap.ok(balanced["vigie"].get("inner") == {"source": {"ip": CLIENT, "port": 40000},
                                             "destination": {"ip": BALANCER, "port": 443}}
           and "proxy-protocol" in balanced["vigie"]["flags"], "ends behind a load balancer", balanced)


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        capture = scratch / "proxies.pcap"
        make(capture)
        result, text, alerts = replay(scratch, capture)
        flows = [json.loads(line) for line in text.splitlines()]
        tap.ok(result.status == 0 and len(flows) == 13, "thirteen flows", result.told())
        check_proxy_inside(tap, flows)
        check_proxy_outside(tap, flows)
        check_rogue(tap, flows)
        check_hiding(tap, flows)
        check_others(tap, flows)
        for workers in (2, 8):
            _, again, alerts_again = replay(scratch, capture, workers)
            tap.ok((again, alerts_again) == (text, alerts), f"the same with {workers} workers")
        _, hidden, hidden_alerts = replay(scratch, capture, addresses="pseudonym")
        tap.ok("10.0.0." not in hidden + hidden_alerts and ASKED in hidden and CLIENT in hidden,
               "no inside address where pseudonyms stand for them", hidden)
        tap.ok("through a proxy inside" in hidden_alerts, "an alert tells of the proxy", hidden_alerts)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
