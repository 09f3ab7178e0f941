"""Questions to go on with after an answer, each tried before it is offered. No model is asked.

They are drawn from what stands around the cited words and from the passages that were found and not cited, and offered where
the articles give an answer that is sure, to the point, and new to the reader.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.conversation.dialogue import telling
from bot.phrases import reply_language
from bot.reading.words import stem
from bot.suggestions.subjects import Subjects
from bot.suggestions.suggesting import Shape, Suggestion, in_language, suggestions
from bot.types import Answer, Citation, Done, Event, Passage, Question
from vectorstore.searching.folding import folded
from vectorstore.splitting.sentences import sentences
from vectorstore.types import Article, Span

WANTED = 3
TRIES = 8
"""Searches at most: each takes some 20 to 50 ms, and nobody has asked for these."""
SURE = 0.5
"""How sure an answer must be; quotes mode itself is content with 0.12."""
AROUND = 700
"""Characters before and after a citation that are looked at, and passages that were not cited."""
PASSAGES = 4
_OPENING = 6000
"""Characters of an article in which its names are looked up."""
_USED, _TRIED, _SUBJECT, _VAGUE, _WIDE, _STRANGE = 4.0, 1.5, 4.0, 4.0, 1.0, 3.0
"""What counts against a question: that one of its shape is offered, or was tried; that one about its subject is offered; that
it names nobody but the one who speaks; that it only asks what there is about something; that its sentence shares no word with
the question and the answer but such as stand in every other passage."""
_ASKING = frozenset(("articl", "think", "argu", "call", "hope", "believ", "claim", "urg"))
"""Stems of the words that only ask."""

Read = Callable[[str], Article | None]
Ask = Callable[[Question], Iterator[Event]]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question and the sentence, [start, end) of an article, that suggests it; the smaller `far`, the nearer the answer."""

    made: Suggestion
    article: str
    start: int
    end: int
    far: float


def followups(question: Question, answer: Answer, read: Read, ask: Ask) -> tuple[str, ...]:
    """Up to three questions that the articles answer, of different shapes where that can be had.

    `ask` answers a question; it is asked for quotations, in the reader's scope, and what it raises is raised. The same
    arguments give the same questions.
    """
    known, articles = _Known(question, answer), _Articles(read, reply_language(question))
    left = [one for one in _candidates(question, answer, articles) if not known.asked(one.made.text)]
    offered: list[_Candidate] = []
    shapes: list[Shape] = []
    while left and len(offered) < WANTED and len(shapes) < TRIES:
        one = min(left, key=lambda each: _cost(each, offered, shapes))
        left = [other for other in left if other.made.text != one.made.text]
        shapes.append(one.made.shape)
        tried = _answered(Question(one.made.text, scope=question.scope, model="quotes"), ask)
        if tried and _to_the_point(one, tried.citations[0], articles) and known.takes(one.made.text, tried.citations[0]):
            offered.append(one)
            left = [other for other in left if not known.asked(other.made.text)]
    return tuple(one.made.text for one in offered)


def _cost(one: _Candidate, offered: Sequence[_Candidate], tried: Sequence[Shape]) -> float:
    """What decides which question is tried next: near the answer, and unlike those before it."""
    same = sum(one.made.shape == other.made.shape for other in offered)
    about = sum(bool(set(one.made.names) & set(other.made.names)) for other in offered)
    vague = one.made.shape in ("said", "argued") and len(one.made.names) < 2
    wide = one.made.shape in ("about", "headed")
    unlike = _USED * same + _TRIED * tried.count(one.made.shape) + _SUBJECT * about
    return one.far + unlike + _VAGUE * vague + _WIDE * wide


def _answered(question: Question, ask: Ask) -> Answer | None:
    """The answer, where it is one and sure."""
    answer = next((event.answer for event in ask(question) if isinstance(event, Done)), None)
    sure = answer and not answer.abstained and answer.confidence >= SURE and answer.citations
    return answer if sure else None


class _Articles:
    """The articles that are read for the questions, each once, and what they call things by."""

    def __init__(self, read: Read, language: str) -> None:
        self.read = cache(read)
        self._language = language
        self._subjects = cache(self._named)

    def suggestions(self, id: str, line: str) -> list[Suggestion]:
        """The questions that a sentence of an article suggests, in the language of the answer."""
        made = (in_language(one, self._language) for one in suggestions(line, self._subjects(id)))
        return [one for one in made if one is not None]

    def _named(self, id: str) -> Subjects:
        article = self.read(id)
        return Subjects(article.text[:_OPENING] if article else "")


