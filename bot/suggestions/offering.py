"""Questions that a reader may ask next, or first; each is tried on the articles before it is offered."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest

from bot.answering.quoting import FAR
from bot.phrases import ENGLISH
from bot.suggestions.direct_questions import IsWord
from bot.suggestions.sources import SuggestedQuestion, content_keys, suggested_questions
from bot.suggestions.written import WrittenQuestions
from bot.types import Answer, Citation, Done, Event, FollowUps, Passage, Question
from vectorstore.searching.folding import folded
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Article

WANTED = 3
TRIES = 8
"""Questions that are tried at most: each costs a search or two of some 20 to 50 ms."""
SURE = 0.3
"""How sure the answer must be, beside beginning in the right place; a question of the reader's own is answered from 0.12 on."""
SURER = 0.5
"""How sure it must be where a model wrote the question, and no place is known in which the answer should begin."""
ARTICLES = 3
"""Articles that are read for what to ask next: those of the best passages."""
ALIKE = 0.6
"""How many of the question's words another cited article must have, as a share of those that the article cited first has: else
it is about something else."""
EXAMPLES = 12
"""Articles that are read for the examples, and questions that are tried: the empty page must not wait for them."""
_LATER, _STRANGE, _UNCLEAR = 1.0, 2.0, 3.0
"""What counts against a question for each article that was cited before its own, against one that has no word in common with
the reader's, and against a heading that does not name its subject."""
_KINDS = {"section": 0.0, "subject": 2.0, "overview": 3.0}
"""What counts against each kind: the more particular a question, the better it can be told what it asks for."""
_FIRST = 100.0
"""What speaks for a question that a model wrote: more than anything that counts against it."""
_USED, _TRIED = 3.0, 1.5
"""What counts against a question for each that is offered of its kind or about its article, and for each tried of its kind."""

Read = Callable[[str], Article | None]
Ask = Callable[[Question], Iterator[Event]]
Write = Callable[[Question, Answer], WrittenQuestions]


def followups(
    question: Question, answer: Answer, read: Read, ask: Ask, write: Write | None = None, known: IsWord = lambda _: False
) -> FollowUps:
    """Up to three questions that the articles answer with something new, on the subject of what was just answered.

    `known` is that of `suggested_questions`. `write` has a model write some, which are tried first; without it, the same
    arguments give the same questions. `ask` answers a question; it is asked for quotations, in the reader's scope, and what it
    raises is raised.
    """
    reader, subject = _Known(question, answer), _Subject(question, answer)
    written = write(question, answer) if write else WrittenQuestions()
    # Costs are compared only with each other: what a model wrote comes before all else, in the order of its reply.
    costs = {_written(text): n - _FIRST for n, text in enumerate(written.questions)} | dict(
        _near(question, answer, read, known)
    )
    # What the reader has asked already is sorted out before anything is tried, as each try costs a search.
    new = {one: cost for one, cost in costs.items() if not reader.asked(one.words)}
    offered: list[SuggestedQuestion] = []
    for one in _in_turn(new, offered, TRIES):
        # What was offered just now is known too.
        if not reader.asked(one.words):
            tried = _tried(Question(one.text, scope=question.scope, model="quotes"), ask)
            # `takes` comes last, as it notes the answer as known to the reader.
            if tried and subject.holds(one, tried) and reader.takes(one, tried.citations):
                offered.append(one)
    return FollowUps(tuple(one.text for one in offered), written.usage)


def examples(articles: Iterable[ArticleSummary], read: Read, ask: Ask, known: IsWord = lambda _: False) -> list[str]:
    """Up to three questions to begin with, of different articles and kinds where that can be had.

    They are in the language of most of the articles, and of articles in it: who reads those can read the questions.
    """
    texts = [article for one in _of_one_language(articles)[:EXAMPLES] if (article := read(one.id)) is not None]
    each = [[one for one in suggested_questions(article, known=known) if one.clear] for article in texts]
    # The first question of each article, then the second of each, so that the examples are of different articles.
    left = {one: _KINDS[one.kind] for one in chain.from_iterable(zip_longest(*each)) if one is not None}
    offered: list[SuggestedQuestion] = []
    for one in _in_turn(left, offered, EXAMPLES):
        tried = _tried(Question(one.text, model="quotes"), ask)
        if tried and _to_the_point(one, tried):
            offered.append(one)
    return [one.text for one in offered]


def _of_one_language(articles: Iterable[ArticleSummary]) -> list[ArticleSummary]:
    """The articles in the language that most of them are in; of languages with as many, the one that comes first."""
    whole = list(articles)
    languages = [one.language or ENGLISH for one in whole]
    # `most_common` keeps the order of the first coming among equals.
    common = dict(Counter(languages).most_common(1))
    return [one for one, language in zip(whole, languages, strict=True) if language in common]


def _in_turn(
    costs: Mapping[SuggestedQuestion, float], offered: Sequence[SuggestedQuestion], most: int
) -> Iterator[SuggestedQuestion]:
    """What to try next, at most so many: the least costly, and unlike what has been `offered` and tried by then."""
    tried: list[SuggestedQuestion] = []
    # Of equal costs the earlier one, so that the same answer has the same questions.
    places = {one: at for at, one in enumerate(costs)}

    def cost(one: SuggestedQuestion) -> float:
        """What trying it costs by now: more for each kind or article that was offered or tried before."""
        used = sum((one.kind == other.kind) + (one.article == other.article) for other in offered)
        return costs[one] + _USED * used + _TRIED * sum(one.kind == other.kind for other in tried)

    while len(offered) < WANTED and len(tried) < min(most, len(costs)):
        # Costs are worked out anew in each round, since what was just offered or tried raises those of its like.
        tried.append(min(costs.keys() - tried, key=lambda one: (cost(one), places[one])))
        yield tried[-1]


