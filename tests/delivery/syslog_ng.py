# SPDX-License-Identifier: Apache-2.0
"""syslog-ng as a receiver, over TLS and TCP: what its own parser made of each message, as a line of JSON."""
import json
import pathlib

from daemon import Daemon, NotHere, Tail, UNPACKED, free_port, listens, program

# `syslog()` is RFC 6587 octet counting over tcp, RFC 5425 over tls; `network()` with the flag takes newlines.
SETTINGS = """
@version: 3.38
options {{ keep-hostname(yes); use-dns(no); log-msg-size(65536); stats-freq(0); ts-format(iso); frac-digits(6);
  keep-timestamp(yes); time-zone("+00:00"); send-time-zone("+00:00"); recv-time-zone("+00:00"); }};
source tcp {{ syslog(ip("127.0.0.1") port({tcp}) transport("tcp") max-connections(100)); }};
source lines {{ network(ip("127.0.0.1") port({lines}) transport("tcp") flags(syslog-protocol)); }};
source tls {{ syslog(ip("127.0.0.1") port({tls}) transport("tls") max-connections(100)
  tls(key-file("{key}") cert-file("{certificate}") ca-file("{ca}") peer-verify({verify}))); }};
destination file {{ file("{out}" template("$(format-json --scope none pri=$PRI time=$ISODATE host=$HOST app=$PROGRAM
  process=$PID msgid=$MSGID msg=$MSG sd=$SDATA input=$SOURCE --key .SDATA.* --shift-levels 1)\\n")
  flush-lines(1) fsync(no)); }};
log {{ source(tcp); source(lines); source(tls); destination(file); flags(flow-control); }};
"""


class SyslogNg(Daemon):
    """One syslog-ng; `ports` are those of `tcp lines tls`."""

    def __init__(self, folder, certificates, server=None, client_certificate=False, ports=None):
        folder = pathlib.Path(folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        path = program("syslog-ng")
        server = server or certificates.good
        self.ports = ports or {name: free_port() for name in ("tcp", "lines", "tls")}
        self.out = folder / "received.jsonl"
        settings = folder / "syslog-ng.conf"
        settings.write_text(SETTINGS.format(
            **self.ports, key=server.key, certificate=server.certificate, ca=certificates.ca, out=self.out,
            verify="required-trusted" if client_certificate else "optional-untrusted"), encoding="utf-8")
        modules = self._module_folder(path)
        super().__init__("syslog-ng", folder,
                         [path, "-F", "--no-caps", "--stderr", "-f", settings, f"--module-path={modules}",
                          "-R", folder / "persist", "-c", folder / "control", "-p", folder / "pid"],
                         lambda: all(map(listens, self.ports.values())))
        self._tail = Tail(self.out)

    @staticmethod
    def _module_folder(path):
        base = UNPACKED if path.startswith(str(UNPACKED)) else pathlib.Path("/")
        for folder in (base / "usr/lib/syslog-ng").glob("3.*"):
            return folder
        raise NotHere("syslog-ng has no folder of modules")

    def received(self):
        """Fields of the messages that came since the last call; `SDATA` is what it read of the structured data."""
        return [json.loads(line.decode(errors="replace")) for line in self._tail.lines()]
