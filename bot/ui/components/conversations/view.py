"""What a list of kept conversations, or of kept drafts, shows, as plain values. Pure."""

import unicodedata
from typing import TypedDict

from bot.conversation.history import ConversationMatch, DraftMatch, ListPage
from bot.conversation.history.texts import needle
from bot.types import Problem
from bot.ui.components.mounting import ProblemData, problem_data
from bot.ui.words import word


class MarkedRun(TypedDict):
    """A run of a line; `mark` is set for the words that were looked for."""

    text: str
    mark: bool


class ListRow(TypedDict):
    """What is kept, as a row; `changed` is an ISO time, `turn` the one to open, "" for the whole conversation or draft."""

    id: str
    title: str
    shown: list[MarkedRun]
    size: str
    changed: str
    turn: str
    excerpt: list[MarkedRun]


class Wording(TypedDict):
    """What is listed, as a word; the button for a new one, and what stands where there is none yet."""

    one: str
    many: str
    fresh: str
    none: str


CONVERSATIONS = Wording(
    one=word("conversations.conversation"),
    many=word("conversations.conversations"),
    fresh=word("conversations.new_chat"),
    none=word("conversations.your_conversations_will_be_listed"),
)
DRAFTS = Wording(
    one=word("conversations.draft"),
    many=word("conversations.drafts"),
    fresh=word("conversations.new_draft"),
    none=word("conversations.the_drafts_that_you_check"),
)


class ListData(TypedDict):
    """The list as it is drawn: the rows for `words`, and the number of the last act that was done (see conversations.js)."""

    wording: Wording
    rows: list[ListRow]
    more: bool
    words: str
    limit: int
    current: str
    done: int
    problem: ProblemData | None


def list_data(
    wording: Wording,
    page: ListPage[ConversationMatch] | ListPage[DraftMatch],
    *,
    words: str = "",
    limit: int = 0,
    current: str = "",
    done: int = 0,
    problem: Problem | None = None,
) -> ListData:
    """What was found, newest first."""
    return ListData(
        wording=wording,
        rows=[_row(match, words) for match in page.items],
        more=page.more,
        words=words,
        limit=limit,
        current=current,
        done=done,
        problem=problem_data(problem) if problem else None,
    )


def marked(text: str, words: str) -> list[MarkedRun]:
    """The text cut where it holds the words, compared as the search compares them.

    >>> [run["text"] for run in marked("The Straße of Ner", "strasse") if run["mark"]]
    ['Straße']
    """
    # NFC, as the search has it: a letter with its accent may be one character or two.
    wanted, plain = needle(words), unicodedata.normalize("NFC", text)
    runs: list[MarkedRun] = []
    at = 0
    # Places come in order and do not overlap, so the text is cut once from its beginning to its end.
    for start, end in _places(plain, wanted) if wanted else []:
        runs += [MarkedRun(text=plain[at:start], mark=False), MarkedRun(text=plain[start:end], mark=True)]
        at = end
    return [run for run in [*runs, MarkedRun(text=plain[at:], mark=False)] if run["text"]]


def _places(plain: str, wanted: str) -> list[tuple[int, int]]:
    """Where the folded words stand, as offsets in the text before folding, which can make one character two."""
    folded = plain.casefold()
    # "ß" folds to "ss": two places of the folded text lead to one of the old.
    offsets = [i for i, character in enumerate(plain) for _ in character.casefold()]
    places: list[tuple[int, int]] = []
    at = folded.find(wanted)
    while at >= 0:
        places.append((offsets[at], offsets[at + len(wanted) - 1] + 1))
        # From behind the one that was found: "aa" stands once in "aaa".
        at = folded.find(wanted, at + len(wanted))
    return places


def _row(match: ConversationMatch | DraftMatch, words: str) -> ListRow:
    head = match.head
    return ListRow(
        id=head.id,
        title=head.title,
        shown=marked(head.title, words),
        size=_size(match),
        changed=head.changed.isoformat(),
        # A draft has no turns: it is opened as a whole.
        turn=match.turn if isinstance(match, ConversationMatch) else "",
        excerpt=marked(match.excerpt, words) if match.excerpt else [],
    )


def _size(match: ConversationMatch | DraftMatch) -> str:
    # How many sentences hold is not known before the check is over.
    if isinstance(match, DraftMatch) and match.head.status == "running":
        return word("conversations.being_checked")
    if isinstance(match, ConversationMatch):
        return word("conversations.questions", count=match.head.turns)
    return word("conversations.sentences", count=match.head.sentences)
