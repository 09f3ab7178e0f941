"""Whether an answer passes its case."""

from dataclasses import replace

import pytest
from lab_runs import answer, bare, case, good, invented, passage, result

from bot.evals.checks import checks, cites, holds, passes, place, plain, within, word_count
from bot.evals.records import Case, ExpectedCitation
from bot.types import Answer, Citation

TEXT = "The bridge opened in 1932. It is made of iron."
BRIDGE = passage(1, TEXT, "bridge.md", start=100)


def complaints(asked: Case, said: Answer) -> list[str]:
    return [check.why for check in checks(asked, said) if not check.held]


def test_an_answer_that_does_all_of_it_passes() -> None:
    for one in (case(0), case(7)):
        assert passes(one, result(one, good(one))) is True and complaints(one, good(one)) == []


def test_each_thing_that_is_wrong_is_told() -> None:
    asked = Case(
        "a", "?", must=("1932", "king"), must_not=("trams",), cites=(ExpectedCitation("hills.md", "steep"),), abstain=True
    )
    said = answer((BRIDGE,), ("Trams cross it since 1932", (1,), "not found"))
    assert complaints(asked, said) == [
        "It does not hold “king”.",
        "It holds “trams”.",
        "It does not cite hills.md, “steep”.",
        "It answers, though the articles do not.",
        "Nothing that it cites carries “Trams cross it since 1932” (not found).",
    ]
    assert passes(asked, result(asked, said)) is False


@pytest.mark.parametrize("spoil", [bare, invented])
def test_a_claim_that_rests_on_nothing_does_not_pass(spoil: object) -> None:
    assert callable(spoil) and passes(case(0), result(case(0), spoil(case(0)))) is False


def test_a_claim_that_is_to_be_checked_passes() -> None:
    asked = Case("a", "?")
    assert passes(asked, result(asked, answer((BRIDGE,), ("It opened", (1,), "check")))) is True


def test_abstaining_from_what_the_articles_answer_does_not_pass() -> None:
    asked = Case("a", "?", abstain=False)
    assert complaints(asked, answer((), abstained=True)) == ["It does not answer, though the articles do."]


def test_an_answer_of_which_nothing_is_asked_neither_passes_nor_fails() -> None:
    assert passes(Case("a", "?"), result(Case("a", "?"), answer(()))) is None
    assert passes(case(0), result(case(0), None)) is None


def quoted(words: str) -> Answer:
    """Quotes mode, with these words as the only quotation."""
    at = 100 + TEXT.index(words)
    citation = Citation(1, "bridge.md", "", at, at + len(words), words, "quoted")
    return replace(answer((BRIDGE,)), mode="quotes", citations=(citation,))


def test_a_quotation_must_touch_the_words_and_a_model_cite_them() -> None:
    wanted = ExpectedCitation("bridge.md", "made of iron")
    assert cites(quoted("It is made of iron."), wanted)
    assert not cites(quoted("The bridge opened in 1932."), wanted)
    assert cites(answer((BRIDGE,), ("It opened in 1932", (1,), "supported")), wanted)


def test_a_copy_of_the_article_will_do() -> None:
    copied = replace(BRIDGE, also=("copy.md",))
    assert cites(answer((copied,), ("It opened", (1,), "supported")), ExpectedCitation("copy.md"))


def test_a_number_that_no_passage_has_cites_nothing() -> None:
    assert not cites(answer((BRIDGE,), ("It opened", (9,), "no such passage")), ExpectedCitation("bridge.md"))


# The words that a text holds


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It opened in 1932.", "1932"),
        ("It opened in 1932 [1], by the king.", "1932, by the king"),
        ("the **iron** bridge", "iron bridge"),
        ("It is IRON", "iron"),
        ("the king’s bridge", "king's"),
        ("a café there", "Cafe"),
        ("in the autumn", "fall|autumn"),
        ("opened\n in  1932", "opened in 1932"),
        ("1932年に開通した", "1932"),
        ("橋は1932年に開通した", "開通"),
        ("It cost $3.", "$3"),
        ("Is it C++?", "C++"),
    ],
)
def test_words_that_stand_there(text: str, wanted: str) -> None:
    assert holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("number 19321", "1932"),
        ("some 3.5 million", "3"),
        ("some 1,932 people", "932"),
        ("the irony", "iron"),
        ("nothing", "|"),
        ("nothing", "one|two"),
        ("The first claim [7].", "7"),
    ],
)
def test_words_that_do_not_stand_there(text: str, wanted: str) -> None:
    assert not holds(text, wanted)


def test_a_number_may_end_a_sentence() -> None:
    assert holds("Of 3. And more.", "3")


def test_a_place_is_told_in_the_text_as_it_is() -> None:
    text = "It was Opened\n in 1932."
    found = place("opened in", text)
    assert found is not None and text[slice(*found)] == "Opened\n in"


def test_exactly_the_same_words_come_before_the_same_in_another_case() -> None:
    assert place("the", "The bridge, the river") == (12, 15)


def test_no_words_stand_in_every_passage() -> None:
    assert within("", "x") and not within("y", "x") and place("", "x") is None


def test_markers_and_marks_are_no_words() -> None:
    assert plain("So **it** is [1][2].") == "So it is."
    assert word_count("So **it** cost 1,000 dollars [1], the king's [12].") == 7
