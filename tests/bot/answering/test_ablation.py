"""What becomes of claims when their passage is taken away: gone, said on other words, or said on none."""

import pytest

from bot.answering.ablation import ClaimChange, claim_changes, verdict
from bot.types import Answer, Citation, Claim, Passage, Verdict

BRIDGE = "The bridge at Ner opened on 4 May 1931. It is made of iron."
REPORT = "In May 1931 the king opened the bridge at Ner, on the fourth."
TEXTS = {"bridge.md": BRIDGE, "report.md": REPORT, "hills.md": "The hills are steep."}
CLAIM = "The bridge at Ner opened on 4 May 1931."

Said = tuple[str, str, Verdict]
"""A claim, the article that it cites ("" for none), and its verdict."""


def answer(*said: Said, question: str = "What about Ner?") -> Answer:
    """A model's answer that makes these claims, one passage an article."""
    ids = list(TEXTS)
    passages = tuple(Passage(n, id, id, "", "", 0, len(text), text, 1.0) for n, (id, text) in enumerate(TEXTS.items(), 1))
    claims, citations, text = list[Claim](), list[Citation](), ""
    for words, article, judged in said:
        numbers = (ids.index(article) + 1,) if article else ()
        claims.append(Claim(words, len(text), len(text) + len(words), judged, numbers))
        text += f"{words} "
        citations += [Citation(n, article, article, 0, 10, TEXTS[article][:10], judged) for n in numbers]
    return Answer(question, question, text, not said, 0.9, "model", tuple(claims), tuple(citations), passages)


def kinds(before: Answer, after: Answer, at: int = 0) -> list[str]:
    return [fate.kind for fate in claim_changes(before, at, after)]


def became(claim: str, other: str, question: str = "What about Ner?") -> str:
    """What became of a claim in an answer that says this instead, on another passage."""
    before = answer((claim, "bridge.md", "supported"), question=question)
    (kind,) = kinds(before, answer((other, "report.md", "supported"), question=question))
    return kind


def test_a_claim_that_is_not_made_again_is_gone() -> None:
    before = answer((CLAIM, "bridge.md", "supported"))
    assert claim_changes(before, 0, answer(("The hills are steep.", "hills.md", "quoted"))) == (ClaimChange(CLAIM, "gone"),)


@pytest.mark.parametrize("said_again", [CLAIM, "On May 4, 1931, the bridge at Ner was opened."])
def test_a_claim_that_is_gone_but_carried_elsewhere_says_so(said_again: str) -> None:
    before = answer((CLAIM, "bridge.md", "supported"), (said_again, "report.md", "supported"))
    found = claim_changes(before, 0, answer(("The hills are steep.", "hills.md", "quoted")))
    assert found == (ClaimChange(CLAIM, "gone", before.citations[1]),)
    assert verdict(found) == (
        "Without this passage the answer no longer says this, though another passage that it cited carries it too."
    )


def test_another_passage_that_fails_a_claim_does_not_carry_it() -> None:
    before = answer((CLAIM, "bridge.md", "supported"), (CLAIM, "report.md", "not found"))
    assert claim_changes(before, 0, answer(("The hills are steep.", "hills.md", "quoted"))) == (ClaimChange(CLAIM, "gone"),)


def test_a_claim_that_rests_on_other_words_names_them() -> None:
    after = answer(("The bridge at Ner was opened on 4 May 1931 [2].", "report.md", "supported"))
    (fate,) = claim_changes(answer((CLAIM, "bridge.md", "supported")), 0, after)
    assert (fate.kind, fate.citation, fate.claim) == ("elsewhere", after.citations[0], after.claims[0])


@pytest.mark.parametrize("judged", ["not found", "number differs", "denied", "no such passage"])
def test_a_claim_still_made_on_words_that_fail_it_is_unsupported(judged: Verdict) -> None:
    after = answer((CLAIM, "hills.md", judged))
    assert claim_changes(answer((CLAIM, "bridge.md", "supported")), 0, after) == (
        ClaimChange(CLAIM, "unsupported", claim=after.claims[0]),
    )


def test_a_claim_that_is_still_made_without_a_footnote_is_unsupported() -> None:
    assert kinds(answer((CLAIM, "bridge.md", "supported")), answer((CLAIM, "", "uncited"))) == ["unsupported"]


def test_an_answer_that_says_nothing_has_lost_the_claim() -> None:
    assert kinds(answer((CLAIM, "bridge.md", "supported")), answer()) == ["gone"]


def test_only_claims_that_rested_on_the_passage_are_looked_at() -> None:
    before = answer(
        (CLAIM, "bridge.md", "supported"),
        ("The hills are steep.", "hills.md", "quoted"),
        ("It is iron.", "bridge.md", "supported"),
    )
    assert [fate.text for fate in claim_changes(before, 0, answer())] == [CLAIM, "It is iron."]
    assert [fate.text for fate in claim_changes(before, 1, answer())] == ["The hills are steep."]


