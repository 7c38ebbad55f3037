# SPDX-License-Identifier: Apache-2.0
"""HTTP over TLS, or clear, as a receiver: what HEC, `_bulk` and the webhook have in common. Can go away and come back
at the same port."""
import collections
import gzip
import http.server
import json
import socket
import ssl
import threading

from daemon import free_port

Request = collections.namedtuple("Request", "method path query headers body")
# `headers` are further ones; a body that is no bytes is written as JSON.
Answer = collections.namedtuple("Answer", "status body headers", defaults=({},))

BODY_LIMIT = 128 << 20


def tls_context(certificate, ca=None):
    """A server's; with `ca` it asks for the client's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    if ca is not None:
        context.load_verify_locations(ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120

    def setup(self):
        if self.server.context is not None:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def _chunks(self):
        while True:
            length = int(self.rfile.readline(64).split(b";")[0], 16)
            data = self.rfile.read(length)
            self.rfile.readline(64)
            if length == 0:
                return
            yield data

    def _body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b"".join(self._chunks())
        else:
            length = int(self.headers.get("Content-Length", 0))
            if length > BODY_LIMIT:
                raise ValueError(f"body of {length} bytes")
            body = self.rfile.read(length)
            if len(body) < length:
                raise ConnectionError("the body ended early")
        return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

    def _serve(self):
        path, _, query = self.path.partition("?")
        request = Request(self.command, path, query, self.headers, self._body())
        answer = self.server.receiver.serve(request)
        if answer is None:
            self.close_connection = True
            return
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = _serve

    def log_message(self, *_):
        """The receiver keeps its own log."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port, receiver, context):
        self.receiver, self.context = receiver, context
        self.connections, self.lock = set(), threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request_thread(self, request, client_address):
        with self.lock:
            self.connections.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.lock:
                self.connections.discard(request)

    def handle_error(self, request, client_address):
        """A peer that went away, or a certificate that it does not like."""

    def shutdown_request(self, request):
        try:
            super().shutdown_request(request)
        except OSError:
            pass

    def drop_connections(self):
        with self.lock:
            for connection in self.connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


class HttpReceiver:
    """To be derived from: `answer` gets a request and gives an Answer, or None to close without one.

    `plan` holds answers that are given first, one a request to the data, before the receiver looks at anything."""

    name = "http"

    def __init__(self, certificate=None, ca=None):
        self.port = free_port()
        self.scheme = "http" if certificate is None else "https"
        self._context = None if certificate is None else tls_context(certificate, ca)
        self.lock = threading.Lock()
        self.plan = collections.deque()
        self.log = collections.deque(maxlen=10)
        self.requests = 0
        self._server = None

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def answer(self, request):
        raise NotImplementedError

    def serve(self, request):
        with self.lock:
            self.requests += 1
            answer = self.plan.popleft() if self.plan and request.method == "POST" else self.answer(request)
            self.log.append(f"{request.method} {request.path} of {len(request.body)} bytes: "
                            f"{'closed' if answer is None else (answer.status, str(answer.body)[:200])}")
            return answer

    def open(self):
        self._server = _Server(self.port, self, self._context)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """Closes port and connections; requests under way get no answer."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.drop_connections()
            self._server = None

    def told(self):
        return [f"{self.name}: {line}" for line in self.log]

    def __enter__(self):
        self.open()
        return self

    def __exit__(self, *_):
        self.close()
