"""What one browser session remembers: the conversation, its scope, the answer on its way, and the source that stands open.

The conversation is in the history too, turn by turn. What the session holds is the branch of it that is shown.
"""

from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import streamlit as st

from bot.conversation.history import AskedQuestion, Decision, Exchange, Feedback, History, Rating, Review
from bot.errors import FootnoteError, HistoryError
from bot.types import Problem, Question
from bot.ui.ablation import AblatedAnswer, without_passage
from bot.ui.addresses import NOWHERE, Address
from bot.ui.elsewhere import AddedElsewhere, turns_added
from bot.ui.exchange import SourceTarget, begun, history, stopped
from bot.ui.model_offer import default_model, last_model
from bot.ui.running import AnswerThread, Keep, running_answer
from bot.ui.scoping import ScopePart, scope_parts, scope_without
from bot.ui.spending import NOTHING, Spent, with_answer, with_later_cost
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.model_choices import QUOTES
from vectorstore.errors import VectorstoreError
from vectorstore.types import EVERYWHERE, Scope, Span

# The page's name stands behind it: the chat, the library and the standing questions each have a conversation of their own.
_KEY = "footnote"
DRAWN = 12
"""Turns that are drawn when a conversation is opened; earlier ones on request. A browser is slow to build hundreds."""
MORE = 24
GONE = Problem(word("chat.this_conversation_is_not_kept"), word("chat.choose_another_one_or_ask"))


