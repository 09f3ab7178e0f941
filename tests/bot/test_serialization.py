"""What is kept as JSON comes back exactly, and what is not one of ours is told from it."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.history import AskedQuestion
from bot.serialization import Unreadable, from_json, to_json
from bot.types import Answer, Citation, Claim, Passage, Trace
from vectorstore.types import Stage

# Hypothesis would also try mappings that are no dictionaries, which come back as dictionaries.
NUMBERS = st.dictionaries(st.text(), st.floats())
st.register_type_strategy(Passage, st.builds(Passage, stages=st.dictionaries(st.text(), st.builds(Stage))))
st.register_type_strategy(Answer, st.builds(Answer, usage=NUMBERS, ms=NUMBERS))


CITED = Citation(1, "bridge.txt", "The bridge", 0, 7, "In 1932", "supported")
ANSWER = Answer("When?", "When?", "In 1932 [1].", claims=(Claim("In 1932", 0, 7, "supported", (1,)),), citations=(CITED,))


@dataclass(frozen=True)
class Older:
    name: str


@dataclass(frozen=True)
class Newer:
    name: str
    tags: tuple[str, ...] = field(default_factory=tuple)
    weight: float = 1.0


@settings(max_examples=60)
@given(st.from_type(Answer))
def test_an_answer_comes_back_exactly(answer: Answer) -> None:
    assert repr(from_json(Answer, to_json(answer))) == repr(answer)


@given(st.from_type(AskedQuestion))
def test_a_question_comes_back_exactly(asked: AskedQuestion) -> None:
    assert from_json(AskedQuestion, to_json(asked)) == asked


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u2028 “ß” 🙂", '"\\'])
def test_any_character_comes_back(text: str) -> None:
    assert from_json(Older, to_json(Older(text))) == Older(text)


def test_it_is_plain_ascii_which_every_database_takes() -> None:
    assert to_json(Older("\x00é\ud800")).isascii()


def test_a_number_of_numpys_is_kept_as_a_number() -> None:
    kept = replace(ANSWER, confidence=np.float32(0.5))  # type: ignore[arg-type]
    assert from_json(Answer, to_json(kept)).confidence == 0.5


def test_what_an_older_version_did_not_write_has_its_default() -> None:
    assert from_json(Newer, to_json(Older("a"))) == Newer("a")


def test_what_only_a_newer_version_knows_is_passed_over() -> None:
    assert from_json(Older, to_json(Newer("a", ("b",)))) == Older("a")


def test_defaults_take_no_room() -> None:
    assert to_json(Newer("a")) == '{"name":"a"}'


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", '{"name": 1}', '{"name": null}', '{"name": "a", "tags": "b"}', '{"name": "a", "weight": "heavy"}'],
)
def test_what_is_not_ours_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        from_json(Newer, text)


def test_a_verdict_that_is_none_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="perhaps"):
        from_json(Answer, to_json(ANSWER).replace('"supported"', '"perhaps"'))


@given(st.builds(Trace, messages=st.lists(st.tuples(st.text(), st.text())).map(tuple), reply=st.text()))
def test_what_was_sent_and_what_came_back_is_kept_to_the_letter(trace: Trace) -> None:
    assert from_json(Answer, to_json(Answer("q", trace=trace))).trace == trace


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
    kept = to_json(ANSWER).replace('"verdict":"supported"', f'"verdict":"{stored}"')
    found = from_json(Answer, kept)
    assert {one.verdict for one in found.claims} | {one.verdict for one in found.citations} == {now}


def test_only_verdicts_have_former_names() -> None:
    assert from_json(Older, to_json(Older("partly"))) == Older("partly")


def test_what_was_never_a_verdict_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        from_json(Answer, to_json(ANSWER).replace('"verdict":"supported"', '"verdict":"wrong"'))
