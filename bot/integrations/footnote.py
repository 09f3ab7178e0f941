"""Footnote for programs in Python: one class over one home, with blocking and asynchronous forms of all it does."""

from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from bot.cancellation import WorkStopped, run_in_thread, stream_in_thread
from bot.errors import ArticlesError, InputError, ModelError, with_commands
from bot.settings import load_settings
from bot.types import Answer, Checked, Done, Event, Question, Turn
from bot.wiring.library import QuestionHits
from bot.wiring.service import Service, open_service
from vectorstore.errors import VectorstoreError
from vectorstore.readers.files import is_web_address
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import EVERYWHERE, Article, IngestReport, Scope

if TYPE_CHECKING:
    from bot.verification.judging import Judgement
    from bot.wiring.engine import Progress

History = Sequence[Turn | tuple[str, str]]
"""What was said before, oldest first: turns, or pairs of "user" or "assistant" and a text."""
Paths = str | Path | Iterable[str | Path]
"""A file, a folder or a web address, or several."""


class Footnote:
    """The articles of one home: asked, searched, added to, and texts checked against them. Threads may share it.

    Nothing is opened before it is needed. Every method raises FootnoteError, and nothing else on purpose; a method whose name
    begins with `a` is the same for asyncio, does its work in a thread, and stops it when the task is cancelled or the stream
    is closed.

    >>> with Footnote() as footnote:
    ...     answer = footnote.ask("When was the Japan-Taiwan Co-prosperity Leader Alliance launched?")
    >>> answer.abstained, answer.citations[0].article
    (False, 'co-prosperity-leader-alliance.md')
    >>> answer.citations[0].verdict, answer.citations[0].quote[:48]
    ('quoted', 'The Japan-Taiwan Co-prosperity Leader Alliance w')
    """

    def __init__(self, home: str | Path | None = None, **options: object) -> None:
        """`home` is the folder of the index (None: $FOOTNOTE_HOME, else `.footnote` in the current folder).

        `options` are fields of `bot.settings.Settings` (`model="quotes"`, `openai_base_url=...`, `passages=12`), and win over
        the environment. Raises SettingsError.
        """
        given = options if home is None else {**options, "home": home}
        self._service = open_service(load_settings(**given))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the home: files, locks, connections."""
        self._service.close()

    @property
    def service(self) -> Service:
        """The service behind it, which the page and the command line use as well; it has all that this class leaves out."""
        return self._service

    # Answers

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        model: str = "",
        articles: Sequence[str] = (),
        scope: Scope = EVERYWHERE,
    ) -> Answer:
        """The cited answer to a question.

        `history` is what was said before, so that "And who signed it?" is understood. `model` is "quotes", a model of
        `footnote models` or `provider:model`; "" is the one in force. `articles` are ids to keep to, and `scope` whatever else
        is to hold of the articles. An answer that broke off says so in its `trouble`.

        >>> footnote.ask("Who owns the Moon's mines?").abstained
        True
        >>> footnote.ask("Who translated the op-ed?", articles=["taiwan-japan-military-gap.md"]).citations[0].article
        'taiwan-japan-military-gap.md'
        """
        for event in self.stream(question, history=history, model=model, articles=articles, scope=scope):
            if isinstance(event, Done):
                return event.answer
        raise _broken_off()

    def stream(
        self,
        question: str,
        *,
        history: History = (),
        model: str = "",
        articles: Sequence[str] = (),
        scope: Scope = EVERYWHERE,
    ) -> Generator[Event]:
        """The same answer as it comes about: events of `bot.types`, `Done` last. Closing the generator ends the work.

        >>> from bot import Token
        >>> events = footnote.stream("Who launched the alliance?")
        >>> "".join(event.text for event in events if isinstance(event, Token))[:32]
        'Word for word from the articles:'
        """
        asked = _question(question, history, model, articles, scope)
        with articles_errors():
            yield from self._service.chat.stream(asked)

    async def aask(
        self,
        question: str,
        *,
        history: History = (),
        model: str = "",
        articles: Sequence[str] = (),
        scope: Scope = EVERYWHERE,
    ) -> Answer:
        """`ask` for asyncio.

        >>> import asyncio
        >>> asyncio.run(footnote.aask("Who translated the op-ed?")).mode
        'quotes'
        """
        async with aclosing(self.astream(question, history=history, model=model, articles=articles, scope=scope)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.answer
        raise _broken_off()

    def astream(
        self,
        question: str,
        *,
        history: History = (),
        model: str = "",
        articles: Sequence[str] = (),
        scope: Scope = EVERYWHERE,
    ) -> AsyncGenerator[Event]:
        """`stream` for asyncio; `aclose` it, or cancel the task, to end the work."""
        return stream_in_thread(self.stream(question, history=history, model=model, articles=articles, scope=scope))

    # Passages

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        history: History = (),
        articles: Sequence[str] = (),
        scope: Scope = EVERYWHERE,
    ) -> QuestionHits:
        """The k best passages for a question, best first, each with its place and its rank and score in every stage.

        >>> hit = footnote.search("Who launched the alliance?", 1).hits[0]
        >>> hit.article, footnote.article(hit.article).text[hit.start : hit.end] == hit.text
        ('co-prosperity-leader-alliance.md', True)
        """
        # HTTP and the command line refuse it by their own means; here the number comes as it is.
        if k < 1:
            raise InputError("A search must ask for at least one passage.", "Give a k of 1 or more.")
        asked = _question(question, history, "", articles, scope)
        with articles_errors():
            return self._service.library.search(asked, k)

    async def asearch(
        self,
        question: str,
        k: int = 10,
        *,
        history: History = (),
        articles: Sequence[str] = (),
        scope: Scope = EVERYWHERE,
    ) -> QuestionHits:
        """`search` for asyncio."""
        return await run_in_thread(lambda _: self.search(question, k, history=history, articles=articles, scope=scope))

    # Claims

    def check(self, text: str) -> Generator[Checked]:
        """Each sentence of a text that states something, with its best source and a verdict, as soon as it is checked.

        Where a second opinion is set, all of them come at the end, with the model's opinions of those in doubt.

        >>> text = "The alliance was launched in Tokyo on Dec. 23. It owns mines on the Moon."
        >>> for sentence in footnote.check(text):
        ...     print(sentence.verdict, text[sentence.start : sentence.end])
        supported The alliance was launched in Tokyo on Dec. 23.
        not found It owns mines on the Moon.
        """
        with articles_errors():
            found = cast("Generator[Checked]", self._service.drafts.check(text))
            if self._service.chat.advises():
                yield from self._service.drafts.advise(list(found)).checked
            else:
                yield from found

    def acheck(self, text: str) -> AsyncGenerator[Checked]:
        """`check` for asyncio."""
        return stream_in_thread(self.check(text))

    def verify(self, claim: str, source: str) -> "Judgement":
        """What a text is to a claim: a verdict, a calibrated score, and where in the text the words stand. Needs no index.

        >>> found = footnote.verify("The bridge opened in 1932.", "The bridge at Ner opened on 4 May 1931.")
        >>> found.verdict, found.holds
        ('number differs', False)
        """
        for name, given in (("claim", claim), ("source", source)):
            if not given.strip():
                raise InputError(f"The {name} is missing or empty.", "Give a claim and the text that it is held against.")
        with articles_errors():
            return self._service.drafts.judge(claim, source)

    async def averify(self, claim: str, source: str) -> "Judgement":
        """`verify` for asyncio."""
        return await run_in_thread(lambda _: self.verify(claim, source))

    # Articles

    def articles(self) -> Sequence[ArticleSummary]:
        """The articles without their texts, in the order to be listed.

        >>> "co-prosperity-leader-alliance.md" in [article.id for article in footnote.articles()]
        True
        """
        with articles_errors():
            return self._service.library.articles()

    def article(self, id: str) -> Article | None:
        """One article with its text; None where there is none of this id."""
        with articles_errors():
            return self._service.library.article(id)

    def address(self, id: str) -> str:
        """The web address that an article names as its own; "" where it names none, or there is no such article."""
        article = self.article(id)
        return article.source if article and is_web_address(article.source) else ""

    def ingest(self, paths: Paths, *, prune: bool = False, progress: "Progress | None" = None) -> IngestReport:
        """Adds and updates articles from files, folders and web addresses; what could not be read is in the report.

        `prune` removes the articles that are gone from the given folders. `progress` is told what is done, how much of it by
        now, and how much there is.

        >>> from pathlib import Path
        >>> _ = Path("rain.md").write_text("It rained in Ner for a week in May 1931.")
        >>> footnote.ingest("rain.md").added
        ('rain.md',)
        """
        given = [paths] if isinstance(paths, str | Path) else list(paths)
        addresses = [str(one) for one in given if is_web_address(str(one))]
        files = [Path(one) for one in given if not is_web_address(str(one))]
        if not given:
            raise InputError("There is nothing to ingest.", "Name at least one file, folder or web address.")
        with articles_errors():
            return self._service.library.ingest(files, addresses=addresses, prune=prune, rebuild=False, progress=progress)

    async def aingest(self, paths: Paths, *, prune: bool = False, progress: "Progress | None" = None) -> IngestReport:
        """`ingest` for asyncio; `progress` is called in the thread that works. What is written when it is stopped stays."""
        return await run_in_thread(lambda wanted: self.ingest(paths, prune=prune, progress=partial(_go_on, wanted, progress)))


@contextmanager
def articles_errors() -> Iterator[None]:
    """Turns the errors of the index into `ArticlesError`, with the same sentences as at every other door."""
    try:
        yield
    except VectorstoreError as error:
        told = ArticlesError(error.message, with_commands(error.help))
        # On the object: the class `ArticlesError` stands for errors of both kinds.
        told.retryable = error.retryable
        raise told from error


def _question(text: str, history: History, model: str, articles: Sequence[str], scope: Scope) -> Question:
    # `articles` is the short way, and counts instead of those of the scope.
    kept = replace(scope, articles=tuple(articles)) if articles else scope
    return Question(text, tuple(map(_turn, history)), kept, model=model)


def _turn(said: Turn | tuple[str, str]) -> Turn:
    match said:
        case Turn():
            return said
        case ("user" | "assistant" as role, str() as text):
            return Turn(role, text)
    raise InputError('The history must be turns, or pairs of "user" or "assistant" and a text.')


def _broken_off() -> ModelError:
    """A failure has an error of its own, so this should not happen; half an answer must not pass for a whole one."""
    return ModelError("The answer broke off before its end.")


def _go_on(wanted: Callable[[], bool], progress: "Progress | None", what: str, done: int, of: int) -> None:
    """Tells of the progress; raises WorkStopped where nobody waits any more."""
    if not wanted():
        raise WorkStopped("The articles were no longer wanted.")
    if progress:
        progress(what, done, of)
