"""What is asked for a case, and what makes its answer another one."""

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.evals import asking, cache_key
from bot.evals.records import Case, ExpectedCitation
from bot.evals.store import CachedPassages
from bot.types import Part, Question, Turn
from tests.bot.evals.answering import BOTH, MODEL, ONE, QUOTES, TWO, case

HELD = CachedPassages("what was searched", BOTH, (Part("harbour.md", TWO.start, TWO.end),))
FROZEN = replace(QUOTES, frozen="abcd")
SAID = (Turn("user", "What of the bridge?"), Turn("assistant", "It opened."))
TEXTS = {"bridge.md": f"{ONE.text} Of the  Bridge\nmuch is said. Much of the bridge much is said."}


def asked(one: Case, setup: object = QUOTES, held: CachedPassages | None = None) -> Question:
    return asking.question(one, setup, held, TEXTS.get)  # type: ignore[arg-type]


def test_a_case_is_searched_with_its_conversation() -> None:
    assert asked(case("one", history=SAID)) == Question("What of one?", SAID)


def test_a_case_with_passages_of_its_own_is_answered_from_these() -> None:
    assert asked(case("one", given=(TWO,))).given == (TWO,)


def test_quotations_want_passages_that_a_search_has_judged() -> None:
    bare = case("one", given=(replace(TWO, stages={}),))
    with pytest.raises(InputError, match="no search has said"):
        asked(bare)
    assert asked(bare, MODEL).given == bare.given


def test_frozen_it_is_answered_from_the_passages_of_the_run() -> None:
    assert asked(case("one", given=(TWO,)), FROZEN, HELD).given == BOTH


def test_frozen_to_a_run_without_the_case_it_cannot_be_asked() -> None:
    with pytest.raises(InputError, match="abcd has no passages"):
        asked(case("one"), FROZEN)


def test_frozen_no_model_is_asked_to_rewrite_a_follow_up_again() -> None:
    assert asked(case("one", history=SAID), replace(MODEL, frozen="abcd"), HELD).searched == "what was searched"


def test_frozen_quotations_read_the_follow_up_as_they_did() -> None:
    assert asked(case("one", history=SAID), FROZEN, HELD).searched == ""


def test_a_question_that_was_not_searched_is_asked_back_again() -> None:
    assert asked(case("one", history=SAID), replace(MODEL, frozen="abcd"), CachedPassages("It?")).searched == ""


def test_shuffling_wants_passages_that_are_held_still() -> None:
    with pytest.raises(InputError, match="held still"):
        asked(case("one"), replace(QUOTES, shuffled=1))


@given(st.integers(2, 8), st.text())
def test_a_shuffle_keeps_all_passages_in_another_order_numbered_anew(count: int, seed: str) -> None:
    passages = tuple(replace(ONE, n=n, start=n) for n in range(1, count + 1))
    found = asking.shuffled(passages, seed)
    assert [one.n for one in found] == list(range(1, count + 1))
    assert sorted(one.start for one in found) == list(range(1, count + 1)) != [one.start for one in found]
    assert found == asking.shuffled(passages, seed)


def test_nothing_to_shuffle_stays_nothing() -> None:
    assert asking.shuffled((), "1") == ()


def test_everywhere_that_the_words_stand_is_done_without() -> None:
    parts = asked(
        case("one", cites=(ExpectedCitation("bridge.md", "of the bridge much is said"),)), replace(QUOTES, removed=True)
    ).without
    texts = [TEXTS["bridge.md"][part.start : part.end] for part in parts]
    assert texts == ["Of the  Bridge\nmuch is said", "of the bridge much is said"]


def test_an_article_that_is_named_alone_is_done_without_as_a_whole() -> None:
    parts = asked(case("one", cites=(ExpectedCitation("harbour.md"),)), replace(QUOTES, removed=True)).without
    assert parts == (Part("harbour.md", 0, sys.maxsize),)


def test_a_case_that_names_nothing_does_without_what_was_cited() -> None:
    assert asked(case("one"), replace(FROZEN, removed=True), HELD).without == HELD.cited


BASE = Question("What?", given=BOTH)
KEY = cache_key.answer_key(BASE, MODEL, "basis")


@pytest.mark.parametrize(
    ("question", "setup", "basis"),
    [
        (replace(BASE, text="When?"), MODEL, "basis"),
        (replace(BASE, history=SAID), MODEL, "basis"),
        (replace(BASE, given=(TWO, ONE)), MODEL, "basis"),
        (replace(BASE, given=None), MODEL, "basis"),
        (replace(BASE, without=HELD.cited), MODEL, "basis"),
        (BASE, replace(MODEL, prompt_text="Answer!"), "basis"),
        (BASE, replace(MODEL, model="openai:other"), "basis"),
        (BASE, replace(MODEL, temperature=0.5), "basis"),
        (BASE, replace(MODEL, max_tokens=7), "basis"),
        (BASE, MODEL, "another version"),
    ],
)
def test_whatever_goes_into_an_answer_is_in_its_key(question: Question, setup: object, basis: str) -> None:
    assert cache_key.answer_key(question, setup, basis) != KEY  # type: ignore[arg-type]


def test_a_name_and_where_the_passages_came_from_are_not() -> None:
    other = replace(MODEL, name="other", frozen="abcd", shuffled=7, removed=True)
    assert cache_key.answer_key(BASE, other, "basis") == KEY


def test_the_index_counts_where_it_is_searched_alone() -> None:
    other, searched = replace(MODEL, index="as it is now", passages=3), replace(BASE, given=None)
    assert cache_key.answer_key(BASE, other, "basis") == KEY
    assert cache_key.answer_key(searched, other, "basis") != cache_key.answer_key(searched, MODEL, "basis")


def test_scores_are_of_an_answer_and_of_what_the_case_asks_for() -> None:
    one = case("one")
    key = cache_key.scores_key(KEY, one, "metrics")
    assert cache_key.scores_key(KEY, replace(one, notes="Hm.", where="a.yaml, line 1"), "metrics") == key
    assert cache_key.scores_key(KEY, replace(one, must=("1931",)), "metrics") != key
    assert cache_key.scores_key(KEY, one, "other metrics") != key
