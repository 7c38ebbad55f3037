# SPDX-License-Identifier: Apache-2.0
"""Lets OpenSSL draw its random numbers from a named stream, so that a handshake comes out the same twice.

The functions are those of RAND_set_rand_method(3), deprecated since OpenSSL 3.0 and still obeyed by it.
"""
import ctypes
import hashlib
import ssl

_BYTES = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_STATUS = ctypes.CFUNCTYPE(ctypes.c_int)
_stream = {"label": b"", "drawn": 0}


class _Method(ctypes.Structure):
    _fields_ = [("seed", ctypes.c_void_p), ("bytes", _BYTES), ("cleanup", ctypes.c_void_p),
                ("add", ctypes.c_void_p), ("pseudorand", _BYTES), ("status", _STATUS)]


def _draw(buffer, count):
    _stream["drawn"] += 1
    number = _stream["drawn"].to_bytes(4, "big")
    ctypes.memmove(buffer, hashlib.shake_128(_stream["label"] + number).digest(count), count)
    return 1


def _one():
    return 1


# Kept for as long as OpenSSL may call them.
_METHOD = _Method(None, _BYTES(_draw), None, None, _BYTES(_draw), _STATUS(_one))


def install():
    """For the OpenSSL that Python's ssl module uses, from here to the end of the program."""
    if ssl.OPENSSL_VERSION_INFO[0] != 3:
        raise RuntimeError(f"needs OpenSSL 3, this is {ssl.OPENSSL_VERSION}")
    ctypes.CDLL("libcrypto.so.3").RAND_set_rand_method(ctypes.byref(_METHOD))


def restart(label):
    """From here on the numbers are those of `label`."""
    _stream.update(label=label.encode() + b"\0", drawn=0)
