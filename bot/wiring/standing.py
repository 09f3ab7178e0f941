"""Questions that stand: kept, asked again when the articles have changed, and what changed in their answers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import FootnoteError, InputError
from bot.permissions import Permission, needs
from bot.request_context import current_request, in_request
from bot.types import Answer, Done, Question
from bot.wiring.accounts import Accounts
from bot.wiring.archive import Archive
from bot.wiring.chat import Chat, retrieved
from bot.wiring.engine import SearchEngine
from vectorstore.errors import IndexMissing, VectorstoreError

if TYPE_CHECKING:
    from bot.conversation.answer_changes import AnswerChange
    from bot.conversation.history import StandingAnswer, StandingQuestion, StandingQuestions


@dataclass(frozen=True, slots=True)
class StandingOutcome:
    """What came of asking a standing question.

    `change` is what is new since the answer before, None where nothing is. `first`: there was no answer before. `spared`: the
    passages are the same as before, so no model was asked. `failure` says why there is no answer.
    """

    question: "StandingQuestion"
    answer: Answer | None = None
    change: "AnswerChange | None" = None
    first: bool = False
    spared: bool = False
    failure: str = ""


class StandingAsker:
    """The standing questions of a home. Threads may share it.

    >>> kept = service.standing.add(Question("Who launched the alliance?"))
    >>> outcome = service.standing.ask(kept.id)
    >>> outcome.first, outcome.answer.citations[0].article
    (True, 'co-prosperity-leader-alliance.md')
    >>> service.standing.due()
    ()
    """

    def __init__(self, engine: SearchEngine, archive: Archive, chat: Chat) -> None:
        self._engine = engine
        self._archive = archive
        self._chat = chat

    @needs(Permission.KEEP_CONVERSATIONS)
    def questions(self) -> "tuple[StandingQuestion, ...]":
        """Those that are kept, in the order in which they were added."""
        return self._kept().questions() if self._is_kept() else ()

    @needs(Permission.KEEP_CONVERSATIONS)
    def answers(self, id: str, limit: int) -> "tuple[StandingAnswer, ...]":
        """The answers to a question, one for each change, the newest first."""
        return self._kept().answers(id, limit)

    @needs(Permission.KEEP_CONVERSATIONS)
    def add(self, question: Question) -> "StandingQuestion":
        """Keeps a question with its scope and model; it is due from then on."""
        from bot.conversation.history import AskedQuestion

        # Without its history: a standing question has to be understood by itself.
        asked = AskedQuestion(question.text.strip(), question.searched, question.scope)
        # Read again: the store gives it its id and its time.
        return self._found(self._kept().add(asked, question.model))

    @needs(Permission.KEEP_CONVERSATIONS)
    def remove(self, id: str) -> None:
        """Takes a question out of the list; `restore` brings it back."""
        self._kept().remove(self._found(id).id)

    @needs(Permission.KEEP_CONVERSATIONS)
    def restore(self, id: str) -> None:
        """Undoes `remove`, for a week."""
        self._kept().restore(id)

    @needs(Permission.KEEP_CONVERSATIONS)
    def due(self) -> "tuple[StandingQuestion, ...]":
        """Those that were not asked since the articles changed last; none where there is no index."""
        try:
            generation = self._engine.catalog.generation()
        except IndexMissing:
            return ()
        return tuple(one for one in self.questions() if one.generation != generation)

    @needs(Permission.MAINTAIN)
    def ask_everybodys(self, wanted: Callable[[], bool] = lambda: True) -> Iterator[StandingOutcome]:
        """Asks the due questions of all who may still come in, each for its owner, as long as they are `wanted`."""
        # Each owner once, in the order in which their first question was kept.
        owners = dict.fromkeys(one.person for one in self._archive.everybody().standing.questions()) if self._is_kept() else ()
        for owner in filter(self._may_ask, owners):
            # Within a reader's rights, whoever it is: what models cost is counted for them.
            asked_for = replace(current_request(), person=owner, role="reader" if owner else "admin")
            outcomes = in_request(self.ask_due(wanted), asked_for)
            # Whoever stops asking in the middle ends the question that is under way.
            with closing(outcomes):
                yield from outcomes

    @needs(Permission.KEEP_CONVERSATIONS)
    def ask_due(self, wanted: Callable[[], bool] = lambda: True) -> Iterator[StandingOutcome]:
        """Asks those that are due, one after another, as long as they are `wanted`."""
        for one in self.due():
            # Asked before each question, as a model may take a while for one.
            if not wanted():
                return
            yield self.ask(one.id)

    @needs(Permission.KEEP_CONVERSATIONS)
    def ask(self, id: str, *, anew: bool = False) -> StandingOutcome:
        """Asks a question, and keeps what changed; with `anew`, a model is asked even where the passages are the same.

        Raises InputError where the question is not kept; whatever else stands in the way is the outcome's `failure`.
        """
        one = self._found(id)
        try:
            # Read before the answer is made: what changes meanwhile makes the question due once more.
            generation = self._engine.catalog.generation()
            outcome = self._asked(one, anew=anew)
        except (FootnoteError, VectorstoreError) as error:
            outcome = StandingOutcome(one, failure=error.message)
        # A failure leaves the question due.
        if outcome.failure:
            self._kept().failed(id, outcome.failure)
        elif outcome.first or outcome.change is not None:
            assert outcome.answer is not None
            self._kept().keep(one, outcome.answer, outcome.change, generation)
        else:
            # Nothing is new: only the state of the articles is noted, so that the question is not due until they change again.
            self._kept().confirm(one, generation)
        # As it stands now, with its new answer and the state of the articles.
        return replace(outcome, question=self._found(id))

    def _asked(self, one: "StandingQuestion", *, anew: bool) -> StandingOutcome:
        """The answer as it is now, and what is new in it."""
        question = Question(one.asked.question, scope=one.asked.scope, searched=one.asked.wanted, model=one.model)
        if one.last is not None and not anew and self._same_passages(question, one.last.answer):
            return StandingOutcome(one, one.last.answer, self._news(one, one.last.answer), spared=True)
        answer = self._answer(question)
        # An answer that broke off is compared with nothing: half of it would read as if the rest had changed.
        if answer.trouble is not None:
            return StandingOutcome(one, failure=answer.trouble.message)
        if one.last is None:
            return StandingOutcome(one, answer, first=True)
        return StandingOutcome(one, answer, self._news(one, answer))

    def _answer(self, question: Question) -> Answer:
        from bot.conversation.answer_changes import anchored

        # The events before the last one are for readers who watch; nobody watches here.
        *_, done = self._chat.stream(question)
        assert isinstance(done, Done)
        return anchored(done.answer, self._engine.text)

    def _same_passages(self, question: Question, before: Answer) -> bool:
        """Whether a model would be given what it was given before, so that another answer would differ by chance alone."""
        if before.mode != "model":
            # Quotations cost nothing, so they are simply made again.
            return False
        try:
            _, passages = retrieved(self._chat, question)
        except InputError:
            # A question about the collection is answered without a search.
            return False
        # The order counts, as a model is given the passages in it; scores and numbers do not.
        return [(one.article, one.text) for one in passages] == [(one.article, one.text) for one in before.passages]

    def _news(self, one: "StandingQuestion", answer: Answer) -> "AnswerChange | None":
        """What changed since the last answer; None where that is nothing, or nothing that was not said before."""
        from bot.conversation.answer_changes import answer_change

        assert one.last is not None
        # Of the last answer's articles: their footnotes are what may have lost its ground.
        gone = self._files_gone(one.last.answer)
        change = answer_change(one.last.answer, answer, self._engine.text, gone)
        # An article whose file is gone may be cited all the same, and is told of once.
        known = {told.article for told in one.last.change.broken} if one.last.change else set[str]()
        news = tuple(told for told in change.broken if told.why != "file gone" or told.article not in known)
        return change if replace(change, broken=news) else None

    def _files_gone(self, answer: Answer) -> list[str]:
        """The cited articles whose files are not there any more."""
        found = self._engine.summaries([citation.article for citation in answer.citations])
        return [id for id, summary in found.items() if getattr(summary, "gone", False)]

    def _may_ask(self, owner: str) -> bool:
        """Whether a question's owner is that of the machine, or on the list of those who may come in, where there is one."""
        settings = self._engine.settings
        return not (owner and settings.signin_provider) or Accounts(settings.home).role_of(owner) != "none"

    def _is_kept(self) -> bool:
        from bot.conversation.history import History

        # To look for questions must not make a home that is not there.
        settings = self._engine.settings
        return History.is_kept(settings.home, settings.catalog)

    def _kept(self) -> "StandingQuestions":
        return self._archive.history().standing

    def _found(self, id: str) -> "StandingQuestion":
        found = self._kept().question(id)
        if found is None:
            raise InputError(f"There is no standing question {id}.", "`footnote watch list` names those there are.")
        return found