def _near(question: Question, answer: Answer, read: Read, known: IsWord) -> Iterator[tuple[SuggestedQuestion, float]]:
    """What the articles of the answer suggest, each with how far it is from the answer; not what was quoted.

    These are the articles that it cites. Where it cites none, they are those of the passages that come near, of which only
    what has words in common with the question is taken; where nothing comes near, there is no subject to go on with.
    """
    if answer.abstained and answer.confidence < FAR:
        return
    cited = _cited_on_the_subject(question, answer)
    topic = content_keys(f"{question.text} {answer.query}")
    for turn, id in enumerate(list(cited or dict.fromkeys(passage.article for passage in answer.passages))[:ARTICLES]):
        article = read(id)
        for one in suggested_questions(article, question.text, known) if article else ():
            quoted = one.kind == "section" and any(_within(one, citation) for citation in answer.citations)
            strange = not topic & content_keys(one.words)
            if (cited or (one.clear and not strange)) and not quoted:
                # The better the passage that a heading or name stands in, the nearer the question is to what was asked.
                ranks = [n for n, passage in enumerate(answer.passages) if _stands_in(one, passage)]
                far = min(ranks, default=len(answer.passages))
                unlike = _LATER * turn + _STRANGE * strange + _UNCLEAR * (not one.clear)
                yield one, far + _KINDS[one.kind] + unlike


def _cited_on_the_subject(question: Question, answer: Answer) -> list[str]:
    """The ids of the articles that the answer cites, as far as what it cites of them has to do with the question.

    The further quotations of an answer may come from an article that shares a word with the question and is about something
    else: of bridges where the bridge of a violin was asked about.
    """
    told: dict[str, str] = {}
    for one in answer.citations:
        if one.article:
            told[one.article] = f"{told.get(one.article, one.title)} {one.quote}"
    topic = content_keys(f"{question.text} {answer.query}")
    shared = {id: len(topic & content_keys(words)) for id, words in told.items()}
    first = next(iter(shared.values()), 0)
    return [id for n, (id, count) in enumerate(shared.items()) if n == 0 or (count and count >= ALIKE * first)]


def _written(text: str) -> SuggestedQuestion:
    """A question that a model wrote."""
    return SuggestedQuestion(text, "written", text, "", 0, 0)


def _to_the_point(one: SuggestedQuestion, tried: Answer) -> bool:
    """Whether an answer begins with what suggested the question; of a name, whether it begins with a sentence that has it.

    A question that a model wrote can be held to nothing, so the answer must be surer of itself.
    """
    if one.kind == "written":
        return tried.confidence >= SURER
    first = tried.citations[0]
    if one.kind == "subject":
        return one.article == first.article and content_keys(one.words) <= content_keys(first.quote)
    return _within(one, first)


def _stands_in(one: SuggestedQuestion, passage: Passage) -> bool:
    """Whether what suggested the question stands in a passage; a name does wherever its article has it."""
    named = one.kind == "subject" and one.article == passage.article and one.words in passage.text
    return named or _within(one, passage)


def _within(one: SuggestedQuestion, place: Passage | Citation) -> bool:
    return one.article == place.article and one.start < place.end and place.start < one.end


def _tried(question: Question, ask: Ask) -> Answer | None:
    """The answer, where it is one and sure."""
    answer = next((event.answer for event in ask(question) if isinstance(event, Done)), None)
    sure = answer and not answer.abstained and answer.confidence >= SURE and answer.citations
    return answer if sure else None


class _Subject:
    """What an answer is about: the articles that it cites, and the words of its question."""

    def __init__(self, question: Question, answer: Answer) -> None:
        self._cited = set(_cited_on_the_subject(question, answer))
        self._words = content_keys(f"{question.text} {answer.query}")

    def holds(self, one: SuggestedQuestion, tried: Answer) -> bool:
        """Whether the answer to a question is to its point, and goes on with the subject: a model may write of anything."""
        first = tried.citations[0]
        near = first.article in self._cited or bool(self._words & content_keys(f"{one.words} {first.quote}"))
        return near and _to_the_point(one, tried)


class _Known:
    """What the reader has asked and been told so far; what is accepted is known from then on."""

    def __init__(self, question: Question, answer: Answer) -> None:
        turns = [turn for turn in question.history if turn.role == "user"]
        self._asked = [content_keys(text) for text in (question.text, answer.query, *(turn.text for turn in turns))]
        self._said = [folded(turn.text) for turn in question.history if turn.role == "assistant"]
        self._said += [folded(citation.quote) for citation in answer.citations]

    def asked(self, words: str) -> bool:
        """Whether a question has been asked that has all of these words."""
        return any(content_keys(words) <= asked for asked in self._asked)

    def takes(self, one: SuggestedQuestion, told: Sequence[Citation]) -> bool:
        """Whether the first quotation that answers a question is new to the reader, who then knows both."""
        if any(line in said for line in _lines(told[0]) for said in self._said):
            return False
        # Only the first quotation is what the question is about; the others may still be offered by themselves.
        self._said += [folded(citation.quote) for citation in told[:1]]
        self._asked.append(content_keys(one.words))
        return True


def _lines(citation: Citation) -> list[str]:
    return [folded(citation.quote[start:end]) for start, end in sentences(citation.quote)]
