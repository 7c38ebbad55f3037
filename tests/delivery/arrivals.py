# SPDX-License-Identifier: Apache-2.0
"""What has arrived at a receiver, by the journal's row: what is missing, what came more than once, what is not ours."""
import collections

from daemon import wait_for


class _Input:
    def __init__(self, inputs, name):
        self._inputs, self._name = inputs, name

    def received(self):
        return self._inputs.take(self._name)

    def told(self):
        return self._inputs.receiver.told()


class ByInput:
    """Shares out what a receiver with several inputs gets: each is a receiver of its own."""

    def __init__(self, receiver):
        self.receiver, self._waiting = receiver, {}

    def of(self, name):
        return _Input(self, name)

    def take(self, name):
        for message in self.receiver.received():
            self._waiting.setdefault(message["input"], []).append(message)
        return self._waiting.pop(name, [])


class Arrivals:
    """Gathers from a receiver; `identify` makes (id, sequence) of what its `received` gives."""

    def __init__(self, name, receiver, identify):
        self.name, self.receiver, self.identify = name, receiver, identify
        self.counts = collections.Counter()
        self.unread = []

    def gather(self):
        """Takes what has come since; gives how many different rows there are by now."""
        for message in self.receiver.received():
            self.take(message)
        return len(self.counts)

    def take(self, message):
        """One message that somebody else has read from the receiver."""
        try:
            identity, sequence = self.identify(message)
            if identity is None or sequence is None:
                raise ValueError("no id or no sequence")
            self.counts[int(sequence), identity] += 1
        except (ValueError, KeyError, TypeError) as fault:
            self.unread.append(f"{fault}: {message!r:.300}")

    def wait_for(self, rows, seconds=60):
        """Whether all rows came in time."""
        wanted = {(row.seq, row.id) for row in rows}
        return wait_for(lambda: self.gather() >= len(wanted) and wanted <= self.counts.keys(), seconds)

    def missing(self, rows):
        return [(row.seq, row.id) for row in rows if (row.seq, row.id) not in self.counts]

    def strangers(self, rows):
        """What came and is no row."""
        return sorted(self.counts.keys() - {(row.seq, row.id) for row in rows})

    @property
    def again(self):
        """Messages of rows that had come before."""
        return sum(self.counts.values()) - len(self.counts)

    def check(self, tap, rows, case, seconds=60, most_again=None, running=False):
        """A case: everything arrived, nothing else did, and next to nothing twice where `most_again` says so. While it
        is `running` there may be more rows by now than those."""
        self.wait_for(rows, seconds)
        missing, strangers, again = self.missing(rows), [] if running else self.strangers(rows), self.again
        good = not missing and not strangers and not self.unread and (most_again is None or again <= most_again)
        return tap.ok(good, f"{case}: {len(rows)} rows, {again} messages again",
                      [f"{len(missing)} missing: {missing[:5]}" if missing else "",
                       f"{len(strangers)} strangers: {strangers[:5]}" if strangers else "",
                       f"{len(self.unread)} not understood: {self.unread[:3]}" if self.unread else "",
                       f"{again} again, at most {most_again} were to be" if again > (most_again or 0) else "",
                       *getattr(self.receiver, "told", list)()])
