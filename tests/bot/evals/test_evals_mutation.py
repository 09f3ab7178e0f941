"""The mutation test: which fact is changed, to what, and what an answer made of it."""

from dataclasses import replace

import pytest

from bot.errors import InputError
from bot.evals.asking import question
from bot.evals.mutation import ChangedFact, FactOutcome, fact_to_change, with_changed_fact
from bot.evals.records import Case
from bot.evals.robustness import mutation_effect, robustness
from bot.evals.store import CachedPassages
from bot.types import Answer, Part
from tests.bot.evals.answering import MODEL
from tests.bot.evals.lab_runs import answer, bare, case, cases, good, passage, run

OPENED = passage(1, "In 1931 Ada Brandt opened the bridge at Ner for 1,500 people.")
OTHER = passage(2, "A harbour froze in 1931 and in 1902.")


def changed(said: str, asked: str = "When?") -> ChangedFact | None:
    return fact_to_change(asked, said, [OPENED], [OPENED, OTHER])


@pytest.mark.parametrize(
    ("said", "asked", "was"),
    [
        ("It was opened in 1931 [1].", "When?", "1931"),
        ("It was opened in 1931 for 1,500 people [1].", "What happened in 1931?", "1,500"),
        ("It was opened by Ada Brandt [1].", "Who opened it?", "Ada Brandt"),
        ("The bridge [1] was opened [2].", "What?", None),
        ("It was opened in 1902 [1].", "When?", None),
        ("It was opened in 193 [1].", "When?", None),
    ],
)
def test_a_fact_of_the_answer_and_of_what_it_cites_is_changed(said: str, asked: str, was: str | None) -> None:
    found = changed(said, asked)
    assert (found.was if found else None) == was
    if found:
        assert found.now != found.was and len(found.now) == len(found.was)


def test_a_fact_is_changed_wherever_it_stands() -> None:
    fact = changed("It was opened in 1931 [1].")
    assert fact == ChangedFact("1931", "1942")
    one, two = with_changed_fact([OPENED, replace(OTHER, text=f"{OTHER.text} Not 19311, and not 1931.5.")], fact)
    assert one.text.startswith("In 1942 Ada Brandt") and two.text.endswith(
        "froze in 1942 and in 1902. Not 19311, and not 1931.5."
    )
    there = fact_to_change("When?", "In 1931.", [OPENED], [OPENED, passage(3, "In 1942.")])
    assert there == ChangedFact("1931", "1953")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("In 1942 [1].", "followed"),
        ("In 1931 [1].", "kept"),
        ("In 1931, or in 1942 [1].", "both"),
        ("The articles do not say [0].", "neither"),
    ],
)
def test_what_became_of_a_fact_is_told_by_the_answer(said: str, outcome: FactOutcome) -> None:
    assert ChangedFact("1931", "1942").outcome(said) == outcome


def test_the_passages_are_asked_with_the_changed_fact() -> None:
    setup = replace(MODEL, frozen="abcd", mutated=True)
    held = CachedPassages("?", (OPENED, OTHER), (Part("1.md", 0, OPENED.end),), "It was opened in 1931 [1].")
    given = question(Case("a", "When?"), setup, held, lambda _: None).given
    assert (
        given is not None and [one.text[:12] for one in given] == ["In 1942 Ada ", "A harbour fr"] and "1942" in given[1].text
    )
    with pytest.raises(InputError, match="Only passages that are held still can be changed"):
        question(Case("a", "When?"), replace(MODEL, mutated=True), None, lambda _: None)


def test_the_share_of_answers_that_followed_is_told() -> None:
    before = run("before", cases(8), good, MODEL)

    def memory(asked: Case) -> Answer:
        """Says what it always said in the first case, and follows in the others."""
        return good(asked) if asked == case(0) or asked.abstain else moved(asked)

    def moved(asked: Case) -> Answer:
        was = good(asked)
        fact = fact_to_change(asked.question, was.text, was.passages[:1], was.passages)
        assert fact
        return replace(was, text=was.text.replace(fact.was, fact.now))

    after = run("after", cases(8), memory, replace(MODEL, mutated=True))
    found = mutation_effect(before, after)
    assert (found.count("followed"), found.count("kept"), found.without) == (6, 1, 1)
    assert robustness(before, after) == (
        "Of 7 answers whose fact was changed in the passages, 6 (86 %) say the new one, 1 still the old one, in case-0, and 0 "
        "neither. 1 had no fact to change.",
    )
    nothing = run("none", cases(2), lambda asked: answer(bare(asked).passages), MODEL)
    assert "nothing can be said" in mutation_effect(nothing, nothing).said()
