#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sudden death: vigie is killed at random moments under load, and its receivers go away at random, too. After a calm
run every row of the journal is at every sink, and next to none came twice.

VIGIE_KILLS says how often (default 12; the full check has 200), VIGIE_SEED repeats what was drawn."""
import contextlib
import os
import random
import sys
import time

from arrivals import Arrivals
from authority import Certificates
from bulk import Bulk
from daemon import NotHere
from hec import Hec
from http_server import Answer
from kafka import Kafka
from live_vigie import eal_trouble
from redis_server import RedisServer, RedisStream
from rsyslog import Rsyslog
from sensor import Sensor
from sinks import (bulk_identity, hec_identity, kafka_identity, redis_identity, relp, rsyslog_identity, to_bulk, to_hec,
                   to_kafka, to_redis)
from vigie_test import Tap, scratch_folder

KILLS = int(os.environ.get("VIGIE_KILLS", "12"))
SEED = int(os.environ.get("VIGIE_SEED") or random.SystemRandom().randrange(1 << 32))
HOSTS, RATE = 2000, 2000
# Seconds after it watches, before it is killed.
LEAST_S, MOST_S = 0.05, 2.0
CALM_SECONDS = 120
# Of a hundred messages, how many may come again. Of a few kills a single one counts for much: the batches of three, of
# a fifth of a second each, are allowed in any case.
AGAIN_PERCENT, AGAIN_FEW = 1, 3 * RATE // 5
HEC_UNASKED_S = 0.05


class Receivers:
    """All five, and the misfortunes that they can have. Each leaves its receiver running."""

    def __init__(self, stack, folder, certificates, draw):
        self.draw = draw
        self.rsyslog = stack.enter_context(Rsyslog(folder / "rsyslog", certificates, fields=("sd",)))
        self.hec = stack.enter_context(Hec(certificates.good, delay=0.05, identify=hec_identity))
        self.bulk = stack.enter_context(Bulk(certificates.good))
        self.kafka = stack.enter_context(Kafka())
        self.redis = stack.enter_context(RedisServer(folder / "redis"))
        self.sinks = [relp("relp", self.rsyslog.ports["relp"]), to_hec("hec", self.hec, certificates, folder),
                      to_bulk("bulk", self.bulk, certificates, folder), to_kafka("kafka", self.kafka),
                      to_redis("redis", self.redis, folder, max_len=10_000_000)]
        self.arrivals = [Arrivals("relp", self.rsyslog, rsyslog_identity), Arrivals("hec", self.hec, hec_identity),
                         Arrivals("bulk", self.bulk, bulk_identity), Arrivals("kafka", self.kafka, kafka_identity),
                         Arrivals("redis", RedisStream(self.redis), redis_identity)]

    def gather(self):
        for arrivals in self.arrivals:
            arrivals.gather()

    def misfortune(self):
        """One of them, drawn; gives its name."""
        what = self.draw.choice([self.restart_rsyslog, self.kill_rsyslog, self.crash_hec, self.hec_busy,
                                 self.restart_bulk, self.bulk_busy, self.kafka_away, self.kill_redis])
        what()
        return what.__name__

    def _away(self):
        time.sleep(self.draw.uniform(0, 0.5))

    def restart_rsyslog(self):
        self.rsyslog.stop()
        self._away()
        self.rsyslog.start()

    def kill_rsyslog(self):
        self.rsyslog.kill()
        self._away()
        self.rsyslog.start()

    def crash_hec(self):
        self.hec.crash()
        self._away()
        self.hec.open()

    def hec_busy(self):
        self.hec.plan.extend([Answer(503, {"text": "Server is busy", "code": 9})] * 2)

    def restart_bulk(self):
        self.bulk.close()
        self._away()
        self.bulk.open()

    def bulk_busy(self):
        """Some items are turned away, for a while."""
        end = time.monotonic() + self.draw.uniform(0, 0.5)
        self.bulk.busy = lambda identity: hash(identity) % 3 == 0 and time.monotonic() < end

    def kafka_away(self):
        self.kafka.down()
        self._away()
        self.kafka.up()

    def kill_redis(self):
        self.redis.kill()
        self._away()
        self.redis.start()


def one_life(sensor, receivers, draw):
    """From the start to the kill, with a misfortune before it now and then. False where it did not even start."""
    if not sensor.start_with_load(HOSTS, RATE):
        return False
    end = time.monotonic() + draw.uniform(LEAST_S, MOST_S)
    if draw.random() < 0.5:
        receivers.misfortune()
    time.sleep(max(0, end - time.monotonic()))
    sensor.kill()
    receivers.gather()
    return True


def calm(tap, sensor, receivers):
    started = sensor.start()
    rows = sensor.rows()
    tap.note(f"{len(rows)} rows are in the journal")
    tap.ok(started and len(rows) > KILLS, "a calm run begins", [] if started else sensor.stop().told())
    end = time.monotonic() + CALM_SECONDS
    for arrivals in receivers.arrivals:
        arrivals.wait_for(rows, max(1, end - time.monotonic()))
    result = sensor.stop()
    tap.ok(result.status == 0 and not result.trouble, "it ends well", result.told())
    rows = sensor.rows()
    for arrivals in receivers.arrivals:
        arrivals.check(tap, rows, f"{arrivals.name} has everything", 10)
        again, most = arrivals.again, max(len(rows) * AGAIN_PERCENT // 100, AGAIN_FEW)
        if arrivals.receiver is receivers.hec:
            # It says later that it has indexed an event, and has to be asked: what it would have said, had it been
            # asked in the moment of the kill.
            again, most = receivers.hec.again, max(most, int(KILLS * RATE * HEC_UNASKED_S))
        tap.ok(again <= most, f"{arrivals.name}: {again} came again that had been acknowledged, at most {most} may")
    verified = sensor.command("verify", seconds=300)
    tap.ok(verified.status == 0, "the journal is whole", [*verified.stdout.splitlines()[:10], *verified.told()])


def kills(tap, folder):
    tap.note(f"VIGIE_SEED={SEED} VIGIE_KILLS={KILLS}")
    draw = random.Random(SEED)
    with contextlib.ExitStack() as stack:
        receivers = Receivers(stack, folder, Certificates(folder / "certificates"), draw)
        sensor = stack.enter_context(Sensor(folder / "sensor", receivers.sinks))
        for number in range(KILLS):
            if not one_life(sensor, receivers, draw):
                tap.ok(False, f"it starts after {number} kills", sensor.stop().told())
                return
        tap.ok(True, f"it starts after each of {KILLS} kills")
        calm(tap, sensor, receivers)


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("kills", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder:
        try:
            kills(tap, folder)
        except NotHere as missing:
            tap.skip("kills", missing)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
