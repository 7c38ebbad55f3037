#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may know whom: includes point one way, and a library is known to its own files only."""
import fnmatch
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "replay"))

import tree
from vigie_test import Tap

PARSERS = {"classifier/names", "classifier/protocol", "classifier/content"}
FACTS = PARSERS | {"base", "geo", "classifier/catalogue"}

# Folder -> the folders whose headers it may include, beside its own.
MAY_INCLUDE = {
    "base": set(),
    "geo": {"base"},
    "classifier/names": {"base"},
    "classifier/protocol": {"base"},
    "classifier/content": {"base"},
    "classifier/catalogue": {"base"},
    "classifier/policy": FACTS,
    "dataplane": PARSERS | {"base"},
    "dashboard-export": FACTS | {"classifier/policy"},
    "app": FACTS | {"classifier/policy", "dashboard-export", "dataplane"},
}

# Header of a library -> the files that may include it.
LIBRARY_USERS = {
    "maxminddb.h": ["geo/mmdb.c"],
    "libfyaml.h": ["base/config_tree.c"],
    "jansson.h": ["geo/ranges*.c", "dashboard-export/*.c", "app/cmd_*.c", "tests/unit/dashboard-export/*.c",
                  "tests/unit/formats/*.c", "tests/unit/sinks/*.c", "tests/fuzz/*.c"],
    "openssl/*": ["classifier/names/quic*.c", "classifier/names/ja4_sorter.c", "dashboard-export/community_id.c",
                  "dashboard-export/keyed_hash.c", "dashboard-export/journal/journal_chain.c",
                  "dashboard-export/sinks/tls_stream*.c", "tests/unit/sinks/tls_*.c", "tests/unit/names/*.c",
                  "tests/unit/dataplane/first_messages.c", "tests/fuzz/fuzz_ja4.c", "tests/fuzz/fuzz_certificate.c",
                  "tests/unit/policy/certificate_maker.c"],
    "sqlite3.h": ["dashboard-export/journal/*.c", "dashboard-export/journal/journal_database.h",
                  "dashboard-export/journal/journal_rollups.h", "dashboard-export/journal/journal_schema.h",
                  "dashboard-export/sinks/cursors.c", "tests/unit/journal/*"],
    "nghttp2/*": ["classifier/names/http2.c", "tests/unit/names/*.c"],
    "curl/*": ["dashboard-export/sinks/http_client.c"],
    "librdkafka/*": ["dashboard-export/sinks/transport_kafka.c", "tests/unit/sinks/test_transport_kafka.c"],
    "hiredis/*": ["dashboard-export/sinks/redis_connection.c"],
    "ndpi/*": ["classifier/protocol/protocol_detector.c"],
    "zlib.h": ["dataplane/capture_*.c", "tests/unit/dataplane/*.c"],
    "zstd*.h": ["dataplane/capture_*.c", "tests/unit/dataplane/*.c"],
    "rte_*": ["dataplane/*"],
    "CUnit/*": ["tests/unit/*"],
    "sanitizer/*": ["tests/fuzz/*.c"],
}

SYSTEM = set("""
assert.h ctype.h dirent.h errno.h fcntl.h fnmatch.h getopt.h inttypes.h limits.h locale.h math.h
poll.h pthread.h sched.h semaphore.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h
stdint.h stdio.h stdlib.h stdnoreturn.h string.h strings.h time.h unistd.h endian.h byteswap.h err.h
arpa/inet.h linux/sockios.h netdb.h net/ethernet.h netinet/in.h netinet/ip.h netinet/ip6.h netinet/tcp.h netinet/udp.h
sys/epoll.h sys/eventfd.h sys/file.h sys/ioctl.h sys/mman.h sys/random.h sys/resource.h sys/socket.h sys/stat.h sys/sysinfo.h sys/time.h
sys/statvfs.h sys/types.h sys/uio.h sys/un.h sys/wait.h ftw.h fts.h glob.h libgen.h malloc.h threads.h wchar.h
immintrin.h x86intrin.h
""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def includes(path):
    """(line number, quote or angle, header) of each include."""
    for number, line in enumerate(tree.lines(path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def folder_of(name):
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == "classifier" else parts[0]


def wrong_directions(path):
    here = folder_of(tree.name(path))
    for number, form, header in includes(path):
        there = folder_of(header)
        if form == '"' and here != "tests" and there != here and there not in MAY_INCLUDE.get(here, set()):
            yield f"{tree.name(path)}:{number}: {here} must not know {there} ({header})"


def unqualified(path):
    for number, form, header in includes(path):
        if form == '"' and ("/" not in header or ".." in header or not (tree.ROOT / header).is_file()):
            yield f"{tree.name(path)}:{number}: \"{header}\" is no path from the root"


def strange_libraries(path):
    for number, form, header in includes(path):
        if form != "<" or header in SYSTEM:
            continue
        users = [users for pattern, users in LIBRARY_USERS.items() if fnmatch.fnmatch(header, pattern)]
        if not any(fnmatch.fnmatch(tree.name(path), user) for user in sum(users, [])):
            yield f"{tree.name(path)}:{number}: <{header}> is not for this file"


def own_header_late(path):
    own = tree.name(path.with_suffix(".h"))
    every = [header for _, _, header in includes(path)]
    if path.suffix == ".c" and own in every and every[0] != own:
        yield f"{tree.name(path)}: its own header is not the first include"


def main():
    tap = Tap()
    checks = {
        "includes point in the one direction": wrong_directions,
        "project headers are named by their path from the root": unqualified,
        "a library is known to its own files only": strange_libraries,
        "a file includes its own header first": own_header_late,
    }
    for case, check in checks.items():
        found = [fault for path in tree.c_files() for fault in check(path)]
        tap.ok(not found, case, found)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
