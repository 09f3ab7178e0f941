"""What is asked of the articles: answers to questions, and the check of a draft of one's own."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from bot.errors import InputError
from bot.permissions import Permission, needs, open_to_all
from bot.request_context import current_request, in_request
from bot.settings import Settings
from bot.tracing import answer_attributes, checked_attributes, traced_search, traced_stream
from bot.types import Answer, Checked, Condensed, DraftAdvice, Event, FollowUps, Passage, Question, Retrieved, Token
from bot.wiring.answering import AnswerFactory
from bot.wiring.engine import SearchEngine
from bot.wiring.limits import UsageLimits
from bot.wiring.request_log import logged_answer, logged_check
from vectorstore.memory import MemoryTidier
from vectorstore.types import Span

if TYPE_CHECKING:
    from bot.verification.judging import Judgement

TIDIED = 10.0
"""Seconds after which what answers have left of memory is given back."""


class Chat:
    """Answers questions, and offers some. Threads may share it.

    >>> *_, done = service.chat.stream(Question("Who translated the op-ed?"))
    >>> [citation.article for citation in done.answer.citations]
    ['five-pieces-on-one-page.md', 'taiwan-japan-military-gap.md']
    """

    def __init__(self, settings: Settings, engine: SearchEngine, answers: AnswerFactory, limits: UsageLimits) -> None:
        self._settings = settings
        self._limits = limits
        self._engine = engine
        self._answers = answers
        self._lock = threading.RLock()
        self._memory = MemoryTidier(TIDIED)
        # The generation of the articles for which the examples were thought of, and the examples.
        self._examples: tuple[int, Sequence[str]] | None = None

    @needs(Permission.ASK)
    def stream(self, question: Question) -> Iterator[Event]:
        """The answer as it comes about; the last event is Done.

        Raises InputError for a question without a word or one that is too long, and LimitReached.
        """
        require_words(question.text)
        self._limits.check_question(question.text)
        self._limits.count_request()
        # A generator, whatever its type says: a caller that goes away in the middle closes it, which ends the work.
        events = traced_stream("answer", self._events(question), answer_attributes)
        return in_request(logged_answer(question, events), current_request())

    def _events(self, question: Question) -> Generator[Event]:
        # Inside of the generator, so that the place is given back when whoever asked goes away.
        with self._limits.slot():
            try:
                yield from self._answers.bot(question.model).stream(question)
            finally:
                self._memory.tidy()

    @needs(Permission.ASK)
    def mode(self) -> str:
        """How answers are made unless a question says otherwise: "quotes", the name of a choice, or the environment's model,
        which is "" while its server is not asked.
        """
        # Cheap on purpose: a page asks this with each run, and must not wait for a server.
        if chosen := self._answers.models.default():
            return chosen
        model = self._answers.model("")
        return model.name if model else "quotes"

    @needs(Permission.ASK)
    def models(self) -> Sequence[str]:
        """What can be chosen instead: "quotes", and the models of the server, if one is set. This may take seconds."""
        from bot.models import QUOTES, list_models

        return [QUOTES, *list_models(self._settings)]

    @needs(Permission.ASK)
    def chosen_models(self) -> Sequence[str]:
        """The names of the models that were chosen in the page or by `footnote models`; no server is asked for these."""
        return self._answers.models.names()

    @needs(Permission.ASK)
    def advises(self) -> bool:
        """Whether a model is asked for a second opinion on claims that are in doubt, unless a question says otherwise."""
        return self._settings.second_opinion

    @needs(Permission.ASK)
    def followups(self, question: Question, answer: Answer, wanted: Callable[[], bool] = lambda: True) -> FollowUps:
        """Up to three questions to go on with, each of which the articles can answer; a model writes some where one is set.

        The model is let go as soon as they are not `wanted` any more.
        """
        from bot.suggestions.offering import followups

        # A reader of quotations has not chosen a model, so none is paid for suggestions either.
        writer = self._answers.question_writer(question.model) if answer.mode == "model" else None
        write = partial(writer.write, wanted=wanted) if writer else None
        # Each is tried by quoting: a model is not paid for answers that nobody asked for.
        return followups(
            question, answer, self._engine.catalog.article, self._answers.bot("quotes").stream, write, self._is_word
        )

    @needs(Permission.ASK)
    def examples(self) -> Sequence[str]:
        """Three questions that these articles answer; thought of once for each state of the index."""
        from bot.suggestions.offering import examples

        catalog = self._engine.catalog
        # The generation counts up with each change of the index, so old examples are not offered for new articles.
        generation = catalog.generation()
        with self._lock:
            if self._examples is None or self._examples[0] != generation:
                # Thought of by quoting: nobody asked for these answers, so no model is paid for them.
                quoting = self._answers.bot("quotes").stream
                self._examples = (generation, examples(catalog.articles(), catalog.article, quoting, self._is_word))
            return self._examples[1]

    def _is_word(self, letters: str) -> bool:
        """Whether the encoder has these letters in its vocabulary as one word."""
        # A word that the vocabulary lacks is cut into several pieces.
        return self._engine.encoder().count_tokens([letters]) == [1]

    @open_to_all
    def warm(self, *, examples: bool = True) -> None:
        """Opens all that a question needs, and thinks of the examples where they are offered, before anybody asks."""
        # An empty home has nothing to open, and is told of by `Library.problem` when somebody asks.
        if self._engine.has_articles():
            self._answers.warm("")
            if examples:
                self.examples()


class DraftChecker:
    """Finds a source and a verdict for each sentence of a text. Threads may share it.

    >>> draft = "The alliance was launched in Tokyo on Dec. 23. It owns mines on the Moon."
    >>> [one.verdict for one in service.drafts.check(draft)]
    ['supported', 'not found']
    """

    def __init__(self, engine: SearchEngine, answers: AnswerFactory, limits: UsageLimits) -> None:
        self._engine = engine
        self._answers = answers
        self._limits = limits

    @needs(Permission.ASK)
    def statements(self, draft: str) -> Sequence[Span]:
        """The sentences of a draft that state something, in order; these are what `check` checks. Raises what that does."""
        from bot.answering.drafting import draft_statements

        self._limits.check_draft(draft)
        return draft_statements(draft)

    @needs(Permission.ASK)
    def check(self, draft: str, spans: Sequence[Span] | None = None) -> Iterator[Checked]:
        """Each sentence with its best source and a verdict, as soon as it is checked; `spans` names some of them alone.

        Raises InputError for a draft that is too large, and LimitReached.
        """
        self._limits.check_draft(draft)
        self._limits.count_request()
        checked = traced_stream("check", self._checked(draft, spans), checked_attributes)
        return in_request(logged_check(draft, checked), current_request())

    def _checked(self, draft: str, spans: Sequence[Span] | None) -> Generator[Checked]:
        from bot.answering.cited import checked_with_pages
        from bot.answering.drafting import check_draft

        with self._limits.slot():
            # The search alone is traced: a check of a draft makes one for each sentence.
            search = traced_search(self._engine.searcher().search)
            for one in check_draft(draft, search, self._engine.catalog.summaries, self._answers.verifier(), spans):
                yield checked_with_pages(one, self._engine.pages)

    @needs(Permission.ASK)
    def judge(self, claim: str, source: str) -> "Judgement":
        """What a text that is not among the articles is to a claim, as `footnote verify` judges; it needs no index."""
        # Without the reader's own reviews, so that a pair is judged alike in every home.
        return self._answers.verifier(own=False).judge(claim, source)

    @needs(Permission.ASK)
    def advise(self, found: Sequence[Checked]) -> DraftAdvice:
        """The sentences with the model's opinions of those in doubt; what goes wrong is told in the advice's note."""
        from bot.answering.second_opinion import draft_with_opinions

        # Quotes mode: a setting asks for opinions, but there is nobody to give any.
        if (advisor := self._answers.advisor()) is None:
            return DraftAdvice(tuple(found), note="There is no second opinion: no model is set.")
        return draft_with_opinions(found, self._engine.text, advisor)


def require_words(question: str) -> None:
    """Raises InputError for a question that says nothing, or that no tokenizer takes; the same sentence at every door."""
    if not question.strip():
        raise InputError("The question is missing or empty.", "Ask in at least one word.")
    try:
        question.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        raise InputError("The question is not valid Unicode.", "Send it as UTF-8.") from None


def retrieved(chat: Chat, question: Question) -> tuple[str, tuple[Passage, ...]]:
    """What is searched for a question, and the passages that an answer would be written from; no answer is made.

    Raises what a search does, and InputError where a question is answered without one, with what is answered as its help.
    """
    query, said = "", ""
    # By quoting, which asks no model. Closing the generator after the search keeps an answer from being made.
    with closing(cast("Generator[Event]", chat.stream(replace(question, model="quotes")))) as events:
        for event in events:
            match event:
                case Condensed(query):
                    pass
                case Retrieved(passages):
                    # Leaving here closes the stream, before anything is quoted.
                    return query, passages
                case Token(text):
                    said += text
    raise InputError("This question is not searched, so no prompt is sent.", said or "Put it in other words.")
