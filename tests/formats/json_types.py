# SPDX-License-Identifier: Apache-2.0
"""Types as receivers have them, told of values that Python's reader of JSON gives."""
import datetime
import ipaddress
import re

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z")
EVE_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000")


def is_long(value):
    """A whole number of 64 bits with a sign; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool) and -2**63 <= value < 2**63


def is_boolean(value):
    return isinstance(value, bool)


def is_keyword(value):
    return isinstance(value, str)


def is_address(value):
    if not isinstance(value, str):
        return False
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def is_float(value):
    return is_long(value) or isinstance(value, float)


def _is_day(text):
    try:
        datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return True


def is_date(value):
    return isinstance(value, str) and bool(DATE.fullmatch(value)) and _is_day(value)


def is_eve_date(value):
    return isinstance(value, str) and bool(EVE_DATE.fullmatch(value)) and _is_day(value)
