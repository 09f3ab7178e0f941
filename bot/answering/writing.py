"""Answers that a model writes: prompt, stream, cite, and check every claim against the words that it cites, as it comes."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from threading import Thread

from bot.answering.answer_draft import AnswerDraft, DraftClaim, says_nothing_found
from bot.answering.cited import footnote
from bot.answering.markers import Marker, Markers, Part, RemovedLink
from bot.answering.rendering import TokenCount, answer_messages, fitting
from bot.answering.second_opinion import Advisor, Cost, usage_of, with_opinions
from bot.conversation.condense import REWRITE_TOKENS, accepted_rewrite, rewrite_messages
from bot.errors import ModelError
from bot.models import Model, ReplyEnding, ReplyPiece, RetryWait, TextDelta, TextRetraction
from bot.phrases import reply_language, say
from bot.prompting import Prompt, PromptFolder
from bot.types import (
    Answer,
    Attributed,
    Citation,
    Cited,
    Claim,
    Event,
    Judged,
    ModelReading,
    Notice,
    Passage,
    Problem,
    Question,
    Retraction,
    Token,
    Trace,
)
from bot.verification.verify import Verifier
from vectorstore.searching.search import Query
from vectorstore.splitting.sentences import ends_sentence


@dataclass(frozen=True, slots=True)
class Budget:
    """The most tokens of the passages that the model is sent, and of its answer.

    A model of at most `small` billion parameters is given the prompt for small models, where there is one.
    """

    context: int = 3000
    answer: int = 1000
    small: float = 4.0


@dataclass(frozen=True, slots=True)
class Additions:
    """What is added to what the model writes.

    `sources`: a sentence that it gives no source for gets the one that Footnote finds, if there is one. `opinions`: the model
    is asked for a second opinion on claims that are in doubt, unless a question says otherwise.
    """

    sources: bool = True
    opinions: bool = False


class ModelWriter:
    """Writes with one model. It keeps nothing between answers."""

    def __init__(
        self,
        model: Model,
        prompts: PromptFolder,
        verifier: Verifier,
        count: TokenCount,
        budget: Budget,
        cost: Cost,
        additions: Additions = Additions(),
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._verifier = verifier
        self._count = count
        self._budget = budget
        self._cost = cost
        self._additions = additions
        self._advisor = Advisor(model, prompts, cost)

    def rewrite(self, question: Question) -> tuple[Query | None, tuple[str, ...]]:
        """A follow-up as a question of its own; None, and why, where the model did not give one that can be trusted."""
        prompt = self._prompt("condense")
        try:
            # A question of one's own is short; a model that goes on beyond that is answering instead, and is cut off.
            limit = min(prompt.settings.max_tokens or REWRITE_TOKENS, REWRITE_TOKENS)
            messages = rewrite_messages(prompt, question)
            reply = self._model.complete(messages, max_tokens=limit, temperature=prompt.settings.temperature)
        except ModelError as error:
            # A failure here does not end the answer: the rules can read the follow-up, and the reader is told that they did.
            return None, (f"The question could not be rewritten for the search: {error.message} It was read by rules instead.",)
        if text := accepted_rewrite(reply.text, question):
            return Query(text), ()
        return None, ("The model's rewriting of the question strayed from what was said, so it was read by rules instead.",)

    def write(self, question: Question, passages: tuple[Passage, ...]) -> Generator[Event, None, Answer]:
        """The events of the answer's text; raises ModelError, PromptError where nothing has come yet."""
        prompt = self._prompt("answer")
        # A prompt may ask for fewer passages than were found (None asks for all); the budget then drops those that do not fit,
        # from the end.
        wanted = passages[: prompt.settings.passages]
        given = fitting(wanted, self._budget.context, self._count)
        left = len(wanted) - len(given)
        language = reply_language(question)
        notes = (say("budget", language, left=left, all=len(wanted)),) if left else tuple[str, ...]()
        # Told once in a conversation: what is so for each of its answers need not stand above all of them.
        if prompt.instead_of and self._small and not question.history:
            notes += (say("small", language, model=self._model.name, prompt=f"{prompt.name}/{prompt.version}"),)
        yield from map(Notice, notes)
        yield ModelReading(len(given))
        limit, raised = self._limit(prompt)
        messages = answer_messages(prompt, question, given)
        with self._preparing(given) as ready:
            longer = f"Raise {raised}, or ask for less."
            growing = _AnswerInProgress(given, self._verifier, ready, longer, language, self._additions.sources)
            # The provider's package is imported before the clock starts: its seconds are not the model's.
            self._model.warm()
            start = time.perf_counter()
            asked = self._model.stream(messages, max_tokens=limit, temperature=prompt.settings.temperature)
            # A reader who stops the answer closes this generator; closing the stream with it makes the server stop generating.
            with closing(asked) as pieces:
                yield from growing.take(pieces, start)
            yield from growing.end()
        answer = replace(growing.answer(), usage=usage_of(growing.ending, self._cost))
        # An answer that broke off is not worth a second call to the model.
        if answer.trouble is None and self._asks(question):
            answer = with_opinions(answer, given, self._advisor)
        notes += answer.notes
        yield from map(Notice, answer.notes)
        trace = Trace(f"{prompt.name}/{prompt.version}", messages, growing.reply, growing.thoughts)
        return replace(answer, model=self._model.name, notes=notes, trace=trace)

    def _prompt(self, name: str) -> Prompt:
        """The version in force, or the one that small models are given in its place."""
        return self._prompts.load(name, self._prompts.for_small_models(name) if self._small else "")

    @property
    def _small(self) -> bool:
        """Whether the model is a small one, as far as that is known."""
        return self._model.is_small(self._budget.small)

    def _asks(self, question: Question) -> bool:
        """Whether the model is to be asked for a second opinion."""
        return self._additions.opinions if question.second_opinion is None else question.second_opinion

    @contextmanager
    def _preparing(self, given: Sequence[Passage]) -> Iterator[Callable[[], None]]:
        """Reads the passages for the verdicts while the model is still thinking; gives what waits until that is done.

        However the block ends, the thread ends with it: a process that ends while a thread is inside onnxruntime is aborted.
        """
        # Encoding and the start of the answer take a while each; side by side, the reader waits for the longer one only.
        thread = Thread(target=self._verifier.prepare, args=(given,), name="footnote-prepare", daemon=True)
        thread.start()
        try:
            yield thread.join
        finally:
            thread.join()

    def _limit(self, prompt: Prompt) -> tuple[int, str]:
        """The most tokens of an answer, and which of the two that limit it would have to be raised."""
        own, most = prompt.settings.max_tokens, self._budget.answer
        # A prompt may ask for fewer tokens than the budget allows, and never for more.
        if own is not None and own <= most:
            return own, f"max_tokens in prompts/{prompt.name}/{prompt.version}.md"
        return most, "FOOTNOTE_MAX_ANSWER_TOKENS"


