"""Checks each sentence of a reader's draft against the articles: the best passage for it, and a verdict."""

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

MOST_PASSAGES = 6
"""Passages that a sentence is held against. The sentence itself is the query, so what supports it ranks high, and six do."""

_FOOTNOTE_MARKERS = re.compile(r"\s*\[\^?\d{1,3}\]")
# Marks of lists and quotes at the head of a line, emphasis, and links, whose text is kept.
_MARKUP = re.compile(
    r"^\s*(?:[-*+•>]\s+|\d{1,3}[.)]\s+)+|(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)|!?\[([^\]]*)\]\([^)]*\)"
)
_WORDS = re.compile(r"\w+")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:[\w-]+:.*\n|[ \t]+.*\n|[ \t]*\n)*---[ \t]*(?:\n|\Z)")
_MOST_HEADING_WORDS = 5
"""A longer line is no heading, unless it is marked as one."""
_FEWEST_CLAIM_WORDS = 3
"""A shorter sentence states nothing that can be checked."""
_FEWEST_LANGUAGE_CHARS = 80
"""A shorter paragraph is taken to be in the language of the whole draft."""
_CLOSERS = "\"'”“’»«›」』】）)*_ "
_ENDS_WITHOUT_CLAIM = ("?", "？", "؟", "\u037e", ":", "：")
"""The ends of questions and of lines before a list, which state nothing. U+037E is the question mark of Greek."""


def check_draft(
    draft: str, search: Search, about: About, verifier: Verifier, spans: Sequence[Span] | None = None
) -> Iterator[Checked]:
    """The sentences in order, each as soon as it has been checked; headings, questions and fragments are passed over.

    `spans` are the sentences to check, where not all of them are to be.
    """
    for start, end in draft_statements(draft) if spans is None else spans:
        text = draft[start:end]
        yield _check_sentence(text, start, bare(text), search, about, verifier)


def draft_statements(draft: str) -> list[tuple[int, int]]:
    """Spans of the sentences that state something."""
    spans = []
    front, language = _FRONT_MATTER.match(draft), language_of(draft)
    for first, last in paragraphs(draft):
        if (front is None or first >= front.end()) and not _is_heading_paragraph(draft[first:last]):
            paragraph_language = language_of(draft[first:last]) if last - first >= _FEWEST_LANGUAGE_CHARS else ""
            spans += sentences_within(draft, first, last, paragraph_language or language)
    return [(start, end) for start, end in spans if _is_claim(draft[start:end])]


def bare(text: str) -> str:
    """The text without marks of Markdown and without footnote markers."""
    return " ".join(_MARKUP.sub(lambda found: found[1] or "", _FOOTNOTE_MARKERS.sub("", text)).split())


def _is_heading_paragraph(paragraph: str) -> bool:
    """Whether it is a heading. A longer line without a full stop is checked: better a heading than no claim."""
    return paragraph.lstrip().startswith("#") or (is_heading(paragraph) and _word_count(paragraph) <= _MOST_HEADING_WORDS)


def _is_claim(text: str) -> bool:
    return _word_count(text) >= _FEWEST_CLAIM_WORDS and not text.rstrip(_CLOSERS).endswith(_ENDS_WITHOUT_CLAIM)


def _word_count(text: str) -> float:
    """How many words it has, also in Chinese, Japanese or Thai, which do not set them apart."""
    return size_in_words(" ".join(_WORDS.findall(text)))


def _check_sentence(text: str, start: int, claim: str, search: Search, about: About, verifier: Verifier) -> Checked:
    passages = pack_passages(search(Query(claim), MOST_PASSAGES).hits, about, MOST_PASSAGES)
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
