#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What goes wrong around a sensor: the network is cut, receivers misbehave, the disk is full or the journal damaged.
Nothing is lost silently, and one trouble is nobody else's."""
import contextlib
import ctypes
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import time

from arrivals import Arrivals, ByInput
from authority import Certificates
from daemon import NotHere, wait_for
from live_vigie import eal_trouble
from messages import identity
from network import SERVER, ip, trouble, two_hosts
from odd_servers import SyslogServer
from rsyslog import Rsyslog
from sensor import ALERT, Sensor, read_journal
from sinks import relp, rsyslog_identity, syslog_tcp, syslog_tls
from vigie_test import Tap, scratch_folder

FEW, RATE = 300, 1000
FULL, DISK_MIB, BALLAST_MIB = 6000, 40, 37
# Why there are no mounts of our own; set by main.
NO_MOUNTS = None


def syslog_identity(data):
    return identity("syslog", data, envelope=True)


def cable_is_cut(tap, folder, certificates):
    """The receiver's end of the cable goes down under load, and comes back."""
    why = trouble()
    if why is not None:
        tap.skip("a network that is cut", why)
        return
    with two_hosts() as (client, server):
        ip("-n", server, "link", "set", "lo", "up")
        with Rsyslog(folder / "rsyslog", certificates, host=SERVER, inside=["ip", "netns", "exec", server]) as receiver, \
                Sensor(folder / "sensor", [syslog_tls("tls", receiver.ports["tls"], certificates, host=SERVER, timeout=3),
                                           relp("relp", receiver.ports["relp"], host=SERVER, timeout=3)],
                       inside=["ip", "netns", "exec", client]) as sensor:
            inputs = ByInput(receiver)
            both = [Arrivals(name, inputs.of(name), rsyslog_identity) for name in ("tls", "relp")]

            def gather():
                return [arrivals.gather() for arrivals in both]

            if not tap.ok(sensor.start_with_load(4000, 400), "cut: it runs"):
                return
            tap.ok(wait_for(lambda: min(gather()) >= 500), "cut: alerts arrive before", receiver.told())
            ip("-n", server, "link", "set", "veth-s", "down")
            before = gather()
            tap.ok(sensor.wait_for_rows(max(before) + 1500), "cut: the journal goes on without the network")
            during = gather()
            ip("-n", server, "link", "set", "veth-s", "up")
            # The route went with the device.
            subprocess.run(["ip", "-n", server, "route", "replace", "198.51.100.10", "dev", "veth-s"], check=True)
            tap.ok(max(during) <= max(before) + 50, "cut: nothing gets through", [str(before), str(during)])
            sensor.wait_for_rows(4000)
            rows = sensor.rows()
            wait_for(lambda: min(gather()) >= len(rows), 90)
            for arrivals in both:
                arrivals.check(tap, rows, f"cut: {arrivals.name} has everything afterwards", 1, running=True)
            result = sensor.stop()
            tap.ok(result.status == 0 and not result.trouble, "cut: it ends well", result.told())


def killed_receiver(tap, folder, certificates):
    """A receiver over TLS dies under load, with what it had read and not written, and comes back: what was sent just
    before is sent again, since nobody had said that it arrived."""
    with Rsyslog(folder / "rsyslog", certificates, fields=("sd",)) as receiver, \
            Sensor(folder / "sensor", [syslog_tls("siem", receiver.ports["tls"], certificates)]) as sensor:
        arrivals = Arrivals("siem", receiver, rsyslog_identity)
        if not tap.ok(sensor.start_with_load(4000, 1000), "killed receiver: it runs"):
            return
        for least in (500, 1500, 2500):
            tap.ok(wait_for(lambda least=least: arrivals.gather() >= least), f"killed receiver: {least} have arrived")
            receiver.kill()
            receiver.start()
        sensor.wait_for_rows(4000)
        arrivals.check(tap, sensor.rows(), "killed receiver: everything arrives", running=True)
        result = sensor.stop()
        tap.ok(result.status == 0 and not result.trouble, "killed receiver: it ends well", result.told())


def deaf_receivers(tap, folder, certificates):
    """Receivers that accept and never read, over TCP and TLS; a good one beside them is not delayed."""
    with Rsyslog(folder / "rsyslog", certificates, fields=("sd",)) as receiver, \
            SyslogServer(deaf=True, receive_buffer=4096) as deaf, \
            SyslogServer(certificates.good, deaf=True, receive_buffer=4096) as deaf_tls, \
            Sensor(folder / "sensor", [syslog_tcp("deaf", deaf.port), syslog_tls("deaf-tls", deaf_tls.port, certificates),
                                       syslog_tls("good", receiver.ports["tls"], certificates)]) as sensor:
        arrivals = Arrivals("rsyslog", receiver, rsyslog_identity)
        if not tap.ok(sensor.start_with_load(5000, 2000) and sensor.wait_for_rows(5000), "deaf: it runs"):
            return
        begin = time.monotonic()
        arrivals.check(tap, sensor.rows(), "deaf: a good receiver has everything", 20, running=True)
        tap.note(f"{time.monotonic() - begin:.1f} s after the journal had it")
        status = sensor.command("sink", "status", "deaf")
        tap.ok(status.status in (0, 1) and "deaf" in status.stdout, "deaf: status tells of it", status.told())
        begin = time.monotonic()
        result = sensor.stop()
        tap.ok(result.status == 0 and not result.trouble and time.monotonic() - begin < 30,
               "deaf: it ends all the same", result.told())


