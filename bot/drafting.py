"""A text that the reader wrote -> for each of its sentences the best passage in the articles, and a verdict."""

import re
from collections.abc import Callable, Iterator

from bot.footnotes import footnote
from bot.steps.pack import About, pack
from bot.steps.verify import Judgement, Verifier
from bot.types import Checked, Passage
from bot.verdicts import BEST_FIRST
from vectorstore.language import language_of
from vectorstore.search import Found, Query
from vectorstore.sentences import is_heading, paragraphs, sentences_within

Search = Callable[[Query, int], Found]

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


def checked(draft: str, search: Search, about: About, verifier: Verifier) -> Iterator[Checked]:
    """The sentences in order, each as soon as it has been checked; headings, questions and crumbs are passed over."""
    for start, end in statements(draft):
        text = draft[start:end]
        yield _checked(text, start, bare(text), search, about, verifier)


def statements(draft: str) -> list[tuple[int, int]]:
    """Spans of the sentences that state something."""
    spans = []
    front, language = _FRONT_MATTER.match(draft), language_of(draft)
    for first, last in paragraphs(draft):
        if (front is None or first >= front.end()) and not _titles(draft[first:last]):
            spans += sentences_within(draft, first, last, language)
    return [(start, end) for start, end in spans if _states(draft[start:end])]


def bare(text: str) -> str:
    """The words alone, without marks of Markdown and without footnote markers."""
    return " ".join(_MARKUP.sub(lambda found: found[1] or "", _MARKERS.sub("", text)).split())


def _titles(paragraph: str) -> bool:
    """Whether it is a heading. A longer line without a full stop may be one too, but a claim must not be passed over."""
    return paragraph.lstrip().startswith("#") or (is_heading(paragraph) and len(_WORDS.findall(paragraph)) <= _LONGEST_TITLE)


def _states(text: str) -> bool:
    return len(_WORDS.findall(text)) >= _FEWEST and not text.rstrip("\"'”’)*_ ").endswith(("?", "？", ":"))


def _checked(text: str, start: int, claim: str, search: Search, about: About, verifier: Verifier) -> Checked:
    passages = pack(search(Query(claim), PASSAGES).hits, about, PASSAGES)
    found = verifier.check(claim, passages, ())
    if not passages:
        return Checked(text, start, start + len(text), "not found", None)
    ranked = sorted(zip(passages, found.judgements, strict=True), key=_rank)
    passage, judgement = ranked[0]
    return Checked(text, start, start + len(text), judgement.verdict, footnote(passage, judgement))


def _rank(one: tuple[Passage, Judgement]) -> tuple[int, float, int]:
    passage, judgement = one
    return (BEST_FIRST.index(judgement.verdict), -judgement.score, passage.n)
