"""What one session does in the library: which article is read, which are chosen, and what was just done to them."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import streamlit as st

from bot.answering.collection.overview import ArticleOverview
from bot.errors import FootnoteError
from bot.resources import seeds_dir
from bot.types import Problem
from bot.ui.library.intake import Intake, IntakeItem
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Article

_KEY = "footnote-library"
LabelKind = Literal["tag", "collection"]


@dataclass(frozen=True, slots=True)
class UndoNotice:
    """What was just deleted, and can be brought back."""

    ids: tuple[str, ...]
    title: str


@dataclass(slots=True)
class LibraryState:
    """The library in one session. Mutable on purpose: Streamlit reruns the page around it.

    `reading` is the article whose page is shown, "" for the list. `chosen` are those that something is to be done with, and
    `cleared` counts how often that was begun anew. `drops` counts the files that were dropped, so that their field is empty
    again. `borders` says whether the passages are shown in the article, `adding` whether the ways in are unfolded. `overviews`
    has that of the article that is read.
    """

    reading: str = ""
    chosen: tuple[str, ...] = ()
    cleared: int = 0
    drops: int = 0
    borders: bool = False
    adding: bool = False
    undo: UndoNotice | None = None
    fault: Problem | None = None
    intake: Intake | None = None
    seen: int = 0
    overviews: dict[str, ArticleOverview] = field(default_factory=dict)

    def taking_in(self, library: Library) -> Intake:
        """What takes articles in for this session."""
        if self.intake is None:
            self.intake = Intake(library)
        return self.intake

    def add(self, library: Library, items: Sequence[IntakeItem]) -> None:
        """Take these in."""
        self.fault = None
        if items:
            self.taking_in(library).add(items)

    def overview(self, library: Library, article: Article) -> ArticleOverview:
        """What the article is about; worked out once for each state of it, as every click draws the page again."""
        key = f"{article.id}/{article.hash}"
        if key not in self.overviews:
            # Only one is remembered, as only one article is read at a time.
            self.overviews = {key: library.overview(article)}
        return self.overviews[key]

    def open(self, id: str) -> None:
        """Show the page of an article, or the list for ""."""
        self.reading, self.borders, self.fault = id, False, None

    def choose(self, ids: object) -> None:
        """Do something with these, and no others."""
        # The ids come from the browser.
        self.chosen = tuple(id for id in ids if isinstance(id, str)) if isinstance(ids, list) else ()

    def clear(self) -> None:
        """Choose none."""
        # The browser keeps its own ticks, and takes them away when it is sent another number.
        self.chosen, self.cleared = (), self.cleared + 1

    # What is done to articles

    def delete(self, library: Library, articles: Mapping[str, str]) -> None:
        """Delete articles, given as id -> title; they can be brought back."""
        if self._done(lambda: library.delete([*articles])):
            title = next(iter(articles.values())) if len(articles) == 1 else ""
            self.undo = UndoNotice(tuple(articles), title)
            self.clear()
            # Its page has nothing left to show.
            if self.reading in articles:
                self.reading = ""

    def restore(self, library: Library, ids: Sequence[str]) -> None:
        """Bring deleted articles back."""
        # Restoring other articles from the trash leaves the offer for the last ones standing.
        if self._done(lambda: library.restore(ids)) and self.undo and set(self.undo.ids) & set(ids):
            self.undo = None

    def archive(self, library: Library, ids: Sequence[str], archived: bool) -> None:
        """Put articles away, where no question finds them, or back."""
        if self._done(lambda: library.archive(ids, archived)):
            self.clear()

    def label(self, library: Library, ids: Sequence[str], kind: LabelKind, name: str, given: bool) -> None:
        """Give articles a tag or a collection, or take it from them."""
        if name := " ".join(name.split()):
            self._done(lambda: library.label(ids, kind, name, given))

    def edit(self, library: Library, id: str, fields: Mapping[str, str]) -> None:
        """Set the title, the author or the date of an article."""
        self._done(lambda: library.edit(id, fields))

    def put_back(self, library: Library, id: str, part: int) -> None:
        """Put a part that was left out of an article back into it."""
        self._done(lambda: library.put_back(id, part))

    def _done(self, act: Callable[[], object]) -> bool:
        """Whether it could be done; what stood in the way is told."""
        self.fault = None
        try:
            act()
        except (FootnoteError, VectorstoreError) as error:
            self.fault = Problem(error.message, error.help)
        return self.fault is None


def library_state() -> LibraryState:
    """The library's state in this browser session, made on first use."""
    store = cast("MutableMapping[str, LibraryState]", st.session_state)
    return store.setdefault(_KEY, LibraryState())


def examples_among(articles: Sequence[ArticleSummary]) -> list[ArticleSummary]:
    """The articles that ship with Footnote."""
    folder = seeds_dir()
    # By where they came from: a reader may have given an example another title, or keep a file of the same name.
    return [one for one in articles if one.origin and Path(one.origin).is_relative_to(folder)]
