#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Live, over DPDK's capture device, a capture gives the flows that its replay gives, with one worker and with two."""
import collections
import ipaddress
import json
import re
import signal
import sys

from live_vigie import EAL, Live, eal_trouble

from vigie_test import CAPTURES, Tap, scratch_folder, vigie

# Ethernet with microseconds: the device knows no other link type, and no nanoseconds.
NAMES = [
    "http/mercury-http_auth.pcap",
    "http/zeek-pipelined-requests.pcap",
    "cleartext-upload/zeek-http-post-large.pcap",
    "fragments/pcpp-ip4_fragments.pcap",
    "fragments/zeek-ipv6-http-atomic-frag.pcap",
    "dns/arkime-dns-tcp.pcap",
    "quic/zeek-firefox-102.13.0esr-blog-cloudflare-com.pcap",
    "quic/zeek-quicv2-http3-443.pcap",
    "tls/mercury-top_100_fingerprints.pcap",
    "tls/retina-tls_ciphers.pcap",
    "tls/zeek-hrr.pcap",
    "tls-pq/pfl-tls_sni_in_second_segment_20.pcap",
    "tls-pq/zeek-chrome-1250-tls-x25519-kyber.pcap",
    "tunnels/zeek-geneve.pcap",
    "tunnels/zeek-mpls-in-vlan.pcap",
    "tunnels/zeek-pppoe.pcap",
    "tunnels/zeek-vxlan-encapsulated-http.pcap",
]
ADDRESS = re.compile(r"(?<![\w.:-])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w.:-])")


def settings(folder, flows, workers, clear, key="site.key"):
    path = folder / "vigie.yaml"
    path.write_text(f"flows: {{workers: {workers}, timeouts: {{active: 0}}}}\n"
                    f"privacy: {{addresses: {'clear' if clear else 'default'}, key_file: {folder / key}}}\n"
                    f"run: {{flows: {flows}}}\n")
    return path


def run(folder, capture, workers, clear=True, number=signal.SIGINT, key="site.key"):
    """Result, and the lines of flows."""
    flows = folder / "flows.jsonl"
    flows.unlink(missing_ok=True)
    live = Live("-c", settings(folder, flows, workers, clear, key), "--", *EAL,
                "--vdev", f"net_pcap0,rx_pcap={capture}")
    live.wait_until_watching()
    result = live.end(number)
    return result, flows.read_text().splitlines() if flows.exists() else []


def facts(lines):
    """Records without what tells the two ways of reading apart."""
    records = []
    for line in lines:
        record = json.loads(line)
        record["vigie"].pop("capture", None)
        record["vigie"].pop("seq")
        records.append(json.dumps(record, sort_keys=True))
    return collections.Counter(records)


def differences(expected, given):
    for what, more in (("only in replay", expected - given), ("only live", given - expected)):
        for record in list(more)[:3]:
            yield f"{what}: {record}"


def same_as_replay(tap, folder, capture, workers):
    replayed = vigie("replay", "-c", settings(folder, folder / "unused", 1, True), "--flows", "-",
                     "--summary", "none", capture)
    expected = facts(replayed.stdout.splitlines())
    result, lines = run(folder, capture, workers)
    given = facts(lines)
    good = result.status == 0 and not result.trouble and expected and given == expected
    tap.ok(good, f"{capture.name} with {workers} worker{'s'[:workers - 1]}: {len(given)} flows as in replay",
           [result.trouble, *result.told(), *differences(expected, given)])


def inside_addresses(text):
    """Addresses in a text that no internet route carries."""
    for word in ADDRESS.findall(text):
        try:
            address = ipaddress.ip_address(word)
        except ValueError:
            continue
        if not address.is_global:
            yield word


def hosts_of(lines):
    return {json.loads(line)["vigie"].get("host") for line in lines} - {None}


