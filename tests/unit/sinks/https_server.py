#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An HTTPS server that takes every POST, for tests: https_server.py CERT KEY [CA-OF-CLIENTS].

Prints its port. Names the host asked for in its answer.
"""
import http.server
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = ("host " + self.headers.get("Host", "")).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def finish_request(self, request, client_address):
        # In the connection's own thread, so that a handshake that hangs holds up nobody.
        try:
            request = self.tls.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
        except OSError:
            pass


def main():
    server = Server(("127.0.0.1", 0), Handler)
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(sys.argv[1], sys.argv[2])
    if len(sys.argv) > 3:
        server.tls.verify_mode = ssl.CERT_REQUIRED
        server.tls.load_verify_locations(sys.argv[3])
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