class _Known:
    """What the reader has asked and been told so far; what is accepted is known from then on."""

    def __init__(self, question: Question, answer: Answer) -> None:
        turns = [turn for turn in question.history if turn.role == "user"]
        self._asked = {_subject(text) for text in (question.text, answer.query, *(turn.text for turn in turns))}
        self._said = [folded(turn.text) for turn in question.history if turn.role == "assistant"]
        self._quoted: list[Citation] = []
        for citation in answer.citations:
            self._add(citation)

    def asked(self, text: str) -> bool:
        """Whether this has been asked, in these words or others that come to the same."""
        return _subject(text) in self._asked

    def takes(self, text: str, first: Citation) -> bool:
        """Whether a question is new that is answered with this quotation first; both are known from then on."""
        if self._given(first):
            return False
        self._add(first)
        self._asked.add(_subject(text))
        return True

    def _given(self, citation: Citation) -> bool:
        """Whether any sentence of the quotation has been quoted already, here or where the same words stand."""
        lines = [folded(citation.quote[start:end]) for start, end in sentences(citation.quote)]
        return any(_overlap(citation, other) for other in self._quoted) or any(
            line in text for text in self._said for line in lines
        )

    def _add(self, citation: Citation) -> None:
        self._quoted.append(citation)
        self._said.append(folded(citation.quote))


def _overlap(one: Citation, other: Citation) -> bool:
    return one.article == other.article and one.start < other.end and other.start < one.end


def _subject(text: str) -> frozenset[str]:
    """What a question comes to: its telling words, in whatever form and order."""
    return frozenset(stem(word) for word in telling(text)) - _ASKING


def _to_the_point(one: _Candidate, first: Citation, articles: _Articles) -> bool:
    """Whether the answer begins with what suggested the question, or with what might have.

    Where the question asks for no one thing, whether it begins with words about its subject.
    """
    if first.article == one.article and first.start < one.end and one.start < first.end:
        return True
    if one.made.shape == "headed":
        return first.article == one.article and first.start >= one.start
    if one.made.shape == "about":
        return all(_mentioned(part, folded(first.quote)) for part in one.made.names[0].split(" and "))
    lines = (first.quote[start:end] for start, end in sentences(first.quote))
    return any(made.text == one.made.text for line in lines for made in articles.suggestions(first.article, line))


def _mentioned(name: str, words: str) -> bool:
    """Whether a text names it, be it by the first or the last word of the name."""
    parts = re.findall(r"\w+", folded(name.removeprefix("the ")))
    return any(re.search(rf"\b{part}\b", words) for part in (parts[0], parts[-1]))


def _candidates(question: Question, answer: Answer, articles: _Articles) -> list[_Candidate]:
    """The questions that the articles suggest near the answer, the nearest first."""
    shared = _telling_of(question, answer)
    cited = {citation.article for citation in answer.citations if citation.article}
    found: list[_Candidate] = []
    for id, (start, end), line, far in (*_around(answer, articles.read), *_uncited(answer)):
        strange = not shared & _subject(line)
        # After an answer, a passage on something else is of no use; after none, it is the nearest that there is.
        if not (strange and cited and id not in cited):
            made = articles.suggestions(id, line)
            found += [_Candidate(one, id, start, end, far + _STRANGE * strange) for one in made]
    return sorted(found, key=lambda one: one.far)


def _telling_of(question: Question, answer: Answer) -> frozenset[str]:
    """The words of the question and the quotations, without those of every other passage: these say little about the topic."""
    words = _subject(" ".join((question.text, *(citation.quote for citation in answer.citations))))
    seen = Counter(word for passage in answer.passages for word in _subject(passage.text))
    return frozenset(word for word in words if seen[word] * 2 <= len(answer.passages))


Line = tuple[str, Span, str, float]
"""An article, a sentence's place in it, its words, and how far it is from the answer."""


def _around(answer: Answer, read: Read) -> Iterator[Line]:
    """The sentences around each citation, in its article."""
    for at, citation in enumerate(answer.citations[:WANTED]):
        article = read(citation.article) if citation.quote else None
        if article is None:
            continue
        lines = list(_lines(article, citation))
        here = next((n for n, (start, _) in enumerate(lines) if start >= citation.start), len(lines))
        for n, (start, end) in enumerate(lines):
            if end <= citation.start or start >= citation.end:
                yield citation.article, (start, end), article.text[start:end], abs(n - here) / 2 + at


def _lines(article: Article, citation: Citation) -> Iterator[Span]:
    """The whole sentences near a citation."""
    left, right = max(0, citation.start - AROUND), min(len(article.text), citation.end + AROUND)
    found = sentences(article.text[left:right], article.language)
    # What is cut at an end is no sentence.
    inner = found[left > 0 : len(found) - (right < len(article.text))]
    return ((left + start, left + end) for start, end in inner)


def _uncited(answer: Answer) -> Iterator[Line]:
    """The sentences of the passages that were found and not cited, the best passages first."""
    left = (one for one in answer.passages if not any(_within(citation, one) for citation in answer.citations))
    for rank, passage in zip(range(PASSAGES), left, strict=False):
        for start, end in passage.sentences:
            yield passage.article, (start, end), passage.text[start - passage.start : end - passage.start], 1.0 + rank


def _within(citation: Citation, passage: Passage) -> bool:
    return citation.article == passage.article and citation.start < passage.end and passage.start < citation.end
