# SPDX-License-Identifier: Apache-2.0
"""TLS by Python's ssl module, both ends of it in memory: what goes over the wire is what OpenSSL wrote."""
import atexit
import datetime
import os
import ssl
import struct
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

import randomness

HANDSHAKE, APPLICATION_DATA = 22, 23
CHANGE_CIPHER_SPEC = bytes.fromhex("140303000101")
ECH, QUIC_TRANSPORT_PARAMETERS = 0xfe0d, 0x39
VALID = datetime.datetime(2026, 9, 1), datetime.datetime(2027, 9, 1)

# What a client offers: versions, ciphers of TLS 1.2 (None: OpenSSL's own choice), ALPN.
CLIENTS = {
    "browser": (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, "ECDHE+AESGCM:ECDHE+CHACHA20", ["h2", "http/1.1"]),
    "office": (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, "ECDHE+AESGCM:ECDHE+AES", ["h2", "http/1.1"]),
    "tool": (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, None, ["http/1.1"]),
    "old": (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM:ECDHE+AES", []),
    "quic": (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, None, ["h3"]),
}
SERVER_ALPN = ["h3", "h2", "http/1.1"]

_folder = tempfile.TemporaryDirectory(prefix="phares-")
atexit.register(_folder.cleanup)
_servers = {}


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(name):
    """PEM file with key and certificate of a server. Keys are made of fixed numbers: they protect nothing."""
    issuer = ed25519.Ed25519PrivateKey.from_private_bytes(b"Autorite d'essai des Phares 2026")
    key = ec.derive_private_key(int.from_bytes(b"one key for all servers of a day", "big"), ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name("Autorite d'essai des Phares"))
        .public_key(key.public_key()).serial_number(len(_servers) + 1)
        .not_valid_before(VALID[0]).not_valid_after(VALID[1])
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(issuer, None))
    path = os.path.join(_folder.name, f"{len(_servers)}.pem")
    with open(path, "wb") as file:
        file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                     serialization.NoEncryption()))
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _server(name):
    """No tickets: they would hold the time of day."""
    if name not in _servers:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(name))
        context.set_alpn_protocols(SERVER_ALPN)
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        _servers[name] = context
    return _servers[name]


def _client(kind):
    lowest, highest, ciphers, alpn = CLIENTS[kind]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version, context.maximum_version = lowest, highest
    if ciphers:
        context.set_ciphers(ciphers)
    if alpn:
        context.set_alpn_protocols(alpn)
    if kind == "quic":
        # RFC 9001 8.4: no session id for the sake of middleboxes.
        context.options &= ~ssl.OP_ENABLE_MIDDLEBOX_COMPAT
    return context


class _End:
    def __init__(self, context, **options):
        self.input, self.output = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.input, self.output, **options)

    def step(self, heard):
        """Hears bytes, goes on with the handshake, returns what is to be sent."""
        self.input.write(heard)
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return self.output.read()


def exchange(label, sni, kind, request, answer):
    """[(outward, bytes)] of a handshake and of one request and its answer. `sni` None: the client gives none."""
    randomness.restart(label)
    client = _End(_client(kind), server_hostname=sni)
    server = _End(_server(sni or "sauvegarde.phares.example"), server_side=True)
    said, flight, outward = [], client.step(b""), True
    while flight:
        said.append((outward, flight))
        flight = (server if outward else client).step(flight)
        outward = not outward
    for outward, sender, text in ((True, client, request), (False, server, answer)):
        sender.tls.write(text)
        said.append((outward, sender.output.read()))
    return said


def client_hello(label, sni, kind):
    """The handshake message, without its record."""
    randomness.restart(label)
    return _End(_client(kind), server_hostname=sni).step(b"")[5:]


def server_flight(label, sni, hello):
    """Content of the records that a server sends first on hearing a ClientHello: [(type, bytes)]."""
    randomness.restart(label + " server")
    sent = _End(_server(sni), server_side=True).step(record(HANDSHAKE, hello))
    contents, at = [], 0
    while at < len(sent):
        kind, _, length = struct.unpack_from(">BHH", sent, at)
        contents.append((kind, sent[at + 5:at + 5 + length]))
        at += 5 + length
    return contents


def record(kind, content):
    return struct.pack(">BHH", kind, 0x0301 if content[:1] == b"\1" else 0x0303, len(content)) + content


def with_extension(hello, number, content):
    """The ClientHello with one more extension at its end (RFC 8446 4.1.2)."""
    at = 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at:at + 2], "big")
    at += 1 + hello[at]
    extensions = hello[at + 2:] + struct.pack(">HH", number, len(content)) + content
    body = hello[4:at] + struct.pack(">H", len(extensions)) + extensions
    return hello[:1] + len(body).to_bytes(3, "big") + body


def ech_exchange(label, outer_name, dice):
    """
    A ClientHello whose real name is in its encrypted inner one (draft-ietf-tls-esni): outer form, X25519,
    HKDF-SHA256, AES-128-GCM. Nobody but the server could read the inner one, so here it is noise.
    """
    inner = dice.randbytes(239)
    content = (bytes([0]) + struct.pack(">HHB", 1, 1, dice.randrange(256))
               + struct.pack(">H", 32) + dice.randbytes(32) + struct.pack(">H", len(inner)) + inner)
    hello = with_extension(client_hello(label, outer_name, "browser"), ECH, content)
    answer = b"".join(record(kind, data) for kind, data in server_flight(label, outer_name, hello))
    finished = CHANGE_CIPHER_SPEC + record(APPLICATION_DATA, dice.randbytes(53))
    return [(True, record(HANDSHAKE, hello)), (False, answer), (True, finished)]