class _AnswerInProgress:
    """One answer as it is written: its text, its footnotes and their verdicts; `ready` waits until these can be found.

    `longer` is what to do where the answer came to be too long, `language` the one that its notes are in. `attributes` says
    whether sentences without a source are given one.
    """

    def __init__(
        self,
        given: Sequence[Passage],
        verifier: Verifier,
        ready: Callable[[], None],
        longer: str,
        language: str,
        attributes: bool,
    ) -> None:
        self._given = {passage.n: passage for passage in given}
        self._verifier = verifier
        self._ready = ready
        self._longer = longer
        self._language = language
        self._attributes = attributes
        self._begin()
        self._ms: dict[str, float] = {}
        self._trouble: Problem | None = None
        self.ending: ReplyEnding | None = None
        self.reply = ""
        """What came, to the letter: before markers are read and addresses removed."""

    @property
    def thoughts(self) -> str:
        """What the model wrote for itself."""
        return self.ending.thoughts if self.ending else ""

    def _begin(self) -> None:
        """Makes the text empty, at the start or because it turned out to be the model's thoughts."""
        self._markers = Markers(list(self._given.values()))
        self._draft = AnswerDraft()
        self._claims: list[Claim] = []
        self._citations: list[Citation] = []
        self._removed = 0

    def take(self, pieces: Iterator[ReplyPiece], start: float) -> Iterator[Event]:
        """The model's pieces as events. An error after the first of them ends the answer, and is told in it."""
        try:
            for piece in pieces:
                match piece:
                    case TextDelta(text):
                        # A retraction begins the text anew, but not the clock: only the very first piece sets it.
                        self._ms.setdefault("first_token", round(1000 * (time.perf_counter() - start), 2))
                        self.reply += text
                        yield from self._parts(self._markers.feed(text))
                    # What was shown turned out to be the model's thoughts: everything built on it goes, footnotes included.
                    case TextRetraction():
                        self.reply = ""
                        self._begin()
                        yield Retraction()
                    case RetryWait(reason):
                        yield Notice(reason)
                    case ReplyEnding():
                        self.ending = piece
        except ModelError as error:
            # Before the first word a failure is an error and not an answer, so that a script learns that its model is not
            # there.
            if not self._draft.text:
                raise
            self._trouble = Problem(error.message, error.help, error.retryable)
        if self.ending is not None and self.ending.reason == "refusal" and not self._draft.text:
            raise ModelError(_refused(self.ending), "Put the question in other words, or choose another model.")
        self._ms["write"] = round(1000 * (time.perf_counter() - start), 2)

    def end(self) -> Iterator[Event]:
        """What was held back, and the verdict of the last claim."""
        yield from self._parts(self._markers.end())
        yield from self._judged(final=True)
        # A marker with no words before it carries nothing that could be checked.
        bare = "No statement goes with this number."
        self._citations = [
            one if one.verdict else replace(one, end=one.start, quote="", verdict="not found", reason=bare)
            for one in self._citations
        ]

    def answer(self) -> Answer:
        """The whole answer; abstained where it cites nothing that was given and says that the articles do not say."""
        # A footnote that leads nowhere does not make an answer of an abstention.
        cited = any(one.verdict != "no such passage" for one in self._citations)
        silent = self._draft.says_nothing or (not self._claims and says_nothing_found(self._draft.text))
        return Answer(
            text=self._draft.text,
            abstained=silent and not cited and self._trouble is None,
            claims=tuple(self._claims),
            citations=tuple(self._citations),
            markers=self._draft.markers,
            mode="model",
            ms=self._ms,
            notes=tuple(self._notes()),
            trouble=self._trouble or self._ended(),
        )

    def _notes(self) -> Iterator[str]:
        if self._removed:
            yield say("links.one" if self._removed == 1 else "links", self._language, count=self._removed)

    def _ended(self) -> Problem | None:
        """What the ending says of an answer that is not whole."""
        if self.ending is None or self.ending.reason == "stop":
            return None
        if self.ending.reason == "length":
            return Problem(
                "The answer was cut off: it reached the most tokens that it may have.",
                self._longer,
            )
        return Problem(_refused(self.ending), "Put the question in other words, or choose another model.", True)

    def _parts(self, parts: Iterator[Part]) -> Iterator[Event]:
        for part in parts:
            if isinstance(part, RemovedLink):
                self._removed += 1
                continue
            if isinstance(part, Marker) and part.n:
                self._citations.append(self._pending(part.n))
                yield Cited(self._citations[-1])
            if shown := self._draft.add(part):
                yield Token(shown)
            yield from self._judged(final=False)

    def _pending(self, n: int) -> Citation:
        """A footnote whose claim is still being written; one of a number that was never given has failed already."""
        passage = self._given.get(n)
        if passage is None:
            return Citation(n, "", "", 0, 0, "", "no such passage", f"No passage {n} was given to the model.")
        return Citation(n, passage.article, passage.title, passage.start, passage.end, passage.text, None)

    def _judged(self, *, final: bool) -> Iterator[Event]:
        for drafted in self._draft.finished(final=final):
            # Where a stream broke off, the words that it broke off at state nothing yet.
            cut = self._trouble is not None and not drafted.markers and not ends_sentence(drafted.text)
            # A heading or a question is no claim, but its footnotes were counted when it was drafted.
            if drafted.claims and not cut:
                claim, citations = self._judge(drafted)
                if self._attributes and not drafted.markers and claim.better:
                    claim, citations = yield from self._attributed(drafted, claim, claim.better)
                self._claims.append(claim)
                # In the places of the footnotes that were shown as pending.
                self._citations[drafted.first : drafted.first + len(citations)] = citations
                yield Judged(claim, drafted.first, citations)

    def _attributed(
        self, drafted: DraftClaim, claim: Claim, source: Citation
    ) -> Generator[Event, None, tuple[Claim, tuple[Citation, ...]]]:
        """A sentence that the model gave no source for, with the one that was found: what it could have cited."""
        assert source.verdict is not None
        found = replace(source, found=True)
        at, marker = self._draft.attribute(drafted, found.n)
        # All later footnotes move on by one, in the draft as well (`attribute`).
        self._citations.insert(drafted.first, found)
        yield Attributed(found, drafted.first, at, marker)
        return replace(claim, verdict=source.verdict, citations=(found.n,), better=None), (found,)

    def _judge(self, drafted: DraftClaim) -> tuple[Claim, tuple[Citation, ...]]:
        """The claim with its verdict, and each of its footnotes with theirs, in the order of the markers."""
        cited = {n: self._given[n] for n in drafted.markers if n in self._given}
        # Passages that the model was given and did not cite may carry the claim better, which the verifier then tells.
        others = [passage for n, passage in self._given.items() if n not in cited]
        # A thread has been reading the passages since before the model was asked; the first claim waits for what is left of it.
        self._ready()
        found = self._verifier.check(drafted.bare, list(cited.values()), others)
        judged = dict(zip(cited, found.judgements, strict=True))
        footnotes = tuple(
            footnote(cited[n], judged[n]) if n in judged else self._citations[drafted.first + at]
            for at, n in enumerate(drafted.markers)
        )
        # With markers of which none was given, nothing was compared.
        verdict = found.verdict if cited or not drafted.markers else "no such passage"
        better = footnote(*found.better) if found.better else None
        return Claim(
            drafted.text, drafted.start, drafted.end, verdict, drafted.markers, better, against=found.against
        ), footnotes


def _refused(ending: ReplyEnding) -> str:
    return f"The model refused to answer: {ending.refusal_text}" if ending.refusal_text else "The model refused to answer."
