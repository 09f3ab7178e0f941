"""What flows through the index: an article is read, split into chunks, and found again as hits. Frozen, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

Span = tuple[int, int]
"""Half-open character offsets [start, end) into an article's stored text."""


PageKind = Literal["page", "slide", "time"]
"""What an article is divided into in its own medium: pages of a PDF, slides, or the times of a transcript."""


@dataclass(frozen=True, slots=True)
class PageSpan:
    """`text[start:end]` stands on this page. `label` is what a reader is told: "3" (also "iv"), or "01:23" of a transcript.

    `number` counts the pages of the file from 1, for whoever draws the page's picture.
    """

    kind: PageKind
    label: str
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OmittedText:
    """A part of the original that is not in the article's text, and why: `reason` is one of a few words for the reader.

    Such as "menu", "teaser", "comment", "cookie note", "newsletter box", "running head", "page number", "image".
    """

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored; every offset elsewhere points into `text`.

    `date` is ISO 8601 (a year, a month or a day) or empty. `cut_off` says that the source itself breaks the text off. `origin`
    is the absolute path or the address that the article was read from, `metadata` whatever else its front matter or line said.
    `language` is an ISO 639-1 code: that which the article states, else that which it was found in, or "".

    Text from HTML, PDF, Word and their like is light Markdown: `#` headings, `-` items, `|` rows of tables, `NAME:` turns, and
    nothing else of Markdown; `vectorstore.splitting.outline` finds the blocks in it. `pages` say where each page, slide or
    moment of the original stands, and `omitted` what of it is not in the text. `media_type` is that of the original ("" where
    it is the text itself), and `original` the SHA-256, in hex, of the file in the home's folder of originals that it was read
    from ("" where none is kept).
    """

    id: str
    text: str
    title: str
    author: str = ""
    translator: str = ""
    date: str = ""
    source: str = ""
    cut_off: bool = False
    origin: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    pages: tuple[PageSpan, ...] = ()
    omitted: tuple[OmittedText, ...] = ()
    media_type: str = ""
    original: str = ""

    @property
    def hash(self) -> str:
        """SHA-256 over all that a reader could see of the article: a change of the title alone is a change.

        The language is not in it: one that was found is no other article than the one that states it.
        """
        seen = (self.text, self.title, self.author, self.translator, self.date, self.source, str(self.cut_off))
        extra = tuple(f"{key}={value}" for key, value in sorted(self.metadata.items()))
        # ASCII's separator stands in none of the parts, so that no two articles come to the same string.
        return sha256("\x1f".join(seen + extra).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences; `article.text[start:end] == text`, always, and the sentences' spans lie inside [start, end)."""

    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles a search is to keep to; false where it keeps to none in particular. What is given must all hold.

    `articles` are ids, `authors` names, `languages` codes or names, `tags` and `collections` the labels of the library: one of
    each suffices. `since` and `until` are a year, a month or a day, and a year or a month means the whole of it.
    `vectorstore.searching.scope_articles` says which names and dates match.

    >>> bool(Scope(authors=("Ada Brandt",), since="2019")), bool(Scope())
    (True, False)
    """

    articles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        named = self.articles or self.authors or self.languages or self.tags or self.collections
        return bool(named or self.since or self.until)


EVERYWHERE = Scope()
"""No scope: all articles."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage of the search thought of a hit: its 1-based rank there, and the stage's own score."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found, best first in every list; `stages` is keyed by the stage's name ("dense", "lexical", ...).

    `evidence` has a number for each of the `sentences`: how well it answers by late interaction, a mean cosine; 0 if not seen.
    `words` has each word of the question, as it stands there, with how well the hit answers to it: a cosine; {} if not seen.
    `across` where the encoder for all languages found it, whose cosines are on a scale of their own. `copy_of` is the id
    of the article whose better hit says all of this already, where the two articles are copies of one.
    """

    article: str
    start: int
    end: int
    text: str
    score: float
    stages: Mapping[str, Stage]
    chunk: int
    ordinal: int
    sentences: tuple[Span, ...]
    evidence: tuple[float, ...]
    across: bool = False
    words: Mapping[str, float] = field(default_factory=dict)
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was not taken in: where it stands, and the reason as a sentence for the user.

    Where the article itself is `taken`, it is a note on it: a field that was not understood, an encoding that was found. Where
    a file is `no_article` (a picture, a page that only lists others), nothing went wrong, and nothing can be done about it.
    """

    where: str
    reason: str
    taken: bool = False
    no_article: bool = False


@dataclass(frozen=True, slots=True)
class IngestSource:
    """One file to take in, and what is known of it before it is read.

    `id` is what its first article is to be called if it is new; one that is known already keeps the id that it has. `origin`
    is where it came from: a path, an address, "upload:NAME" or "pasted:NAME". `original` is the SHA-256 of the file where the
    home keeps it. `fields` win over what the file states of its articles ("title", "author", "date", "source"...), and
    `fetched` is what a web server said of it (etag, last_modified, url, at).

    >>> IngestSource(Path("notes/harbour.md"), "harbour.md", "/home/ada/notes/harbour.md").id
    'harbour.md'
    """

    path: Path
    id: str
    origin: str
    original: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    fetched: Mapping[str, str] = field(default_factory=dict)


def failures_and_notes(found: Iterable[Failure]) -> tuple[tuple[Failure, ...], tuple[Failure, ...]]:
    """What stayed out, and the notes on what went in.

    >>> told = [Failure("a.md", "It is empty."), Failure("b.md", "It was read as KOI8-R.", taken=True)]
    >>> [[one.where for one in part] for part in failures_and_notes(told)]
    [['a.md'], ['b.md']]
    """
    told = tuple(found)
    return tuple(one for one in told if not one.taken), tuple(one for one in told if one.taken)


IngestStatus = Literal["added", "changed", "unchanged", "failed", "cancelled"]
"""What became of a source as a whole: "added" where any of its articles is new, "failed" where none was taken in."""


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """What became of one source: the ids of its articles that are in the index now, and what was left out and why.

    `added` and `changed` are those of the `articles` that are new or other than they were; the rest is as it was.
    """

    source: IngestSource
    status: IngestStatus
    articles: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Ids of the articles by what happened to them, what was left out and why, and how many chunks had to be embedded.

    `gone` are articles whose files are not there any more, and which were kept; `notes` are what is to be known of articles
    that went in.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    embedded: int = 0
    chunks: int = 0
    seconds: float = 0.0
    gone: tuple[str, ...] = ()
    notes: tuple[Failure, ...] = ()
