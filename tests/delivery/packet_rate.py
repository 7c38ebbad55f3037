#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a draining back-log costs in packets: the same packets for ever, with and without a sink that drains over TLS into
rsyslog, in turn. Run by hand; VIGIE_DRAIN says how many alerts wait (default 400,000), VIGIE_ROUNDS how often (5).

rsyslog stands on another machine in truth; here it runs at the lowest priority."""
import os
import re
import statistics
import sys
import time

from authority import Certificates
from live_vigie import eal_trouble
from rsyslog import Rsyslog
from sensor import Sensor
from sinks import syslog_tls
from vigie_test import CAPTURES, Tap, scratch_folder

MANY = int(os.environ.get("VIGIE_DRAIN", "400000"))
ROUNDS = int(os.environ.get("VIGIE_ROUNDS", "5"))
# Of a run: what is left out at its beginning, and what is measured.
SETTLE_S, MEASURE_S = 2, 8
# No packet of it is larger than a buffer of DPDK, which this device wants for repeating.
CAPTURE = next(CAPTURES.rglob("zeek-firefox-*.pcap"))


def received(stderr):
    """Packets by the status lines, one a second."""
    return [int(count) for count in re.findall(r" received (\d+) ", stderr)]


def rate(sensor, sinks):
    """Packets a second, and how many alerts were sent meanwhile."""
    sensor.sinks = sinks
    if not sensor.start(f"--vdev=net_pcap0,rx_pcap={CAPTURE},infinite_rx=1"):
        return 0, 0
    time.sleep(SETTLE_S + MEASURE_S + 1)
    status = sensor.command("sink", "status", "--format", "json").stdout if sinks else ""
    counts = received(sensor.live.stderr)
    sensor.stop()
    sent = re.search(r'"delivered": ?(\d+)', status)
    return (counts[SETTLE_S + MEASURE_S - 1] - counts[SETTLE_S - 1]) / MEASURE_S, int(sent[1]) if sent else 0


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("packet rate", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        certificates = Certificates(folder / "certificates")
        more = {"run": {"report_every": 1}}
        with Rsyslog(folder / "rsyslog", certificates, fields=("sd",)) as receiver, \
                Sensor(folder / "sensor", more=more) as sensor:
            os.setpriority(os.PRIO_PROCESS, receiver.process.pid, 19)
            tap.ok(sensor.start_with_load(MANY, 40000) and sensor.wait_for_rows(MANY, seconds=300), "a back-log waits")
            sensor.stop()
            alone, beside = [], []
            for number in range(ROUNDS):
                alone.append(rate(sensor, [])[0])
                packets, sent = rate(sensor, [syslog_tls(f"tls-{number}", receiver.ports["tls"], certificates)])
                beside.append(packets)
                tap.note(f"round {number + 1}: {alone[-1]:,.0f} packets a second alone, {packets:,.0f} beside {sent:,} alerts")
            tap.ok(all(alone) and all(beside), f"median {statistics.median(alone):,.0f} packets a second alone, "
                   f"{statistics.median(beside):,.0f} beside: "
                   f"{100 * (1 - statistics.median(beside) / statistics.median(alone)):.1f} % less")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
