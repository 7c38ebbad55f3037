#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A live network of two hosts: what one asks of the other appears with its name. Needs root for its namespaces."""
import contextlib
import json
import os
import signal
import subprocess
import sys

from live_vigie import EAL, LIMIT_SECONDS, Live, eal_trouble, wait_for

from vigie_test import Tap, scratch_folder

CLIENT, SERVER = "198.51.100.10", "203.0.113.80"
NAME = "www.phares.example"

# Serves one request, after saying that it listens.
SERVE = f"""
import socket
listener = socket.create_server(("{SERVER}", 80))
print("listening", flush=True)
peer, _ = listener.accept()
peer.recv(4096)
peer.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok")
peer.close()
"""
ASK = f"""
import socket
with socket.create_connection(("{SERVER}", 80), timeout=10) as to:
    to.sendall(b"GET / HTTP/1.1\\r\\nHost: {NAME}\\r\\n\\r\\n")
    while to.recv(4096):
        pass
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=LIMIT_SECONDS)


@contextlib.contextmanager
def two_hosts():
    """Two namespaces joined by a cable; gives their names and the client's device, and removes them."""
    client, server = f"vigie-c{os.getpid()}", f"vigie-s{os.getpid()}"
    hosts = [(client, "veth-c", CLIENT), (server, "veth-s", SERVER)]
    try:
        for host, _, _ in hosts:
            ip("netns", "add", host)
        ip("-n", client, "link", "add", "veth-c", "type", "veth", "peer", "name", "veth-s", "netns", server)
        for host, device, address in hosts:
            ip("-n", host, "address", "add", f"{address}/32", "dev", device)
            ip("-n", host, "link", "set", device, "up")
            ip("-n", host, "route", "add", SERVER if host == client else CLIENT, "dev", device)
        yield client, server
    finally:
        for host, _, _ in hosts:
            subprocess.run(["ip", "netns", "del", host], check=False, capture_output=True, timeout=LIMIT_SECONDS)


def in_host(host, program, **options):
    return subprocess.Popen(["ip", "netns", "exec", host, sys.executable, "-c", program], text=True, **options)


def ask(client, server):
    """One request and its answer; True when both programs are content."""
    with in_host(server, SERVE, stdout=subprocess.PIPE) as serving:
        try:
            serving.stdout.readline()
            asked = in_host(client, ASK).wait(LIMIT_SECONDS)
            return asked == 0 and serving.wait(LIMIT_SECONDS) == 0
        finally:
            serving.kill()


def records_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def to_server(records):
    return [record for record in records if record["destination"].get("ip") == SERVER]


def watch(tap, folder, workers):
    flows, settings = folder / f"flows-{workers}.jsonl", folder / "vigie.yaml"
    settings.write_text("privacy: {addresses: clear}\n"
                        f"flows: {{workers: {workers}, timeouts: {{tcp_closed: 1}}}}\n"
                        f"run: {{flows: {flows}, eal: [{', '.join(EAL[:3])}, -m, '512']}}\n")
    case = f"{workers} worker{'s'[:workers - 1]}: "
    with two_hosts() as (client, server):
        live = Live("-c", settings, "--", "--vdev", "net_af_packet0,iface=veth-c",
                    inside=["ip", "netns", "exec", client])
        watching = live.wait_until_watching()
        tap.ok(watching, case + "it watches", [])
        answered = watching and ask(client, server)
        # The flow is over a second after its last packet: it must appear while the program runs.
        seen = answered and wait_for(lambda: to_server(records_of(flows)), 20)
        result = live.end(signal.SIGTERM)
    tap.ok(answered and seen, case + "the flow appears while the program runs", result.told())
    tap.ok(result.status == 0 and not result.trouble, case + "SIGTERM ends it", result.told())
    found = to_server(records_of(flows))
    tap.ok(len(found) == 1 and found[0]["vigie"].get("name") == NAME and found[0]["source"]["ip"] == CLIENT
           and found[0]["vigie"]["final"] and found[0]["vigie"]["payload_out"] > 0
           and found[0]["vigie"]["payload_in"] > 0,
           case + "one flow, with both directions and its name", found)


def trouble():
    """Why there can be no network of our own, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    try:
        with two_hosts():
            return None
    except (OSError, subprocess.SubprocessError) as error:
        return f"no network namespaces: {getattr(error, 'stderr', None) or error}"


def main():
    tap = Tap()
    why = trouble() or eal_trouble()
    if why is not None:
        tap.skip("flows of a live network", why)
        return tap.end()
    with scratch_folder() as folder:
        for workers in (1, 2):
            watch(tap, folder, workers)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
