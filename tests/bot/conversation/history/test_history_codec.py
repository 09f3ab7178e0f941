"""What is kept comes back exactly, and what is not one of ours is told from it."""

import json
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import answer, outcome

from bot.conversation.history.codec import Unreadable, decoded, encoded
from bot.conversation.history.rows import Asked, Outcome, packed, unpacked
from bot.types import Answer, Passage, Trace
from vectorstore.types import Stage

# Hypothesis would also try mappings that are no dictionaries, which come back as dictionaries.
NUMBERS = st.dictionaries(st.text(), st.floats() | st.integers())
st.register_type_strategy(Passage, st.builds(Passage, stages=st.dictionaries(st.text(), st.builds(Stage))))
st.register_type_strategy(Answer, st.builds(Answer, usage=NUMBERS, ms=NUMBERS))


@dataclass(frozen=True)
class Older:
    name: str


@dataclass(frozen=True)
class Newer:
    name: str
    tags: tuple[str, ...] = field(default_factory=tuple)
    weight: float = 1.0


@settings(max_examples=60)
@given(st.from_type(Outcome))
def test_an_outcome_comes_back_exactly(outcome: Outcome) -> None:
    assert repr(unpacked(packed(outcome))) == repr(outcome)


@given(st.from_type(Asked))
def test_a_question_comes_back_exactly(asked: Asked) -> None:
    assert decoded(Asked, encoded(asked)) == asked


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u2028 “ß” 🙂", '"\\'])
def test_any_character_comes_back(text: str) -> None:
    assert decoded(Older, encoded(Older(text))) == Older(text)


def test_it_is_plain_ascii_which_every_database_takes() -> None:
    assert encoded(Older("\x00é\ud800")).isascii()


def test_a_number_of_numpys_is_kept_as_a_number() -> None:
    kept = replace(answer(), confidence=np.float32(0.5))  # type: ignore[arg-type]
    assert decoded(Answer, encoded(kept)).confidence == 0.5


def test_what_an_older_version_did_not_write_has_its_default() -> None:
    assert decoded(Newer, encoded(Older("a"))) == Newer("a")


def test_what_only_a_newer_version_knows_is_passed_over() -> None:
    assert decoded(Older, encoded(Newer("a", ("b",)))) == Older("a")


def test_defaults_take_no_room() -> None:
    assert encoded(Newer("a")) == '{"name":"a"}'


def test_what_an_answer_says_is_not_written_twice() -> None:
    assert packed(outcome()).count(json.dumps(outcome().text)) == 1
    assert unpacked(packed(outcome())) == outcome()


def test_what_differs_from_its_answer_is_kept() -> None:
    other = replace(outcome(), text="", citations=())
    assert unpacked(packed(other)) == other


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", '{"name": 1}', '{"name": null}', '{"name": "a", "tags": "b"}', '{"name": "a", "weight": "heavy"}'],
)
def test_what_is_not_ours_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        decoded(Newer, text)


def test_a_verdict_that_is_none_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="perhaps"):
        decoded(Answer, encoded(answer()).replace('"supported"', '"perhaps"'))


@given(st.builds(Trace, messages=st.lists(st.tuples(st.text(), st.text())).map(tuple), reply=st.text()))
def test_what_was_sent_and_what_came_back_is_kept_to_the_letter(trace: Trace) -> None:
    kept = replace(outcome(), answer=replace(answer(), trace=trace))
    assert unpacked(packed(kept)) == kept


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ("partly", "check"),
        ("not supported", "not found"),
        ("contradicted", "check"),
        ("quoted", "quoted"),
        ("denied", "denied"),
    ],
)
def test_a_verdict_of_an_older_version_is_read_under_its_new_name(stored: str, now: str) -> None:
    kept = encoded(answer()).replace('"verdict":"supported"', f'"verdict":"{stored}"')
    found = decoded(Answer, kept)
    assert {one.verdict for one in found.claims} | {one.verdict for one in found.citations} == {now}


def test_only_verdicts_have_former_names() -> None:
    assert decoded(Older, encoded(Older("partly"))) == Older("partly")


def test_what_was_never_a_verdict_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        decoded(Answer, encoded(answer()).replace('"verdict":"supported"', '"verdict":"wrong"'))
