#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing leaves unseen in a tunnel: whatever its sender writes inside, the tunnel's own ends are judged."""
import ipaddress
import json
import struct
import sys

from vigie_test import Tap, scratch_folder, vigie

HOST, GATE, ABROAD, ELSEWHERE, UNSEEN = "10.0.0.5", "10.0.0.9", "52.95.154.1", "192.0.9.44", "192.0.9.45"
INNER, INNER_FAR = "10.99.0.1", "10.99.0.2"
START_US = 1_796_112_000_000_000
UPLOAD = 3000
PACKET = 1200
SETTINGS = """\
policy: {{version: 1, name: tunnels, time_zone: Europe/Paris}}
zones:
  - {{id: office, label: Office, match: {{cidr: [10.0.0.0/24]}}, class: personal, owner: IT}}
  - {{id: labs, label: Labs, match: {{cidr: [10.99.0.0/31]}}, class: health, owner: IT}}
privacy: {{addresses: {addresses}, key_file: {key}}}
"""


def checksum(header):
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def ip(source, destination, protocol, payload):
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0) + ends
    return header[:10] + checksum(header).to_bytes(2, "big") + header[12:] + payload


def udp(source, destination, payload):
    return struct.pack("!HHHH", source, destination, 8 + len(payload), 0) + payload


def gre(payload, ethertype=0x0800):
    return struct.pack("!HH", 0, ethertype) + payload


def vxlan(payload):
    return udp(50000, 4789, struct.pack("!II", 0x08000000, 0x500) + b"\2" * 12 + b"\x08\0" + payload)


def inside(source, destination, ports=(40000, 9000), fill=b"x"):
    return ip(source, destination, 17, udp(*ports, fill * PACKET))


class Capture:
    def __init__(self):
        self.frames = []

    def send(self, packet, count=UPLOAD):
        self.frames += [b"\2" * 12 + b"\x08\0" + packet] * count

    def write(self, path):
        with open(path, "wb") as out:
            out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
            for number, frame in enumerate(self.frames):
                seconds, micros = divmod(START_US + number * 500, 1_000_000)
                out.write(struct.pack("<IIII", seconds, micros, len(frame), len(frame)) + frame)


def make(path):
    capture = Capture()
    # Private ends in a tunnel abroad, behind packets that stay here and by way of which nothing leaves.
    capture.send(inside(INNER_FAR, INNER), 3)
    capture.send(ip(HOST, GATE, 47, gre(inside(INNER_FAR, INNER))), 3)
    capture.send(ip(HOST, ABROAD, 47, gre(inside(INNER_FAR, INNER))))
    # The same ends by way of another address.
    capture.send(ip(HOST, ELSEWHERE, 47, gre(inside(INNER_FAR, INNER))))
    # The sender lends himself an address outside and one inside: it looks like a download.
    capture.send(ip(HOST, ABROAD, 47, gre(inside("192.0.9.70", "10.99.0.7", (9000, 9001)))))
    # Neither end is ours.
    capture.send(ip(HOST, ABROAD, 47, gre(inside("192.0.9.80", "192.0.9.81", (40001, 9001)))))
    # To somewhere outside, by way of another.
    capture.send(ip(HOST, ABROAD, 47, gre(inside("10.99.0.0", UNSEEN, (40002, 9002)))))
    # A tunnel in a tunnel that stays here.
    capture.send(ip("10.0.0.7", "10.0.0.8", 17, vxlan(ip(HOST, ABROAD, 4, inside(INNER, INNER, (40003, 9003))))))
    # What cannot be read counts for the conversation around it.
    capture.send(ip(HOST, ABROAD, 47, gre(b"\x41" + b"\0" * PACKET)))
    capture.write(path)


def fragments(packet):
    """The same IP packet in two fragments."""
    at, parts = 20 + 800, []
    for first, last, field in ((20, at, 0x2000), (at, len(packet), 100)):
        header = packet[:2] + struct.pack("!HHH", 20 + last - first, 7, field) + packet[8:10] + b"\0\0" + packet[12:20]
        parts.append(header[:10] + checksum(header).to_bytes(2, "big") + header[12:] + packet[first:last])
    return parts


