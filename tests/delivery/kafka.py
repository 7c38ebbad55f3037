# SPDX-License-Identifier: Apache-2.0
"""librdkafka's mock cluster, whose brokers can go away and come back, and a consumer of what was written to it."""
import ctypes
import ctypes.util
import sys
import threading

from daemon import NotHere, UNPACKED

# Of librdkafka 1.3 and later; rdkafka_mock.h.
RD_KAFKA_PRODUCER = 0


def _consumer_library():
    """python3-confluent-kafka is Debian's, also for a Python that is not."""
    for folder in (None, "/usr/lib/python3/dist-packages", str(UNPACKED / "usr/lib/python3/dist-packages")):
        if folder is not None and folder not in sys.path:
            sys.path.append(folder)
        try:
            import confluent_kafka
            return confluent_kafka
        except ImportError:
            continue
    raise NotHere("python3-confluent-kafka is not here; scripts/setup --tests gets it")


def _library():
    try:
        library = ctypes.CDLL("librdkafka.so.1")
    except OSError as error:
        raise NotHere(f"librdkafka is not here: {error}") from None
    for name, result, arguments in [
            ("rd_kafka_conf_new", ctypes.c_void_p, []),
            ("rd_kafka_conf_set", ctypes.c_int, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p,
                                                 ctypes.c_size_t]),
            ("rd_kafka_new", ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
            ("rd_kafka_destroy", None, [ctypes.c_void_p]),
            ("rd_kafka_mock_cluster_new", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
            ("rd_kafka_mock_cluster_destroy", None, [ctypes.c_void_p]),
            ("rd_kafka_mock_cluster_bootstraps", ctypes.c_char_p, [ctypes.c_void_p]),
            ("rd_kafka_mock_topic_create", ctypes.c_int, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int,
                                                          ctypes.c_int]),
            ("rd_kafka_mock_broker_set_down", ctypes.c_int, [ctypes.c_void_p, ctypes.c_int32]),
            ("rd_kafka_mock_broker_set_up", ctypes.c_int, [ctypes.c_void_p, ctypes.c_int32])]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class Kafka:
    """A cluster of `brokers` in this process, and a thread that reads `topic` from its beginning.

    The cluster keeps only some MiB of each partition, so the consumer runs along."""

    def __init__(self, topic="vigie-alerts", brokers=1, partitions=2):
        self.topic, self.brokers, self.partitions = topic, brokers, partitions
        self._confluent, self._library = _consumer_library(), _library()
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._messages, self._gaps = [], []

    def __enter__(self):
        error = ctypes.create_string_buffer(512)
        settings = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(settings, b"log_level", b"0", error, len(error))
        self._handle = self._library.rd_kafka_new(RD_KAFKA_PRODUCER, settings, error, len(error))
        if not self._handle:
            raise RuntimeError(f"librdkafka: {error.value.decode()}")
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._handle, self.brokers)
        self.bootstrap = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        self._library.rd_kafka_mock_topic_create(self._cluster, self.topic.encode(), self.partitions, 1)
        self._thread = threading.Thread(target=self._consume, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(30)
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._handle)

    def _consume(self):
        confluent = self._confluent
        consumer = confluent.Consumer({"bootstrap.servers": self.bootstrap, "group.id": "test",
                                       "enable.auto.commit": False, "auto.offset.reset": "earliest",
                                       "reconnect.backoff.max.ms": 500, "log_level": 0})
        consumer.assign([confluent.TopicPartition(self.topic, number, 0) for number in range(self.partitions)])
        due = [0] * self.partitions
        while not self._stop.is_set():
            for message in consumer.consume(1000, 0.2):
                if message.error():
                    continue
                with self._lock:
                    if message.offset() != due[message.partition()]:
                        self._gaps.append((message.partition(), due[message.partition()], message.offset()))
                    due[message.partition()] = message.offset() + 1
                    self._messages.append((message.key(), message.value()))
        consumer.close()

    def producer(self):
        return self._confluent.Producer({"bootstrap.servers": self.bootstrap, "acks": "all", "log_level": 0})

    def received(self):
        """(key, value) of the messages since the last call."""
        with self._lock:
            if self._gaps:
                raise RuntimeError(f"the mock cluster dropped messages before they were read: {self._gaps[:3]}")
            messages, self._messages = self._messages, []
        return messages

    def down(self, broker=1):
        """Closes its connections and port; what it has is kept."""
        self._library.rd_kafka_mock_broker_set_down(self._cluster, broker)

    def up(self, broker=1):
        self._library.rd_kafka_mock_broker_set_up(self._cluster, broker)
