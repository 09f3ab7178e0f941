"""Whether citations follow their passages, and claims disappear with theirs."""

from dataclasses import replace

import pytest

from bot.errors import InputError
from bot.evals.asking import question
from bot.evals.records import Case, Run, Setup
from bot.evals.robustness import (
    ChangedFact,
    FactOutcome,
    ShuffleEffect,
    fact_to_change,
    mutation_effect,
    removal_effect,
    robustness,
    shuffle_effect,
    with_changed_fact,
)
from bot.evals.store import CachedPassages
from bot.types import Answer, Part, Passage
from tests.bot.evals.answering import MODEL
from tests.bot.evals.lab_runs import Said, answer, bare, case, cases, good, passage, result, run

OPENED = "The bridge at Ner opened on 4 May 1931."
ASKED = Case("a", "What about Ner?")
OPENED_PASSAGE = passage(1, "In 1931 Ada Brandt opened the bridge at Ner for 1,500 people.")
OTHER = passage(2, "A harbour froze in 1931 and in 1902.")


def shelf(*articles: str) -> tuple[Passage, ...]:
    """These articles, numbered in this order."""
    texts = {"bridge.md": OPENED, "hills.md": "The hills are steep.", "report.md": "In May 1931 the king opened it."}
    return tuple(passage(n, texts[article], article) for n, article in enumerate(articles, 1))


def made(said: Answer, *, shuffled: int | None = None, without: bool = False) -> Run:
    return run(
        "r", [ASKED], lambda _: replace(said, question="What about Ner?"), Setup("r", shuffled=shuffled, removed=without)
    )


BEFORE = shelf("bridge.md", "hills.md", "report.md")
AFTER = shelf("hills.md", "bridge.md", "report.md")
CLAIM: Said = (OPENED, (1,), "supported")


def test_a_citation_that_goes_with_its_passage_has_followed() -> None:
    after = made(answer(AFTER, (OPENED, (2,), "supported")), shuffled=1)
    found = shuffle_effect(made(answer(BEFORE, CLAIM)), after)
    assert found == ShuffleEffect(1, 1, 0, ())
    assert found.said() == (
        "Of 1 cited passage that got another number, 1 is cited again, 0 not, and 0 have the old number cited in their place."
    )


def test_a_citation_that_stays_with_its_number_is_told_with_its_case() -> None:
    after = made(answer(AFTER, (OPENED, (1,), "not found")), shuffled=1)
    assert shuffle_effect(made(answer(BEFORE, CLAIM)), after) == ShuffleEffect(1, 0, 1, ("a",))


def test_a_passage_no_longer_cited_has_neither_followed_nor_stayed() -> None:
    assert shuffle_effect(made(answer(BEFORE, CLAIM)), made(answer(AFTER), shuffled=1)) == ShuffleEffect(1, 0, 0, ())


def test_a_passage_that_kept_its_number_shows_nothing() -> None:
    said = answer(BEFORE, ("The king opened it.", (3,), "supported"))
    assert shuffle_effect(made(said), made(answer(AFTER, ("The king opened it.", (3,), "supported")))).moved == 0


def test_a_number_rightly_cited_before_has_not_stayed() -> None:
    before = answer(BEFORE, CLAIM, ("The hills are steep.", (2,), "supported"))
    after = answer(AFTER, ("The hills are steep.", (1,), "supported"))
    assert shuffle_effect(made(before), made(after, shuffled=1)) == ShuffleEffect(2, 1, 0, ())


def test_a_claim_that_disappears_with_its_passage_is_gone() -> None:
    found = removal_effect(made(answer(BEFORE, CLAIM)), made(answer(shelf("hills.md"), abstained=True), without=True))
    assert (found.count("gone"), found.cases) == (1, ())


def test_a_claim_still_made_without_its_passage_is_reported() -> None:
    after = made(answer(shelf("hills.md"), (OPENED, (1,), "not found")), without=True)
    found = removal_effect(made(answer(BEFORE, CLAIM)), after)
    assert (found.count("unsupported"), found.cases) == (1, ("a",))
    assert found.said() == (
        "Of 1 claim whose passage was taken away, 0 disappeared, 0 rest on other words, and 1 is still made with nothing to "
        "support it, in a."
    )


def test_a_passage_that_was_left_takes_no_claim_away() -> None:
    found = removal_effect(made(answer(BEFORE, CLAIM)), made(answer(BEFORE), without=True))
    assert not found.changes and "No claim rested on a passage" in found.said()


def test_only_what_a_run_did_is_told() -> None:
    before, plain = made(answer(BEFORE, CLAIM)), made(answer(AFTER, CLAIM))
    assert robustness(before, plain) == ()
    assert len(robustness(before, made(answer(AFTER, CLAIM), shuffled=1, without=True))) == 2


def test_a_case_that_failed_shows_nothing() -> None:
    before = made(answer(BEFORE, CLAIM))
    assert shuffle_effect(before, replace(before, results=(result(ASKED, None),))).moved == 0


def changed(said: str, asked: str = "When?") -> ChangedFact | None:
    return fact_to_change(asked, said, [OPENED_PASSAGE], [OPENED_PASSAGE, OTHER])


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
    one, two = with_changed_fact([OPENED_PASSAGE, replace(OTHER, text=f"{OTHER.text} Not 19311, and not 1931.5.")], fact)
    assert one.text.startswith("In 1942 Ada Brandt") and two.text.endswith(
        "froze in 1942 and in 1902. Not 19311, and not 1931.5."
    )
    there = fact_to_change("When?", "In 1931.", [OPENED_PASSAGE], [OPENED_PASSAGE, passage(3, "In 1942.")])
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
    held = CachedPassages("?", (OPENED_PASSAGE, OTHER), (Part("1.md", 0, OPENED_PASSAGE.end),), "It was opened in 1931 [1].")
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
