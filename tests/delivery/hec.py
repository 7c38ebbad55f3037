# SPDX-License-Identifier: Apache-2.0
"""Splunk's HTTP Event Collector as a receiver: tokens, channels, acknowledgement some time after the answer.

Codes and texts are those of Splunk's page "Troubleshoot HTTP Event Collector"."""
import dataclasses
import json
import time
import urllib.parse

from http_server import Answer, HttpReceiver

TOKEN = "11111111-2222-3333-4444-555555555555"


def _says(status, code, text, **more):
    return Answer(status, {"text": text, "code": code, **more})


@dataclasses.dataclass
class Channel:
    """Acknowledgements under way: number to (when it is safe, events that are not yet); and what each is about."""
    next: int = 0
    acks: dict = dataclasses.field(default_factory=dict)
    about: dict = dataclasses.field(default_factory=dict)


def split_events(body):
    """The objects of a body, which follow each other with or without space between."""
    text, at, decoder = body.decode(), 0, json.JSONDecoder()
    while True:
        while at < len(text) and text[at] in " \r\n\t":
            at += 1
        if at == len(text):
            return
        event, at = decoder.raw_decode(text, at)
        yield event


class Hec(HttpReceiver):
    """`events` are those that are safe: what is not yet when `crash` comes is gone, and never was acknowledged."""

    name = "hec"

    def __init__(self, certificate=None, ca=None, acknowledge=True, delay=0.2, indexes=("main", "vigie"), identify=None):
        """Where `identify` makes something of an event that tells it apart, `again` counts events that came again
        although it was said that they had arrived. What the sender could not know of it sends again: so is HEC."""
        super().__init__(certificate, ca)
        self.identify, self.again = identify, 0
        self._told = set()
        self.acknowledge, self.delay, self.indexes = acknowledge, delay, indexes
        self.events, self.lost, self.refuse = [], 0, None
        self._channels = {}

    def _settle(self):
        """What is old enough becomes safe."""
        now = time.monotonic()
        for channel in self._channels.values():
            for number, (due, events) in channel.acks.items():
                if events and due <= now:
                    self.events.extend(events)
                    channel.acks[number] = (due, [])

    def _channel(self, request):
        query = urllib.parse.parse_qs(request.query)
        return (request.headers.get("X-Splunk-Request-Channel") or query.get("channel", [None])[0])

    def answer(self, request):
        self._settle()
        if request.path == "/services/collector/health":
            return _says(200, 17, "HEC is healthy")
        word = request.headers.get("Authorization")
        if not word:
            return _says(401, 2, "Token is required")
        if not word.startswith("Splunk "):
            return _says(401, 3, "Invalid authorization")
        if word != f"Splunk {TOKEN}":
            return _says(403, 4, "Invalid token")
        channel = self._channel(request)
        if channel is None and self.acknowledge:
            return _says(400, 10, "Data channel is missing")
        if request.path == "/services/collector/ack":
            return self._ack(channel, request)
        if request.path in ("/services/collector", "/services/collector/event", "/services/collector/event/1.0"):
            return self._take(channel, request)
        return Answer(404, {"text": "The requested URL was not found on this server.", "code": 404})

    def _ack(self, channel, request):
        if not self.acknowledge:
            return _says(400, 14, "ACK is disabled")
        about = self._channels.setdefault(channel, Channel()).about
        acks = self._channels[channel].acks
        now, told = time.monotonic(), {}
        for number in json.loads(request.body)["acks"]:
            # Splunk forgets what it has said once.
            told[str(number)] = number in acks and acks[number][0] <= now
            if told[str(number)]:
                del acks[number]
                self._told.update(about.pop(number))
        return Answer(200, {"acks": told})

    def _take(self, channel, request):
        if not request.body:
            return _says(400, 5, "No data")
        events = []
        try:
            for event in split_events(request.body):
                refusal = self._fault_of(event)
                if refusal is not None:
                    # Those before it were taken already.
                    self._keep(channel, events)
                    return refusal(len(events))
                events.append(event)
        except ValueError:
            return _says(400, 6, "Invalid data format", **{"invalid-event-number": len(events)})
        number = self._keep(channel, events)
        more = {} if number is None else {"ackId": number}
        return _says(200, 0, "Success", **more)

    def _fault_of(self, event):
        def says(code, text):
            return lambda number: _says(400, code, text, **{"invalid-event-number": number})
        if not isinstance(event, dict) or "event" not in event:
            return says(12, "Event field is required")
        if event["event"] == "":
            return says(13, "Event field cannot be blank")
        if event.get("index", "main") not in self.indexes:
            return says(7, "Incorrect index")
        # What an administrator may have set up: `refuse` says of an event whether it is not wanted.
        if self.refuse is not None and self.refuse(event):
            return says(6, "Invalid data format")
        return None

    def _keep(self, channel, events):
        if not self.acknowledge:
            self.events.extend(events)
            return None
        channel = self._channels.setdefault(channel, Channel())
        number = channel.next
        channel.next += 1
        identities = [self.identify(event) for event in events] if self.identify else []
        self.again += sum(identity in self._told for identity in identities)
        channel.about[number] = identities
        channel.acks[number] = (time.monotonic() + self.delay, events)
        return number

    def crash(self):
        """Dies, with all that was not yet safe, and is started anew by `open`."""
        self.close()
        with self.lock:
            self._settle()
            self.lost += sum(len(events) for channel in self._channels.values() for _, events in channel.acks.values())
            self._channels.clear()

    def received(self):
        """Events that are safe and new since the last call."""
        with self.lock:
            self._settle()
            events, self.events = self.events, []
        return events
