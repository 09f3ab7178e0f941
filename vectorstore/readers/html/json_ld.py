"""What a page says of its article in JSON-LD, the schema.org data that sites write for search engines; pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from lxml.html import HtmlElement

from vectorstore.readers.files import is_web_address

Node = Mapping[str, object]

# Told by their ends: `NewsArticle`, `TechArticle` and `BlogPosting` are articles, too.
_ARTICLES = re.compile(r"(?:Article|Posting|Report|Recipe|Review|Book|HowTo|Course|CreativeWork|Blog)$")
_PAGES = re.compile(r"(?:WebPage|FAQPage|QAPage|ItemPage|AboutPage|CollectionPage|Question|VideoObject|PodcastEpisode|Event)$")
_THREADS = frozenset(("DiscussionForumPosting", "QAPage", "SocialMediaPosting"))
# Objects inside each other are looked through to this depth, as a page may nest them without end.
_DEEPEST = 12
_LINE_BREAK = re.compile(r"[\n\r\t]+")


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The fields of a page's article, "" where they are not stated.

    `is_free` is False where the page says that one must pay; `body` is the article's text where the data have it; `is_thread`
    says that the page is a discussion.
    """

    title: str = ""
    author: str = ""
    date: str = ""
    modified: str = ""
    language: str = ""
    site: str = ""
    address: str = ""
    body: str = ""
    is_free: bool = True
    is_thread: bool = False


def linked_data(root: HtmlElement) -> LinkedData:
    """What the page's JSON-LD says of its article; what cannot be parsed is passed over.

    >>> from lxml.html import document_fromstring
    >>> script = '{"@graph": [{"@id": "#a", "name": "Ada"}, {"@type": "Article", "headline": "Rain", "author": {"@id": "#a"}}]}'
    >>> linked_data(document_fromstring(f'<script type="application/ld+json">{script}</script>')).author
    'Ada'
    """
    nodes = list(_nodes(root))
    by_id = _by_id(nodes)
    kinds = {kind for node in nodes for kind in _types(node)}
    article = _article(nodes)
    if article is None:
        return LinkedData(is_thread=bool(kinds & _THREADS))
    # What the article itself does not say, the page around it may.
    pages = [node for node in nodes if any(_PAGES.search(kind) for kind in _types(node))]
    site = next((_text(node, "name") for node in nodes if "WebSite" in _types(node)), "")
    return LinkedData(
        title=_text(article, "headline") or _text(article, "name"),
        author=", ".join(dict.fromkeys(_names(article.get("author") or article.get("creator"), by_id))),
        date=_text(article, "datePublished") or _text(article, "dateCreated") or _first(pages, "datePublished"),
        modified=_text(article, "dateModified"),
        language=_language(article, by_id) or next((found for page in pages if (found := _language(page, by_id))), ""),
        site=", ".join(_names(article.get("publisher"), by_id)) or site,
        address=_address(article),
        body=_text(article, "articleBody", line=False),
        is_free=not any(str(node.get("isAccessibleForFree")).lower() in ("false", "no") for node in [article, *pages]),
        is_thread=bool(kinds & _THREADS),
    )


def _nodes(root: HtmlElement) -> Iterator[Node]:
    """All objects with a type or an id, the outermost first."""
    for script in root.iterfind(".//script[@type]"):
        if script.get("type", "").split(";")[0].strip().lower() == "application/ld+json" and script.text:
            yield from _objects(_parsed(script.text), 0)


def _parsed(text: str) -> object:
    # Older pages put their scripts into a comment or a CDATA section.
    text = text.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>").strip()
    # Sites write line breaks into strings, or a semicolon behind the object: neither is JSON.
    for attempt in (text, _LINE_BREAK.sub(" ", text), text.rstrip(";")):
        try:
            return json.loads(attempt)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(value: object, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "@id" in value:
            yield value
        for one in value.values():
            if isinstance(one, dict | list):
                yield from _objects(one, depth + 1)


def _by_id(nodes: list[Node]) -> dict[str, Node]:
    """The fullest object of each id: a mere reference has the id too."""
    found: dict[str, Node] = {}
    for node in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > len(found.get(key, {})):
            found[key] = node
    return found


def _types(node: Node) -> list[str]:
    stated = node.get("@type")
    # A type may be an address: `https://schema.org/Article`.
    return [str(one).rpartition("/")[2] for one in (stated if isinstance(stated, list) else [stated]) if one]


def _article(nodes: list[Node]) -> Node | None:
    """The object that is the page's article: of those of such a type the one that says most; else the page itself."""
    for kinds in (_ARTICLES, _PAGES):
        found = [node for node in nodes if any(kinds.search(kind) for kind in _types(node)) and _says_something(node)]
        if found:
            # An article that cites or follows another has it inside it, so at the same size the first one counts.
            return max(
                found, key=lambda node: sum(key in node for key in ("headline", "datePublished", "author", "articleBody"))
            )
    return None


def _says_something(node: Node) -> bool:
    return any(node.get(key) for key in ("headline", "name", "datePublished", "author"))


def _text(node: Node, key: str, line: bool = True) -> str:
    value = node.get(key)
    # A field may be a list, of which the first value counts, or an object with the value and its language.
    if isinstance(value, list):
        value = next((one for one in value if one), "")
    if isinstance(value, dict):
        value = value.get("@value", "")
    if not isinstance(value, str | int):
        return ""
    text = unescape(str(value))
    return " ".join(text.split()) if line else text


def _first(nodes: list[Node], key: str) -> str:
    return next((text for node in nodes if (text := _text(node, key))), "")


def _names(value: object, by_id: Mapping[str, Node]) -> Iterator[str]:
    """The names of people or organisations, given as names, as objects, or as references to objects."""
    if isinstance(value, list):
        for one in value:
            yield from _names(one, by_id)
    elif isinstance(value, str):
        if known := by_id.get(value):
            yield from _names(known, {})
        # Some give the address of the author's page in the place of a name.
        elif not value.startswith(("http://", "https://", "#")):
            yield " ".join(unescape(value).split())
    elif isinstance(value, dict):
        known = by_id.get(str(value.get("@id")), value)
        if name := _text(value, "name") or _text(known, "name"):
            yield name


def _language(node: Node, by_id: Mapping[str, Node]) -> str:
    value = node.get("inLanguage")
    if isinstance(value, dict):
        value = by_id.get(str(value.get("@id")), value)
        # A Language of schema.org has its code in the alternate name.
        return _text(value, "alternateName") or _text(value, "name")
    return _text(node, "inLanguage")


def _address(node: Node) -> str:
    """The article's own address."""
    for key in ("url", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and is_web_address(value):
            return value
    return ""
