"""The passages that were found and not cited: folded under an answer, or offered in place of one."""

from typing import TypedDict

from bot.answering.as_read import read_plain
from bot.conversation.history import Exchange
from bot.types import Passage
from bot.ui.components.mounting import component
from bot.ui.words import word
from vectorstore.types import Span

OFFERED = 3  # nearest passages shown at once where the articles do not say


class PassageRow(TypedDict):
    """A passage in the list."""

    n: int
    title: str
    byline: list[str]
    text: str


class PassagesData(TypedDict):
    """The list: `first` stands open, `rest` is folded under `label`."""

    exchange: str
    heading: str
    first: list[PassageRow]
    label: str
    rest: list[PassageRow]


def passages_data(exchange: Exchange) -> PassagesData:
    """The passages of an exchange that no footnote touches. Pure."""
    answer = exchange.answer
    uncited = answer.uncited()
    rows = [_row(passage, (passage.start, passage.end)) for passage in uncited]
    # What was found is worth reading where nothing could be made of it, too.
    empty = answer.status == "failed" and not answer.text
    shown = OFFERED if answer.abstained or empty else 0
    heading = word("passages.the_passages_that_were_found") if empty else word("passages.the_nearest_passages")
    return PassagesData(
        exchange=exchange.id,
        heading=heading if shown and rows else "",
        # Where there is no answer, the sentence that comes nearest says more than the beginning of its passage.
        first=[_row(one, one.nearest) for one in uncited[:shown]],
        label=_label(len(rows) - shown, bool(shown)),
        rest=rows[shown:],
    )


def passages(exchange: Exchange) -> None:
    """Draw the passages; nothing where there are none."""
    data = passages_data(exchange)
    if data["first"] or data["rest"]:
        component("passages")(key=f"passages-{exchange.id}", data=data)


def _label(count: int, more: bool) -> str:
    return word("passages.more", count=count) if more else word("passages.not_cited", count=count)


def _row(passage: Passage, span: Span) -> PassageRow:
    byline = [part for part in (passage.author, passage.date) if part]
    return PassageRow(n=passage.n, title=passage.title, byline=byline, text=read_plain(passage.words(span)))
