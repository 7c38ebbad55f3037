# SPDX-License-Identifier: Apache-2.0
"""rsyslogd as a receiver: every way that it takes syslog, its own parser's fields of each message as a line of JSON."""
import json
import pathlib
import socket

from daemon import NotHere, Daemon, Tail, UNPACKED, free_port, listens, program

FIELDS = {"pri": "pri", "version": "protocol-version", "time": "timereported", "host": "hostname", "app": "app-name",
          "process": "procid", "msgid": "msgid", "sd": "structured-data", "msg": "msg", "raw": "rawmsg",
          "input": "inputname", "facility": "syslogfacility-text", "severity": "syslogseverity-text"}

# What is acknowledged over RELP is in the file: without a queue the input's thread writes it, so that even a killed
# receiver has what it acknowledged.
SETTINGS = """
global(workDirectory="{folder}" maxMessageSize="64k" net.enableDNS="off"
  defaultNetstreamDriverCAFile="{ca}" defaultNetstreamDriverCertFile="{certificate}"
  defaultNetstreamDriverKeyFile="{key}")
module(load="imtcp")
module(load="imptcp")
module(load="imudp")
{modules}
template(name="fields" type="list" option.jsonf="on") {{
{fields}
}}
ruleset(name="to-file" queue.type="Direct") {{
  action(type="omfile" file="{out}" template="fields" asyncWriting="off" flushOnTXEnd="on" ioBufferSize="256k")
}}
input(type="imptcp" name="tcp" address="{host}" port="{tcp}" ruleset="to-file" supportOctetCountedFraming="on")
input(type="imudp" name="udp" address="{host}" port="{udp}" ruleset="to-file")
{inputs}
"""
TLS_INPUT = """
input(type="imtcp" name="{name}" address="{host}" port="{port}" ruleset="to-file" maxFrameSize="65536"
  streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="{mode}")
"""
RELP_INPUT = """
input(type="imrelp" name="{name}" address="{host}" port="{port}" ruleset="to-file" maxDataSize="64k"{tls})
"""
RELP_TLS = """
  tls="on" tls.caCert="{ca}" tls.myCert="{certificate}" tls.myPrivKey="{key}"{mode}"""


def _property(name):
    date = ' dateFormat="rfc3339"' if name == "time" else ""
    return f'  property(outname="{name}" name="{FIELDS[name]}"{date} format="jsonf")'


def _module_folder():
    """Where rsyslogd has its modules, with the plugins that are packages of their own."""
    path = program("rsyslogd")
    base = UNPACKED if path.startswith(str(UNPACKED)) else pathlib.Path("/")
    for folder in (base / "usr/lib").glob("*/rsyslog"):
        return folder
    raise NotHere("rsyslogd has no folder of modules")


class Rsyslog(Daemon):
    """One rsyslogd; `ports` are those of `tcp udp tls tls_client relp relp_tls relp_tls_client`, as far as
    its plugins are here.

    tcp and tls take both octet counting and newlines. Those with `client` ask for a certificate. `fields` are
    those of FIELDS that are written down: a flood needs few. `inside` leads into another network, where it has the
    address `host`."""

    def __init__(self, folder, certificates, server=None, fields=tuple(FIELDS), host="127.0.0.1", inside=()):
        folder = pathlib.Path(folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        self.modules, self.fields, self.host = _module_folder(), fields, host
        self.server = server or certificates.good
        self.ca = certificates.ca
        self.ports = {name: free_port(socket.SOCK_DGRAM if name == "udp" else socket.SOCK_STREAM)
                      for name in ("tcp", "udp", "tls", "tls_client", "relp", "relp_tls", "relp_tls_client")}
        self.out = folder / "received.jsonl"
        settings = folder / "rsyslog.conf"
        settings.write_text(self._settings(folder), encoding="utf-8")
        super().__init__("rsyslogd", folder,
                         [program("rsyslogd"), "-n", "-C", "-i", "NONE", "-M", self.modules, "-f", settings], self._listens,
                         inside)
        self._tail = Tail(self.out)

    def has(self, plugin):
        """Whether `tls` or `relp` can be had."""
        return (self.modules / {"tls": "lmnsd_ossl.so", "relp": "imrelp.so"}[plugin]).exists()

    def _settings(self, folder):
        files = {"ca": self.ca, "certificate": self.server.certificate, "key": self.server.key}
        inputs, modules = "", ""
        if self.has("tls"):
            inputs += TLS_INPUT.format(host=self.host, name="tls", port=self.ports["tls"], mode="anon")
            inputs += TLS_INPUT.format(host=self.host, name="tls_client", port=self.ports["tls_client"], mode="x509/certvalid")
        if self.has("relp"):
            modules = 'module(load="imrelp" ruleset="to-file" tls.tlslib="openssl")'
            inputs += RELP_INPUT.format(host=self.host, name="relp", port=self.ports["relp"], tls="")
            inputs += RELP_INPUT.format(host=self.host, name="relp_tls", port=self.ports["relp_tls"],
                                        tls=RELP_TLS.format(**files, mode=""))
            inputs += RELP_INPUT.format(host=self.host, name="relp_tls_client", port=self.ports["relp_tls_client"],
                                        tls=RELP_TLS.format(**files, mode=' tls.authMode="certvalid"'))
        fields = "\n".join(_property(name) for name in self.fields)
        return SETTINGS.format(folder=folder, out=self.out, fields=fields, inputs=inputs, modules=modules, host=self.host,
                               tcp=self.ports["tcp"], udp=self.ports["udp"], **files)

    def _listens(self):
        wanted = ["tcp"] + ["tls"] * self.has("tls") + ["relp"] * self.has("relp")
        return all(listens(self.ports[name], self.host, self.inside) for name in wanted)

    def received(self):
        """Fields of the messages that came since the last call."""
        return [json.loads(line.decode(errors="replace")) for line in self._tail.lines()]
