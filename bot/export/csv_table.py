"""The pack as CSV: a row for each claim and citation, and one for a claim or an answer that has none."""

import csv
import io
from collections.abc import Iterator, Mapping

from bot.answering.cited import ClaimCitations, PlacedCitation, groups
from bot.answering.tally import FOUND
from bot.conversation.history.texts import cleaned
from bot.export.pack import EvidencePack, PackItem, day_and_time
from bot.verification.verdicts import opinion_told

COLUMNS = (
    *("question_number", "question", "asked", "status", "searched", "claim_number", "claim", "claim_verdict", "second_opinion"),
    *(
        "footnote",
        "article",
        "title",
        "author",
        "date",
        "source",
        "page",
        "start",
        "end",
        "quotation",
        "verdict",
        "reason",
        "found",
    ),
    *("review", "review_note", "reviewer", "reviewed", "feedback", "feedback_note"),
    *("model", "prompt_version", "index", "exported"),
)

# A spreadsheet would take what begins so for a formula, also behind white space, and the wide forms in some languages.
_FORMULA = tuple("=+-@＝＋－＠")

_Row = Mapping[str, str | int]


def as_csv(pack: EvidencePack) -> str:
    """The whole file; write it as "utf-8-sig", without which spreadsheets misread letters with accents."""
    # "" leaves the line ends to the csv module, which writes "\r\n" as the format wants.
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, restval="")
    # A row holds what it knows; the other columns stay empty.
    writer.writeheader()
    for number, item in enumerate(pack.items, 1):
        for row in _rows(number, item, pack):
            writer.writerow({name: guarded(value) for name, value in row.items()})
    return file.getvalue()


def guarded(value: str | int) -> str | int:
    """The value as a cell that no spreadsheet computes: an apostrophe goes before what looks like a formula.

    >>> guarded("=1+1"), guarded("1 + 1"), guarded(-1)
    ("'=1+1", '1 + 1', -1)
    """
    # Numbers stay numbers, by which a spreadsheet sorts.
    if isinstance(value, int):
        return value
    text = cleaned(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(("\t", "\r", "\n")) else text


def _rows(number: int, item: PackItem, pack: EvidencePack) -> Iterator[_Row]:
    about: _Row = {"question_number": number, "question": item.question, **_circumstances(item, pack)}
    claims = 0
    for group in groups(item.answer):
        # Citations that no claim carries have a row, and no number of a claim.
        claims += group.claim is not None
        said = _claim(group, claims)
        # A claim without a citation has a row as well: it is what a reviewer looks for.
        cited: tuple[PlacedCitation | None, ...] = group.cited or (None,)
        yield from ({**about, **said, **_citation(one, item)} for one in cited)
    if not item.answer.claims and not item.answer.citations:
        yield about


def _circumstances(item: PackItem, pack: EvidencePack) -> _Row:
    feedback = item.feedback
    return {
        "asked": day_and_time(item.exchange.at),
        # Whoever filters the table looks for answers first, so silence has a status of its own.
        "status": "abstained" if item.answer.abstained else item.answer.status,
        "searched": item.answer.query,
        "feedback": feedback.verdict if feedback else "",
        "feedback_note": feedback.note if feedback else "",
        "model": item.answer.model,
        "prompt_version": item.prompt,
        "index": pack.index,
        "exported": day_and_time(pack.made),
    }


def _claim(group: ClaimCitations, number: int) -> _Row:
    if group.claim is None:
        return {}
    opinion = opinion_told(group.claim.opinion) if group.claim.opinion else ""
    return {
        "claim_number": number,
        "claim": group.claim.text,
        "claim_verdict": group.claim.verdict,
        "second_opinion": opinion,
    }


def _citation(cited: PlacedCitation | None, item: PackItem) -> _Row:
    if cited is None:
        return {}
    citation, passage, review = cited.citation, cited.passage, item.reviews.get(cited.i)
    source: _Row = {"author": passage.author, "date": passage.date, "source": passage.source} if passage else {}
    said: _Row = {}
    if review:
        said = {
            "review": review.decision,
            "review_note": review.note,
            "reviewer": review.who,
            "reviewed": day_and_time(review.at),
        }
    place: _Row = {"article": citation.article, "title": citation.title, "start": citation.start, "end": citation.end}
    place = {**place, "page": citation.page}
    return {
        **(place if citation.article else {}),
        "footnote": citation.n,
        "quotation": citation.quote,
        "verdict": citation.verdict or "not checked",
        "reason": citation.reason,
        "found": FOUND if citation.found else "",
        **source,
        **said,
    }
