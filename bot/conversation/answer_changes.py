"""What changed between two answers to one question: sentences, verdicts, and footnotes that no longer hold. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from bot.types import Anchor, Answer, Citation, Verdict
from bot.verification.anchors import anchor, difference, find

ArticleText = Callable[[str], str | None]
"""An article's id -> its text as it is now; None where the article is gone."""
BrokenReason = Literal["article gone", "file gone", "words changed", "words gone"]
"""words changed: other words stand between the same surroundings; file gone: the text is kept, but its file is gone."""
Answered = Literal["", "now", "no longer"]

ALIKE = 0.6
"""The share of two sentences' characters that they have in common from which on one counts as the other one reworded."""


@dataclass(frozen=True, slots=True)
class RewordedSentence:
    """A sentence that is said in other words than before, or of which a part has changed."""

    before: str
    now: str


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A sentence that both answers have, and that is not judged as it was."""

    text: str
    before: Verdict
    now: Verdict


@dataclass(frozen=True, slots=True)
class BrokenFootnote:
    """A footnote of the earlier answer that no longer holds; `now` is what stands in its place, "" where nothing does."""

    n: int
    article: str
    title: str
    quote: str
    why: BrokenReason
    now: str = ""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What changed since the answer before; all empty where nothing did.

    `answered` says whether the articles answer the question "now" where they did not, or "no longer".

    >>> before, now = Answer("When?", text="It opened in 1931."), Answer("When?", text="It opened in 1932.")
    >>> answer_change(before, now, lambda article: None).reworded
    (RewordedSentence(before='It opened in 1931.', now='It opened in 1932.'),)
    """

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    reworded: tuple[RewordedSentence, ...] = ()
    verdicts: tuple[ChangedVerdict, ...] = ()
    broken: tuple[BrokenFootnote, ...] = ()
    answered: Answered = ""

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.reworded or self.verdicts or self.broken or self.answered)


def answer_change(before: Answer, now: Answer, text: ArticleText, files_gone: Sequence[str] = ()) -> AnswerChange:
    """What changed between two answers; `files_gone` are the articles whose files are not there any more."""
    old, new = sentences(before), sentences(now)
    # Only sentences that one of the two has alone can have been reworded.
    reworded = _reworded([one for one in old if one not in new], [one for one in new if one not in old])
    left, came = {one.before for one in reworded}, {one.now for one in reworded}
    answered: Answered = "" if before.abstained == now.abstained else "no longer" if now.abstained else "now"
    return AnswerChange(
        new=tuple(one for one in new if one not in old and one not in came),
        gone=tuple(one for one in old if one not in new and one not in left),
        reworded=reworded,
        verdicts=tuple(_changed_verdicts(old, new)),
        broken=broken_footnotes(before, text, files_gone),
        answered=answered,
    )


def sentences(answer: Answer) -> Mapping[str, Verdict | None]:
    """What an answer says, sentence by sentence, each with its verdict; nothing where the articles do not say."""
    if answer.abstained:
        return {}
    if answer.claims:
        # Compared without line breaks, as the same sentence may stand in a list the next time.
        return {" ".join(claim.text.split()): claim.verdict for claim in answer.claims}
    # A reply about the collection has no claims: a line of it is a sentence.
    return {" ".join(line.split()): None for line in answer.text.splitlines() if line.strip()}


def broken_footnotes(answer: Answer, text: ArticleText, files_gone: Sequence[str] = ()) -> tuple[BrokenFootnote, ...]:
    """The footnotes of an answer whose words do not stand in their article any more, each place once."""
    found: dict[tuple[str, int, int], BrokenFootnote] = {}
    texts: dict[str, str | None] = {}
    for at, one in enumerate(answer.citations):
        place = (one.article, one.start, one.end)
        if not one.article or not one.quote or place in found:
            continue
        # Several footnotes lead into one article, which is read once.
        if one.article not in texts:
            texts[one.article] = text(one.article)
        if broken := _broken(one, answer.anchor(at), texts[one.article], one.article in files_gone):
            found[place] = broken
    return tuple(found.values())


def anchored(answer: Answer, text: ArticleText) -> Answer:
    """The answer with the anchors of its footnotes, by which their words are found again."""
    return replace(answer, anchors=tuple(_anchor_of(one, text(one.article)) for one in answer.citations))


def _anchor_of(citation: Citation, text: str | None) -> Anchor | None:
    if text is None or text[citation.start : citation.end] != citation.quote or not citation.quote:
        return None
    return anchor(text, citation.start, citation.end)


def _broken(citation: Citation, at: Anchor | None, text: str | None, file_gone: bool) -> BrokenFootnote | None:
    one = BrokenFootnote(citation.n, citation.article, citation.title, citation.quote, "article gone")
    if text is None:
        return one
    # Without an anchor the words were not found when the answer was given, so nothing can be said of them now.
    place = find(at, text) if at is not None else None
    if place is None or place.stands:
        return replace(one, why="file gone") if file_gone else None
    why: BrokenReason = "words changed" if place.status == "changed" else "words gone"
    return replace(one, why=why, now=text[place.start : place.end])


def _reworded(gone: Sequence[str], new: Sequence[str]) -> tuple[RewordedSentence, ...]:
    """The sentences that are most alike, in pairs, each in one pair at most, in the order of the new ones."""
    # Greedy: the most alike pair first, whose two sentences are then taken.
    pairs = sorted(product(gone, new), key=lambda pair: -likeness(*pair))
    found: dict[str, str] = {}
    for before, now in pairs:
        if likeness(before, now) < ALIKE:
            break
        if now not in found and before not in found.values():
            found[now] = before
    return tuple(RewordedSentence(found[now], now) for now in new if now in found)


def likeness(before: str, now: str) -> float:
    """The share of the characters of two sentences that stand in words which both have in the same order, 0 to 1.

    >>> likeness("It opened in 1931.", "It opened in 1932.") > 0.7, likeness("It opened.", "Nobody came.") < 0.2
    (True, True)
    """
    kept = sum(len(piece) for change, piece in difference(before, now) if change == "kept")
    # Dice's coefficient, over characters and not over words: a long word that stays says more.
    return 2 * kept / max(1, len(before) + len(now))


def _changed_verdicts(old: Mapping[str, Verdict | None], new: Mapping[str, Verdict | None]) -> Iterator[ChangedVerdict]:
    for text, verdict in new.items():
        before = old.get(text)
        if before is not None and verdict is not None and before != verdict:
            yield ChangedVerdict(text, before, verdict)