@pytest.mark.parametrize("at", [-1, 5])
def test_a_citation_that_is_not_there_has_no_claims(at: int) -> None:
    assert claim_changes(answer((CLAIM, "bridge.md", "supported")), at, answer()) == ()


def test_a_number_that_was_never_given_has_no_claims() -> None:
    missing = Citation(9, "", "", 0, 0, "", "no such passage")
    before = Answer(
        "When?", "When?", CLAIM, False, 0.9, "model", (Claim(CLAIM, 0, 39, "no such passage", (9,)),), (missing,), ()
    )
    assert claim_changes(before, 0, answer()) == ()


def test_quotations_of_one_passage_are_claims_too() -> None:
    lines = ("The bridge at Ner opened on 4 May 1931.", "It is made of iron.")
    quotes = [
        Citation(n, "bridge.md", "", BRIDGE.index(line), BRIDGE.index(line) + len(line), line, "quoted")
        for n, line in enumerate(lines, 1)
    ]
    claims = tuple(Claim(line, 0, len(line), "quoted", (n,)) for n, line in enumerate(lines, 1))
    passage = Passage(1, "bridge.md", "", "", "", 0, len(BRIDGE), BRIDGE, 1.0)
    before = Answer("When?", "When?", "", False, 0.9, "quotes", claims, tuple(quotes), (passage,))
    assert [fate.text for fate in claim_changes(before, 1, answer())] == list(lines)


def test_a_quotation_that_no_claim_carries_stands_for_itself() -> None:
    quote = Citation(1, "bridge.md", "", 0, 39, BRIDGE[:39], "quoted")
    before = Answer("When?", "When?", "", False, 0.9, "quotes", (), (quote,), ())
    assert claim_changes(before, 0, answer()) == (ClaimChange(BRIDGE[:39], "gone"),)


@pytest.mark.parametrize(
    ("claim", "other", "kind"),
    [
        (CLAIM, "The opening of the bridge at Ner was on 4 May 1931.", "elsewhere"),
        (CLAIM, "On May 4, 1931, the bridge at Ner was opened [2].", "elsewhere"),
        (CLAIM, "The bridge at Ner opened on 4 May 1932.", "gone"),
        (CLAIM, "The bridge at Ner opened long ago.", "gone"),
        (CLAIM, "The bridge at Ner did not open on 4 May 1931.", "gone"),
        ("It carries twelve trains a day.", "Each day it carries 12 trains.", "elsewhere"),
        ("It carries 12 trains a day.", "Each day it carries 40 trains.", "gone"),
        ("Ada Brandt drew the plans of the bridge.", "The plans of the bridge were drawn by Brandt.", "elsewhere"),
        ("Ada Brandt drew the plans of the bridge.", "Otto Lund drew the plans of the bridge.", "gone"),
        ("She drew the plans of the bridge.", "Ada Brandt drew the plans of the bridge.", "elsewhere"),
        ("The toll was lifted.", "Fishing is allowed.", "gone"),
        ("...", "...", "gone"),
    ],
)
def test_the_same_is_said_where_words_numbers_names_and_denials_agree(claim: str, other: str, kind: str) -> None:
    assert became(claim, other) == kind


def test_words_of_the_question_do_not_make_two_claims_one() -> None:
    claim, other = "The bridge at Ner is made of iron.", "The bridge at Ner is made of stone."
    assert became(claim, other, question="What is the bridge at Ner made of?") == "gone"


def test_a_claim_may_be_said_in_two_sentences() -> None:
    before = answer(("The bridge at Ner opened in 1931 and carries 12 trains a day.", "bridge.md", "supported"))
    two = (
        ("The bridge at Ner opened in 1931.", "report.md", "supported"),
        ("It carries 12 trains a day.", "report.md", "supported"),
    )
    assert kinds(before, answer(*two)) == ["elsewhere"]
    assert kinds(before, answer(two[0], (two[1][0], "", "uncited"))) == ["unsupported"]


def test_of_two_sentences_that_say_it_the_one_that_is_carried_counts() -> None:
    after = answer((CLAIM, "", "uncited"), (CLAIM, "report.md", "supported"))
    assert claim_changes(answer((CLAIM, "bridge.md", "supported")), 0, after)[0].claim == after.claims[1]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("", "Nothing in the answer rested"),
        ("g", "no longer says this"),
        ("gg", "no longer says any of this"),
        ("e", "still says this, and cites other words"),
        ("ee", "still says all of this"),
        ("ge", "1 of 2 claims are gone"),
        ("u", "still says this, with nothing to support it"),
        ("geu", "still says 1 of 3 claims, with nothing to support it"),
    ],
)
def test_the_verdict_is_one_sentence_and_tells_of_danger_first(found: str, words: str) -> None:
    kinds = {"g": "gone", "e": "elsewhere", "u": "unsupported"}
    said = verdict([ClaimChange("", kinds[one]) for one in found])  # type: ignore[arg-type]
    assert words in said
    assert said.endswith(".") and said.count(". ") == 0
