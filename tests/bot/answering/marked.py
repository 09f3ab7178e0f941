"""What the tests of markers and of claims share: passages that a model was given, and its text cut into pieces."""

from collections.abc import Sequence

from bot.answering.answer_draft import AnswerDraft, DraftClaim
from bot.answering.markers import Markers, Part, RemovedLink
from bot.types import Passage


def passage(n: int, title: str, text: str, source: str = "") -> Passage:
    return Passage(n, f"{title.lower()}.md", title, "", "", 0, len(text), text, 1.0, source=source)


GIVEN = (
    passage(1, "The Harlow footbridge", "The footbridge was closed on 3 March 2021. It covers 40 m²."),
    passage(2, "Money", "The council set aside 1.4 million pounds, as plan (2) says. Its table is cost[2]."),
    passage(3, "Streets", "Mill Street is 300 m long.", "https://mine.test/streets"),
)


def parts(*pieces: str, given: Sequence[Passage] = ()) -> list[Part]:
    markers = Markers(given)
    return [part for piece in pieces for part in markers.feed(piece)] + list(markers.end())


def drafted(text: str, size: int = 4, given: Sequence[Passage] = ()) -> tuple[AnswerDraft, list[DraftClaim]]:
    """The draft of a text that came in pieces, and its claims."""
    draft, found = AnswerDraft(), list[DraftClaim]()
    markers = Markers(given)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    for part in [*(part for piece in pieces for part in markers.feed(piece)), *markers.end()]:
        if not isinstance(part, RemovedLink):
            draft.add(part)
            found += draft.finished()
    found += draft.finished(final=True)
    assert all(draft.text[one.start : one.end] == one.text for one in found)
    return draft, found
