#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That the receivers themselves are sound, without vigie: what is sent to them by other programs arrives as it was
sent, and what is wrong is refused."""
import base64
import json
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import messages
from authority import SERVER_NAME, Certificates
from daemon import NotHere, wait_for
from bulk import PASSWORD, USER, Bulk
from hec import TOKEN, Hec
from http_server import Answer
from kafka import Kafka
from odd_servers import SyslogServer
from redis_server import RedisServer
from rsyslog import Rsyslog
from syslog_ng import SyslogNg
from vigie_test import Tap, scratch_folder
from webhook import SECRET, Webhook, signature

TEXT = 'caf\u00e9 "quoted" \\ back]slash'
MESSAGE = ('<162>1 2026-11-29T17:35:39.552296Z sensor-1 vigie 12 SEC-UNK [meta sequenceId="7"]'
           '[vigie@32473 id="abc" x="a\\]b\\"c\\\\"] \ufeff' + TEXT).encode()
BAD_CERTIFICATES = {"expired": "expired", "not_yet": "not yet valid", "wrong_name": "mismatch",
                    "unknown": "local issuer"}


def counted(message):
    return b"%d %s" % (len(message), message)


def client_context(certificates, client=None):
    context = ssl.create_default_context(cafile=str(certificates.ca))
    if client is not None:
        context.load_cert_chain(client.certificate, client.key)
    return context


def send(port, data, context=None, name=SERVER_NAME):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        stream = context.wrap_socket(plain, server_hostname=name) if context else plain
        stream.sendall(data)
        if context is not None:
            stream.unwrap()


class Relp:
    """A client of RELP, for a message at a time: `TXNR COMMAND LENGTH [DATA]` and a newline, both ways."""

    def __init__(self, port, context=None):
        plain = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._stream = context.wrap_socket(plain, server_hostname=SERVER_NAME) if context else plain
        self._file, self._number = self._stream.makefile("rb"), 0
        self.ask(b"open", b"relp_version=0\nrelp_software=test\ncommands=syslog")

    def ask(self, command, data):
        self._number += 1
        self._stream.sendall(b"%d %s %d %s\n" % (self._number, command, len(data), data))
        number, _, length = (self._until() for _ in range(3))
        answer = self._file.read(int(length) + 1)
        return int(number) == self._number and answer.startswith(b"200")

    def _until(self):
        word = b""
        while (byte := self._file.read(1)) not in (b" ", b"\n", b""):
            word += byte
        return word

    def close(self):
        self._file.close()
        self._stream.close()


def collect(receiver, count, seconds=10):
    messages = []
    wait_for(lambda: messages.extend(receiver.received()) or len(messages) >= count, seconds)
    return messages


def rsyslog(tap, folder, certificates):
    with Rsyslog(folder / "rsyslog", certificates) as receiver:
        ports, context = receiver.ports, client_context(certificates)
        send(ports["tcp"], counted(MESSAGE))
        send(ports["tcp"], MESSAGE + b"\n")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.sendto(MESSAGE, ("127.0.0.1", ports["udp"]))
        send(ports["tls"], counted(MESSAGE) * 2, context)
        send(ports["tls_client"], counted(MESSAGE), client_context(certificates, certificates.client))
        acknowledged = []
        for name in ("relp", "relp_tls", "relp_tls_client"):
            relp = Relp(ports[name], {"relp_tls": context, "relp_tls_client": client_context(
                certificates, certificates.client)}.get(name))
            acknowledged.append(relp.ask(b"syslog", MESSAGE))
            relp.close()
        messages = collect(receiver, 9)
        tap.ok(sorted(message["input"] for message in messages) ==
               sorted(["tcp", "tcp", "udp", "tls", "tls", "tls_client", "relp", "relp_tls", "relp_tls_client"]),
               "rsyslog takes syslog in all its ways", [str(messages), *receiver.told()])
        tap.ok(messages and all(
            message["sd"] == '[meta sequenceId="7"][vigie@32473 id="abc" x="a\\]b\\"c\\\\"]'
            and message["msg"] == "\ufeff" + TEXT and message["host"] == "sensor-1" and message["msgid"] == "SEC-UNK"
            and (message["facility"], message["severity"]) == ("local4", "crit")
            and message["time"] == "2026-11-29T17:35:39.552296Z" for message in messages),
            "rsyslog's fields are those of RFC 5424", [str(message) for message in messages[:1]])
        tap.ok(all(acknowledged), "rsyslog acknowledges over RELP", receiver.told())
        send(ports["tcp"], counted(MESSAGE[:200] + b"y" * 60000))
        long = collect(receiver, 1)
        tap.ok(len(long) == 1 and len(long[0]["raw"]) > 60000, "rsyslog takes 60,000 bytes whole", receiver.told())
        relp = Relp(ports["relp"])
        relp.ask(b"syslog", MESSAGE)
        receiver.kill()
        receiver.start()
        tap.ok(len(collect(receiver, 1)) == 1, "what it acknowledged it has, also when killed", receiver.told())
        if shutil.which("logger"):
            subprocess.run(["logger", "--rfc5424", "-n", "127.0.0.1", "-P", str(ports["tcp"]), "-T", "--octet-count",
                            "--msgid", "M1", "from logger"], check=True, timeout=30)
            tap.ok([message["msgid"] for message in collect(receiver, 1)] == ["M1"], "util-linux's logger is heard",
                   receiver.told())


def syslog_ng(tap, folder, certificates):
    with SyslogNg(folder / "syslog-ng", certificates) as receiver:
        send(receiver.ports["tcp"], counted(MESSAGE))
        send(receiver.ports["lines"], MESSAGE + b"\n")
        send(receiver.ports["tls"], counted(MESSAGE), client_context(certificates))
        messages = collect(receiver, 3)
        tap.ok(sorted(message["input"] for message in messages) == ["lines", "tcp", "tls"],
               "syslog-ng takes TCP and TLS", [str(messages), *receiver.told()])
        tap.ok(messages and all(
            message["SDATA"] == {"meta": {"sequenceId": "7"}, "vigie@32473": {"id": "abc", "x": 'a]b"c\\'}}
            and message["msg"] == TEXT and message["host"] == "sensor-1" and message["msgid"] == "SEC-UNK"
            and message["pri"] == "162" for message in messages),
            "syslog-ng's fields are those of RFC 5424", [str(message) for message in messages[:1]])


def redis(tap, folder, _):
    with RedisServer(folder / "redis") as receiver:
        with receiver.client() as client:
            client("AUTH", receiver.user, receiver.password)
            for number in range(3):
                client("XADD", "vigie:alerts", "*", "number", number)
            try:
                client("XADD", "others", "*", "number", 0)
                refused = False
            except ValueError:
                refused = True
        receiver.kill()
        receiver.start()
        entries = receiver.entries("vigie:alerts")
        tap.ok([fields[b"number"] for _, fields in entries] == [b"0", b"1", b"2"] and not receiver.entries("vigie:alerts"),
               "redis-server keeps what it acknowledged, also when killed", receiver.told())
        tap.ok(refused, "redis-server gives the user no other keys")
        with socket.socket(socket.AF_UNIX) as local:
            local.connect(str(receiver.path))
            local.sendall(b"PING\r\n")
            tap.ok(local.recv(16) == b"+PONG\r\n", "redis-server has a Unix socket")


def kafka(tap, *_):
    with Kafka() as receiver:
        producer = receiver.producer()
        for number in range(1000):
            producer.produce(receiver.topic, key=str(number), value=b"x" * 100)
        producer.flush(10)
        tap.ok(len(collect(receiver, 1000)) == 1000, "the mock cluster keeps what is produced")
        receiver.down()
        producer.produce(receiver.topic, key="late", value=b"late")
        waiting = producer.flush(1)
        receiver.up()
        tap.ok(waiting == 1 and producer.flush(20) == 0 and [key for key, _ in collect(receiver, 1)] == [b"late"],
               "its broker goes away and comes back")


def ask(receiver, path, body, headers=(), context=None, method="POST"):
    """Status and parsed body."""
    request = urllib.request.Request(receiver.url + path, body, dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def hec(tap, _, certificates):
    context = client_context(certificates)
    with Hec(certificates.good, delay=0.3) as receiver:
        def post(body, token=TOKEN, channel="c1", path="/services/collector/event"):
            headers = {"Authorization": f"Splunk {token}", **({"X-Splunk-Request-Channel": channel} if channel else {})}
            return ask(receiver, path, body, headers, context)

        def acknowledged(number, channel="c1"):
            return post(json.dumps({"acks": [number]}).encode(), channel=channel,
                        path="/services/collector/ack")[1]["acks"][str(number)]
        event = b'{"event":{"n":1}}'
        status, answer = post(event + b"\n" + event)
        tap.ok((status, answer) == (200, {"text": "Success", "code": 0, "ackId": 0}), "HEC takes events", [str(answer)])
        tap.ok(not acknowledged(0) and not acknowledged(0, "c2") and wait_for(lambda: acknowledged(0), 5)
               and not acknowledged(0), "HEC acknowledges later, once, and to its channel", receiver.told())
        tap.ok([post(*each)[1].get("code") for each in [(event, "bad"), (event, TOKEN, None), (b"",), (b"{",),
                                                        (b'{"a":1}',), (b'{"event":1,"index":"none"}',)]] ==
               [4, 10, 5, 6, 12, 7], "HEC refuses with its codes", receiver.told())
        tap.ok(post(event + b'{"x":1}')[1].get("invalid-event-number") == 1, "HEC says which event is invalid")
        receiver.plan.append(Answer(503, {"text": "Server is busy", "code": 9}))
        tap.ok(post(event)[0] == 503 and post(event)[0] == 200, "HEC is busy where that is planned")
        safe = len(receiver.received())
        receiver.crash()
        receiver.open()
        tap.ok(safe == 2 and receiver.lost == 2 and not receiver.received() and not acknowledged(2),
               "a crash loses what was not acknowledged", [f"{safe} safe, {receiver.lost} lost"])


def bulk(tap, _, certificates):
    context = client_context(certificates)
    word = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {word}", "Content-Type": "application/x-ndjson"}
    with Bulk(certificates.good, busy=lambda identity: identity == "busy",
              mapping=lambda document: document.get("ip") == "none") as receiver:
        def post(*items, **more):
            body = "".join(json.dumps({verb: {"_index": "vigie-alerts", "_id": identity, **version}}) + "\n"
                           + json.dumps(document) + "\n" for verb, identity, version, document in items).encode()
            return ask(receiver, "/_bulk", body, more.get("headers", headers), context)

        external = {"version_type": "external"}
        status, answer = post(("index", "a", {}, {}), ("create", "b", {}, {}), ("create", "b", {}, {}),
                              ("index", "busy", {}, {}), ("index", "c", {}, {"ip": "none"}),
                              ("index", "d", {"version": 7, **external}, {}),
                              ("index", "d", {"version": 7, **external}, {}),
                              ("index", "d", {"version": 8, **external}, {}))
        statuses = [value["status"] for item in answer["items"] for value in item.values()]
        tap.ok(status == 200 and answer["errors"] and statuses == [201, 201, 409, 429, 400, 201, 409, 200],
               "_bulk answers for each item", [str(statuses)])
        tap.ok(len(receiver.received()) == 4 and len(receiver.conflicts) == 2, "_bulk keeps what it took")
        tap.ok(post(("index", "a", {}, {}), headers={})[0] == 401, "_bulk wants a password")
        tap.ok(ask(receiver, "/_bulk", b'{"index":{}}\n{}', headers, context)[0] == 400, "_bulk wants the last newline")


def webhook(tap, _, certificates):
    context = client_context(certificates)
    with Webhook(certificates.good) as receiver:
        def post(secret, now):
            return ask(receiver, "/hook", b'{"a":1}', {"X-Vigie-Timestamp": now,
                                                       "X-Vigie-Signature": signature(secret, now, b'{"a":1}')}, context)
        now = str(int(time.time()))
        tap.ok([post(SECRET, now)[0], post("other", now)[0], post(SECRET, "1000000000")[0]] == [200, 401, 401]
               and [body for _, body in receiver.received()] == [b'{"a":1}'],
               "the web hook looks at signature and age", receiver.told())


def odd_servers(tap, _, certificates):
    for label, word in {**BAD_CERTIFICATES, "good": ""}.items():
        with SyslogServer(getattr(certificates, label)) as receiver:
            try:
                send(receiver.port, counted(MESSAGE), client_context(certificates))
                said = ""
            except ssl.SSLError as error:
                said = str(error)
            tap.ok(word in said if word else not said and collect(receiver, 1) == [MESSAGE],
                   f"certificate {label}: {word or 'good'}", [said, *receiver.told()])
    with SyslogServer(close_after=1) as receiver:
        for _ in range(3):
            send(receiver.port, counted(MESSAGE))
        tap.ok(len(collect(receiver, 3)) == 3 and receiver.connections == 3, "one message a connection", receiver.told())
    with SyslogServer(deaf=True, receive_buffer=4096) as receiver:
        with socket.create_connection(("127.0.0.1", receiver.port)) as client:
            client.settimeout(0.5)
            try:
                while True:
                    client.sendall(b"x" * 65536)
            except TimeoutError:
                tap.ok(not receiver.received(), "the deaf one reads nothing")


HEADER = b"<162>1 2026-11-29T17:35:39.552Z host vigie 12 SEC-UNK "
GOOD_BODIES = [
    (messages.syslog, HEADER + b"- text"),
    (messages.syslog, HEADER + b'[a@1 x="]"]'.replace(b'"]"', b'"\\]"')),
    (messages.cef, r"CEF:0|v|p\|q|1|id|name|5|msg=a\=b c\nd src=192.0.2.1"),
    (messages.leef, "LEEF:2.0|v|p|1|id|x09|a=1\tb=2=3"),
    (messages.strict_json, '{"a": {"b": 1}}'),
]
BAD_BODIES = [
    (messages.syslog, b"<192" + HEADER[4:] + b"- text"),
    (messages.syslog, HEADER.replace(b"552Z", b"552000000Z") + b"- text"),
    (messages.syslog, HEADER + b"text without structured data"),
    (messages.syslog, HEADER + b'[a@1 x="]"] text'),
    (messages.syslog, HEADER + b'[a@1 x="1"][a@1 y="2"] text'),
    (messages.syslog, HEADER + b'[a@1 x="1"]text'),
    (messages.syslog, HEADER + b"- \xff"),
    (messages.cef, "CEF:0|v|p|1|id|name"),
    (messages.cef, "CEF:0|v|p|1|id|name|5|msg=a=b"),
    (messages.cef, "CEF:0|v|p|1|id|name|5|a=1 a=2"),
    (messages.leef, "LEEF:1.0|v|p|1|id|a=1"),
    (messages.leef, "LEEF:2.0|v|p|1|id|x09|a=1\ta=2"),
    (messages.leef, "LEEF:2.0|v|p|1|id|x09|a=1\tb"),
    (messages.strict_json, '{"a": 1, "a": 2}'),
    (messages.strict_json, '{"a": NaN}'),
    (messages.strict_json, "[1]"),
]


def readers(tap, *_):
    """The readers of messages take what is right, and nothing else."""
    def takes(reader, body):
        try:
            reader(body)
            return True
        except ValueError:
            return False
    refused = [body for reader, body in GOOD_BODIES if not takes(reader, body)]
    taken = [body for reader, body in BAD_BODIES if takes(reader, body)]
    tap.ok(not refused, "readers take what is right", [str(body) for body in refused])
    tap.ok(not taken, f"readers refuse {len(BAD_BODIES)} faults", [str(body) for body in taken])


def main():
    tap = Tap()
    with scratch_folder() as folder:
        certificates = Certificates(folder / "certificates")
        for case in (rsyslog, syslog_ng, redis, kafka, hec, bulk, webhook, odd_servers, readers):
            try:
                case(tap, folder, certificates)
            except NotHere as why:
                tap.skip(case.__name__, why)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
