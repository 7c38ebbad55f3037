#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What receivers make of alerts: some hundreds of them, with hostile texts in them, through every format. rsyslog and
syslog-ng read the syslog with parsers of their own, messages.py reads the rest by the letter of each format; every
field is what the journal has."""
import contextlib
import json
import os
import re
import sys

import facts
import messages
from arrivals import Arrivals
from authority import Certificates
from daemon import NotHere, wait_for
from live_vigie import eal_trouble
from ministry import PHARES, compile_table
from odd_servers import SyslogServer
from rsyslog import Rsyslog
from sensor import ALERT, Sensor
from sinks import file, rsyslog_identity, syslog_ng_identity, syslog_tcp, syslog_tls
from syslog_ng import SyslogNg
from vigie_test import Tap, scratch_folder, vigie

# Of which a day at the ministry is judged; each gives other rules.
CLASSES = ("internal", "economic-secret", "health", "secret")
# A name as nobody would have it: all signs that formats separate with, and those that readers trip over.
OWNER = 'a|b=c \\ "d" ]e[ {f} <g> \u00e9\u20ac\U0001f5fc \\n \\" %s $1 cs1=x\n\tnext\u202eline\u2028 \x85,;end '
FORMATS = ("cef", "leef", "ecs", "ocsf", "syslog", "eve", "text")


def settings_of(folder, sensor, data_class):
    """The ministry's, with every zone of one class and of a hostile owner."""
    text = (PHARES / "phares.yaml").read_text(encoding="utf-8")
    owner = json.dumps(OWNER + data_class)
    text = re.sub(r"class: [\w-]+, r9: \w+, owner: [^,}]+", lambda _: f"class: {data_class}, owner: {owner}", text)
    text = re.sub(r"(?ms)^exceptions:.*", "", text).replace(", content_inspection: on", "")
    text = text.replace("privacy: {", f"privacy: {{addresses: clear, key_file: {sensor.folder}/site.key, ")
    path = folder / f"{data_class}.yaml"
    path.write_text(text + "alerts: {minimum: informational, rule_limit: 0, limit: 0}\n"
                    + f"journal: {{path: {sensor.journal}}}\n", encoding="utf-8")
    return path


def fill_journal(tap, folder, sensor):
    """The day, judged again and again, goes into the journal."""
    compile_table(folder)
    for data_class in CLASSES:
        result = vigie("replay", "-c", settings_of(folder, sensor, data_class), "--journal", sensor.journal, "--summary",
                       "none", PHARES / "day.pcap.gz", seconds=300, env={**os.environ, "VIGIE_DATA": str(folder)})
        if not tap.ok(result.status == 0 and not result.trouble, f"a day of class {data_class} is journalled",
                      result.told()):
            return False
    return True


class Lines:
    """A file that a sink writes, as a receiver."""

    def __init__(self, path):
        self.path = path

    def received(self):
        return self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []


def check_format(tap, kind, how, bodies, rows):
    """Every row is told once, as it is."""
    faults, told = [], {}
    by_number = {row.seq: row for row in rows}
    for body in bodies:
        try:
            given = facts.READERS[kind](body)
            told.setdefault(int(given["sequence"]), given)
            faults += facts.wrong_times(kind, by_number[int(given["sequence"])], body)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            faults.append(f"{fault}: {body!r:.400}")
    for row in rows:
        if row.seq in told:
            faults += facts.differences(kind, row.record, row.seq, told[row.seq])
        else:
            faults.append(f"row {row.seq} is missing: {row.content:.200}")
    tap.ok(not faults and len(bodies) == len(rows), f"{kind} {how}: {len(rows)} messages say what the journal says",
           [f"{len(bodies)} messages, {len(faults)} faults", *faults[:12]])


def check_by_parser(tap, name, arrivals, received, rows):
    """Fields as a receiver's own parser read them: `received` are parts as messages.syslog gives them."""
    faults, told = [], {}
    for parts in received:
        given = facts.of_syslog_parts(parts)
        told[int(given["sequence"] or 0)] = given
        if parts["host"] != "sensor-1.phares.example" or parts["app"] != "vigie" or parts["pri"] // 8 != 20:
            faults.append(f"header: {parts}")
    for row in rows:
        faults += facts.differences("syslog", row.record, row.seq, told.get(row.seq, {"id": "missing"}))
    tap.ok(not faults and not arrivals.unread, f"{name}: its own parser reads {len(rows)} messages as the journal has them",
           [f"{len(faults)} faults", *faults[:12], *arrivals.unread[:3]])


