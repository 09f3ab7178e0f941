"""The picture of the page that the cited words stand on, as the panel shows it. Pure but for asking the library."""

from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypedDict

from bot.ui.segments import Highlight
from bot.ui.words import word
from bot.wiring.library import Library
from vectorstore.errors import VectorstoreError
from vectorstore.readers.document import page_at, page_label
from vectorstore.types import Article, PageSpan

PDF = "application/pdf"
MARKED = ("cited", "against", "passage", "found")
"""What is marked on the picture of a page: the words that the panel was opened for."""


class PageMark(TypedDict):
    """A rectangle on a page, in parts of its width and height, 0 to 1."""

    left: float
    top: float
    width: float
    height: float


class PageData(TypedDict):
    """A page of the article's original. `name` names its picture, and `picture` is it as a `data:` address, "" where the
    browser has it or did not ask for it. The words that the panel was opened for stand on the pages from `cited` to `last`.
    """

    name: str
    picture: str
    number: int
    count: int
    cited: int
    last: int
    label: str
    across: int
    down: int
    mark: str
    marks: list[PageMark]
    note: str


@dataclass(frozen=True, slots=True)
class WantedPage:
    """What the browser wants to see of an article's pages: the page `number`, 0 for that of the cited words; -1 for none."""

    number: int = -1
    has: Collection[str] = ()


def cited_page(article: Article, marks: Sequence[Highlight]) -> PageData | None:
    """The page of the words that are marked, still without its picture; None for an article that has no pages to be drawn."""
    # Slides and chapters are numbered, too, but no picture can be drawn of them.
    pages = [page for page in article.pages if page.kind == "page"]
    if article.media_type != PDF or not pages:
        return None
    first = next((mark for mark in marks if mark.mark in MARKED), None)
    page = (page_at(pages, first.span[0]) if first else None) or pages[0]
    return PageData(
        name=article.id,
        picture="",
        number=page.number,
        count=max(one.number for one in pages),
        cited=page.number if first else 0,
        # The end of a span is the first character behind it, which may stand on the next page.
        last=(page_at(pages, max(first.span[0], first.span[1] - 1)) or page).number if first else 0,
        label=page_label(page),
        across=0,
        down=0,
        mark=first.mark if first else "",
        marks=[],
        note="",
    )


def drawn_page(page: PageData, words: str, pages: Sequence[PageSpan], wanted: WantedPage, library: Library) -> PageData | None:
    """The page that is wanted with its picture and the marks on it; None where its file is not there."""
    path = library.original(page["name"])
    if path is None:
        return None
    # 0 stands for the cited page, and so does any number that the browser makes up.
    number = wanted.number if 1 <= wanted.number <= page["count"] else page["number"]
    label = next((page_label(one) for one in pages if one.number == number), f"p. {number}")
    # The browser keeps pictures by this name, and says which it has.
    name = f"{page['name']}#{number}"
    turned: PageData = {**page, "name": name, "number": number, "label": label}
    if wanted.number < 0:
        return turned
    try:
        picture = library.page_picture(path, number)
        here = bool(words) and page["cited"] <= number <= page["last"]
        found = library.marks_on_page(path, number, words) if here else ()
    except (VectorstoreError, OSError) as error:
        return {**turned, "note": word("source.page_cannot_be_drawn", reason=str(error))}
    if picture is None:
        return {**turned, "note": word("source.page_cannot_be_drawn", reason="")}
    return {
        **turned,
        # The browser keeps what it was sent, and the reader may turn the pages back and forth.
        "picture": "" if name in wanted.has else f"data:image/webp;base64,{b64encode(picture.data).decode()}",
        "across": picture.width,
        "down": picture.height,
        "marks": [PageMark(left=one.left, top=one.top, width=one.width, height=one.height) for one in found],
        "note": word("source.words_not_on_picture") if here and not found else "",
    }