FORGED = """\
policy: {{version: 1, name: forged, time_zone: Europe/Paris}}
zones:
  - {{id: health, label: Health, match: {{cidr: [10.0.0.0/25]}}, class: health, owner: IT}}
  - {{id: dmz, label: DMZ, match: {{cidr: [10.0.0.128/25]}}, class: internal, owner: IT}}
privacy: {{addresses: {addresses}, key_file: {key}}}
"""
DMZ, DMZ_TOO, NOWHERE, CALLER, SITE = "10.0.0.199", "10.0.0.198", "10.77.0.1", "192.0.9.5", "51.91.10.10"


def make_forged(path):
    """What is inside is not true: another host of ours, nobody's, two of ours, and answers that never were sent."""
    capture = Capture()
    for host, source, target in (("10.0.0.5", DMZ, ELSEWHERE), ("10.0.0.6", NOWHERE, ELSEWHERE),
                                 ("10.0.0.7", DMZ, DMZ_TOO)):
        capture.send(ip(host, ABROAD, 47, gre(inside(source, target))))
    capture.send(ip("10.0.0.8", ABROAD, 47, gre(b"\0" * PACKET)))
    capture.send(ip(CALLER, "10.0.0.200", 47, gre(inside("192.0.9.6", "10.0.0.5", (4001, 443)))), 1)
    capture.send(ip(CALLER, "10.0.0.200", 47, gre(inside("10.0.0.5", "192.0.9.6", (443, 4001)))))
    capture.send(ip(CALLER, "10.0.0.201", 47, gre(inside("10.0.0.5", "192.0.9.6", (443, 4002)))))
    # In fragments, by two ways; then what comes in.
    for packet in (ip("10.0.0.20", ABROAD, 47, gre(inside(INNER_FAR, INNER, (40009, 9009)))),
                   ip("10.0.0.20", ELSEWHERE, 47, gre(inside(INNER_FAR, INNER, (40009, 9009)))),
                   ip(ELSEWHERE, "10.0.0.20", 47, gre(inside(INNER_FAR, INNER, (40009, 9009))))):
        for part in fragments(packet):
            capture.send(part, 1)
    # One alert: a flow that is hidden because nobody knows its ends, then one that decides, and is shown.
    capture.send(ip("10.0.0.9", SITE, 47, gre(inside("203.0.114.1", "203.0.114.9"))), 100)
    capture.send(ip("10.0.0.9", SITE, 47, gre(b"\0" * PACKET)), 7000)
    capture.write(path)


def check_forged(tap, scratch):
    capture, settings = scratch / "forged.pcap", scratch / "forged.yaml"
    make_forged(capture)
    told = {}
    for addresses in ("clear", "pseudonym"):
        alerts = scratch / f"forged-{addresses}.jsonl"
        settings.write_text(FORGED.format(addresses=addresses, key=scratch / "site.key"), encoding="utf-8")
        result = vigie("replay", "-c", settings, "--flows", "-", "--alerts", alerts, "--summary", "none", capture)
        told[addresses] = (result.stdout, alerts.read_text(encoding="utf-8"))
    flows = [json.loads(line) for line in told["clear"][0].splitlines()]
    out = [flow for flow in flows if flow["vigie"]["direction"] == "egress"
           and (flow["vigie"].get("outer", {}).get("source") or flow["source"])["ip"] in
           ("10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8")]
    tap.ok(len(out) == 4 and {(flow["vigie"]["zone"], flow["vigie"]["data_class"], flow["vigie"]["severity"])
                              for flow in out} == {("health", "health", "high")}
           and len({flow["vigie"]["host"] for flow in out}) == 4,
           "no address inside makes it another host's, or less than opaque bytes would be", out)
    tap.ok(sum("with an address of DMZ inside" in flow["message"] for flow in out) == 2, "it is told", out)
    came = [flow for flow in flows if flow["vigie"]["direction"] == "ingress"]
    tap.ok(len(came) == 2 and all(flow["vigie"]["payload_out"] == 0 and flow["vigie"]["payload_in"] >= UPLOAD * PACKET
                                  and flow["vigie"]["zone"] == "dmz" for flow in came),
           "what came in went not out, whatever is inside", came)
    cut = {flow["vigie"]["outer"]["destination"]["ip"]: (flow["vigie"]["payload_out"], flow["vigie"]["payload_in"])
           for flow in flows if flow["destination"].get("port") == 9009}
    tap.ok(cut == {ABROAD: (PACKET, 0), ELSEWHERE: (PACKET, PACKET)}, "fragments change none of it", cut)
    hidden, alerts = told["pseudonym"]
    shown = [json.loads(line) for line in alerts.splitlines()]
    first = [alert for alert in shown if alert["source"].get("port") == 40000 and alert["vigie"]["flows"] > 1]
    tap.ok("203.0.114." not in hidden + alerts and len(first) == 1 and "ip" not in first[0]["destination"],
           "an alert hides the ends that its first flow hides", first or shown)


