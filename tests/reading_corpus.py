"""Files in the manner of real ones under `tests/corpus/`, and how near a reader's text comes to what is expected of them.

`tests/corpus/KIND/NAME.EXT` has `NAME.expected.yaml` or `NAME.EXT.expected.yaml` beside it: `title`, `author`, `date` and
`language` (each may be left out), `text` (the main text in reading order, marks of Markdown do not count), `without` (strings
that must not be in the text), `omitted` (strings that must be listed as left out), `pages` (label of a citation -> words that
stand there), `notes` (a part of each sentence that is to be said beside the article), or `refused` (a part of the sentence, and
no article). A file of several articles may have `articles`, a list of these; else their texts are taken as one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import LCSseq

from vectorstore.readers import read
from vectorstore.splitting.language import language_of
from vectorstore.types import Article, Failure

CORPUS = Path(__file__).with_name("corpus")
FIELDS = ("title", "author", "date", "language")
_SUFFIX = ".expected.yaml"
_MARK = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,3}[.)]|\[\w{1,3}\]|`{3,}|~{3,})(?=\s|$)", re.MULTILINE)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What one article of a file must be; a field of None is not asked for."""

    text: str = ""
    title: str | None = None
    author: str | None = None
    date: str | None = None
    language: str | None = None
    without: Sequence[str] = ()
    omitted: Sequence[str] = ()
    pages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file with what must come of it: articles, or a refusal."""

    path: Path
    articles: Sequence[ExpectedArticle]
    refused: str = ""
    notes: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The path inside the corpus, for the name of a test."""
        return self.path.relative_to(CORPUS).as_posix()


@dataclass(frozen=True, slots=True)
class TextScore:
    """Words of the expected text that came out in their order, and words that came out that are expected, both in [0, 1]."""

    recall: float
    precision: float


def corpus_files() -> list[CorpusFile]:
    """All files of the corpus, by their names; raises ValueError for an expectation that is not understood."""
    return [_corpus_file(file) for file in sorted(CORPUS.rglob(f"*{_SUFFIX}"))]


def read_whole(path: Path) -> tuple[list[Article], list[Failure]]:
    """What a reader makes of a file: its articles and its failures."""
    found = list(read(path, path.parent))
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Failure)]


def paired(expected: Sequence[ExpectedArticle], articles: Sequence[Article]) -> list[tuple[ExpectedArticle, Article]]:
    """Each expectation with its article; where one stands for several articles, with the first one and the texts of all."""
    if len(expected) == 1 and len(articles) > 1:
        articles = [replace(articles[0], text="\n\n".join(one.text for one in articles))]
    return list(zip(expected, articles, strict=True))


def scored(expected: ExpectedArticle, text: str) -> TextScore:
    """How near `text` comes to the expected one: the longest common subsequence of words over the words of either.

    A title at the beginning counts for neither, since some readers put it there and some do not.

    >>> scored(ExpectedArticle("Ships in the port"), "Menu. Ships in port")
    TextScore(recall=0.75, precision=0.75)
    """
    title = words_of(expected.title or "")
    wanted, given = (_without_title(words_of(one), title) for one in (expected.text, text))
    common = LCSseq.similarity(wanted, given)
    return TextScore(common / len(wanted) if wanted else 1.0, common / len(given) if given else float(not wanted))


def words_of(text: str) -> list[str]:
    """The words in lower case, each character of Chinese, Japanese or Korean one; without the marks that begin a line."""
    return _WORD.findall(unicodedata.normalize("NFKC", _MARK.sub("", text)).casefold())


def wrong_fields(expected: ExpectedArticle, article: Article) -> Iterator[str]:
    """The fields that are asked for and came out otherwise, as "date: 2021, not 2022"."""
    for name in FIELDS:
        wanted, found = getattr(expected, name), field_of(article, name)
        if wanted is not None and wanted != found:
            yield f"{name}: {found!r}, not {wanted!r}"


def field_of(article: Article, name: str) -> str:
    """What an article says of itself; of the language, that which its text is in where it states none, as ingesting has it."""
    stated = str(getattr(article, name))
    return language_of(article.text) or "" if name == "language" and not stated else stated


def _without_title(words: list[str], title: list[str]) -> list[str]:
    return words[len(title) :] if title and words[: len(title)] == title else words


def _corpus_file(expectation: Path) -> CorpusFile:
    """The file beside an expectation, with what is expected of it."""
    path = _file_of(expectation)
    # Everything as the string it is written as: a date must not become a datetime.
    stated: dict[str, Any] = yaml.load(expectation.read_text(encoding="utf-8"), yaml.BaseLoader)
    refused, notes = stated.pop("refused", ""), stated.pop("notes", [])
    several = stated.pop("articles", None)
    if several and stated:
        raise ValueError(f"{expectation} has fields beside its articles: {', '.join(stated)}.")
    try:
        articles = [ExpectedArticle(**one) for one in several or ([stated] if stated else [])]
    except TypeError as error:
        raise ValueError(f"{expectation}: {error}") from None
    if bool(articles) == bool(refused):
        raise ValueError(f"{expectation} must have either a text or a refusal.")
    return CorpusFile(path, articles, refused, notes)


def _file_of(expectation: Path) -> Path:
    """The one file that an expectation belongs to."""
    name = expectation.name.removesuffix(_SUFFIX)
    if (whole := expectation.with_name(name)).is_file():
        return whole
    beside = [one for one in expectation.parent.glob(f"{name}.*") if not one.name.endswith(_SUFFIX) and one.is_file()]
    if len(beside) != 1:
        raise ValueError(f"{expectation} belongs to {len(beside)} files.")
    return beside[0]
