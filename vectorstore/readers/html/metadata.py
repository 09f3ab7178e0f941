"""A page's title, author, date, language, address and site: stated in JSON-LD, else in `meta`, else on its face; pure."""

import logging
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import chain
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from vectorstore.readers.dates import iso_date, read_date
from vectorstore.readers.files import is_web_address
from vectorstore.readers.html.blocks import PageBlock
from vectorstore.readers.html.bylines import BY, cleaned_names, given_name_first, looks_like_name, name_in_byline, shown_words
from vectorstore.readers.html.hints import BYLINE, hint_of
from vectorstore.readers.html.json_ld import LinkedData

# Names of `meta` elements, the surest first, here and below: Open Graph's, those of libraries (`citation_`, `dc.`), those of
# services.
_TITLES = (
    "og:title",
    "twitter:title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "title",
)
_AUTHORS = (
    "author",
    "article:author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "og:article:author",
)
_OF_LIBRARIES = ("citation_author", "dc.creator", "dcterms.creator")
_DATES = (
    "article:published_time",
    "og:article:published_time",
    "citation_publication_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "pubdate",
    "publish-date",
    "publish_date",
    "date",
)
_SITES = ("og:site_name", "application-name", "citation_journal_title", "dc.publisher", "dcterms.publisher")
_LANGUAGES = ("content-language", "og:locale", "dc.language", "dcterms.language", "citation_language")
_AUTHOR_CLASS = re.compile(r"(?:^|[\s_-])(?:author|authors|byline|autor|creator)(?:[\s_-]?name)?(?:$|\s)", re.IGNORECASE)
_PARTS_OF_BYLINE = re.compile(r"[:|·–—()•]|\.\s|,\s")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|\d年")
# "Rain | The Post", "Rain - The Post", "Rain » The Post".
_PARTS_OF_TITLE = re.compile(r"\s+[|·•–—\-»:]+\s+|\s*[|｜]\s*|_")
_WORD = re.compile(r"[^\W_]+")


