#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Makes a capture of the backup of F3 on five nights in a row, the last of them that of day.pcap.gz: 02:10 in Paris give
or take minutes, 12 GiB give or take 5 %. What the two ends say to begin with is taken from day.pcap.gz, so nothing
but Python is needed.
"""
import argparse
import gzip
import pathlib
import struct
import sys

from network import HOSTS, MIDNIGHT_US, TENANCY
from talk import TcpTalk
from wire import PCAP_HEADER, Path, packed, write_records

HERE = pathlib.Path(__file__).resolve().parent
LAST_US = MIDNIGHT_US + (2 * 60 + 10) * 60_000_000
DAY_US = 86_400_000_000
MIB, GIB = 1 << 20, 1 << 30
# Minutes off 02:10, and per mille of 12 GiB, of each night.
NIGHTS = ((-4, 958), (7, 1012), (-11, 1049), (3, 987), (0, 1000))
ETHERNET_AND_IPV4 = 14 + 20


def first_words(path, near, far):
    """[(outward, payload)] of the TCP segments between two addresses up to the first that was not kept whole."""
    ends, said = (packed(near), packed(far)), []
    with gzip.open(path) as file:
        file.read(len(PCAP_HEADER))
        while True:
            _, _, kept, length = struct.unpack("<IIII", file.read(16))
            frame = file.read(kept)
            pair = frame[26:30], frame[30:34]
            if pair not in (ends, ends[::-1]):
                continue
            if kept < length:
                return said
            payload = frame[ETHERNET_AND_IPV4 + (frame[ETHERNET_AND_IPV4 + 12] >> 4) * 4:]
            if payload:
                said.append((pair == ends, payload))


def night(number, said):
    """The records of one night."""
    minutes, share = NIGHTS[number]
    start = LAST_US - (len(NIGHTS) - 1 - number) * DAY_US + minutes * 60_000_000
    host = HOSTS["f3"]
    talk = TcpTalk(Path(host.v4, TENANCY, host.link), (50100 + number, 443), start, 6000, 0x5eed + number)
    for outward, payload in said:
        talk.say(outward, payload)
    talk.fill(12 * GIB * share // 1000, 4 * MIB, 200)
    return talk.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path, help="pcap file to write, about 90 MB")
    output = parser.parse_args().output

    said = first_words(HERE / "day.pcap.gz", HOSTS["f3"].v4, TENANCY)
    with open(output, "wb") as out:
        out.write(PCAP_HEADER)
        for number in range(len(NIGHTS)):
            write_records(out, night(number, said))


if __name__ == "__main__":
    sys.exit(main())
