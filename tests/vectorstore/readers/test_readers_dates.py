"""Dates as people write them, in their own languages."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.readers.dates import DateReading, iso_date, order_of, read_date

DATES = {
    "2021-12-23": "2021-12-23",
    "2021-12-23T10:30:00+02:00": "2021-12-23",
    "Dec. 23, 2021": "2021-12-23",
    "Thursday, 23 December 2021": "2021-12-23",
    "5 May 2020 10:00 EST": "2020-05-05",
    "03/04/2021": "2021-03-04",
    "23/12/2021": "2021-12-23",
    "December 2021": "2021-12",
    "2021-02": "2021-02",
    "2021": "2021",
    "Feb 29, 2020": "2020-02-29",
    "07.09.2022": "2022-09-07",
    "7. 9. 2022": "2022-09-07",
    "07.09.22": "2022-09-07",
    "2022/09/07": "2022-09-07",
    "7-Sep-2022": "2022-09-07",
    "7. Oktober 2022": "2022-10-07",
    "7 de octubre de 2022": "2022-10-07",
    "le 7 août 2022": "2022-08-07",
    "7 октября 2022 г.": "2022-10-07",
    "1640217600": "2021-12-23",
    "1640217600000": "2021-12-23",
    "1640217600.25": "2021-12-23",
    "20211223": "2021-12-23",
    "Tue, 10 Jun 2003 23:30:00 -0500": "2003-06-10",
    "2022-11-05T09:00:00Z[Europe/Berlin]": "2022-11-05",
    "Thu Mar 04 2021 10:00:00 GMT+0100 (Central European Standard Time)": "2021-03-04",
    "Published on March 4th, 2021 · 5 min read": "2021-03-04",
    "4. März 2021, 10:30 Uhr": "2021-03-04",
    "2022年10月7日": "2022-10-07",
    "2022년 10월": "2022-10",
}


@pytest.mark.parametrize("stated", DATES)
def test_a_date_is_understood_as_far_as_it_goes(stated: str) -> None:
    assert iso_date(stated) == DATES[stated]


@pytest.mark.parametrize(
    "stated", ["", "soon", "Dec. 23", "Monday", "10:30", "2021-13-45", "99/99/2021", "Spring 2021", "9" * 50, "1 " * 80]
)
def test_what_is_no_date_with_a_year_is_not_understood(stated: str) -> None:
    assert iso_date(stated) == ""


@given(st.text(max_size=70))
def test_no_text_breaks_the_date_reader(stated: str) -> None:
    assert len(iso_date(stated)) in (0, 4, 7, 10)


IN_LANGUAGES = {
    ("03/04/2021", "fr"): DateReading("2021-04-03"),
    ("03-04-2021", "nl"): DateReading("2021-04-03"),
    ("03/04/2021", "en-GB"): DateReading("2021-04-03"),
    ("03/04/2021", "en-US"): DateReading("2021-03-04"),
    ("03/04/2021", "en"): DateReading("2021-03-04", "month"),
    ("03/04/2021", ""): DateReading("2021-03-04", "month"),
    ("03/04/2021", "zh"): DateReading("2021-04-03", "day"),
    ("13/04/2021", "en"): DateReading("2021-04-13"),
    ("04/13/2021", "de"): DateReading("2021-04-13"),
    ("04/04/2021", "en"): DateReading("2021-04-04"),
}


@pytest.mark.parametrize(("stated", "language"), IN_LANGUAGES)
def test_the_language_tells_whether_the_day_comes_first(stated: str, language: str) -> None:
    assert read_date(stated, language) == IN_LANGUAGES[stated, language]


def test_the_dates_of_one_source_show_their_order() -> None:
    assert (order_of(["03/04/2021", "25/12/2021"]), order_of(["03/04/2021"]), order_of(["13/1/2021", "1/13/2021"])) == (
        "day",
        "",
        "",
    )
    assert read_date("03/04/2021", "en", "day") == DateReading("2021-04-03")


_MANY_LANGUAGES = """
import tracemalloc
from vectorstore.readers.dates import read_date

read_date("03/04/2021", "de")
tracemalloc.start()
for n in range(1_000):
    read_date("03/04/2021", f"{n}-{'x' * 10_000}")
print(tracemalloc.get_traced_memory()[0])
"""


def test_languages_that_pages_make_up_do_not_fill_the_memory() -> None:
    # In a process of its own, as `tests/vectorstore/ingest_memory.py` says why.
    kept = subprocess.check_output([sys.executable, "-c", _MANY_LANGUAGES], text=True)
    assert int(kept) < 1_000_000
