"""What people said of answers, as rows of a list."""

from collections.abc import Sequence
from typing import TypedDict
from urllib.parse import urlencode

from bot.answering.as_read import read_plain
from bot.conversation.history import Decision, RatedAnswer, Rating, ReviewedCitation, TurnPlace, title_of
from bot.ui.components.mounting import component
from bot.ui.words import word
from bot.verification.verdicts import Tone, said, tone

# Green and red as the machine's verdicts, beside which they stand.
_DECISIONS: dict[Decision, tuple[str, Tone]] = {
    "accepted": (word("quality.accepted"), "good"),
    "rejected": (word("quality.rejected"), "bad"),
    "none": (word("quality.note"), "pending"),
}
_RATINGS: dict[Rating, tuple[str, Tone]] = {
    "useful": (word("quality.useful"), "good"),
    "wrong": (word("quality.wrong"), "bad"),
    "missing source": (word("quality.missing_source"), "weak"),
}
GONE = word("quality.the_answer")


class Said(TypedDict):
    """A few words in a tone."""

    text: str
    tone: Tone


class Opinion(TypedDict):
    """One row: `href` opens what it is about, `machine` is the verdict beside the person's, `at` an ISO time.

    `conversation` is its title, "" where that was made from this very question.
    """

    href: str
    question: str
    conversation: str
    person: Said
    machine: Said | None
    source: str
    quote: str
    note: str
    who: str
    at: str


def opinions(rows: Sequence[Opinion], key: str, label: str) -> None:
    """Draw the rows; `label` names the list."""
    component("opinions")(key=key, data={"rows": list(rows), "label": label})


def review_row(reviewed: ReviewedCitation) -> Opinion:
    """A review with the citation that it is about."""
    place, review, cited = reviewed.place, reviewed.review, reviewed.cited
    words, tone_of = _DECISIONS[review.decision]
    return Opinion(
        href=address(place, reviewed.citation + 1),
        question=_question(place),
        conversation=_title(place),
        person=Said(text=words, tone=tone_of),
        machine=Said(text=said(cited.verdict, running=False), tone=tone(cited.verdict)) if cited else None,
        # None where the answer was lost with its turn: the review stays, and says that there is no answer to it.
        source=(f"[{cited.n}] {cited.title}" if cited.title else f"[{cited.n}]") if cited else GONE,
        quote=read_plain(cited.quote) if cited else "",
        note=review.note,
        who=review.who,
        at=review.at.isoformat(),
    )


def rating_row(rated: RatedAnswer) -> Opinion:
    """Feedback on an answer."""
    words, tone_of = _RATINGS[rated.feedback.verdict]
    return Opinion(
        href=address(rated.place),
        question=_question(rated.place),
        conversation=rated.place.title,
        person=Said(text=words, tone=tone_of),
        machine=None,
        source="",
        quote="",
        note=rated.feedback.note,
        who=rated.feedback.who,
        at=rated.feedback.at.isoformat(),
    )


def address(place: TurnPlace, citation: int = 0) -> str:
    """What opens a turn, at its nth citation from 1 where one is given."""
    named = {"conversation": place.conversation, "turn": place.turn} | ({"citation": citation} if citation else {})
    # The chat is the default page, so its address is the root.
    return f"/?{urlencode(named)}"


def _question(place: TurnPlace) -> str:
    # A row that cannot be read has no question, and is listed all the same.
    return place.question or word("quality.a_question_that_cannot")


def _title(place: TurnPlace) -> str:
    # Most conversations are named by their first question, which would stand in the row twice.
    return "" if place.title == title_of(place.question) else place.title
