"""What is exported of a checked draft: its text, where its sentences stand in it, and what was found for each. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypedDict

from bot.export.pack import day_and_time
from bot.types import Checked, Citation
from bot.verification.verdicts import LEGEND, OPPOSED
from vectorstore.types import Span

Side = Literal["For", "Against", "Nearest"]
"""What a passage is to a sentence; "Nearest" is one that is about the same, and of which no more can be said."""

_NOTHING_MORE = (0, (0, 0))
"""What stands for the next sentence where there is no more."""


@dataclass(frozen=True, slots=True)
class DraftReport:
    """A draft with the places of its sentences, and by these places, from 0, what was `found` for those that were checked.

    `index` is the fingerprint of the index that was searched, `made` the time of the export, `program` its name and version.

    >>> DraftReport("Rain", "It rained in Ner.", [(0, 17)], {}, datetime(2026, 3, 4, 5, 6)).summary
    '0 of 1 sentence checked.'
    """

    title: str
    text: str
    spans: Sequence[Span]
    found: Mapping[int, Checked]
    made: datetime
    index: str = ""
    program: str = ""
    tallies: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        """Counts the verdicts."""
        # The dataclass is frozen, and the counts are worked out of its other fields.
        counts = Counter(one.verdict for one in self.found.values())
        object.__setattr__(self, "tallies", [f"{counts[one]:,} {told.counted}" for one, told in LEGEND.items() if counts[one]])

    @property
    def summary(self) -> str:
        """How many sentences were checked, and what came out, in a sentence."""
        done, total = len(self.found), len(self.spans)
        if not total:
            return "The draft holds no sentence that states anything."
        counted = f"{total:,} sentence{'' if total == 1 else 's'}"
        checked = f"{counted} checked" if done == total else f"{done:,} of {counted} checked"
        return f"{checked}: {', '.join(self.tallies)}." if done else f"{checked}."

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the verdicts rest on, by name."""
        rows = (("Index", self.index), ("Made by", self.program), ("Exported", day_and_time(self.made)))
        return [row for row in rows if row[1]]


class DraftRun(TypedDict):
    """Running text that is passed over, or (`n` above 0) a sentence and its number."""

    text: str
    n: int


class DraftParagraph(TypedDict):
    """A run of lines of the draft, to the letter."""

    heading: bool
    runs: list[DraftRun]


def sides(one: Checked) -> list[tuple[Side, Citation]]:
    """The passages of a sentence, its source first, then the one that speaks against it.

    A source in which the sentence was not found has no words to quote.
    """
    found: list[tuple[Side, Citation]] = []
    if one.source is not None:
        found.append((_side(one), replace(one.source, quote="") if one.verdict == "not found" else one.source))
    # The same words may have been found on both sides: one card is enough.
    against = one.against
    if against is not None and all(place_of(against) != place_of(other) for _, other in found):
        found.append(("Against", against))
    return found


def _side(one: Checked) -> Side:
    # The verdict says of the best source that it says something else.
    if one.verdict in OPPOSED:
        return "Against"
    return "Nearest" if one.verdict in ("check", "not found") else "For"


def place_of(citation: Citation) -> tuple[str, int, int]:
    """The article and the span in it that a citation points to."""
    return citation.article, citation.start, citation.end


def paragraphs(text: str, spans: Sequence[Span]) -> Iterator[DraftParagraph]:
    """The text cut at its blank lines and around its sentences; nothing is left out but the white space in between."""
    # Sentences and blocks are both in the order of the text, so one walk through each is enough.
    numbered = iter(enumerate(spans, 1))
    n, (start, end) = next(numbered, _NOTHING_MORE)
    at = 0
    for left, right in _blocks(text):
        # A sentence may go on over a blank line, and then ends in a later block than it began in.
        runs, at = list[DraftRun](), max(at, left)
        while n and start < right:
            runs += [DraftRun(text=text[at:start], n=0), DraftRun(text=text[start:end], n=n)]
            at = end
            n, (start, end) = next(numbered, _NOTHING_MORE)
        runs.append(DraftRun(text=text[at:right], n=0))
        yield DraftParagraph(heading=text.startswith("#", left), runs=[run for run in runs if run["text"]])


def _blocks(text: str) -> Iterator[Span]:
    """Runs of lines with no blank line between them, without the line end of the last."""
    first = at = 0
    # One empty line more, so that the last block ends like all others.
    for one in [*text.split("\n"), ""]:
        if not one.strip():
            if text[first:at].strip():
                yield first, at - 1
            first = at + len(one) + 1
        at += len(one) + 1
