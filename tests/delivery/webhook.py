# SPDX-License-Identifier: Apache-2.0
"""A web hook as a receiver: looks at the signature of each request, and at its age."""
import hashlib
import hmac
import time

from http_server import Answer, HttpReceiver

SECRET = "webhook-secret"
MOST_AGE_S = 300


def signature(secret, timestamp, body):
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook(HttpReceiver):
    name = "webhook"

    def __init__(self, certificate=None, ca=None, secret=SECRET):
        super().__init__(certificate, ca)
        self.secret, self._bodies = secret, []

    def answer(self, request):
        timestamp, given = (request.headers.get(f"X-Vigie-{name}", "") for name in ("Timestamp", "Signature"))
        if not hmac.compare_digest(given, signature(self.secret, timestamp, request.body)):
            return Answer(401, {"error": "signature"})
        if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > MOST_AGE_S:
            return Answer(401, {"error": "timestamp"})
        self._bodies.append((request.headers, request.body))
        return Answer(200, {})

    def received(self):
        """(headers, body) of the good requests since the last call."""
        with self.lock:
            bodies, self._bodies = self._bodies, []
        return bodies
