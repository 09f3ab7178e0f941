"""The articles in the side column: which of them are asked, and the ways to ask others, to remove one and to add some."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import streamlit as st

from bot.permissions import Permission, allowed
from bot.ui.components.mounting import component
from bot.ui.words import word
from vectorstore.storage.records import ArticleSummary

MOST = 300
"""Articles that are listed; of a larger library those that are asked come first, and the others are found on its own page."""
_KEY = "footnote-sources"


class SourceRow(TypedDict):
    """An article, by its id, or a collection, by its name."""

    id: str
    title: str
    ticked: bool


class SourcesData(TypedDict):
    """The list: nothing in particular is ticked where `everything` is asked. `undo` tells of an article just removed, and
    `editable` whether the reader may add and remove any.
    """

    everything: bool
    all_label: str
    asked: str
    collections: list[SourceRow]
    articles: list[SourceRow]
    more: str
    undo: str
    editable: bool


@dataclass(frozen=True, slots=True)
class SourcesCallbacks:
    """What the reader may do: keep the questions to these articles (all for none), remove one, have it back, add some."""

    keep: Callable[[tuple[str, ...]], None]
    remove: Callable[[str], None]
    restore: Callable[[], None]
    add: Callable[[], None]


def sources_data(articles: Sequence[ArticleSummary], kept: Sequence[str], undo: str) -> SourcesData:
    """The list of `articles`, of which the ids `kept` are asked, or all of them where none is."""
    there, ticked = {one.id for one in articles}, set(kept)
    # A scope may name articles that are archived or deleted by now: they are not counted.
    asked = len(there & ticked)
    # The order stays while there is room: a row must not jump away under the pointer that ticks it.
    listed = articles if len(articles) <= MOST else sorted(articles, key=lambda one: one.id not in ticked)
    return SourcesData(
        everything=not ticked,
        all_label=word("sources.all_of_them", count=len(articles)),
        asked=word("sources.asked", asked=asked, total=len(articles)) if ticked else word("sources.all_asked"),
        collections=[
            # A collection is ticked when all of its articles are.
            SourceRow(id=name, title=word("sources.collection", name=name, total=len(ids)), ticked=ids <= ticked)
            for name, ids in members(articles).items()
        ],
        articles=[SourceRow(id=one.id, title=one.title or one.id, ticked=one.id in ticked) for one in listed[:MOST]],
        more=word("sources.more", count=len(articles) - MOST) if len(articles) > MOST else "",
        undo=undo,
        editable=allowed(Permission.EDIT_ARTICLES),
    )


def members(articles: Sequence[ArticleSummary]) -> Mapping[str, set[str]]:
    """The ids of the articles of each collection, the collections in the order of the alphabet."""
    found: dict[str, set[str]] = {}
    for one in articles:
        for name in one.collections:
            found.setdefault(name, set()).add(one.id)
    return {name: found[name] for name in sorted(found, key=str.casefold)}


def ticked_anew(articles: Sequence[ArticleSummary], kept: Sequence[str], sent: object) -> tuple[str, ...] | None:
    """The ids that are asked once a row is ticked or not, in the order of the list; None for what makes no sense."""
    match sent:
        case {"kind": "all"}:
            return ()
        case {"kind": "collection", "id": str(name), "on": bool(on)}:
            ids = members(articles).get(name, set())
        case {"kind": "article", "id": str(id), "on": bool(on)}:
            # An id that the browser makes up is left out below, where only listed articles are taken.
            ids = {id}
        case _:
            return None
    wanted = {*kept} | ids if on else {*kept} - ids
    # Where the last tick is taken away this is empty, which stands for all articles.
    return tuple(one.id for one in articles if one.id in wanted)


def sources(articles: Sequence[ArticleSummary], kept: Sequence[str], undo: str, callbacks: SourcesCallbacks) -> None:
    """Draw the list."""

    def told() -> None:
        """Removes or restores a source, as the browser asks."""
        sent = st.session_state[_KEY].get("act")
        match sent:
            # Only what is listed: the browser may be behind, or not to be trusted.
            case {"kind": "remove", "id": str(id)} if any(one.id == id for one in articles):
                callbacks.remove(id)
            case {"kind": "restore"}:
                callbacks.restore()
            case {"kind": "add"}:
                callbacks.add()
            case _ if (wanted := ticked_anew(articles, kept, sent)) is not None:
                callbacks.keep(wanted)

    component("sources")(key=_KEY, data=sources_data(articles, kept, undo), on_act_change=told)
