"""Reviews as CSV, for a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping

from bot.conversation.history import ReviewedCitation
from bot.export.csv_table import guarded

COLUMNS = (
    *("conversation", "question", "turn", "citation", "article", "title", "start", "end", "quotation", "verdict", "reason"),
    *("review", "note", "reviewer", "reviewed"),
)


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