def impatient_receiver(tap, folder, _):
    """It takes one message a connection."""
    with SyslogServer(close_after=1) as receiver, \
            Sensor(folder / "sensor", [syslog_tcp("once", receiver.port)]) as sensor:
        if not tap.ok(sensor.start_with_load(20, 1000) and sensor.wait_for_rows(20), "one message a connection: it runs"):
            return
        Arrivals("once", receiver, syslog_identity).check(tap, sensor.rows(),
                                                          "one message a connection: everything arrives", 60,
                                                          running=True)
        sensor.stop()


def own_mounts():
    """Mounts of this process and its children are seen by nobody else from now on. Why that cannot be, or None."""
    clone_newns = 0x00020000
    if ctypes.CDLL(None, use_errno=True).unshare(clone_newns) != 0:
        return f"no mounts of our own: {os.strerror(ctypes.get_errno())}"
    done = subprocess.run(["mount", "--make-rprivate", "/"], check=False, capture_output=True, text=True)
    return None if done.returncode == 0 else f"no mounts of our own: {done.stderr.strip()}"


@contextlib.contextmanager
def mounted(place, *words):
    place.mkdir()
    subprocess.run(["mount", *words, str(place)], check=True, capture_output=True, timeout=30)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True, timeout=30)


def full_disk(tap, folder, certificates):
    """The journal's disk fills up under load, and has room again later."""
    if NO_MOUNTS is not None:
        tap.skip("a full disk", NO_MOUNTS)
        return
    with mounted(folder / "disk", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "none") as disk, \
            Rsyslog(folder / "rsyslog", certificates, fields=("msgid", "sd")) as receiver, \
            Sensor(folder / "sensor", [relp("siem", receiver.ports["relp"])], journal=disk / "journal.db") as sensor:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(BALLAST_MIB << 20))
        if not tap.ok(sensor.start_with_load(FULL, 2000), "full disk: it runs"):
            return
        said = wait_for(lambda: "full" in sensor.live.stderr or "No space" in sensor.live.stderr)
        tap.ok(said, "full disk: standard error says so", sensor.live.stderr.splitlines()[-5:])
        wait_for(lambda: sensor.feed.sent == FULL)
        tap.ok(sensor.live.runs() and read_journal(sensor.journal), "full disk: it goes on, and the journal can be read")
        ballast.unlink()
        arrivals, rules = Arrivals("siem", receiver, rsyslog_identity), set()

        def told_of_disk():
            for message in receiver.received():
                rules.add(message["msgid"])
                arrivals.take(message)
            return "SYS-DISK" in rules

        tap.ok(wait_for(told_of_disk), "full disk: when there is room again, the receiver is told",
               [str(rules), f"{len(arrivals.counts)} rows", *sensor.live.stderr.splitlines()[-5:]])

        def all_accounted():
            told_of_disk()
            rows = sensor.rows()
            return sum(row.kind == ALERT for row in rows) + lost_in(rows) == FULL

        tap.ok(wait_for(all_accounted), "full disk: every alert is journalled, or counted as lost",
               [f"{len(sensor.rows())} rows, {lost_in(sensor.rows())} lost of {FULL}"])
        arrivals.check(tap, sensor.rows(), "full disk: the receiver has what the journal has", running=True)
        result = sensor.stop()
        tap.ok(result.status == 0 and not result.trouble, "full disk: it ends well", result.told())
        verified = sensor.command("verify")
        tap.ok(verified.status == 0, "full disk: the journal is whole", verified.told())


def lost_in(rows):
    """The sum of what the journal says was lost."""
    return sum(int(re.search(r"\d+", row.record["message"])[0]) for row in rows if row.rule == "SYS-JOURNAL-LOST")


def read_only_disk(tap, folder, _):
    if NO_MOUNTS is not None:
        tap.skip("a read-only disk", NO_MOUNTS)
        return
    with mounted(folder / "disk", "-t", "tmpfs", "-o", "size=1m,ro", "none") as disk, \
            Sensor(folder / "sensor", [], journal=disk / "journal.db") as sensor:
        watching = sensor.start()
        result = sensor.stop()
        ours = [line for line in result.stderr.splitlines() if line.startswith("vigie: ")]
        tap.ok(not watching and result.status == 1 and len(ours) == 1 and str(disk) in ours[0],
               "read-only disk: it says so and does not start", result.told())


