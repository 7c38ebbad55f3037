# SPDX-License-Identifier: Apache-2.0
"""Elasticsearch's `_bulk` as a receiver: an answer for each item, versions of documents, back-pressure."""
import base64
import json
import re

from http_server import Answer, HttpReceiver

USER, PASSWORD = "vigie", "bulk-secret"


def _error(kind, reason, status):
    return {"error": {"type": kind, "reason": reason}, "status": status}


class Bulk(HttpReceiver):
    """`documents` is what is stored: (index, id) to (version, document). `received` gives each item that was stored, in
    order, with its id; what was refused as an older version is in `conflicts`."""

    name = "bulk"

    def __init__(self, certificate=None, ca=None, busy=None, mapping=None):
        """`busy(id)` and `mapping(document)` say which items get 429, and 400."""
        super().__init__(certificate, ca)
        self.busy, self.mapping = busy, mapping
        self.documents, self.conflicts, self._stored = {}, [], []

    def answer(self, request):
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != expected:
            return Answer(401, {"error": {"type": "security_exception", "reason": "missing authentication credentials"},
                                "status": 401}, {"WWW-Authenticate": 'Basic realm="security"'})
        if request.method in ("GET", "HEAD"):
            return Answer(200, {"version": {"number": "8.17.0", "build_flavor": "default"},
                                "tagline": "You Know, for Search"}, {"X-elastic-product": "Elasticsearch"})
        match = re.fullmatch(r"(?:/([^/]+))?/_bulk", request.path)
        if not match:
            return Answer(404, _error("invalid_index_name_exception", request.path, 404))
        kind = request.headers.get("Content-Type", "").split(";")[0]
        if kind not in ("application/x-ndjson", "application/json", "application/vnd.elasticsearch+x-ndjson"):
            return Answer(406, _error("media_type_header_exception", f"Content-Type [{kind}]", 406))
        if not request.body.endswith(b"\n"):
            return Answer(400, _error("illegal_argument_exception",
                                      "The bulk request must be terminated by a newline [\\n]", 400))
        return self._items(match[1], request.body.split(b"\n")[:-1])

    def _items(self, index, lines):
        items, lines = [], iter(lines)
        try:
            for line in lines:
                (verb, where), = json.loads(line).items()
                if verb not in ("index", "create"):
                    return Answer(400, _error("illegal_argument_exception", f"action [{verb}]", 400))
                items.append({verb: self._store(verb, where.get("_index", index), where, next(lines))})
        except (ValueError, StopIteration):
            return Answer(400, _error("illegal_argument_exception", "Malformed action/metadata line", 400))
        return Answer(200, {"took": 1, "errors": any("error" in item for each in items for item in each.values()),
                            "items": items})

    def _store(self, verb, index, where, line):
        identity, version = where.get("_id"), where.get("version")
        head = {"_index": index, "_id": identity}
        if self.busy is not None and self.busy(identity):
            return {**head, **_error("es_rejected_execution_exception", "rejected execution of coordinating operation",
                                     429)}
        try:
            document = json.loads(line)
        except ValueError:
            return {**head, **_error("document_parsing_exception", "failed to parse", 400)}
        if self.mapping is not None and self.mapping(document):
            return {**head, **_error("document_parsing_exception", "failed to parse field of type [ip]", 400)}
        old = self.documents.get((index, identity))
        if old is not None and verb == "create":
            self.conflicts.append((identity, document))
            return {**head, **_error("version_conflict_engine_exception",
                                     f"[{identity}]: version conflict, document already exists (current version "
                                     f"[{old[0]}])", 409)}
        if where.get("version_type") in ("external", "external_gt") and old is not None and version <= old[0]:
            self.conflicts.append((identity, document))
            return {**head, **_error("version_conflict_engine_exception",
                                     f"[{identity}]: version conflict, current version [{old[0]}] is higher or equal "
                                     f"to the one provided [{version}]", 409)}
        version = version if version is not None else (old[0] + 1 if old else 1)
        self.documents[index, identity] = version, document
        self._stored.append((identity, document))
        return {**head, "_version": version, "result": "updated" if old else "created",
                "_shards": {"total": 2, "successful": 1, "failed": 0}, "status": 200 if old else 201}

    def received(self):
        """(id, document) of the items that were stored since the last call."""
        with self.lock:
            stored, self._stored = self._stored, []
        return stored
