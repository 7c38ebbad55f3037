# SPDX-License-Identifier: Apache-2.0
"""The packet counts in the summary that `vigie replay --summary json` prints."""
import json


def packets_of(text):
    """The block `packets`, or None where the text is no summary."""
    try:
        return json.loads(text)["packets"]
    except (ValueError, KeyError, TypeError):
        return None


def sums_up(packets):
    """Whether every packet seen is in a flow or was refused for a named reason."""
    reasons = sum(row["count"] for row in packets["refused_by_reason"])
    return packets["refused"] == reasons and packets["seen"] == packets["in_flows"] + reasons
