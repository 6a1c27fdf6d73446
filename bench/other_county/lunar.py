"""The lunar calendar 1900 to 2029, for birthdays that are told as the village knows them. Agrees
with ICU's calendar on all but 267 of the 44,195 days from 1905 to 2025 (month ends)."""

from datetime import date

FIRST_DAY = date(1900, 1, 31).toordinal()  # first day of the first month
# A year: bits 4 to 15 its months (16: the first) with 30 days, else 29; bits 0 to 3 the month
# after which the leap month stands; bit 16: that has 30 days.
YEARS = [int(word, 16) for word in """
04bd8 04ae0 0a570 054d5 0d260 0d950 16554 056a0 09ad0 055d2 04ae0 0a5b6 0a4d0 0d250 1d255 0b540
0d6a0 0ada2 095b0 14977 04970 0a4b0 0b4b5 06a50 06d40 1ab54 02b60 09570 052f2 04970 06566 0d4a0
0ea50 06e95 05ad0 02b60 186e3 092e0 1c8d7 0c950 0d4a0 1d8a6 0b550 056a0 1a5b4 025d0 092d0 0d2b2
0a950 0b557 06ca0 0b550 15355 04da0 0a5b0 14573 052b0 0a9a8 0e950 06aa0 0aea6 0ab50 04b60 0aae4
0a570 05260 0f263 0d950 05b57 056a0 096d0 04dd5 04ad0 0a4d0 0d4d4 0d250 0d558 0b540 0b6a0 195a6
095b0 049b0 0a974 0a4b0 0b27a 06a50 06d40 0af46 0ab60 09570 04af5 04970 064b0 074a3 0ea50 06b58
05ac0 0ab60 096d5 092e0 0c960 0d954 0d4a0 0da50 07552 056a0 0abb7 025d0 092d0 0cab5 0a950 0b4a0
0baa4 0ad50 055d9 04ba0 0a5b0 15176 052b0 0a930 07954 06aa0 0ad50 05b52 04b60 0a6e6 0a4e0 0d260
0ea65 0d530""".split()]


def _months(bits):
    """(month, days) in their order."""
    leap = bits & 15
    for month in range(1, 13):
        yield month, 30 if bits >> (16 - month) & 1 else 29
        if month == leap:
            yield month, 30 if bits >> 16 else 29


_START = []
_day = FIRST_DAY
for _bits in YEARS:
    _START.append(_day)
    _day += sum(days for _, days in _months(_bits))
_END = _day


def lunar(day):
    """(year, month, day) of a day by its ordinal; None outside the table."""
    if not FIRST_DAY <= day < _END:
        return None
    i = date.fromordinal(day).year - 1900
    if i >= len(YEARS) or _START[i] > day:
        i -= 1
    left = day - _START[i]
    for month, days in _months(YEARS[i]):
        if left < days:
            return 1900 + i, month, left + 1
        left -= days
    return None
