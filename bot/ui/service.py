"""What the pages need from the rest of Footnote, and nothing more; `bot.wiring.open_service` supplies it, tests fake it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from bot.answering.rendering import Rendered
from bot.conversation.history import History
from bot.evals.records import Setup
from bot.evals.runner import Means
from bot.prompting import Listing, Prompt, Prompts
from bot.types import Answer, Checked, Event, Passage, Question
from bot.verification.calibration import OwnCalibration
from bot.wiring.about import About
from bot.wiring.service import Finding
from vectorstore.types import Article, Scope, Span


class ArticleSummary(Protocol):
    """An article without its text, as the catalog lists it; `chars` counts code points, `chunks` passages."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def author(self) -> str: ...  # noqa: D102
    @property
    def date(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def cut_off(self) -> bool: ...  # noqa: D102
    @property
    def chars(self) -> int: ...  # noqa: D102
    @property
    def chunks(self) -> int: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102


class Service(Protocol):
    """The one object that the pages talk to. It is shared by all sessions and called from several threads."""

    def stream(self, question: Question) -> Iterator[Event]:
        """The events of one answer, `Done` last; raises the roots of `bot.errors` and `vectorstore.errors`."""
        ...

    def statements(self, draft: str) -> Sequence[Span]:
        """The sentences of a text that `check` will check, in order."""
        ...

    def check(self, draft: str, spans: Sequence[Span] | None = None) -> Iterator[Checked]:
        """Each of these sentences with its best source and a verdict, as soon as it is checked; `spans` names some of them."""
        ...

    def articles(self) -> Sequence[ArticleSummary]:
        """Every article in the index, in the order to be listed."""
        ...

    def article(self, id: str) -> Article | None:
        """The whole article, or None when the index no longer has it."""
        ...

    def within(self, scope: Scope) -> int:
        """How many articles are in a scope; raises QueryError where it makes no sense or there are none."""
        ...

    def followups(self, question: Question, answer: Answer) -> Sequence[str]:
        """Two or three questions to go on with after an answer, each of which the articles can answer."""
        ...

    def history(self) -> History:
        """The conversations that are kept; raises HistoryError where they cannot be."""
        ...

    def own_calibration(self) -> OwnCalibration:
        """What the reader's own reviews make of the scores, which verdicts go by from then on; raises HistoryError."""
        ...

    def fingerprint(self) -> str:
        """What tells one index from another, for an export: its model, its size, its state."""
        ...

    def prompts(self) -> Sequence[Listing]:
        """All prompts with all their versions, broken ones among them."""
        ...

    def prompt_files(self) -> Prompts:
        """The folder that they are in, to read them to the letter, to add versions, and to put another one in force."""
        ...

    def rendered(self, prompt: Prompt, question: Question, passages: Sequence[Passage]) -> Rendered:
        """What a model would be sent for a turn, and how long that is; raises InputError for a prompt of no turn."""
        ...

    def setup(self, model: str = "", prompt: str = "") -> Setup:
        """What answers are made with now, or with another model, or another version; raises the root of `bot.errors`."""
        ...

    def answerer(self, setup: Setup) -> Callable[[Question], Iterator[Event]]:
        """What answers with exactly this setup; raises the root of `bot.errors` where that cannot be had."""
        ...

    def evals_home(self) -> Path:
        """The folder of the lab's runs, below the home folder."""
        ...

    def evaluating(self, setup: Setup) -> Means:
        """All that a run with this setup is made with; raises what `answerer` does."""
        ...

    def diagnose(self) -> Sequence[Finding]:
        """What is right and wrong with the index."""
        ...

    def repair(self) -> Sequence[Finding]:
        """Mends what can be mended, and says how it stands afterwards."""
        ...

    def about(self) -> About:
        """Facts about this installation, none of them secret."""
        ...

    def examples(self) -> Sequence[str]:
        """Three questions that the articles at hand can answer."""
        ...

    def mode(self) -> str:
        """ "quotes", or the model that answers unless a question says otherwise; "" while its server is not asked for it."""
        ...

    def advises(self) -> bool:
        """Whether a model is asked for a second opinion unless a question says otherwise."""
        ...

    def models(self) -> Sequence[str]:
        """What can be chosen, "quotes" first, and alone where no server is set; takes seconds at most, raises FootnoteError."""
        ...

    def problem(self) -> tuple[str, str] | None:
        """What is wrong with the index and what to do about it, or None when it can be asked."""
        ...


ServiceFactory = Callable[[], Service]
