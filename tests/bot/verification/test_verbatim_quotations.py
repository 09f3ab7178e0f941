"""Quotations, and where a text has wanted words as they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.verification.quotations import find, find_quotation, quotations, without_lead

TEXT = "It opened on 4 May 1931 , “at last”, and McDonald 's paid.\nThe role @-@ playing began — no one knows why."


@pytest.mark.parametrize(
    "wanted",
    [
        "It opened on 4 May 1931",
        "it opened on 4 May 1931, 'at last'.",
        "It **opened** on 4 May 1931 [1]",
        "McDonald's paid",
        "The role-playing began - no one knows why",
        "at  last",
    ],
)
def test_words_are_found_as_they_stand_whatever_the_marks(wanted: str) -> None:
    assert find(wanted, TEXT) is not None


@pytest.mark.parametrize("wanted", ["4 May 193", "pened on 4 May", "It opened in 1931", "May 1931 at", "1931 at last", ""])
def test_other_words_and_parts_of_words_are_not_found(wanted: str) -> None:
    assert find(wanted, TEXT) is None


def test_the_span_holds_exactly_the_words() -> None:
    start, end = find("the role-playing began", TEXT) or (0, 0)
    assert TEXT[start:end] == "The role @-@ playing began"


def test_a_number_is_not_found_in_a_longer_one() -> None:
    assert find("It rose by 4", "It rose by 4.5%.") is None


def test_a_links_words_count_and_its_address_where_the_claim_has_one() -> None:
    text = "See [the guide](https://a.example/2022) first."
    assert find("See the guide first", text)
    assert find("See [the guide](https://a.example/2026) first", text) is None


@given(st.text(max_size=60), st.text(max_size=120))
def test_what_is_found_is_a_span_of_the_text(wanted: str, text: str) -> None:
    span = find(wanted, text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “never again” and left.", ["never again"]),
        ('A "mad scientist", they wrote.', ["mad scientist"]),
        ("He called it 'the end' in Ada's house.", ["the end"]),
        ("It's his and Ada's.", []),
        ("「再び」と言った", ["再び"]),
        ("He called it `` Live '' .", ["Live"]),
    ],
)
def test_what_stands_in_quotation_marks(text: str, quoted: list[str]) -> None:
    assert [text[start:end].strip() for start, end in quotations(text)] == quoted


def test_a_quotation_may_leave_something_out() -> None:
    assert find_quotation("the bridge ... [was] closed", "They said the bridge at Ner was closed, and went.")


def test_a_quotation_in_another_order_does_not_stand_there() -> None:
    assert find_quotation("was closed ... the bridge", "The bridge was closed.") is None


def test_a_lead_that_names_the_passage_is_left_out() -> None:
    assert without_lead("According to the passage, it opened in 1931.") == "it opened in 1931."


def test_a_claim_without_such_a_lead_stays_whole() -> None:
    assert without_lead("According to Ada, it opened in 1931.") == "According to Ada, it opened in 1931."