def replay(scratch, capture, workers=1, addresses="clear"):
    settings = scratch / "vigie.yaml"
    settings.write_text(SETTINGS.format(addresses=addresses, key=scratch / "site.key"), encoding="utf-8")
    alerts = scratch / f"alerts-{workers}-{addresses}.jsonl"
    result = vigie("replay", "-c", settings, "--workers", workers, "--flows", "-", "--alerts", alerts,
                   "--summary", "none", capture)
    return result, result.stdout, alerts.read_text(encoding="utf-8")


def judged(flows, port, outer):
    """The one flow to that port by way of that outer address."""
    found = [flow for flow in flows if flow["destination"].get("port") == port
             and flow["vigie"].get("outer", {}).get("destination", {}).get("ip") == outer]
    return found[0] if len(found) == 1 else {"vigie": {}, "message": f"{len(found)} flows"}


def check_leaving(tap, flows):
    flow = judged(flows, 9000, ABROAD)
    v = flow["vigie"]
    tap.ok((v.get("direction"), v.get("service_kind"), v.get("operator"), v.get("zone")) ==
           ("egress", "tunnel", "aws", "office"), "private ends in a tunnel abroad are an export to its end", flow)
    tap.ok(v.get("outer") == {"source": {"ip": HOST}, "destination": {"ip": ABROAD}, "tunnel": "gre"}
           and "tunnelled" in v.get("flags", []) and v.get("payload_out") == UPLOAD * PACKET,
           "all of it, with the ends that it went between", flow)
    tap.ok(f"to {ABROAD}, tunnel of Amazon" in flow["message"] and "in a gre tunnel." in flow["message"],
           "the sentence says so", flow["message"])
    other = judged(flows, 9000, ELSEWHERE)["vigie"]
    tap.ok((other.get("direction"), other.get("exposure"), other.get("payload_out")) ==
           ("egress", "unknown", UPLOAD * PACKET), "another end is another flow", other)
    within = judged(flows, 9000, GATE)["vigie"]
    tap.ok(within.get("direction") == "internal" and "severity" not in within, "a tunnel within is nothing", within)


def check_contradicted(tap, flows):
    out = [flow for flow in flows if flow["source"].get("ip") in ("192.0.9.70", "10.99.0.7")]
    v = out[0]["vigie"] if len(out) == 1 else {}
    tap.ok((v.get("direction"), v.get("operator"), v.get("payload_out")) in
           (("egress", "aws", UPLOAD * PACKET), ("ingress", "aws", UPLOAD * PACKET)),
           "what looks like a download is what leaves", out)
    transit = [flow for flow in flows if flow["source"].get("ip") == "192.0.9.80"]
    v = transit[0]["vigie"] if transit else {}
    tap.ok((v.get("direction"), v.get("zone"), v.get("operator")) == ("egress", "office", "aws"),
           "ends that are nobody's here, in a tunnel of ours", transit)


