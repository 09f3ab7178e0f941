"""Cases as the rows of a table, and what a person's edits of it make of them."""

import pytest

from bot.errors import InputError
from bot.evals.case_table import case_row, edits
from bot.evals.records import AnswerCheck, Case, ExpectedCitation

CASES = (
    Case(
        "year",
        "When?",
        must=("1957",),
        cites=(ExpectedCitation("a.md", "in 1957"),),
        checks=(AnswerCheck("length", high=60),),
        tags=("number",),
    ),
    Case("owner", "Who?", abstain=True),
)


def test_a_row_says_what_is_stale() -> None:
    rows = [case_row(case, {"a.md": "It was launched in 1958."}.get) for case in CASES]
    assert rows[0]["state"] == "a.md does not hold “in 1957”."
    assert (rows[0]["cites"], rows[1]["answered"], rows[1]["state"]) == (["a.md › in 1957"], "no", "")


def test_an_edit_changes_its_own_fields_and_no_other() -> None:
    found = edits(CASES, {0: {"tags": ["number", "easy"], "cites": ["a.md › in 1958", "b.md"]}}, [], [])
    (case,) = found.kept
    assert case.tags == ("number", "easy") and case.checks == CASES[0].checks and case.must == ("1957",)
    assert case.cites == (ExpectedCitation("a.md", "in 1958"), ExpectedCitation("b.md"))
    assert found.removed == ()


def test_rows_are_added_renamed_and_deleted() -> None:
    found = edits(CASES, {0: {"id": "launch-year"}}, [{"id": "new", "question": "Why?", "answered": "yes"}, {}], [1])
    assert [(case.id, case.abstain) for case in found.kept] == [("launch-year", None), ("new", False)]
    assert set(found.removed) == {"year", "owner"}


@pytest.mark.parametrize(
    ("added", "said"),
    [({"id": "new"}, "an id and a question"), ({"id": "year", "question": "Why?"}, "a case “year” already")],
)
def test_a_row_that_is_no_case_is_refused(added: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        edits(CASES, {}, [added], [])