class PageMetadata:
    """Reads the fields of one page, each from where it is stated most surely.

    >>> from lxml.html import document_fromstring
    >>> root = document_fromstring("<title>Rain | The Post</title><h1>Rain</h1><p class=byline>By Ada Brandt | 3 May 2021")
    >>> from vectorstore.readers.html.blocks import PageBlocks
    >>> blocks = PageBlocks().blocks(root)
    >>> PageMetadata(root, LinkedData(), blocks, blocks).fields()["author"]
    'Ada Brandt'
    """

    def __init__(
        self,
        root: HtmlElement,
        stated: LinkedData,
        blocks: Sequence[PageBlock],
        kept: Sequence[PageBlock],
        address: str = "",
    ) -> None:
        self._root = root
        self._stated = stated
        self._blocks = blocks
        self._kept = kept
        self._address = address
        self._meta = _meta_of(root)

    def fields(self) -> dict[str, str]:
        """What was found by the names of `fields.article_fields`, without what was not."""
        found = {
            "title": self.title(),
            "author": self.author(),
            "date": self.date(),
            "source": self.source(),
            "language": self.language(),
            "publisher": self.site(),
            "modified": iso_date(self._stated.modified or self._first(("article:modified_time", "og:updated_time"))),
        }
        # Days in ISO 8601 compare as strings. A change is told only where it is later than the publication.
        if found["modified"] <= found["date"]:
            del found["modified"]
        return {name: value for name, value in found.items() if value}

    def title(self) -> str:
        """The headline: of what is stated that which stands on the page as its heading, else the first; without the site."""
        found = [one.block for one in self._kept if one.block.kind == "heading"]
        headings = [block.text for block in found if block.level == 1]
        stated = [self._stated.title, *(self._first((name,)) for name in _TITLES), *self._marked("headline", "name")]
        page_title = " ".join((self._root.findtext(".//title") or "").split())
        candidates = [" ".join(one.split()) for one in stated if one.strip()]
        # The first heading of a page may be the name of its site, and the second one the headline.
        for heading in headings[:2] or [block.text for block in found[:1]]:
            if any(_same(heading, one) for one in candidates):
                return heading
            if _begins(page_title, heading):
                # Many blogs have their own name as the first heading, and the headline behind it in the page's title.
                return next((block.text for block in found if _ends(page_title, block.text, heading)), heading)
        if candidates:
            return self._without_site(candidates[0])
        if len(headings) == 1:
            return headings[0]
        return self._without_site(page_title) or next(iter(headings), "")

    def author(self) -> str:
        """The names of the authors, joined by commas."""
        if self._stated.author:
            return cleaned_names([self._stated.author])
        for name in _AUTHORS:
            # Libraries put the family name first.
            found = [given_name_first(one) if name in _OF_LIBRARIES else one for one in self._meta.get(name, [])]
            if names := cleaned_names(found):
                return names
        shown = (self._marked_authors(), self._by_class(), self._bylines())
        return next((names for one in shown if (names := cleaned_names(one))), "")

    def date(self) -> str:
        """The day of publication: stated, else marked as a time near the headline, else what htmldate finds."""
        stated = [self._stated.date, *(self._first((name,)) for name in _DATES), *self._marked("datePublished", "dateCreated")]
        times = [node.get("datetime") or node.text_content() for node in self._times()]
        for one in [*stated, *times]:
            if found := self._stated_day(one):
                return found
        return next(self._dates_in_bylines(), "") or self._by_htmldate()

    def _stated_day(self, stated: str) -> str:
        """A day as ISO 8601, or as it is stated where day and month may be exchanged: whoever takes it in says so."""
        reading = read_date(stated, self.language())
        return " ".join(stated.split()) if reading.doubt and _day(stated) else _day(stated, self.language())

    def source(self) -> str:
        """The page's address: that which it was fetched or saved from, else its canonical one."""
        link = next(
            (node.get("href", "") for node in self._root.iter("link") if node.get("rel", "").lower() == "canonical"), ""
        )
        stated = [urljoin(self._address, link.strip()) if link else "", self._first(("og:url",)), self._stated.address]
        # A canonical address on another host may be that of the text's first publication, or a mistake of the site's.
        own = [one for one in stated if is_web_address(one)]
        host = urlsplit(self._address).hostname
        near = [one for one in own if not host or urlsplit(one).hostname == host]
        return next(iter(near), "") or self._address or next(iter(own), "")

    def language(self) -> str:
        # An article may be in another language than the page around it, so its own element is asked first.
        """The language that the page states."""
        body = self._root.find(".//body")
        article = next(self._root.iter("article"), None)
        stated = [node.get("lang", "") for node in (article, body) if node is not None]
        root = (
            self._root.get("lang") or self._root.get("{http://www.w3.org/XML/1998/namespace}lang") or self._root.get("xml:lang")
        )
        return next(filter(None, [*stated, root or "", self._stated.language, self._first(_LANGUAGES)]), "")

    def site(self) -> str:
        """The name of the site."""
        return self._first(_SITES) or self._stated.site

    def _first(self, names: Sequence[str]) -> str:
        return next((values[0] for name in names if (values := self._meta.get(name))), "")

    def _marked(self, *names: str) -> Iterator[str]:
        """Values of schema.org's microdata in the page's own elements."""
        for node in self._root.iterfind(".//*[@itemprop]"):
            # The name of a person or a publisher inside the article isn't that of the article.
            if node.get("itemprop") in names and _holder_is_article(node):
                yield node.get("content") or node.get("datetime") or node.text_content()

    def _marked_authors(self) -> list[str]:
        found = []
        for node in self._root.iterfind(".//*[@itemprop]"):
            if node.get("itemprop") == "author" and not _in_comment(node):
                # The element may be a box about the author, in which the name is marked, or is the link.
                name = node.find(".//*[@itemprop='name']")
                name = node.find(".//a") if name is None else name
                named = node if name is None else name
                found.append(named.get("content") or named.text_content())
        links = [
            node.text_content()
            for node in self._root.iter("a")
            if "author" in node.get("rel", "").split() and not _in_comment(node)
        ]
        return found or links

    def _by_class(self) -> Iterator[str]:
        """The name in an element that is called author or byline."""
        body = ".//body//*"
        for node in chain(self._root.iterfind(f"{body}[@class]"), self._root.iterfind(f"{body}[@data-testid]")):
            # Sites whose classes are made by a program name their parts for their tests.
            named = any(_AUTHOR_CLASS.search(node.get(attribute, "")) for attribute in ("class", "data-testid"))
            if named and not _in_comment(node):
                name = name_in_byline(shown_words(node))
                if name and looks_like_name(name):
                    yield name
                    return

    def _bylines(self) -> Iterator[str]:
        """Names in a line that the markup calls one of the author, or that begins with "By" under the headline."""
        for one in self._near_headline():
            marked = any(reason == BYLINE for reason, _ in one.hints)
            if marked or BY.match(one.block.text):
                name = name_in_byline(one.block.text)
                if name and (BY.match(one.block.text) or looks_like_name(name)):
                    yield name
                    return

    def is_byline(self, one: PageBlock) -> bool:
        """Whether a block is no more than the author's name or a day, with a few words around them."""
        text = one.block.text
        if one.block.kind != "paragraph" or len(text) > 160:
            # A longer line says more than who wrote it and when.
            return False
        # A date alone may have stops and commas in it, "3. Mai 2021", and is not taken apart.
        parts = [text] if self._is_day(text) else _PARTS_OF_BYLINE.split(text)
        others = [part for part in parts if not self._is_day(part)]
        dated, left = len(others) < len(parts), " ".join(others)
        names = [name for name in self._names if name in left]
        for name in names:
            left = left.replace(name, " ")
        return (dated or bool(names)) and len(_WORD.findall(left)) <= (4 if dated else 2)

    def _is_day(self, words: str) -> bool:
        return bool(_YEAR.search(words)) and len(_day(words, self.language())) == 10

    @cached_property
    def _names(self) -> list[str]:
        return self.author().split(", ") if self.author() else []

    def _near_headline(self) -> Iterator[PageBlock]:
        """The short lines around the headline."""
        at = next((n for n, one in enumerate(self._blocks) if one.block.kind == "heading" and one.block.level == 1), 0)
        # A byline stands under the headline, or just above it.
        near = [*self._blocks[at + 1 : at + 9], *reversed(self._blocks[max(0, at - 3) : at])]
        marked = [one for one in self._blocks if any(reason == BYLINE for reason, _ in one.hints)]
        yield from (
            one for one in [*near, *marked] if len(one.block.text) < 160 and not any(r == "comment" for r, _ in one.hints)
        )

    def _times(self) -> Iterator[HtmlElement]:
        """`time` elements, those marked as the publication's first; not those of comments and teasers."""
        times = [node for node in self._root.iter("time") if not _in_comment(node)]
        published = [node for node in times if node.get("pubdate") is not None or "published" in node.get("class", "")]
        modified = [
            node for node in times if re.search("updated|modified", f"{node.get('class', '')} {node.get('itemprop', '')}")
        ]
        yield from published
        # The time of the last change counts where the page has no other.
        yield from (node for node in times if node not in modified or len(times) == 1)

    def _dates_in_bylines(self) -> Iterator[str]:
        for one in self._near_headline():
            # The date is one part of a line such as "Ada Brandt | 3 May 2021 | 4 min read".
            for part in re.split(r"[|·•]| - | — | – |\s{2,}|(?<=\D),\s(?=\d)", one.block.text):
                words = re.sub(
                    r"^\W*(?:published|posted|updated|on|am|le|den|vom|date|datum|veröffentlicht)?\W*", "", part, flags=re.I
                )
                if (
                    any(map(str.isdigit, words))
                    and len(words) < 40
                    and (found := self._stated_day(words))
                    and len(found) > 9
                    and _YEAR.search(words)
                ):
                    yield found

    def _by_htmldate(self) -> str:
        """What htmldate finds in the markup, without its search through all texts: a date in a text may be of anything."""
        from htmldate import find_date

        logging.getLogger("htmldate").setLevel(logging.ERROR)
        found = find_date(
            self._root, extensive_search=False, original_date=True, url=self._address or None, max_date=str(date.today())
        )
        return found or ""

    def _without_site(self, title: str) -> str:
        """A title without the name of the site behind or before it."""
        host = (urlsplit(self._address).hostname or "").removeprefix("www.")
        site = {name.casefold() for name in (self.site(), self._stated.site, host) if name}
        parts = [part for part in _PARTS_OF_TITLE.split(title) if part]
        if len(parts) > 1:
            left = [part for part in parts if part.casefold().strip() not in site]
            if left and len(left) < len(parts):
                return left[0] if len(left) == 1 else title[: title.rindex(left[-1]) + len(left[-1])].strip()
            # The page names no site, so a few words behind a bar are taken for its name.
            if not site and len(_WORD.findall(parts[-1])) <= 4 < len(_WORD.findall(title)) and " | " in title:
                return title.rpartition(" | ")[0].strip()
        return title