def addresses_are_hidden(tap, folder):
    for capture in map(CAPTURES.joinpath, ["http/mercury-http_auth.pcap", "tls/mercury-top_100_fingerprints.pcap",
                                           "fragments/zeek-ipv6-http-atomic-frag.pcap"]):
        result, lines = run(folder, capture, 1, clear=False)
        shown = [word for line in [*lines, result.stdout] for word in inside_addresses(line)]
        tap.ok(result.status == 0 and lines and not shown, f"{capture.name}: no inside address is written",
               [f"{len(lines)} flows", f"shown: {sorted(set(shown))[:10]}", *result.told()])
        mine, again, other = (hosts_of(some) for some in (lines, run(folder, capture, 1, clear=False)[1],
                                                          run(folder, capture, 1, clear=False, key="other.key")[1]))
        tap.ok(mine and mine == again and other and not mine & other,
               f"{capture.name}: pseudonyms are those of the site's key", [str(mine), str(again), str(other)])


def several_ports(tap, folder):
    captures = [CAPTURES / "http/mercury-http_auth.pcap", CAPTURES / "tls/retina-tls_ciphers.pcap"]
    flows = folder / "flows.jsonl"
    for workers in (1, 2):
        flows.unlink(missing_ok=True)
        devices = [f"--vdev=net_pcap{i},rx_pcap={capture}" for i, capture in enumerate(captures)]
        live = Live("-c", settings(folder, flows, workers, True), "--", *EAL, *devices)
        live.wait_until_watching()
        result = live.end()
        packets = sum(record["network"]["packets"] for record in map(json.loads, flows.read_text().splitlines()))
        tap.ok(result.status == 0 and packets == 14 + 1095,
               f"two ports, {workers} worker{'s'[:workers - 1]}: what waits at the end is still read",
               [f"{packets} packets", *result.told()])


def ends(tap, folder):
    capture = CAPTURES / NAMES[0]
    result, lines = run(folder, capture, 1, number=signal.SIGTERM)
    tap.ok(result.status == 0 and lines, "SIGTERM ends it as SIGINT does", result.told())
    tap.ok("14 seen" in result.stdout, "the summary is told at the end", result.stdout.splitlines()[:5])


def mistakes(tap, folder):
    """Exit status 1, and one line of ours that says what to do, behind those of EAL."""
    capture = CAPTURES / NAMES[0]
    device = ["--vdev", f"net_pcap0,rx_pcap={capture}"]
    (folder / "port.yaml").write_text("run: {ports: [net_pcap7]}\n")
    (folder / "full.yaml").write_text("run: {flows: /dev/full}\n")
    (folder / "folder.yaml").write_text(f"run: {{flows: {folder}/none/flows}}\n")
    good = settings(folder, folder / "flows.jsonl", 1, True)
    for case, file, options, word in [
            ("a port that is not there", folder / "port.yaml", device, "net_pcap7"),
            ("no port at all", good, [], "--vdev"),
            ("a device that is not there", good, ["--vdev", "net_nothing0"], "EAL does not start"),
            ("an option that EAL does not know", good, ["--no-such-option"], "EAL does not start"),
            ("flows onto a full disk", folder / "full.yaml", device, "/dev/full: No space"),
            ("flows into a folder that is not there", folder / "folder.yaml", device, "none/flows: No such")]:
        live = Live("-c", file, "--", *EAL, *options)
        live.wait_until_watching()
        result = live.end()
        ours = [line for line in result.stderr.splitlines() if line.startswith("vigie: ") and "watching" not in line]
        tap.ok(result.status == 1 and not result.trouble and len(ours) == 1 and word in ours[0], case, result.told())
        if "full disk" in case:
            tap.ok("14 seen" in result.stdout, f"{case}: the summary is told all the same", result.stdout.splitlines()[:5])


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("live flows", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        for name in NAMES:
            for workers in (1, 2):
                same_as_replay(tap, folder, CAPTURES / name, workers)
        addresses_are_hidden(tap, folder)
        several_ports(tap, folder)
        ends(tap, folder)
        mistakes(tap, folder)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
