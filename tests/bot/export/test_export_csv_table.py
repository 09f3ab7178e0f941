"""A row for each claim and citation, and no cell that a spreadsheet would compute."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packs import full, item, pack, quoted, silent, written

from bot.conversation.history.texts import cleaned
from bot.export import EvidencePack, as_csv
from bot.export.csv_table import COLUMNS, guarded
from bot.types import Answer


def rows(made: EvidencePack) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(made), newline="")))


def test_there_is_a_row_for_each_claim_and_citation() -> None:
    found = [(row["claim_number"], row["footnote"], row["verdict"]) for row in rows(pack(item("When?", written())))]
    assert found == [
        ("1", "1", "supported"),
        ("1", "1", "check"),
        ("1", "7", "no such passage"),
        ("2", "1", "number differs"),
        ("3", "", ""),
    ]


def test_an_answer_without_claims_has_a_row() -> None:
    (row,) = rows(pack(item("Why?", silent())))
    assert (row["question"], row["status"], row["claim"]) == ("Why?", "abstained", "")


def test_a_row_tells_all_that_is_known() -> None:
    row = rows(full())[1]
    told = {name: value for name, value in row.items() if value}
    assert told == {
        "question_number": "1",
        "question": "When was the bridge opened?",
        "asked": "2026-03-04 05:06 UTC",
        "status": "done",
        "searched": "When was the bridge opened?",
        "claim_number": "1",
        "claim": "It was opened in 1932 [1] and built in ten years.",
        "claim_verdict": "check",
        "footnote": "1",
        "article": "bridge.txt",
        "title": "The bridge",
        "author": "A. N. Author",
        "date": "1999-05",
        "source": "https://example.org/a?b=1&c",
        "start": "135",
        "end": "159",
        "quotation": "after four years of work",
        "verdict": "check",
        "reason": "The passage says four years.",
        "review": "rejected",
        "review_note": "It says\nfour years.",
        "reviewer": "Ann",
        "reviewed": "2026-03-04 05:06 UTC",
        "model": "openai:m",
        "prompt_version": "2",
        "index": "minilm 384, splitter 3",
        "exported": "2026-03-04 05:06 UTC",
    }


def test_feedback_stands_in_every_row_of_its_answer() -> None:
    assert [row["feedback"] for row in rows(full())[5:7]] == ["missing source", "missing source"]


def test_a_citation_of_nothing_has_no_place() -> None:
    row = rows(pack(item("When?", written())))[2]
    assert (row["article"], row["start"], row["reason"]) == ("", "", "No passage 7 was given to the model.")


def test_every_row_has_every_column() -> None:
    lines = csv.reader(io.StringIO(as_csv(full()), newline=""))
    assert {len(line) for line in lines} == {len(COLUMNS)}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\n@x", "＝1", "\t1"])
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1 = 1", "a-b", "'=1", "“=1”"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_numbers_stay_numbers() -> None:
    assert guarded(-1) == -1


@given(st.text())
def test_any_text_comes_back_but_for_the_guard(text: str) -> None:
    answer = Answer(text, "", text, False, 0.5, "quotes", (), (), ())
    (row,) = rows(pack(item(text, answer)))
    assert row["question"] in (cleaned(text), f"'{cleaned(text)}")


def test_the_quotation_is_word_for_word() -> None:
    assert [row["quotation"] for row in rows(pack(item("What?", quoted())))] == [one.quote for one in quoted().citations]