def check_carried(tap, flows):
    flow = judged(flows, 9002, ABROAD)
    v = flow["vigie"]
    tap.ok((v.get("direction"), v.get("exposure"), v.get("host_operator"), v.get("confidence")) ==
           ("egress", "us-direct", "aws", "medium"), "who carries it has it too", flow)
    tap.ok(f"in a gre tunnel by way of {ABROAD} with an address of Labs inside" in flow["message"], "and is told",
           flow["message"])
    tap.ok((v.get("zone"), v.get("data_class")) == ("office", "health"),
           "zone and host are of the tunnel's end here, whatever is inside; the class is the higher", v)
    nested = judged(flows, 9003, ABROAD)["vigie"]
    tap.ok((nested.get("direction"), nested.get("outer", {}).get("tunnel")) == ("egress", "4in4"),
           "of tunnels in each other the one that leaves counts", nested)
    spoilt = [flow for flow in flows if flow["network"].get("transport") == "gre"]
    v = spoilt[0]["vigie"] if spoilt else {}
    tap.ok((v.get("direction"), v.get("service_kind"), v.get("operator")) == ("egress", "tunnel", "aws"),
           "what cannot be read inside is an export to the tunnel's end", spoilt)


def check_explained(tap, scratch, alerts):
    """Who runs the tunnel's end is told to whoever asks why."""
    settings, told = scratch / "explained.yaml", scratch / "explained.jsonl"
    settings.write_text(SETTINGS.format(addresses="clear", key=scratch / "site.key"), encoding="utf-8")
    told.write_text(alerts, encoding="utf-8")
    later = scratch / "later.yaml"
    later.write_text(settings.read_text(encoding="utf-8").replace("Paris}", f"Paris, inside: [{ABROAD}/32]}}"), encoding="utf-8")
    pages, otherwise = {}, []
    for alert in map(json.loads, alerts.splitlines()):
        if "outer" in alert["vigie"]:
            page = vigie("explain", "-c", settings, "--alerts", told, alert["event"]["id"]).stdout
            others = [vigie("explain", *given, "--alerts", told, alert["event"]["id"]).stdout for given in ((), ("-c", later))]
            ways = {text.partition("The way it took")[2].partition("\n\n")[0] for text in (page, *others)}
            otherwise += [ways] if len(ways) != 1 or "" in ways else []
            pages[alert["vigie"]["outer"]["tunnel"], "way_evidence" in alert["vigie"]] = " ".join(page.split())
    tap.ok(pages and not otherwise, "the way is explained alike without settings, and when they have changed", otherwise)
    carried = pages.get(("gre", True), "")
    tap.ok(f"The packets went to {ABROAD}, the far end of a tunnel (gre)." in carried
           and "Who runs the tunnel's far end: Amazon Web Services. These say so: prefix" in carried,
           "its operator and what says so are explained", carried)
    ends = pages.get(("4in4", False), "")
    tap.ok(f"The packets went to {ABROAD}, the far end of a tunnel (4in4). That end is who is judged" in ends
           and "Who runs the tunnel's far end" not in ends, "an end that is who gets it is explained as such", ends)


def main():
    tap = Tap()
    with scratch_folder() as scratch:
        capture = scratch / "tunnels.pcap"
        make(capture)
        result, text, alerts = replay(scratch, capture)
        flows = [json.loads(line) for line in text.splitlines()]
        tap.ok(result.status == 0 and len(flows) == 8, "eight flows", [str(len(flows))] + result.told())
        check_leaving(tap, flows)
        check_contradicted(tap, flows)
        check_carried(tap, flows)
        check_explained(tap, scratch, alerts)
        check_forged(tap, scratch)
        for workers in (2, 8):
            _, again, alerts_again = replay(scratch, capture, workers)
            tap.ok((again, alerts_again) == (text, alerts), f"the same with {workers} workers")
        _, hidden, hidden_alerts = replay(scratch, capture, addresses="pseudonym")
        tap.ok('"10.0.0.' not in hidden + hidden_alerts and '"10.99.' not in hidden + hidden_alerts
               and f'"destination":{{"ip":"{ABROAD}"}},"tunnel":"gre"' in hidden,
               "no inside address where pseudonyms stand for them, neither inside nor outside of the tunnel", hidden)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