@dataclass(slots=True)
class ChatState:
    """One conversation, as far as it is shown. Mutable on purpose: Streamlit reruns the page around it.

    `conversation` is its id in the history, "" before the first question; `address` is what the browser shows of it. `running`
    is the answer that is on its way, to the exchange `at`. `branches` gives, by exchange, all that were asked in its place.
    `scope` is what the next question is kept to, `parts` tell of it in words. `model` is what the reader has chosen to answer,
    "" as long as they have not, and `second_opinion` whether they want one, None as long as they have not said. `spent` is what
    all answers have cost. `fault` is what the reader must be told at the top.
    `first` is the number of the first turn that is drawn, `target` the one that an address named. `reviewing` is the
    exchange whose footnotes are being reviewed. `redraw`: a part of the page has changed what other parts show.
    `elsewhere` is what another window has added to the conversation.
    `reading_only`: its answers are no part of a conversation, so they can be read, and neither reviewed nor given again.
    `borders` are the passages to be shown in an article that is read. `session` tells this page from the same one loaded again.
    """

    # The turns of the branch that is shown, oldest first.
    exchanges: list[Exchange] = field(default_factory=list)
    conversation: str = ""
    address: Address = NOWHERE
    branches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    feedback: dict[str, Feedback] = field(default_factory=dict)
    reviews: dict[str, dict[int, Review]] = field(default_factory=dict)
    reviewer: str = ""
    ablations: dict[str, AblatedAnswer] = field(default_factory=dict)
    traced: set[str] = field(default_factory=set)
    running: AnswerThread | None = None
    at: int = 0
    opened: SourceTarget | None = None
    reviewing: str = ""
    scope: Scope = EVERYWHERE
    parts: tuple[ScopePart, ...] = ()
    model: str = ""
    second_opinion: bool | None = None
    spent: Spent = NOTHING
    fault: Problem | None = None
    first: int = 0
    target: str = ""
    redraw: bool = False
    elsewhere: AddedElsewhere = field(default_factory=AddedElsewhere)
    reading_only: bool = False
    borders: tuple[Span, ...] = ()
    session: str = field(default_factory=lambda: uuid4().hex)

    # Asking

    def ask(self, service: Service, text: str) -> None:
        """Start the answer to a question; one that is still running is stopped and kept as incomplete.

        Where another window has added to the conversation meanwhile, the question waits until it is sent once more.
        """
        # Asked at each question, as another window may have added to the conversation since the page was drawn.
        self.look_elsewhere(service)
        if (text := text.strip()) and not self.elsewhere.refuses(text):
            self.elsewhere.forget()
            self.stop()
            # With the words for its scope, so that an old answer still tells them when its articles are gone.
            asked = AskedQuestion(text, scope=self.scope, kept=tuple(part.label for part in self.parts))
            self._begin(service, len(self.exchanges), asked, self.model)

    def search_again(self, service: Service, id: str, wanted: str) -> None:
        """Answer a question anew, with a search in the reader's words: a new branch from there on."""
        if wanted := wanted.strip():
            self._anew(service, id, wanted=wanted, model=self.model)

    def answer_again(self, service: Service, id: str, model: str = "") -> None:
        """Answer a question anew with `model`, else with what is chosen now: a new branch from there on."""
        self._anew(service, id, model=model or self.model)

    def search_everywhere(self, service: Service, id: str) -> None:
        """Answer a question anew from all articles, whatever it was kept to: a new branch from there on."""
        self._anew(service, id, model=self.model, everywhere=True)

    def edit(self, service: Service, id: str, text: str) -> None:
        """Ask another question in the place of one: a new branch from there on."""
        if text := text.strip():
            # A search that was put right belongs to the old question: the new one is searched as it stands.
            self._anew(service, id, question=text, wanted="", model=self.model)

    def _anew(
        self, service: Service, id: str, *, model: str, question: str = "", wanted: str | None = None, everywhere: bool = False
    ) -> None:
        if (at := self._place(id)) is None:
            return
        self.stop()
        before = self.exchanges[at].asked
        wanted = before.wanted if wanted is None else wanted
        scope, kept = (EVERYWHERE, ()) if everywhere else (before.scope, before.kept)
        self._begin(service, at, AskedQuestion(question or before.question, wanted, scope, kept), model)

    def _begin(self, service: Service, at: int, asked: AskedQuestion, model: str) -> None:
        """The exchange as the turn `at` of the conversation; what stood there and after it stays in another branch."""
        self.fault, self.target, self.reviewing = None, "", ""
        # Asked before anything is changed: the turn that stands there now is one of them.
        siblings = self._siblings(at)
        exchange = begun(asked, "quotes" if (model or default_model(service.chat)) == QUOTES else "model", model)
        # Begun in the history first, so that the answer has a place to be kept in from its first words on.
        keep = self._kept(service, at, exchange)
        self._forget(self.exchanges[at:])
        if keep and siblings:
            # Not told to the siblings' own entries: they are not drawn now, and are read from the history when they are.
            self.branches[exchange.id] = (*siblings, exchange.id)
        self.exchanges[at:] = [exchange]
        # What is asked in the place of a turn knows what was said before it, and nothing of what came after.
        before = history(self.exchanges[:at])
        question = Question(asked.question, before, asked.scope, asked.wanted, model, second_opinion=self.second_opinion)
        # A long chat does not grow without end in the browser: at most `DRAWN + MORE` turns before the new one stay drawn.
        self.at, self.first = at, max(self.first, at - DRAWN - MORE)
        self.running = AnswerThread(service.chat.stream, exchange, question, keep, service)

    def _siblings(self, at: int) -> tuple[str, ...]:
        if at == len(self.exchanges):
            return ()
        id = self.exchanges[at].id
        return self.branches.get(id, (id,))

    def _kept(self, service: Service, at: int, exchange: Exchange) -> Keep | None:
        """Begins the turn in the history; None, and a word about it, where that cannot be."""
        try:
            history = service.archive.history()
            if not self.conversation:
                self.conversation = history.create(exchange.asked.question)
            # A turn hangs on the one before it, so two turns with one parent are two branches.
            parent = self.exchanges[at - 1].id if at else ""
            history.begin(self.conversation, exchange.asked, parent=parent, model=exchange.model, id=exchange.id)
        except HistoryError as error:
            self.fault = Problem(word("chat.not_kept", why=error.message), error.help)
            return None
        return lambda exchange: history.save(exchange.id, exchange.answer)

    def _forget(self, gone: list[Exchange]) -> None:
        """What belongs to exchanges that are not shown any more goes with them."""
        for exchange in gone:
            self.traced.discard(exchange.id)
            if ablated := self.ablations.pop(exchange.id, None):
                ablated.stop()
            if self.opened is not None and self.opened.exchange == exchange.id:
                self.opened = None

    # The answer on its way

    def advance(self) -> bool:
        """Take in what the running answer has brought; whether more will come."""
        if self.running is None:
            return False
        # In this order: a thread that ends between the two lines is looked at once more, and nothing of it is lost.
        over, was = self.running.over, self.exchanges[self.at]
        # No Streamlit call stands between taking the answer and storing it, so a rerun can't lose any.
        now = self.exchanges[self.at] = self.running.exchange
        if was.answer.status == "running" and now.answer.status != "running":
            # Counted once, when the answer ends: before that its usage is not known.
            self.spent = with_answer(self.spent, now.answer)
        elif now.answer is not was.answer:
            # Thinking of what to ask next may have cost something, once the answer was complete.
            self.spent = with_later_cost(self.spent, was.answer, now.answer)
        if over:
            self.running = None
        return self.running is not None

    def busy(self, id: str) -> bool:
        """Whether more is to come for this exchange: its answer, what to ask next, or its answer without a passage."""
        ablated = self.ablations.get(id)
        running = self.running is not None and self.exchanges[self.at].id == id
        return running or (ablated is not None and ablated.running is not None)

    def stop(self) -> None:
        """Stop the running answer, if there is one, and keep what there is of it."""
        # First what has come meanwhile: an answer that is complete by now is not cut short.
        if self.advance() and self.running is not None:
            self.exchanges[self.at] = self.running.cancel()
            self.running = None

    # Conversations

    def look_elsewhere(self, service: Service) -> None:
        """See what another window has added to the conversation since it was opened here."""
        try:
            history = service.archive.history()
        except HistoryError:
            return
        self.elsewhere.added = turns_added(history, self.conversation, self.exchanges)

    def load_added(self, service: Service) -> None:
        """Show the conversation as it is now, with what another window has added."""
        self.visit(service, Address(self.conversation))

    def clear(self) -> None:
        """A new conversation. An answer on its way is completed in the old one, if that is kept."""
        # In a kept conversation the thread goes on and keeps the answer; in one that is not kept nobody would ever see it.
        if self.running is not None and not self.conversation:
            self.running.cancel()
        self._forget(self.exchanges)
        self.running, self.opened, self.fault, self.reviewing, self.target = None, None, None, "", ""
        self.exchanges, self.branches, self.feedback, self.reviews = [], {}, {}, {}
        self.conversation, self.spent, self.first, self.model = "", NOTHING, 0, ""
        self.elsewhere.forget()

    def visit(self, service: Service, address: Address) -> None:
        """Open a conversation from the history where its address leads: at its end, at a turn, or with a footnote open."""
        # Only a session that has shown no conversation yet: later the scope in sight is what the reader has set.
        fresh = self.address == NOWHERE and not self.scope
        self.clear()
        try:
            self._open(service.archive.history(), address)
            # After the turns are read, as the model is that of the last one.
            self.model = last_model(service.chat, self.exchanges)
            if fresh and self.exchanges:
                # Whoever opens a link goes on with what was asked of; of a page that is loaded again, the tab knows better.
                self._keep_to_last(service)
        except HistoryError as error:
            self.clear()
            self.fault = Problem(error.message, error.help)
        # Set even where nothing could be opened: otherwise each run of the page would try again, and say again that it failed.
        self.address = address

    def branch(self, service: Service, turn: str) -> None:
        """Show the branch through a turn; an answer on its way in another one is completed there."""
        try:
            found = service.archive.history()
            found.show(self.conversation, turn)
        except HistoryError as error:
            self.fault = Problem(error.message, error.help)
        else:
            self.visit(service, Address(self.conversation, turn))

    def _open(self, kept: History, address: Address) -> None:
        found = kept.conversation(address.conversation)
        # The turn stands in another branch than the one that was shown last.
        if found and address.turn and all(turn.id != address.turn for turn in found.turns):
            kept.show(address.conversation, address.turn)
            found = kept.conversation(address.conversation)
        if found is None or found.head.deleted:
            self.fault = GONE
            return
        self.conversation = found.head.id
        self.exchanges = [self._resumed(turn, at) for at, turn in enumerate(found.turns)]
        # The history names every turn, and only those with others in their place have a switch between them.
        self.branches = {id: ids for id, ids in found.branches.items() if len(ids) > 1}
        self.feedback = dict(found.feedback)
        self.reviews = {id: dict(reviews) for id, reviews in found.reviews.items()}
        for exchange in self.exchanges:
            self.spent = with_answer(self.spent, exchange.answer)
        at = self._place(address.turn)
        self.target = address.turn if at is not None else ""
        # At the turn that the address names, or so that the last `DRAWN` are in sight; fewer turns than that are all drawn.
        self.first = max(0, min(len(self.exchanges) - DRAWN, len(self.exchanges) if at is None else at))
        if self.target and address.citation:
            # An address counts footnotes from 1, as a reader does; a target from 0.
            self.opened = SourceTarget("citation", address.turn, address.citation - 1)

    def _keep_to_last(self, service: Service) -> None:
        """Keep to what the last question was kept to."""
        if scope := self.exchanges[-1].asked.scope:
            # The titles are for show: where they can't be read, the conversation opens without its scope.
            with suppress(FootnoteError, VectorstoreError):
                self.keep_to(scope, {one.id: one.title or one.id for one in service.library.articles()})

    def _resumed(self, kept: Exchange, at: int) -> Exchange:
        """The exchange as it was kept; one whose answer is on its way in this process is continued."""
        if kept.answer.status != "running":
            return kept
        if running := running_answer(kept.id):
            self.running, self.at = running, at
            return running.exchange
        # Another process answers it, and will keep what it has: this page shows what there is.
        return replace(kept, answer=stopped(kept.answer))

    def earlier(self) -> None:
        """Draw more of the turns before those that are drawn."""
        self.first = max(0, self.first - MORE)

    # What people say of answers

    def rate(self, service: Service, id: str, verdict: Rating | None, note: str) -> None:
        """Keep the reader's feedback on an answer; None takes it back."""
        try:
            service.archive.history().opinions.rate(id, verdict, note, self.reviewer)
        except HistoryError as error:
            self.fault = Problem(error.message, error.help)
            return
        # The history comes first: what could not be kept is not shown as kept.
        self.feedback.pop(id, None)
        if verdict:
            self.feedback[id] = Feedback(verdict, note.strip(), self.reviewer, datetime.now(UTC))

    def review(self, service: Service, id: str, at: int, decision: Decision, note: str, who: str) -> None:
        """Keep what a person found of the footnote `at` (from 0); "none" without a note takes it back."""
        exchange = self.exchange(id)
        if exchange is None or exchange.answer.citation(at) is None:
            return
        # Remembered for the session, so that a name is typed once for fifty footnotes.
        self.reviewer = who.strip() or self.reviewer
        try:
            service.archive.history().opinions.review(id, at, decision, note, self.reviewer)
        except HistoryError as error:
            self.fault = Problem(error.message, error.help)
            return
        kept = self.reviews.setdefault(id, {})
        kept.pop(at, None)
        if decision != "none" or note.strip():
            kept[at] = Review(decision, note.strip(), self.reviewer, datetime.now(UTC))

    def begin_review(self, id: str) -> None:
        """Check an answer footnote by footnote, from the first that nobody has decided on."""
        exchange = self.exchange(id)
        # A number that was never given to the model names no place that could be looked at.
        places = [at for at, one in enumerate(exchange.answer.citations) if one.article] if exchange else []
        if not places:
            return
        decided = self.reviews.get(id, {})
        undecided = (at for at in places if at not in decided or decided[at].decision == "none")
        self.reviewing = id
        self.opened = SourceTarget("citation", id, next(undecided, places[0]))

    def compare(self, service: Service, id: str, at: int) -> None:
        """Answer a question again without the passage of its footnote `at` (from 0), beside the answer that it has."""
        place = self._place(id)
        if place is None:
            return
        # One comparison a turn: a second one replaces the first, whose thread must not go on unseen.
        self.uncompare(id)
        if found := without_passage(service.chat, self.exchanges[place], at, self.exchanges[:place]):
            self.ablations[id] = found

    def uncompare(self, id: str) -> None:
        """Put the other answer away."""
        if ablated := self.ablations.pop(id, None):
            ablated.stop()

    def trace(self, id: str) -> None:
        """Show how the answer came about, or put that away."""
        self.traced.symmetric_difference_update({id})

    # Scope

    def keep_to(self, scope: Scope, titles: Mapping[str, str]) -> None:
        """Keep the questions from now on to a scope; `titles` of its articles by id."""
        self.scope, self.parts = scope, scope_parts(scope, titles)

    def widen(self, field: str = "", value: str = "") -> None:
        """Drop one part of the scope, or all of it."""
        # Over the parts as they were: the loop puts new tuples in their place, and does not change this one.
        for part in self.parts:
            if not field or (part.field, part.value) == (field, value):
                self.scope = scope_without(self.scope, part)
                self.parts = tuple(one for one in self.parts if one is not part)

    def exchange(self, id: str) -> Exchange | None:
        """The exchange with this id, if it is still part of the conversation."""
        return next((exchange for exchange in self.exchanges if exchange.id == id), None)

    def _place(self, id: str) -> int | None:
        return next((at for at, exchange in enumerate(self.exchanges) if exchange.id == id), None)


def chat_state(page: str) -> ChatState:
    """The state of `page` in this browser session, made on first use."""
    store = cast("MutableMapping[str, ChatState]", st.session_state)
    return store.setdefault(f"{_KEY}-{page}", ChatState())