def _meta_of(root: HtmlElement) -> dict[str, list[str]]:
    """The contents of the `meta` elements by their names in lower case."""
    found: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("http-equiv") or "").strip().lower()
        content = " ".join((node.get("content") or "").split())
        if name and content:
            found.setdefault(name, []).append(content)
    return found


def _same(one: str, other: str) -> bool:
    return _WORD.findall(one.casefold()) == _WORD.findall(other.casefold())


def _begins(title: str, heading: str) -> bool:
    """Whether a page's title is its heading with something behind it."""
    words, own = _WORD.findall(title.casefold()), _WORD.findall(heading.casefold())
    return bool(own) and words[: len(own)] == own


def _ends(title: str, heading: str, begun: str) -> bool:
    """Whether a page's title is what it begins with and, at its end, this heading of several words."""
    words, own, first = (_WORD.findall(one.casefold()) for one in (title, heading, begun))
    return len(own) > 1 and words[-len(own) :] == own and len(first) + len(own) <= len(words)


def _holder_is_article(node: HtmlElement) -> bool:
    holder = next((one for one in node.iterancestors() if one.get("itemscope") is not None), None)
    kind = holder.get("itemtype", "") if holder is not None else ""
    return kind.endswith(("Article", "Posting", "Recipe", "Report", "Review", "CreativeWork", "HowTo"))


def _in_comment(node: HtmlElement) -> bool:
    """Whether an element stands in a comment, a teaser, a menu or the page's foot."""
    return any(
        (reason := hint_of(one)) and reason not in (BYLINE, "page header")
        for one in node.iterancestors()
        if isinstance(one.tag, str)
    )


def _day(stated: str, language: str = "") -> str:
    """A date that is not in the future, as ISO 8601; "" for anything else."""
    found = read_date(stated, language).date
    return found if found and "1400" < found <= date.today().isoformat() else ""
