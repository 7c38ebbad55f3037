#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whom a sink believes: good certificates are; what has ended, has another name or an unknown authority is not, the
reason is told in words, and nothing is sent. And receivers that want to know who sends."""
import contextlib
import re
import sys

from arrivals import Arrivals
from authority import Certificates
from daemon import NotHere, wait_for
from hec import Hec
from live_vigie import eal_trouble
from messages import identity
from odd_servers import SyslogServer
from rsyslog import Rsyslog
from sensor import Sensor
from sinks import hec_identity, relp, rsyslog_identity, syslog_tls, to_hec
from vigie_test import Tap, scratch_folder

ALERTS = 20
# What the reason has to say, whatever its words are.
BAD = {
    "expired": r"expired",
    "not_yet": r"not yet valid|valid only from",
    "wrong_name": r"name|mismatch",
    "unknown": r"issuer|self.signed|authority|not trusted|unknown",
}


def status_of(sensor, name):
    """What `vigie sink status` says of one sink."""
    return sensor.command("sink", "status", name)


def says(result, word):
    """Whether the command could be used, and its words are there."""
    return result.status in (0, 1) and re.search(word, result.stdout + result.stderr, re.IGNORECASE) is not None


def servers(tap, folder, certificates):
    """All kinds of servers, and sinks to each at once."""
    with contextlib.ExitStack() as stack:
        taking = {label: stack.enter_context(SyslogServer(getattr(certificates, label))) for label in ("good", *BAD)}
        hecs = {label: stack.enter_context(Hec(getattr(certificates, label))) for label in ("good", *BAD)}
        sinks = [syslog_tls(label, server.port, certificates) for label, server in taking.items()]
        sinks += [to_hec(f"hec-{label}", server, certificates, folder) for label, server in hecs.items()]
        sensor = stack.enter_context(Sensor(folder / "servers", sinks))
        if not tap.ok(sensor.start_with_load(ALERTS, 1000) and sensor.wait_for_rows(ALERTS), "it runs"):
            return
        rows = sensor.rows()
        Arrivals("tls", taking["good"], lambda data: identity("syslog", data, True)).check(
            tap, rows, "good certificate, syslog over TLS", running=True)
        Arrivals("hec", hecs["good"], hec_identity).check(tap, rows, "good certificate, HEC", running=True)
        for label, word in BAD.items():
            for name in (label, f"hec-{label}"):
                told = wait_for(lambda name=name, word=word: says(status_of(sensor, name), word), 20)
                tap.ok(told, f"{name}: status says why", status_of(sensor, name).stdout.splitlines()[:20])
                tested = sensor.command("sink", "test", name)
                tap.ok(tested.status == 1 and says(tested, word), f"{name}: so does a test",
                       [*tested.stdout.splitlines()[:10], *tested.told()])
        tested = sensor.command("sink", "test", "good")
        tap.ok(tested.status == 0, "good: a test arrives", [*tested.stdout.splitlines()[:10], *tested.told()])
        result = sensor.stop()
        tap.ok(result.status == 0 and not result.trouble, "it ends well", result.told())
        for label in BAD:
            tap.ok(not taking[label].received() and not hecs[label].requests, f"{label}: nothing was sent to it")


def clients(tap, folder, certificates):
    """rsyslog that wants a certificate of the client."""
    with Rsyslog(folder / "rsyslog", certificates) as receiver:
        port, relp_port = receiver.ports["tls_client"], receiver.ports["relp_tls_client"]
        cases = {"ours": certificates.client, "none": None, "strange": certificates.strange_client}
        sinks = [syslog_tls(name, port, certificates, client) for name, client in cases.items()]
        sinks += [relp(f"relp-{name}", relp_port, certificates, client) for name, client in cases.items()]
        with Sensor(folder / "clients", sinks) as sensor:
            if not tap.ok(sensor.start_with_load(ALERTS, 1000) and sensor.wait_for_rows(ALERTS), "it runs"):
                return
            rows = sensor.rows()
            arrivals = Arrivals("rsyslog", receiver, rsyslog_identity)
            arrivals.check(tap, rows, "with our certificate everything arrives", 30, running=True)
            for name in cases.keys() - {"ours"}:
                for sink in (name, f"relp-{name}"):
                    told = wait_for(lambda sink=sink: says(status_of(sensor, sink), "certificate|refused|authority|ca"),
                                    20)
                    tap.ok(told, f"client certificate {sink}: status says why",
                           [*status_of(sensor, sink).stdout.splitlines()[:20], *receiver.told()])
            sensor.stop()
            arrivals.gather()
            # Two sinks deliver: syslog and RELP with our certificate.
            tap.ok(set(arrivals.counts.values()) <= {1, 2}, "from the others nothing came",
                   [str(arrivals.counts.most_common(3))])


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("certificates", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        certificates = Certificates(folder / "certificates")
        for case in (servers, clients):
            try:
                case(tap, folder, certificates)
            except NotHere as missing:
                tap.skip(case.__name__, missing)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
