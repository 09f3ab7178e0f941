"""The history's queries. Each takes a connection, so that what several of them read together comes from one moment."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, func, or_, select

from bot.conversation.history import branches, opinions
from bot.conversation.history.branches import Link
from bot.conversation.history.ownership import Ownership
from bot.conversation.history.rows import (
    Conversation,
    ConversationHead,
    ConversationMatch,
    Exchange,
    ListPage,
    exchange_of,
    head_of,
)
from bot.conversation.history.schema import conversations, texts, turns
from bot.conversation.history.texts import excerpt, needle
from vectorstore.storage.database import DatabaseRow, RowsQuery, paged

# A conversation's columns with the number of turns of the branch that it shows, which is the depth of its leaf.
_HEAD = (
    *(conversations.c[name] for name in ("id", "title", "created", "changed", "leaf", "deleted")),
    func.coalesce(turns.c.depth, 0).label("turns"),
)
_LEAF = conversations.outerjoin(turns, turns.c.id == conversations.c.leaf)
# By the time of the last question. Two may share a millisecond, and pages of a list must not repeat or lose one.
_NEWEST_FIRST = (conversations.c.changed.desc(), conversations.c.created.desc(), conversations.c.id.desc())


def heads(connection: Connection, owned: Ownership, limit: int, offset: int) -> ListPage[ConversationHead]:
    """The conversations that are not deleted, the last asked in first."""
    return _page([head_of(row) for row in connection.execute(_listed(owned, limit, offset))], limit)


def matches(connection: Connection, owned: Ownership, words: str, limit: int, offset: int) -> ListPage[ConversationMatch]:
    """Those of them that hold the words, newest first; without words all."""
    wanted = needle(words)
    held = (texts.c.conversation == conversations.c.id) & _says(wanted)
    # Newest first and one by one: where many hold the words, few have to be looked through.
    query = _listed(owned, limit, offset).where(
        or_(conversations.c.folded.contains(wanted, autoescape=True), select(texts.c.turn).where(held).exists())
    )
    found = _page([head_of(row) for row in connection.execute(query)], limit)
    first = _first_turns(connection, [head.id for head in found.items], wanted) if wanted else {}
    # Only now are whole turns read, for the excerpts of this page of the list.
    told = {turn.id: turn for turn in turns_of(connection, first.values())}
    return ListPage(tuple(_match(head, told.get(first.get(head.id, "")), words) for head in found.items), found.more)


def opened(connection: Connection, id: str, owned: Ownership) -> Conversation | None:
    """A conversation with the branch that it shows and what people said of it."""
    row = connection.execute(select(*_HEAD).select_from(_LEAF).where(owned.of_conversation(id))).one_or_none()
    if row is None:
        return None
    tree = links(connection, id)
    path = branches.path(tree, row.leaf)
    shown = turns_of(connection, path)
    said = opinions.feedback_on(connection, path), opinions.reviews_of(connection, path)
    return Conversation(head_of(row), tuple(shown), branches.siblings(tree, path), *said)


def links(connection: Connection, conversation: str) -> Sequence[Link]:
    """All turns of a conversation and what they follow, in the order of asking."""
    query = select(turns.c.id, turns.c.parent).where(turns.c.conversation == conversation).order_by(turns.c.number)
    return [(row.id, row.parent) for row in connection.execute(query)]


def turns_of(connection: Connection, ids: Iterable[str]) -> list[Exchange]:
    """Those of these turns that there are, in the order of asking."""
    found: list[DatabaseRow] = []
    # In parts, as a database limits the values of one statement; so they are put in order here.
    for page in paged(ids):
        found += connection.execute(select(turns).where(turns.c.id.in_(page)))
    return [exchange_of(row) for row in sorted(found, key=lambda row: row.number)]


def _listed(owned: Ownership, limit: int, offset: int) -> RowsQuery:
    """One row more than wanted tells whether the list goes on."""
    query = select(*_HEAD).select_from(_LEAF).where(conversations.c.deleted.is_(None), owned.of(conversations))
    return query.order_by(*_NEWEST_FIRST).limit(limit + 1).offset(offset)


def _page(found: Sequence[ConversationHead], limit: int) -> ListPage[ConversationHead]:
    return ListPage(tuple(found[:limit]), len(found) > limit)


def _says(wanted: str) -> ColumnElement[bool]:
    return or_(texts.c.question.contains(wanted, autoescape=True), texts.c.answer.contains(wanted, autoescape=True))


def _first_turns(connection: Connection, ids: Sequence[str], wanted: str) -> dict[str, str]:
    """The first turn of each of these conversations that holds the words."""
    query = select(turns.c.conversation, turns.c.id).join(texts, texts.c.turn == turns.c.id)
    # The newest first, so that in the dictionary the first turn of a conversation comes last and stays.
    query = query.where(texts.c.conversation.in_(ids), _says(wanted)).order_by(turns.c.number.desc())
    return {row.conversation: row.id for row in connection.execute(query)}


def _match(head: ConversationHead, turn: Exchange | None, words: str) -> ConversationMatch:
    if turn is None:
        return ConversationMatch(head)
    # The folded texts said that it holds the words; the excerpt is cut from the text as it was written.
    found = excerpt(turn.asked.question, words) or excerpt(turn.answer.text, words)
    return ConversationMatch(head, turn.id, found)
