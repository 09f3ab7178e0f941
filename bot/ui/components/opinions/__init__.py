"""What people said of answers, as rows of a list."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict
from urllib.parse import urlencode

from bot.answering.as_read import read_plain
from bot.conversation.history import Decision, RatedAnswer, Rating, ReviewedCitation, TurnPlace, title_of
from bot.export.csv_table import guarded
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
COLUMNS = (
    *("conversation", "question", "turn", "citation", "article", "title", "start", "end", "quotation", "verdict", "reason"),
    *("review", "note", "reviewer", "reviewed"),
)


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


def reviews_csv(reviews: Iterable[ReviewedCitation]) -> bytes:
    """The whole file, in UTF-8 with the mark without which spreadsheets misread letters with accents."""
    # The csv module writes its own line ends, which must not be translated.
    file = io.StringIO(newline="")
    # `restval` for the columns of a citation that is gone.
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    for one in reviews:
        # Guarded, as a spreadsheet runs a cell that begins like a formula.
        writer.writerow({name: guarded(value) for name, value in _row(one).items()})
    return file.getvalue().encode("utf-8-sig")


def _row(reviewed: ReviewedCitation) -> Mapping[str, str | int]:
    place, review = reviewed.place, reviewed.review
    return {
        "conversation": place.title,
        "question": place.question,
        "turn": place.turn,
        "citation": reviewed.citation + 1,
        **_cited(reviewed),
        "review": review.decision,
        "note": review.note,
        "reviewer": review.who,
        "reviewed": review.at.isoformat(timespec="seconds"),
    }


def _cited(reviewed: ReviewedCitation) -> Mapping[str, str | int]:
    cited = reviewed.cited
    if cited is None:
        return {}
    return {
        "article": cited.article,
        "title": cited.title,
        "start": cited.start,
        "end": cited.end,
        "quotation": cited.quote,
        "verdict": cited.verdict or "not checked",
        "reason": cited.reason,
    }
