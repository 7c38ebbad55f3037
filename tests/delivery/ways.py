#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every way to every receiver, all at once: what is told arrives by each of them. And receivers that refuse some of it
for good, which is told, and holds up nothing."""
import contextlib
import os
import socket
import sys
import threading

import messages
from arrivals import Arrivals, ByInput
from authority import Certificates
from bulk import Bulk
from daemon import NotHere, wait_for
from hec import Hec
from kafka import Kafka
from live_vigie import eal_trouble
from redis_server import RedisServer, RedisStream
from rsyslog import Rsyslog
from sensor import ALERT, Sensor
from sinks import (bulk_identity, file, hec_identity, kafka_identity, redis_identity, relp, rsyslog_identity,
                   syslog_ng_identity, syslog_tcp, syslog_tls, to_bulk, to_hec, to_kafka, to_redis, to_webhook,
                   webhook_identities)
from syslog_ng import SyslogNg
from vigie_test import Tap, scratch_folder
from webhook import Webhook

ALERTS, RATE = 300, 1000


def message_identity(data):
    return messages.identity("syslog", data, envelope=True)


class UnixSocket:
    """A socket in the file system, of datagrams or of a stream of lines."""

    def __init__(self, path, kind):
        self.path, self.kind = path, kind
        self._messages, self._lock = [], threading.Lock()

    def __enter__(self):
        self._socket = socket.socket(socket.AF_UNIX, self.kind)
        self._socket.bind(str(self.path))
        if self.kind == socket.SOCK_STREAM:
            self._socket.listen()
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._socket.close()
        os.unlink(self.path)

    def _read(self):
        with contextlib.suppress(OSError):
            while self.kind == socket.SOCK_DGRAM:
                self._take(self._socket.recv(1 << 17))
            while True:
                peer, _ = self._socket.accept()
                with peer, peer.makefile("rb") as lines:
                    for line in lines:
                        self._take(line.removesuffix(b"\n"))

    def _take(self, message):
        with self._lock:
            self._messages.append(message)

    def received(self):
        with self._lock:
            taken, self._messages = self._messages, []
        return taken


class FlatWebhook:
    """A message at a time."""

    def __init__(self, receiver):
        self.receiver = receiver

    def received(self):
        return [identity for request in self.receiver.received() for identity in webhook_identities(request)]

    def told(self):
        return self.receiver.told()


class LinesOf:
    """New lines of a file that a sink writes."""

    def __init__(self, path):
        self.path, self.offset = path, 0

    def received(self):
        data = self.path.read_bytes()[self.offset:] if self.path.exists() else b""
        data = data[:data.rfind(b"\n") + 1]
        self.offset += len(data)
        return data.splitlines()


def over_syslog(stack, folder, certificates):
    """(sink, arrivals) over rsyslog and sockets."""
    rsyslog = stack.enter_context(Rsyslog(folder / "rsyslog", certificates))
    inputs, port = ByInput(rsyslog), rsyslog.ports
    for sink, name in [
            (syslog_tcp("udp", port["udp"], type="syslog-udp"), "udp"),
            (syslog_tcp("tcp", port["tcp"]), "tcp"),
            (syslog_tls("tls-lines", port["tls"], certificates, framing="newline"), "tls"),
            (syslog_tls("tls-client", port["tls_client"], certificates, certificates.client), "tls_client"),
            (relp("relp", port["relp"]), "relp"),
            (relp("relp-tls", port["relp_tls"], certificates), "relp_tls"),
            (relp("relp-tls-client", port["relp_tls_client"], certificates, certificates.client), "relp_tls_client")]:
        yield sink, Arrivals(sink["name"], inputs.of(name), rsyslog_identity)
    for name, kind in (("unix-datagrams", socket.SOCK_DGRAM), ("unix-stream", socket.SOCK_STREAM)):
        receiver = stack.enter_context(UnixSocket(folder / name, kind))
        yield ({"name": name, "type": "unix", "path": str(receiver.path)},
               Arrivals(name, receiver, message_identity))


def over_syslog_ng(stack, folder, certificates):
    receiver = stack.enter_context(SyslogNg(folder / "syslog-ng", certificates, client_certificate=True))
    inputs, port = ByInput(receiver), receiver.ports
    for sink, name in [(syslog_tcp("ng-tcp", port["tcp"]), "tcp"),
                       (syslog_tcp("ng-lines", port["lines"], framing="newline"), "lines"),
                       (syslog_tls("ng-tls", port["tls"], certificates, certificates.client), "tls")]:
        yield sink, Arrivals(sink["name"], inputs.of(name), syslog_ng_identity)


def over_http(stack, folder, certificates):
    hec = stack.enter_context(Hec(certificates.good, acknowledge=False))
    yield to_hec("hec-no-ack", hec, certificates, folder, index="vigie"), Arrivals("hec-no-ack", hec, hec_identity)
    bulk = stack.enter_context(Bulk())
    sink = to_bulk("bulk-http", bulk, certificates, folder)
    del sink["tls"]
    yield sink, Arrivals("bulk-http", bulk, bulk_identity)
    webhook = stack.enter_context(Webhook(certificates.good))
    yield (to_webhook("webhook", webhook, certificates, folder),
           Arrivals("webhook", FlatWebhook(webhook), lambda identity: identity))


def over_others(stack, folder, _):
    yield file("file", folder / "alerts.jsonl"), Arrivals(
        "file", LinesOf(folder / "alerts.jsonl"), lambda line: messages.identity("ecs", line))
    redis = stack.enter_context(RedisServer(folder / "redis"))
    yield (to_redis("redis-unix", redis, folder, unix=True), Arrivals("redis-unix", RedisStream(redis), redis_identity))
    kafka = stack.enter_context(Kafka())
    yield to_kafka("kafka", kafka), Arrivals("kafka", kafka, kafka_identity)


def all_ways(tap, folder, certificates):
    with contextlib.ExitStack() as stack:
        ways = []
        for some in (over_syslog, over_syslog_ng, over_http, over_others):
            try:
                ways += some(stack, folder, certificates)
            except NotHere as why:
                tap.skip(some.__name__, why)
        sensor = stack.enter_context(Sensor(folder / "sensor", [sink for sink, _ in ways]))
        if not tap.ok(sensor.start_with_load(ALERTS, RATE) and sensor.wait_for_rows(ALERTS), f"{len(ways)} sinks run",
                      [] if sensor.live.runs() else sensor.stop().told()):
            return
        rows = sensor.rows()
        for _, arrivals in ways:
            arrivals.wait_for(rows)
        result = sensor.stop()
        tap.ok(result.status == 0 and not result.trouble, "it ends well", result.told())
        rows = sensor.rows()
        for sink, arrivals in ways:
            arrivals.check(tap, rows, f"{sink['name']} ({sink['type']})", 10, most_again=0)
        for sink, _ in ways:
            if sink["type"] not in ("syslog-udp", "file"):
                tested = sensor.command("sink", "test", sink["name"])
                tap.ok(tested.status == 0, f"{sink['name']} takes a test", [*tested.stdout.splitlines()[:5],
                                                                              *tested.told()])


def some_refused(tap, folder, certificates):
    """Receivers that will never take every tenth alert: the others arrive, and the refusal is told to a third one."""
    with Rsyslog(folder / "rsyslog", certificates, fields=("msgid", "sd")) as rsyslog, \
            Hec(certificates.good, delay=0.05) as hec, Bulk(certificates.good) as bulk:
        hec.refuse = lambda event: hec_identity(event)[1] % 10 == 0
        bulk.mapping = lambda document: document["event"]["sequence"] % 10 == 0
        sinks = [to_hec("hec", hec, certificates, folder), to_bulk("bulk", bulk, certificates, folder),
                 relp("siem", rsyslog.ports["relp"])]
        with Sensor(folder / "sensor", sinks) as sensor:
            if not tap.ok(sensor.start_with_load(ALERTS, RATE) and sensor.wait_for_rows(ALERTS), "refused: it runs"):
                return
            rows = [row for row in sensor.rows() if row.seq % 10]
            Arrivals("hec", hec, hec_identity).check(tap, rows, "HEC: all but what it refuses arrives", running=True)
            Arrivals("bulk", bulk, bulk_identity).check(tap, rows, "_bulk: all but what it refuses arrives",
                                                        running=True)
            told = []
            tap.ok(wait_for(lambda: told.extend(rsyslog.received()) or
                            sum(message["msgid"] == "SYS-SINK-REFUSED" for message in told) >= 2),
                   "the other receiver is told of both", [str({message["msgid"] for message in told})])
            status = sensor.command("sink", "status", "--format", "json")
            tap.ok(status.status in (0, 1) and status.stdout.count('"refused"') >= 2, "status tells of it",
                   status.stdout.splitlines()[:5])
            result = sensor.stop()
            tap.ok(result.status == 0 and not result.trouble, "refused: it ends well", result.told())
            alerts = sum(row.kind == ALERT for row in sensor.rows())
            tap.ok(alerts == ALERTS, "the journal has them all")


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("ways", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        certificates = Certificates(folder / "certificates")
        for case in (all_ways, some_refused):
            place = folder / case.__name__
            place.mkdir()
            try:
                case(tap, place, certificates)
            except NotHere as missing:
                tap.skip(case.__name__, missing)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
