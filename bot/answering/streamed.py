"""An answer as it grows while its events come in: what the page shows, and what an evaluation takes, is built up here. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from bot.types import (
    Answer,
    Attributed,
    Cited,
    Condensed,
    Done,
    Event,
    Judged,
    ModelReading,
    Notice,
    Preview,
    Retraction,
    Retrieved,
    Token,
)
from vectorstore.types import Span

THOUGHT_ALOUD = "\n\n(So far the model thought aloud. Its answer:)\n\n"
"""What is put after a text that a `Retraction` voids, where what was shown cannot be taken back."""


def after(answer: Answer, event: Event) -> Answer:
    """The answer once `event` has happened to it.

    >>> after(Answer("When?", text="In ", status="running"), Token("1932.")).text
    'In 1932.'
    """
    match event:
        case Condensed(query=query):
            now = replace(answer, query=query)
        case Retrieved(passages=passages):
            now = replace(answer, passages=passages, searched=True)
        case Preview(answer=quoted):
            now = replace(answer, preview=quoted)
        case ModelReading(passages=count):
            now = replace(answer, reading=count)
        case Token(text=text):
            markers = (*answer.markers, *_markers_in(answer, text))
            now = replace(answer, text=answer.text + text, markers=markers, preview=None)
        case Cited(citation=citation):
            now = replace(answer, citations=(*answer.citations, citation))
        case Attributed():
            now = _attributed(answer, event)
        case Judged():
            now = _judged(answer, event)
        case Retraction():
            now = replace(answer, text="", citations=(), claims=())
        case Notice(text=text):
            now = replace(answer, notes=(*answer.notes, text))
        case Done(answer=whole):
            now = _finished(answer, whole)
        case _:
            assert_never(event)
    return now


def with_notices(answer: Answer, notices: Iterable[str]) -> Answer:
    """The whole answer with the notices of its stream before its own notes, each once.

    >>> with_notices(Answer("When?", notes=("Cut off.",)), ["Asking again.", "Cut off."]).notes
    ('Asking again.', 'Cut off.')
    """
    # A notice may come with the stream and again with the answer; it is told in its first place.
    return replace(answer, notes=tuple(dict.fromkeys([*notices, *answer.notes])))


def _markers_in(answer: Answer, text: str) -> Iterator[Span]:
    """Where the text that comes in holds the markers of the footnotes that were told of just before, in the answer's text."""
    at, before = 0, len(answer.text)
    for citation in answer.citations[len(answer.markers) :] if answer.mode == "model" else ():
        marker = f"[{citation.n}]"
        # The marker comes with the piece after its `Cited`; until then the citation waits.
        if (place := text.find(marker, at)) < 0:
            return
        at = place + len(marker)
        yield before + place, before + at


def _attributed(answer: Answer, found: Attributed) -> Answer:
    """With the footnote that was found, and its marker behind the sentence that ended a moment ago."""
    text = f"{answer.text[: found.at]}{found.marker}{answer.text[found.at :]}"
    citations = (*answer.citations[: found.first], found.citation, *answer.citations[found.first :])
    by = len(found.marker)
    # The same steps as `AnswerDraft.attribute`, which the server's text went through.
    shifted = ((start + by, end + by) for start, end in answer.markers[found.first :])
    markers = (*answer.markers[: found.first], (found.at + 1, found.at + by), *shifted)
    return replace(answer, text=text, citations=citations, markers=markers)


def _judged(answer: Answer, judged: Judged) -> Answer:
    """With the footnotes as they were checked, in the places of those that were told of on the way."""
    end = judged.first + len(judged.citations)
    citations = (*answer.citations[: judged.first], *judged.citations, *answer.citations[end:])
    return replace(answer, citations=citations, claims=(*answer.claims, judged.claim))


def _finished(answer: Answer, whole: Answer) -> Answer:
    """The whole answer, with what only its stream has told of."""
    # A notice such as "asking again" is no part of what the writer hands over. One that is must not be said twice.
    notes = answer.notes + tuple(note for note in whole.notes if note not in answer.notes)
    searched = whole.searched or answer.searched
    return replace(whole, status="done", query=whole.query or answer.query, searched=searched, notes=notes)
