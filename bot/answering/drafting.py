"""A text that the reader wrote -> for each of its sentences the best passage in the articles, and a verdict."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.answering.cited import footnote
from bot.answering.retrieval import About, pack_passages
from bot.types import Checked, Passage
from bot.verification.judging import Judgement
from bot.verification.verdicts import BEST_FIRST
from bot.verification.verify import Verifier
from vectorstore.searching.search import Query, SearchHits
from vectorstore.splitting.language import language_of
from vectorstore.splitting.sentences import is_heading, paragraphs, sentences_within, size_in_words
from vectorstore.types import Span

Search = Callable[[Query, int], SearchHits]

PASSAGES = 6
"""The passages that a sentence is held against. It is its own best question: what carries it is found among the first."""

_MARKERS = re.compile(r"\s*\[\^?\d{1,3}\]")
_MARKUP = re.compile(
    r"^\s*(?:[-*+•>]\s+|\d{1,3}[.)]\s+)+|(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)|!?\[([^\]]*)\]\([^)]*\)"
)
_WORDS = re.compile(r"\w+")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:[\w-]+:.*\n|[ \t]+.*\n|[ \t]*\n)*---[ \t]*(?:\n|\Z)")
_LONGEST_TITLE = 5
"""Words of a line that counts as a heading though nothing marks it as one."""
_FEWEST = 3
"""Words of the shortest sentence that states something."""
_LONG = 80
"""Characters of a paragraph whose language can be told from it alone."""
_CLOSERS = "\"'”“’»«›」』】）)*_ "
_ASKING = ("?", "？", "؟", "\u037e", ":", "：")
"""How what states nothing ends: a question, or the line before a list. U+037E is the question mark of Greek."""


def check_draft(
    draft: str, search: Search, about: About, verifier: Verifier, spans: Sequence[Span] | None = None
) -> Iterator[Checked]:
    """The sentences in order, each as soon as it has been checked; headings, questions and crumbs are passed over.

    `spans` are the sentences to check, where not all of them are to be.
    """
    for start, end in draft_statements(draft) if spans is None else spans:
        text = draft[start:end]
        yield _checked(text, start, bare(text), search, about, verifier)


def draft_statements(draft: str) -> list[tuple[int, int]]:
    """Spans of the sentences that state something."""
    spans = []
    front, language = _FRONT_MATTER.match(draft), language_of(draft)
    for first, last in paragraphs(draft):
        if (front is None or first >= front.end()) and not _titles(draft[first:last]):
            own = language_of(draft[first:last]) if last - first >= _LONG else ""
            spans += sentences_within(draft, first, last, own or language)
    return [(start, end) for start, end in spans if _states(draft[start:end])]


def bare(text: str) -> str:
    """The words alone, without marks of Markdown and without footnote markers."""
    return " ".join(_MARKUP.sub(lambda found: found[1] or "", _MARKERS.sub("", text)).split())


def _titles(paragraph: str) -> bool:
    """Whether it is a heading. A longer line without a full stop may be one too, but a claim must not be passed over."""
    return paragraph.lstrip().startswith("#") or (is_heading(paragraph) and _size(paragraph) <= _LONGEST_TITLE)


def _states(text: str) -> bool:
    return _size(text) >= _FEWEST and not text.rstrip(_CLOSERS).endswith(_ASKING)


def _size(text: str) -> float:
    """How many words it has, also in Chinese, Japanese or Thai, which do not set them apart."""
    return size_in_words(" ".join(_WORDS.findall(text)))


def _checked(text: str, start: int, claim: str, search: Search, about: About, verifier: Verifier) -> Checked:
    passages = pack_passages(search(Query(claim), PASSAGES).hits, about, PASSAGES)
    found = verifier.check(claim, passages, ())
    if not passages:
        return Checked(text, start, start + len(text), "not found", None)
    ranked = sorted(zip(passages, found.judgements, strict=True), key=_rank)
    passage, judgement = ranked[0]
    against = found.against if judgement.verdict == "check" else None
    return Checked(text, start, start + len(text), judgement.verdict, footnote(passage, judgement), against=against)


def _rank(one: tuple[Passage, Judgement]) -> tuple[int, float, int]:
    passage, judgement = one
    return (BEST_FIRST.index(judgement.verdict), -judgement.score, passage.n)
