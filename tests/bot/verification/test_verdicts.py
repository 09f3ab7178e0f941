"""What a verdict is called and how it looks."""

from typing import get_args

from bot.types import Verdict
from bot.verification.verdicts import (
    BEST_FIRST,
    HOLDS,
    LEGEND,
    MEASURED_WHERE,
    UNCOMPARED,
    explained,
    line,
    said,
    tone,
)

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def test_every_verdict_has_its_words_and_its_place() -> None:
    assert set(LEGEND) == set(BEST_FIRST) == set(VERDICTS)


def test_only_accepted_verdicts_are_green_and_come_before_likely() -> None:
    assert {one for one in VERDICTS if tone(one) == "good"} == HOLDS
    assert set(BEST_FIRST[: BEST_FIRST.index("likely")]) == HOLDS


def test_only_what_names_a_fault_is_red() -> None:
    assert {one for one in VERDICTS if tone(one) == "bad"} == {"number differs", "denied", "no such passage"}


def test_a_line_stands_under_all_but_what_carries_no_doubt() -> None:
    assert {one for one in VERDICTS if not line(one)} == {*HOLDS, "likely"}


def test_what_is_still_to_come_is_told_from_what_never_came() -> None:
    assert (tone(None), said(None)) == ("pending", "Being checked")
    assert said(None, running=False).startswith("Not checked")


def test_what_is_measured_says_where() -> None:
    told = {one: explained(one) for one in VERDICTS}
    assert all(told[one].startswith(LEGEND[one].meaning) for one in VERDICTS)
    assert {one for one in VERDICTS if not told[one].endswith(MEASURED_WHERE)} == UNCOMPARED
    assert explained(None) == ""
