#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Replays one capture with vigie and its peers, in turn, and prints medians and ratios.

Programs take turns (A B C, A B C, ...), so that a machine that slows down slows all of them. What
counts is CPU time, user and system; the wall time of a shared machine says little.
"""
import argparse
import os
import pathlib
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time


def count(path):
    """(packets, bytes on the wire) of a pcap as make_mix.py writes it."""
    packets = total = 0
    with open(path, "rb") as file:
        file.seek(24)
        while header := file.read(16):
            captured, wire = struct.unpack("<8xII", header)
            file.seek(captured, os.SEEK_CUR)
            packets, total = packets + 1, total + wire
    return packets, total


def measure(command):
    """(CPU seconds, wall seconds, peak MiB) of one run."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"compare.py: {' '.join(command)}: exit status {process.returncode}\n{told}")
    return used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss / 1024


def programs(options, scratch, sink_port):
    """Name -> command of each program that is there; vigie is the first."""
    capture = str(options.capture)
    every = {
        "vigie replay, 1 worker": [str(options.vigie), "replay", "--workers", "1", "--summary", "none",
                                   "--flows", str(scratch / "flows.jsonl"), capture],
        "vigie, without flow lines": [str(options.vigie), "replay", "--workers", "1", "--summary", "none", capture],
        "ndpiReader": ["ndpiReader", "-q", "-i", capture],
        "softflowd (no names)": ["softflowd", "-r", capture, "-d", "-v", "10", "-m", "2000000",
                                 "-n", f"127.0.0.1:{sink_port}"],
    }
    for name, command in every.items():
        if shutil.which(command[0]):
            yield name, command
        else:
            print(f"{name}: not installed, left out")


def told(values, form):
    """Median and spread."""
    middle, low, high = (format(value, form) for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low}-{high})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--vigie", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("capture", type=pathlib.Path)
    options = parser.parse_args()

    packets, wire = count(options.capture)
    print(f"{options.capture.name}: {packets} packets, {wire / 1e6:.0f} MB; {options.rounds} rounds")
    with tempfile.TemporaryDirectory(prefix="vigie-bench-", dir=options.capture.parent) as scratch, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind(("127.0.0.1", 0))
        commands = dict(programs(options, pathlib.Path(scratch), sink.getsockname()[1]))
        runs = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))

    print(f"{'program':26} {'CPU s (spread)':24} {'wall s':>7} {'Mpps':>7} {'Gbit/s':>7} {'MiB':>6} {'CPU, vigie = 1':>15}")
    own = statistics.median(cpu for cpu, _, _ in next(iter(runs.values())))
    for name, results in runs.items():
        cpu, wall, peak = zip(*results)
        middle = statistics.median(cpu)
        print(f"{name:26} {told(cpu, '.2f'):24} {statistics.median(wall):7.2f} {packets / middle / 1e6:7.3f}"
              f" {wire * 8 / middle / 1e9:7.2f} {statistics.median(peak):6.0f} {middle / own:15.2f}")
    print("Mpps and Gbit/s are a CPU second of work; MiB is the largest resident set.")


if __name__ == "__main__":
    main()
