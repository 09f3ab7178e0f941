"""Web pages -> articles: `parsing` has the charset, `blocks` the structure, `main_text` tells the article from the rest."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from lxml.html import HtmlElement

from vectorstore.errors import ReadError
from vectorstore.readers.converted import OmittedParts
from vectorstore.readers.document import DocumentBlock, rendered
from vectorstore.readers.exports import bookmark_list
from vectorstore.readers.fields import article_fields, build_article, first_title
from vectorstore.readers.files import megabytes, printable, regular_size, with_lf
from vectorstore.readers.front_matter import front_matter, with_named_date
from vectorstore.readers.html.blocks import PageBlock, PageBlocks
from vectorstore.readers.html.hints import BYLINE, COMMENT
from vectorstore.readers.html.json_ld import LinkedData, linked_data
from vectorstore.readers.html.main_text import count_words, main_text
from vectorstore.readers.html.metadata import PageMetadata
from vectorstore.readers.html.parsing import MAX_PAGE_BYTES, WebPage, decode_page, page_in_mhtml, parse_page
from vectorstore.readers.html.shells import CUT_OFF, is_cut_off, why_no_article
from vectorstore.readers.html.threads import with_turns_of_posts
from vectorstore.splitting.language import is_plainly_in_another, known_language
from vectorstore.types import Article, Failure

__all__ = ["article_of_page", "read_html", "read_mhtml"]

# Words of a paragraph of prose, which a byline or a label has not.
_PROSE = 20
MEDIA_TYPE = "text/html"


def read_html(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """One article: a page's main text as light Markdown, with what the page states of it, and what was left out.

    Raises `ReadError` for a page that is empty, too large, or only a shell: a login, a paywall, a place for a script. A list of
    bookmarks is refused as well, since it has only addresses.
    """
    data, fields = _without_front_matter(_data(path, max_bytes), Path(where).stem)
    page = parse_page(data)
    if told := bookmark_list(page.root):
        raise ReadError(told)
    yield from article_of_page(page, path, where, fields)


def _without_front_matter(data: bytes, stem: str) -> tuple[bytes, Mapping[str, object]]:
    """A page of a site's sources, such as a post of Jekyll's, in UTF-8 without the fields at its top, and these."""
    if not data.startswith((b"---\n", b"---\r\n")):
        return data, {}
    text = with_lf(decode_page(data))
    found = front_matter(text)
    return codecs.BOM_UTF8 + text[found.body :].encode("utf-8", "replace"), with_named_date(found.fields, stem)


def read_mhtml(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """As `read_html`, of the page in an archive that a browser has saved (`.mhtml`)."""
    data, address = page_in_mhtml(_data(path, max_bytes))
    yield from article_of_page(replace(parse_page(data), saved_from=address), path, where)


def article_of_page(
    page: WebPage, path: Path, where: str, fields: Mapping[str, object] = MappingProxyType({})
) -> Iterator[Article | Failure]:
    """The article of a page, and a `Failure` for what is to be said about it; raises `ReadError` where there is none.

    `fields` is what is stated of the page elsewhere, and comes before what it says itself.
    """
    stated = linked_data(page.root)
    blocks = PageBlocks().blocks(page.root)
    found = main_text(blocks, page.root, stated.is_thread)
    kept = _with_stated_body(found.kept, stated)
    words = sum(count_words(one.words) for one in kept if one.block.kind != "heading")
    if reason := why_no_article(page.root, stated, words):
        raise ReadError(reason)
    metadata = PageMetadata(page.root, stated, blocks, kept, page.saved_from)
    omitted = _omitted(found.omitted)
    said = with_turns_of_posts(list(_without_repetitions(kept, metadata, omitted)), metadata.language(), omitted)
    text, _ = rendered(one.block for one in said)
    cut_off = is_cut_off(page.root, stated, words)
    shown = metadata.fields()
    if is_plainly_in_another(text, known_language(shown.get("language", ""))):
        del shown["language"]
    known = article_fields({**shown, **fields, **({"cut_off": "true"} if cut_off else {})}, text)
    # To find the first sentence takes a third of the time of a page, which nearly always states a title.
    title = known.title or first_title(text, printable(path.stem))
    article = build_article(where, text, path, known, title)
    yield replace(article, omitted=omitted.collected(), media_type=MEDIA_TYPE)
    yield from (Failure(where, note, taken=True) for note in ([CUT_OFF] if cut_off else []) + list(known.notes))


def _data(path: Path, max_bytes: int) -> bytes:
    size = regular_size(path)
    if size > (most := min(max_bytes, MAX_PAGE_BYTES)):
        raise ReadError(f"The page has {megabytes(size)}; the limit is {megabytes(most)}.")
    data = path.read_bytes()
    if not data.strip():
        raise ReadError("The file is empty." if not data else "The file holds nothing but white space.")
    return data


def _with_stated_body(kept: Sequence[PageBlock], stated: LinkedData) -> Sequence[PageBlock]:
    """The blocks, or the text that the page's data have of the article where a script was to show it and nothing is shown."""
    shown = sum(count_words(one.words) for one in kept)
    # The data count only where they have far more than the page, or they would repeat what it shows.
    if not stated.is_free or count_words(stated.body) < 3 * max(shown, 20):
        return kept
    paragraphs = [line.strip() for line in stated.body.split("\n") if line.strip()]
    nowhere = HtmlElement()
    return [PageBlock(DocumentBlock("paragraph", line), nowhere) for line in paragraphs]


def _without_repetitions(kept: Sequence[PageBlock], metadata: PageMetadata, parts: OmittedParts) -> Iterator[PageBlock]:
    """The blocks without the line of the author and the date, and without what is said twice to draw the eye."""
    is_thread = any(reason == COMMENT for one in kept for reason, _ in one.hints)
    paragraphs = " ".join(one.block.text for one in kept if one.block.kind in ("paragraph", "item"))
    before: DocumentBlock | None = None
    prose = 0
    for one in kept:
        block = one.block
        # The byline stands above the text, or under its first paragraph.
        prose += block.kind == "paragraph" and count_words(block.text) > _PROSE
        # Further down a short line with a day in it is a part of the article.
        if (prose < 2 or is_thread) and metadata.is_byline(one):
            parts.add(BYLINE, block.text)
        elif block.kind == "quote" and not is_thread and block.text.strip("“”\"'«»„ ") in paragraphs and len(block.text) > 20:
            parts.add("pull quote", block.text)
        elif before and block.kind == before.kind == "heading" and block.text == before.text:
            parts.add("heading said twice", block.text)
        else:
            yield one
            before = block


def _omitted(runs: Sequence[tuple[str, Sequence[PageBlock]]]) -> OmittedParts:
    """What was left out, each run of blocks one part with its reason."""
    parts = OmittedParts()
    for reason, blocks in runs:
        parts.add(reason, "\n".join(one.words for one in blocks))
    return parts
