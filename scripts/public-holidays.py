#!/usr/bin/env python3
"""Writes crates/desk/src/hours/holidays.txt from the Python package `holidays` (MIT), which is kept well.

    python3 -m pip install holidays && scripts/public-holidays.py crates/desk/src/hours/holidays.txt

A rule is written where it gives exactly the package's days in every year; else the days themselves."""
import sys
from collections import defaultdict
from datetime import date, timedelta

import holidays
from dateutil.easter import EASTER_ORTHODOX, easter

FIRST, LAST = 2024, 2036
YEARS = range(FIRST, LAST + 1)
COUNTRIES = ("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE "
             "NO IS LI CH GB US CA AU NZ").split()


def by_year(days):
    years = defaultdict(list)
    for day in sorted(days):
        years[day.year].append(day)
    return years


def rule(days):
    years = by_year(days)
    if sorted(years) == list(YEARS) and all(len(one) == 1 for one in years.values()):
        ones = [years[year][0] for year in YEARS]
        fixed = {(one.month, one.day) for one in ones}
        if len(fixed) == 1:
            return ones[0].strftime("%m-%d")
        for letter, kind in (("e", 3), ("o", EASTER_ORTHODOX)):
            gaps = {(one - easter(one.year, kind)).days for one in ones}
            if len(gaps) == 1:
                return f"{letter}{gaps.pop():+d}"
        if len({(one.month, one.weekday()) for one in ones}) == 1:
            if len({(one.day - 1) // 7 for one in ones}) == 1:
                return f"{ones[0].month:02}/{ones[0].weekday()}/{(ones[0].day - 1) // 7 + 1}"
            if all((one + timedelta(7)).month != one.month for one in ones):
                return f"{ones[0].month:02}/{ones[0].weekday()}/-1"
    return " ".join(day.isoformat() for day in sorted(days))


def lines(country):
    regions = ["-", *holidays.country_holidays(country, years=[FIRST]).subdivisions]
    named = defaultdict(dict)
    for region in regions:
        subdiv = None if region == "-" else region
        for day, names in holidays.country_holidays(country, subdiv=subdiv, years=YEARS).items():
            if day.year in YEARS:
                name = names.replace("|", "/").replace("; ", " / ")
                named[name].setdefault(region, set()).add(day)
    for name, where in sorted(named.items(), key=lambda one: min(min(days) for days in one[1].values())):
        alike = defaultdict(list)
        for region, days in where.items():
            alike[frozenset(days)].append(region)
        for days, found in alike.items():
            who = "*" if len(found) == len(regions) else ",".join(found)
            yield f"{country}|{who}|{name}|{rule(days)}"
    yield f"{country}|regions|{','.join(regions[1:])}|"


with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write(f"# By scripts/public-holidays.py from the Python package holidays {holidays.__version__}, {FIRST} to {LAST}.\n")
    for country in COUNTRIES:
        for line in lines(country):
            out.write(line + "\n")
