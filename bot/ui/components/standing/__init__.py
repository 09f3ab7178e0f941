"""A standing question as it is shown: what changed in its answer, each time that it did, and the answer as it is now."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal, TypedDict

from bot.answering.cited import groups
from bot.answering.tally import spent
from bot.conversation.answer_changes import AnswerChange, Answered, BrokenFootnote, BrokenReason, sentences
from bot.conversation.history import StandingAnswer, StandingQuestion
from bot.types import Answer, Claim
from bot.ui.components.mounting import component
from bot.ui.words import word
from bot.verification.anchors import Change, difference
from bot.verification.verdicts import Tone, said, tone

Kind = Literal["new", "gone", "reworded", "verdict", "broken", "note"]

LABELS: Mapping[Kind, str] = {
    "new": word("standing.new"),
    "gone": word("standing.gone"),
    "reworded": word("standing.reworded"),
    "verdict": word("standing.verdict"),
    "broken": word("standing.broken"),
    "note": "",
}
_BROKEN: Mapping[BrokenReason, str] = {
    "article gone": word("standing.the_article_is_gone"),
    "file gone": word("standing.the_file_is_gone"),
    "words changed": word("standing.the_words_were_changed"),
    "words gone": word("standing.the_words_are_gone"),
}
_ANSWERED: Mapping[Answered, str] = {
    "now": word("standing.answered_now"),
    "no longer": word("standing.answered_no_longer"),
    "": "",
}


class ChangedPart(TypedDict):
    """A run of words that was kept, removed or added."""

    change: Change
    text: str


class FootnoteLink(TypedDict):
    """What opens a footnote in the source panel: the answer's id, and the footnote's place in it from 0; -1 for none."""

    n: int
    exchange: str
    at: int


class ChangeLine(TypedDict):
    """One thing that changed: under its label, what is said of it, its words, and the footnote that it is about."""

    kind: Kind
    label: str
    text: str
    parts: list[ChangedPart]
    link: FootnoteLink | None


class ChangeEntry(TypedDict):
    """All that changed at one time, an ISO time."""

    at: str
    lines: list[ChangeLine]


class AnswerLine(TypedDict):
    """A sentence of the answer, whether it is new in it, its verdict, and its footnotes."""

    text: str
    fresh: bool
    said: str
    tone: Tone
    links: list[FootnoteLink]


class StandingData(TypedDict):
    """A standing question with all that is shown of it; times are ISO, "" where there is none."""

    question: str
    scope: str
    state: str
    tone: Tone
    asked: str
    cost: str
    failure: str
    changes: list[ChangeEntry]
    answer: list[AnswerLine]
    note: str


def standing_question(data: StandingData, key: str) -> None:
    """Draw a standing question."""
    component("standing")(key=key, data=data)


def standing_data(one: StandingQuestion, answers: Sequence[StandingAnswer], scope: str, *, due: bool) -> StandingData:
    """What is shown of a question; `answers` are those that it had, the newest first, as far as they are to be shown."""
    last = one.last
    return StandingData(
        question=one.asked.question,
        scope=scope,
        state=_state(one, due=due),
        tone="bad" if one.failure else "weak" if due else "good" if one.changes else "pending",
        asked=last.asked.isoformat() if last else "",
        cost=" ".join(spent(last.answer.usage, {})) if last and last.answer.mode == "model" else "",
        failure=one.failure,
        # Each answer with the one before it; the oldest that is shown has none to be compared with.
        changes=[change for now, before in pairwise(answers) if (change := _entry(now, before))],
        answer=list(_answer_lines(last)) if last else [],
        # What else an abstention says is about passages that are not shown here.
        note=last.answer.text.partition("\n\n")[0] if last and last.answer.abstained else "",
    )


def exchange_id(answer: StandingAnswer) -> str:
    """The id under which the source panel knows an answer."""
    # No id of a turn, which is hexadecimal, so the two never meet.
    return f"standing-{answer.number}"


def _state(one: StandingQuestion, *, due: bool) -> str:
    if one.failure:
        return word("standing.could_not_be_asked")
    if due:
        return word("standing.due") if one.last else word("standing.not_asked_yet")
    return word("standing.changed", count=one.changes) if one.changes else word("standing.nothing_new")


def _entry(now: StandingAnswer, before: StandingAnswer) -> ChangeEntry | None:
    """What an answer changed in the one before it."""
    if now.change is None:
        return None
    return ChangeEntry(at=now.came.isoformat(), lines=list(change_lines(now.change, before)))


def change_lines(change: AnswerChange, before: StandingAnswer) -> Iterator[ChangeLine]:
    """A change line by line; `before` is the answer that it was made in."""
    if change.answered:
        yield _line("note", _ANSWERED[change.answered])
    for text in change.new:
        yield _line("new", "", [ChangedPart(change="added", text=text)])
    for pair in change.reworded:
        yield _line("reworded", "", _parts(pair.before, pair.now))
    for text in change.gone:
        yield _line("gone", "", [ChangedPart(change="removed", text=text)])
    for one in change.verdicts:
        told = word("standing.verdict_changed", before=said(one.before), now=said(one.now))
        yield _line("verdict", told, [ChangedPart(change="kept", text=one.text)])
    for broken in change.broken:
        yield _broken_line(broken, before)


def _broken_line(one: BrokenFootnote, before: StandingAnswer) -> ChangeLine:
    places = [(citation.n, citation.article, citation.quote) for citation in before.answer.citations]
    place = (one.n, one.article, one.quote)
    # The same words may be cited twice: either place opens the same source.
    at = places.index(place) if place in places else -1
    # What stands in the article now is shown where it took the place of the words; what is merely near is in the panel.
    parts = _parts(one.quote, one.now) if one.why == "words changed" else [ChangedPart(change="removed", text=one.quote)]
    # The article is still in the index, so its words were not removed.
    if one.why == "file gone":
        parts = [ChangedPart(change="kept", text=one.quote)]
    link = FootnoteLink(n=one.n, exchange=exchange_id(before), at=at)
    return _line("broken", word("standing.broken_footnote", title=one.title, why=_BROKEN[one.why]), parts, link)


def _line(kind: Kind, text: str, parts: list[ChangedPart] | None = None, link: FootnoteLink | None = None) -> ChangeLine:
    return ChangeLine(kind=kind, label=LABELS[kind], text=text, parts=parts or [], link=link)


def _parts(before: str, now: str) -> list[ChangedPart]:
    return [ChangedPart(change=change, text=text) for change, text in difference(before, now)]


def _answer_lines(last: StandingAnswer) -> Iterator[AnswerLine]:
    answer, fresh = last.answer, _fresh(last.change)
    if answer.abstained:
        return
    # An answer that was not judged has no claims; its sentences are shown without verdicts.
    if not answer.claims:
        yield from (AnswerLine(text=text, fresh=text in fresh, said="", tone="pending", links=[]) for text in sentences(answer))
        return
    for group in groups(answer):
        if group.claim is not None:
            links = [FootnoteLink(n=one.citation.n, exchange=exchange_id(last), at=one.i) for one in group.cited]
            yield _answer_line(group.claim, fresh, links, answer)


def _answer_line(claim: Claim, fresh: frozenset[str], links: list[FootnoteLink], answer: Answer) -> AnswerLine:
    text = " ".join(claim.text.split())
    # Of quotations all are quoted, which need not be said of each.
    told = said(claim.verdict) if answer.mode == "model" else ""
    return AnswerLine(text=text, fresh=text in fresh, said=told, tone=tone(claim.verdict), links=links)


def _fresh(change: AnswerChange | None) -> frozenset[str]:
    """The sentences that the last change brought."""
    return frozenset() if change is None else frozenset({*change.new, *(one.now for one in change.reworded)})
