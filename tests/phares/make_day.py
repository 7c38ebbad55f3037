#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the capture of one day at the fictional Ministère des Phares. README.md says what is in it."""
import argparse
import pathlib
import sys

import exports
import office
import randomness
from day import Day
from wire import write_packed_capture

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=pathlib.Path, default=HERE / "day.pcap.gz")
    output = parser.parse_args().output

    randomness.install()
    day = Day()
    office.whole_day(day)
    for export in exports.ALL:
        export(day)
    write_packed_capture(output, day.records)
    print(f"{day.flows} flows, {len(day.records)} packets, {output.stat().st_size} bytes packed")


if __name__ == "__main__":
    sys.exit(main())