def flip_bytes(path):
    data = bytearray(path.read_bytes())
    for at in range(200, len(data), 1009):
        data[at] ^= 0xff
    path.write_bytes(data)


def cut_in_half(path):
    os.truncate(path, path.stat().st_size // 2 // 512 * 512 + 100)


def zero_header(path):
    with open(path, "r+b") as file:
        file.write(bytes(100))


def other_file(path):
    path.write_text("This is a letter to nobody.\n" * 1000)


def other_database(path):
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE journal (a, b)")
    database.close()


DAMAGES = {"flipped bytes": flip_bytes, "cut in half": cut_in_half, "no header": zero_header,
           "another file": other_file, "another database": other_database}


def damaged_journal(tap, folder, certificates):
    """Each damage in turn to one sensor's journal, which is replaced each time."""
    with Rsyslog(folder / "rsyslog", certificates, fields=("msgid", "sd")) as receiver, \
            Sensor(folder / "sensor", [relp("siem", receiver.ports["relp"])]) as sensor:
        for what, damage in DAMAGES.items():
            if not tap.ok(sensor.start_with_load(FEW, RATE) and sensor.wait_for_rows(FEW), f"{what}: before it"):
                sensor.stop()
                continue
            sensor.stop()
            damage(sensor.journal)
            after_damage(tap, sensor, receiver, what)
        wal_removed(tap, sensor, receiver)


def after_damage(tap, sensor, receiver, what):
    damaged, before = sensor.journal.read_bytes(), set(sensor.journal.parent.iterdir())
    receiver.received()
    watching = sensor.start_with_load(FEW, RATE)
    names, ids = set(), set()

    def arrived():
        for message in receiver.received():
            names.add(message["msgid"])
            ids.add(rsyslog_identity(message)[0])
        return "SYS-JOURNAL-DAMAGED" in names and len(ids) >= FEW

    tap.ok(watching and wait_for(arrived), f"{what}: the receiver is told, and gets the next alerts",
           [str(names), f"{len(ids)} ids", *receiver.told()])
    rows = sensor.rows()
    result = sensor.stop()
    kept = [path for path in set(sensor.journal.parent.iterdir()) - before if path.read_bytes() == damaged]
    tap.ok(len(kept) == 1, f"{what}: the damaged file is kept", sorted(map(str, sensor.journal.parent.iterdir())))
    tap.ok(str(sensor.journal) in result.stderr and kept and kept[0].name in result.stderr,
           f"{what}: standard error says what was done", result.told())
    tap.ok(len({row.id for row in rows if row.kind == ALERT}) >= FEW and sensor.command("verify").status == 0,
           f"{what}: the new journal is whole", result.told())


def wal_removed(tap, sensor, receiver):
    """Somebody tidies up after a kill, and takes the newest rows along: what follows arrives all the same."""
    known, got = {row.id for row in sensor.rows()}, set()

    def new_arrived():
        new = {row.id for row in sensor.rows() if row.kind == ALERT} - known
        got.update(rsyslog_identity(message)[0] for message in receiver.received())
        return len(new) >= FEW and new <= got

    if not tap.ok(sensor.start_with_load(FEW, RATE) and wait_for(new_arrived), "log removed: before it"):
        return
    sensor.kill()
    for ending in ("-wal", "-shm"):
        pathlib.Path(str(sensor.journal) + ending).unlink(missing_ok=True)
    known |= got
    watching = sensor.start_with_load(FEW, RATE)
    tap.ok(watching and wait_for(new_arrived), "log removed: the next alerts arrive",
           [f"{len(got - known)} of {FEW}", *receiver.told()])
    result = sensor.stop()
    tap.ok(result.status == 0 and sensor.command("verify").status == 0, "log removed: the journal is whole",
           result.told())


CASES = (cable_is_cut, killed_receiver, deaf_receivers, impatient_receiver, full_disk, read_only_disk, damaged_journal)


def main():
    global NO_MOUNTS
    tap = Tap()
    NO_MOUNTS = own_mounts()
    why = eal_trouble()
    if why is not None:
        tap.skip("troubles", f"EAL does not start here: {why}")
        return tap.end()
    wanted = sys.argv[1:]
    with scratch_folder() as folder:
        certificates = Certificates(folder / "certificates")
        for case in CASES:
            if wanted and case.__name__ not in wanted:
                continue
            place = folder / case.__name__
            place.mkdir()
            try:
                case(tap, place, certificates)
            except NotHere as missing:
                tap.skip(case.__name__, missing)
            shutil.rmtree(place, ignore_errors=True)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
