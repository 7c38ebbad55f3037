# SPDX-License-Identifier: Apache-2.0
"""Sinks as the settings name them, one function for each type, and what their receivers' messages say of the row."""
import json

import bulk
import hec
import messages
import webhook
from authority import SERVER_NAME

LOOPBACK = "127.0.0.1"


def _tls(certificates, client=None):
    tls = {"ca": str(certificates.ca), "server_name": SERVER_NAME}
    if client is not None:
        tls |= {"cert": str(client.certificate), "key": str(client.key)}
    return tls


def syslog_tls(name, port, certificates, client=None, host=LOOPBACK, **more):
    return {"name": name, "type": "syslog-tls", "address": f"{host}:{port}", "tls": _tls(certificates, client), **more}


def syslog_tcp(name, port, host=LOOPBACK, **more):
    return {"name": name, "type": "syslog-tcp", "address": f"{host}:{port}", **more}


def relp(name, port, certificates=None, client=None, host=LOOPBACK, **more):
    tls = {"tls": _tls(certificates, client)} if certificates else {}
    return {"name": name, "type": "relp", "address": f"{host}:{port}", **tls, **more}


def file(name, path, **more):
    return {"name": name, "type": "file", "path": str(path), **more}


def _secret(folder, name, text):
    path = folder / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


def to_hec(name, receiver, certificates, folder, **more):
    return {"name": name, "type": "hec", "url": receiver.url, "tls": {"ca": str(certificates.ca)},
            "token_file": _secret(folder, f"{name}.token", hec.TOKEN), **more}


def to_bulk(name, receiver, certificates, folder, **more):
    return {"name": name, "type": "bulk", "url": receiver.url, "tls": {"ca": str(certificates.ca)},
            "user": bulk.USER, "password_file": _secret(folder, f"{name}.password", bulk.PASSWORD), **more}


def to_webhook(name, receiver, certificates, folder, **more):
    return {"name": name, "type": "webhook", "url": f"{receiver.url}/hook", "tls": {"ca": str(certificates.ca)},
            "secret_file": _secret(folder, f"{name}.secret", webhook.SECRET), **more}


def to_kafka(name, receiver, **more):
    return {"name": name, "type": "kafka", "brokers": [receiver.bootstrap], "topic": receiver.topic, **more}


def to_redis(name, receiver, folder, unix=False, **more):
    where = {"path": str(receiver.path)} if unix else {"address": f"{LOOPBACK}:{receiver.port}"}
    return {"name": name, "type": "redis", **where, "user": receiver.user,
            "password_file": _secret(folder, f"{name}.password", receiver.password), **more}


def rsyslog_identity(fields):
    """Of a message in format `syslog`, by rsyslog's own parser."""
    return messages.identity_of_sd(fields["sd"])


def syslog_ng_identity(fields):
    return messages.identity_of_elements(fields["SDATA"])


def ecs_identity(record):
    return record["event"]["id"], record["event"]["sequence"]


def hec_identity(event):
    return ecs_identity(event["event"])


def bulk_identity(item):
    return ecs_identity(item[1])


def kafka_identity(message):
    return messages.identity("ecs", message[1])


def redis_identity(entry):
    """The entry has one field with the message in it."""
    body = next(value for value in entry[1].values() if value.startswith(b"{"))
    return messages.identity("ecs", body)


def webhook_identities(received):
    """Of a request, which may hold several messages, one a line."""
    return [messages.identity("ecs", line) for line in received[1].splitlines() if line]


def body_of(sink_format, data):
    return json.loads(data) if sink_format in ("ecs", "ocsf", "eve") else data.decode()
