"""Checks each sentence of a reader's draft against the articles: the best passage for it, and a verdict."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.cited import footnote
from bot.answering.retrieval import About, pack_passages
from bot.conversation.condense import Search
from bot.types import Checked, Passage
from bot.verification.judging import Judgement
from bot.verification.quotations import find
from bot.verification.roles import opening_subject
from bot.verification.statements import claimed
from bot.verification.verdicts import BEST_FIRST
from bot.verification.verify import Verifier
from vectorstore.searching.search import Query
from vectorstore.splitting.language import language_of
from vectorstore.splitting.sentences import is_heading, paragraphs, sentences_within, size_in_words
from vectorstore.types import Span

MOST_PASSAGES = 6
"""Passages that a sentence is held against. The sentence itself is the query, so what supports it ranks high, and six do."""

_FOOTNOTE_MARKERS = re.compile(r"\s*\[\^?\d{1,3}\]")
# Marks of lists and quotes at the head of a line, emphasis, and links, whose text is kept.
_MARKUP = re.compile(
    r"^\s*(?:[-*+•>]\s+|\d{1,3}[.)]\s+)+|(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)|!?\[([^\]]*)\]\([^)]*\)"
)
# "This" stands for something only where no noun follows.
_PRONOUN = re.compile(
    r"(?:(?:he|she|it|they)|(?P<whose>his|her|its|their)|th(?:is|ese)(?= (?:is|are|was|were|has|have|had|will|would|can)\b))\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(r"(?:it|this) (?:is|was|seems|seemed|appears) [^.]{0,40}\b(?:that|to|who|whether)\b", re.IGNORECASE)
_PLURAL = re.compile(r"[^su\W]s$|\b(?:people|men|women|children)$")
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
    subjects = carried_subjects(draft)
    for start, end in draft_statements(draft) if spans is None else spans:
        text = draft[start:end]
        yield _check_sentence(text, start, subjects.get(start, ""), search, about, verifier)


def draft_statements(draft: str) -> list[tuple[int, int]]:
    """Spans of the sentences that state something."""
    spans = []
    front, language = _FRONT_MATTER.match(draft), language_of(draft)
    for first, last in paragraphs(draft):
        # YAML at the head of a note ("title: ...") states nothing.
        if (front is None or first >= front.end()) and not _is_heading_paragraph(draft[first:last]):
            paragraph_language = language_of(draft[first:last]) if last - first >= _FEWEST_LANGUAGE_CHARS else ""
            # A short paragraph does not tell its language by itself.
            spans += sentences_within(draft, first, last, paragraph_language or language)
    return [(start, end) for start, end in spans if _is_claim(bare(draft[start:end]))]


def carried_subjects(draft: str) -> dict[int, str]:
    """The subject for which the pronoun that opens a sentence stands, by the offset of the sentence.

    It is that of the sentence before, in the same paragraph. "It is clear that" stands for nothing.
    """
    found: dict[int, str] = {}
    language = language_of(draft)
    for first, last in paragraphs(draft):
        subject = ""
        for start, end in sentences_within(draft, first, last, language):
            text = bare(draft[start:end])
            if (match := _PRONOUN.match(text)) and not _EXPLETIVE.match(text):
                found |= {start: subject} if subject and _stands_for(match[0].casefold(), subject) else {}
            else:
                # Only a sentence that names its subject passes one on; after one with a pronoun the subject stays.
                subject = opening_subject(claimed(text))
    return found


def _stands_for(pronoun: str, subject: str) -> bool:
    """Whether a pronoun may stand for a subject by its number."""
    # The subject's first noun decides: in "the people of Ner" it is several, in "the capital of the Netherlands" it is one.
    several = " and " in subject or _PLURAL.search(subject.split(" of ", maxsplit=1)[0]) is not None
    return several == (pronoun in ("they", "their", "these"))


def with_subject(claim: str, subject: str) -> str:
    """A claim with its subject in the place of the pronoun that opens it.

    >>> with_subject("Its deck is 90 metres long.", "The bridge")
    "The bridge's deck is 90 metres long."
    """
    match = _PRONOUN.match(claim)
    if match is None or not subject:
        return claim
    return subject + ("'s" if match["whose"] else "") + claim[match.end() :]


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


def _check_sentence(text: str, start: int, subject: str, search: Search, about: About, verifier: Verifier) -> Checked:
    # "It was opened in 1931." is searched and judged as "The bridge was opened in 1931.".
    claim = with_subject(bare(text), subject)
    passages = pack_passages(search(Query(claim), MOST_PASSAGES).hits, about, MOST_PASSAGES)
    if any(find(bare(text), passage.text) and subject in passage.text for passage in passages):
        claim = bare(text)  # It stands there as written, of the same.
    found = verifier.check(claim, passages, ())
    if not passages:
        return Checked(text, start, start + len(text), "not found", None)
    ranked = sorted(zip(passages, found.judgements, strict=True), key=_rank)
    passage, judgement = ranked[0]
    # What speaks against a sentence is shown where it has changed the verdict.
    against = found.against if judgement.verdict == "check" else None
    return Checked(text, start, start + len(text), judgement.verdict, footnote(passage, judgement), against=against)


def _rank(one: tuple[Passage, Judgement]) -> tuple[int, float, int]:
    passage, judgement = one
    # The best verdict first, then the surest, then the higher rank.
    return (BEST_FIRST.index(judgement.verdict), -judgement.score, passage.n)
