# SPDX-License-Identifier: Apache-2.0
"""redis-server as a receiver, over TCP and a Unix socket, with users; and a client that is just enough to read it."""
import pathlib
import socket

from daemon import Daemon, free_port, program

PASSWORD = "quite secret"
# vigie may write what it needs, but not read, and no other keys.
USERS = f"""
user default on nopass ~* &* +@all
user vigie on >{PASSWORD.replace(' ', '-')} resetkeys ~vigie:* resetchannels -@all +@connection +@transaction +xadd +xinfo +xrevrange +xlen +hset +hincrby +hdel +expire +expireat +set +get +incrby +zadd +zincrby +zremrangebyrank +zremrangebyscore +eval +evalsha +script +del +pfadd +sadd
"""
SETTINGS = """
bind 127.0.0.1
port {port}
unixsocket {socket}
dir {folder}
aclfile {folder}/users.acl
appendonly yes
appendfsync always
save ""
daemonize no
"""


class Redis:
    """A connection. Redis speaks RESP 2: texts are bytes."""

    def __init__(self, port, timeout=10):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._file = self._socket.makefile("rb")

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word)
                                                                for word in words))
        return self._answer()

    def _answer(self):
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("redis-server has closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise ValueError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if int(rest) < 0 else self._file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return None if int(rest) < 0 else [self._answer() for _ in range(int(rest))]
        return rest

    def close(self):
        self._file.close()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class RedisServer(Daemon):
    """One redis-server that keeps what it acknowledged, also when it is killed. `user` has the password in
    `password`."""

    user, password = "vigie", PASSWORD.replace(" ", "-")

    def __init__(self, folder, port=None):
        folder = pathlib.Path(folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.path = port or free_port(), folder / "redis.sock"
        (folder / "users.acl").write_text(USERS.strip() + "\n")
        settings = folder / "redis.conf"
        settings.write_text(SETTINGS.format(port=self.port, socket=self.path, folder=folder))
        super().__init__("redis-server", folder, [program("redis-server"), settings], self._answers)
        self._last = b"-"

    def _answers(self):
        try:
            with Redis(self.port, 1) as redis:
                return redis("PING") == b"PONG"
        except (OSError, ValueError):
            return False

    def client(self):
        return Redis(self.port)

    def entries(self, stream):
        """Entries of a stream, [(id, {field: value})], that came since the last call."""
        found = []
        with self.client() as redis:
            while True:
                after = "-" if self._last == b"-" else b"(" + self._last
                some = redis("XRANGE", stream, after, "+", "COUNT", 1000)
                if not some:
                    return found
                for identity, fields in some:
                    found.append((identity.decode(), dict(zip(fields[::2], fields[1::2]))))
                self._last = some[-1][0]


class RedisStream:
    """One stream of a server, as a receiver."""

    def __init__(self, server, name="vigie:alerts"):
        self.server, self.name = server, name

    def received(self):
        return self.server.entries(self.name)

    def told(self):
        return self.server.told()
