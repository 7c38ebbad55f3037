# SPDX-License-Identifier: Apache-2.0
"""Certificates, good and bad, that the openssl command makes: an authority that is trusted, and one that nobody knows."""
import dataclasses
import pathlib
import subprocess

SERVER_NAME = "siem.phares.example"
# What one thing of a certificate is wrong with: start and end by the clock of `openssl ca`.
PAST = ("20200101000000Z", "20200201000000Z")
FUTURE = ("20450101000000Z", "20460101000000Z")


@dataclasses.dataclass
class Certificate:
    certificate: pathlib.Path
    key: pathlib.Path


def _openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {words[0]}: {done.stderr.strip()}")


class Authority:
    """A certificate authority in a folder of its own. `ca` is its certificate."""

    def __init__(self, folder, name="Test authority"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.ca, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        (self.folder / "index.txt").touch()
        (self.folder / "serial").write_text("01\n")
        self._settings = self.folder / "openssl.cnf"
        self._settings.write_text(f"""
[ca]
default_ca = this
[this]
dir = {self.folder}
database = {self.folder}/index.txt
serial = {self.folder}/serial
new_certs_dir = {self.folder}
certificate = {self.ca}
private_key = {self.key}
default_md = sha256
default_days = 30
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = names
[names]
""")
        _openssl("req", "-x509", "-config", self._settings, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-keyout", self.key, "-out", self.ca, "-subj", f"/CN={name}", "-days", "30",
                 "-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                 "-addext", "subjectKeyIdentifier=hash")

    def issue(self, label, names=(SERVER_NAME,), addresses=("127.0.0.1",), dates=None, client=False):
        """A certificate for names and addresses; `dates` are (start, end) as 20260131000000Z."""
        paths = Certificate(self.folder / f"{label}.pem", self.folder / f"{label}.key")
        request = self.folder / f"{label}.csr"
        alternatives = ",".join([f"DNS:{name}" for name in names] + [f"IP:{address}" for address in addresses])
        _openssl("req", "-new", "-config", self._settings, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-keyout", paths.key, "-out", request, "-subj", f"/CN={(*names, label)[0]}",
                 "-addext", f"subjectAltName={alternatives}",
                 "-addext", f"extendedKeyUsage={'clientAuth' if client else 'serverAuth'}")
        span = ("-startdate", dates[0], "-enddate", dates[1]) if dates else ()
        _openssl("ca", "-batch", "-config", self._settings, "-notext", "-in", request, "-out", paths.certificate, *span)
        return paths


class Certificates:
    """All that the cases need. `ca` is what a sink trusts."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.trusted, self.stranger = Authority(folder / "trusted"), Authority(folder / "stranger", "Stranger")
        self.ca = self.trusted.ca
        self.good = self.trusted.issue("good", names=(SERVER_NAME, "localhost"))
        self.expired = self.trusted.issue("expired", dates=PAST)
        self.not_yet = self.trusted.issue("not-yet", dates=FUTURE)
        self.wrong_name = self.trusted.issue("wrong-name", names=("other.example",), addresses=("192.0.2.1",))
        self.unknown = self.stranger.issue("unknown")
        self.client = self.trusted.issue("client", names=("sensor.phares.example",), addresses=(), client=True)
        self.strange_client = self.stranger.issue("strange-client", names=("sensor.phares.example",), addresses=(),
                                                  client=True)
