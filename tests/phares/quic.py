# SPDX-License-Identifier: Apache-2.0
"""QUIC version 1: Initial packets, protected as RFC 9001 5 says, around a ClientHello and ServerHello of OpenSSL's."""
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import tls

SALT = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
VERSION, INITIAL, HANDSHAKE_PACKET = 1, 0, 2
DATAGRAM = 1250
TAG = 16


def _extract(salt, secret):
    return hmac.digest(salt, secret, "sha256")


def _expand_label(secret, label, length):
    label = b"tls13 " + label
    info = struct.pack(">HB", length, len(label)) + label + b"\0"
    return hmac.digest(secret, info + b"\1", "sha256")[:length]


def _keys(connection, side):
    """Packet key, IV and header protection key of `client in` or `server in` (RFC 9001 5.2)."""
    secret = _expand_label(_extract(SALT, connection), side, 32)
    return [_expand_label(secret, label, length)
            for label, length in ((b"quic key", 16), (b"quic iv", 12), (b"quic hp", 16))]


def _number(value):
    """A variable-length integer (RFC 9000 16) of one, two or four bytes."""
    if value < 64:
        return bytes([value])
    return struct.pack(">H", value | 0x4000) if value < 16384 else struct.pack(">I", value | 0x80000000)


def _crypto(data):
    return b"\x06" + _number(0) + _number(len(data)) + data


def _long_header(kind, destination, source, token=b""):
    first = bytes([0xc0 | kind << 4 | 1])
    return (first + struct.pack(">I", VERSION) + bytes([len(destination)]) + destination
            + bytes([len(source)]) + source + token)


def _protect(keys, header, number, payload):
    key, vector, mask_key = keys
    header += struct.pack(">H", (2 + len(payload) + TAG) | 0x4000) + struct.pack(">H", number)
    nonce = vector[:-2] + struct.pack(">H", int.from_bytes(vector[-2:], "big") ^ number)
    sealed = AESGCM(key).encrypt(nonce, payload, header)
    # RFC 9001 5.4.2: the sample starts four bytes behind the packet number's first.
    mask = Cipher(algorithms.AES(mask_key), modes.ECB()).encryptor().update(sealed[2:18])
    hidden = bytes(a ^ b for a, b in zip(header[-2:], mask[1:]))
    return bytes([header[0] ^ (mask[0] & 0x0f)]) + header[1:-2] + hidden + sealed


def _transport_parameters(source):
    """RFC 9000 18: idle timeout 30 s, windows, streams, and the connection id of this end."""
    values = ((1, _number(30000)), (3, _number(1472)), (4, _number(1 << 24)), (5, _number(1 << 20)),
              (6, _number(1 << 20)), (7, _number(1 << 20)), (8, _number(100)), (9, _number(100)), (15, source))
    return b"".join(_number(number) + _number(len(value)) + value for number, value in values)


def exchange(label, sni, dice):
    """[(outward, datagram)] of the first flights. What the handshake keys hide is noise to all, so it is here."""
    connection, near, far = dice.randbytes(8), dice.randbytes(8), dice.randbytes(8)
    hello = tls.with_extension(tls.client_hello(label, sni, "quic"), tls.QUIC_TRANSPORT_PARAMETERS,
                               _transport_parameters(near))
    contents = tls.server_flight(label, sni, hello)
    first = _long_header(INITIAL, connection, near, _number(0))
    asked = _crypto(hello).ljust(DATAGRAM - len(first) - 4 - TAG, b"\0")
    acknowledged = bytes.fromhex("0200000000")
    rest = sum(len(data) for kind, data in contents[1:] if kind == tls.APPLICATION_DATA)
    answer = _protect(_keys(connection, b"server in"), _long_header(INITIAL, near, far, _number(0)), 0,
                      (acknowledged + _crypto(contents[0][1])).ljust(DATAGRAM - rest - 80, b"\0"))
    hidden = _long_header(HANDSHAKE_PACKET, near, far) + struct.pack(">H", rest | 0x4000) + dice.randbytes(rest)
    finished = _long_header(HANDSHAKE_PACKET, far, near) + struct.pack(">H", 76 | 0x4000) + dice.randbytes(76)
    return [(True, _protect(_keys(connection, b"client in"), first, 0, asked)),
            (False, answer + hidden), (True, finished)]
