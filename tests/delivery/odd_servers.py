# SPDX-License-Identifier: Apache-2.0
"""Receivers with bad manners: one that accepts and never reads, one that closes after each message; and TLS servers
for syslog with any certificate, which keep what they read."""
import re
import socket
import ssl
import threading

from daemon import free_port
from http_server import tls_context

_FRAME = re.compile(rb"([1-9][0-9]{0,9}) ")


class SyslogServer:
    """Takes octet-counted syslog (RFC 6587 3.4.1) on a thread for each connection.

    `close_after` messages it closes the connection; with `deaf` it reads nothing at all."""

    def __init__(self, certificate=None, ca=None, close_after=None, deaf=False, receive_buffer=None):
        self.port = free_port()
        self.context = None if certificate is None else tls_context(certificate, ca)
        self.close_after, self.deaf, self.receive_buffer = close_after, deaf, receive_buffer
        self.connections, self.faults = 0, []
        self._messages, self._lock, self._open = [], threading.Lock(), set()
        self._listener = None

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=16)
        if self.receive_buffer is not None:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        # A thread in accept() keeps a closed listener open.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            if not self.deaf:
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            stream = connection
            if self.context is not None:
                stream = self.context.wrap_socket(connection, server_side=True)
            self._read(stream)
            if self.context is not None:
                stream.unwrap()
            stream.close()
        except (OSError, ssl.SSLError, ValueError) as error:
            with self._lock:
                self.faults.append(str(error))
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _read(self, stream):
        data, count = b"", 0
        while self.close_after is None or count < self.close_after:
            match = _FRAME.match(data)
            if match and len(data) >= match.end() + int(match[1]):
                end = match.end() + int(match[1])
                with self._lock:
                    self._messages.append(data[match.end():end])
                data, count = data[end:], count + 1
                continue
            if not match and len(data) > 11:
                raise ValueError(f"no octet count: {data[:40]!r}")
            more = stream.recv(65536)
            if not more:
                if data:
                    raise ValueError(f"ends within a message: {data[:40]!r}")
                return
            data += more

    def received(self):
        """Messages that came since the last call, without their counts."""
        with self._lock:
            messages, self._messages = self._messages, []
        return messages

    def told(self):
        return [f"server: {fault}" for fault in self.faults[:10]]