def parts_of_rsyslog(fields):
    elements, rest = messages.structured_data(fields["sd"])
    if rest:
        raise ValueError(f"behind the structured data: {rest}")
    return {**fields, "pri": int(fields["pri"]), "sd": elements, "msg": fields["msg"].removeprefix("\ufeff")}


def parts_of_syslog_ng(fields):
    """It drops the mark of the encoding by itself."""
    return {**fields, "pri": int(fields["pri"]), "sd": fields["SDATA"]}


class Kept(Arrivals):
    """Keeps what came."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.all = []

    def take(self, message):
        self.all.append(message)
        super().take(message)


def syslog_time(row):
    """As RFC 5424 has it: of the latest packet, with the three digits that are sent."""
    return row.record["event"]["end"][:23]


def check_times(tap, name, received, rows):
    times = {rsyslog_identity(fields)[1]: fields["time"][:23] for fields in received}
    wrong = [f"{row.seq}: {syslog_time(row)} became {times.get(row.seq)}" for row in rows
             if times.get(row.seq) != syslog_time(row)]
    tap.ok(not wrong, f"{name}: times are those of the latest packets", wrong[:5])


def deliver(tap, folder, sensor, stack, certificates):
    rsyslog = Kept("rsyslog", stack.enter_context(Rsyslog(folder / "rsyslog", certificates)), rsyslog_identity)
    sensor.sinks = [syslog_tls("rsyslog", rsyslog.receiver.ports["tls"], certificates)]
    syslog_ng = None
    try:
        receiver = stack.enter_context(SyslogNg(folder / "syslog-ng", certificates))
        syslog_ng = Kept("syslog-ng", receiver, syslog_ng_identity)
        sensor.sinks.append(syslog_tls("syslog-ng", receiver.ports["tls"], certificates))
    except NotHere as why:
        tap.skip("syslog-ng's fields", why)
    files = {kind: folder / f"{kind}.log" for kind in FORMATS if kind != "syslog"}
    sensor.sinks += [file(f"file-{kind}", path, format=kind) for kind, path in files.items()]
    servers = {kind: stack.enter_context(SyslogServer()) for kind in FORMATS}
    sensor.sinks += [syslog_tcp(f"tcp-{kind}", server.port, format=kind) for kind, server in servers.items()]
    over_tcp = {kind: [] for kind in FORMATS}

    def all_arrived():
        rows = sensor.rows()
        for kind, server in servers.items():
            over_tcp[kind] += server.received()
        parsed = [arrivals.gather() for arrivals in (rsyslog, syslog_ng) if arrivals]
        lines = [len(Lines(path).received()) for path in files.values()]
        return min(*map(len, over_tcp.values()), *parsed, *lines) >= len(rows)

    if not tap.ok(sensor.start(), "it runs"):
        tap.note(sensor.stop().stderr)
        return
    arrived = wait_for(all_arrived, 90)
    result = sensor.stop()
    tap.ok(arrived and result.status == 0 and not result.trouble, "it delivers and ends well", result.told())
    wait_for(all_arrived, 10)
    rows = sensor.rows()
    tap.ok(len(rows) >= 300, f"{len(rows)} rows, of {len({row.rule for row in rows})} rules")
    for arrivals, parts in ((rsyslog, parts_of_rsyslog), (syslog_ng, parts_of_syslog_ng)):
        if arrivals:
            arrivals.check(tap, rows, f"{arrivals.name}: each arrives once", 5, most_again=0)
            check_by_parser(tap, arrivals.name, arrivals, map(parts, arrivals.all), rows)
    check_times(tap, "rsyslog", rsyslog.all, rows)
    for kind in FORMATS:
        bodies = over_tcp[kind]
        if kind in files:
            check_format(tap, kind, "in a file", Lines(files[kind]).received(), rows)
        if kind != "syslog":
            bodies = [messages.syslog(body)["msg"].encode() for body in bodies]
        check_format(tap, kind, "over TCP", bodies, rows)


def main():
    tap = Tap()
    why = eal_trouble()
    if why is not None:
        tap.skip("fields", f"EAL does not start here: {why}")
        return tap.end()
    with scratch_folder() as folder, contextlib.ExitStack() as stack:
        sensor = stack.enter_context(Sensor(folder / "sensor"))
        try:
            if fill_journal(tap, folder, sensor):
                deliver(tap, folder, sensor, stack, Certificates(folder / "certificates"))
                tap.ok(any(row.kind == ALERT for row in sensor.rows()), "there were alerts")
        except NotHere as missing:
            tap.skip("fields", missing)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
