"""Whether citations follow their passages, and claims disappear with theirs."""

from dataclasses import replace

from lab_runs import Said, answer, passage, result, run

from bot.evals.records import Case, Run, Setup
from bot.evals.robustness import ShuffleEffect, removal_effect, robustness, shuffle_effect
from bot.types import Answer, Passage

OPENED = "The bridge at Ner opened on 4 May 1931."
ASKED = Case("a", "What about Ner?")


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
