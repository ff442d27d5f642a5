"""What the shipped weights expect of data: how often each level holds, for one customer and for two.

A re-fitted weight differs from the shipped one by as much as the data differ from these.
"""

from __future__ import annotations

from collections.abc import Mapping

Shares = Mapping[str, tuple[float, float]]

# field -> level -> (of 10,000 pairs of records of one customer, of 10,000 pairs of different customers) that state the
# field on both sides. Fields that are not here keep their weights: what they say hangs on the other parts of the name.
# Source: pairs of `make_customers.py` with its known customers, rounded; mail by domain and landlines by judgement.
EXPECTED: Mapping[str, Shares] = {
    "brand": {
        "same, long": (300, 0.3),
        "same": (7400, 1),
        "near": (1500, 1.5),
        "near, Latin": (100, 1),
        "one character of two": (20, 85),
        "different": (680, 9911.2),
    },
    "trade": {
        "same": (7300, 200),
        "neither": (30, 5),
        "shortened": (1600, 340),
        "extended": (1000, 220),
        "near": (30, 20),
        "different": (40, 9215),
    },
    "place": {
        "same": (6600, 190),
        "neither": (50, 10),
        "in the address": (1000, 10),
        "one only": (2200, 860),
        "partly": (60, 1),
        "partly, full names": (30, 1),
        "different": (60, 8928),
    },
    "phone": {"mobile same": (7600, 0.1), "landline same": (800, 0.1), "different": (1600, 9999.8)},
    "email": {"same": (7500, 0.05), "domain same": (1000, 0.5), "different": (1500, 9999.45)},
    "wechat": {"same": (8500, 0.05), "different": (1500, 9999.95)},
    "contact": {"same": (7600, 0.1), "surname same": (1250, 6), "different": (1150, 9993.9)},
    "address": {"same": (7800, 0.05), "road same": (1600, 0.7), "different": (600, 9999.25)},
    "city": {"same": (9900, 200), "different": (100, 9800)},
}
PER = 10_000
