"""The service of one home: what the page, the command line and the evaluations ask of Footnote, part by part."""

from collections.abc import Callable
from functools import cache

from bot.settings import Settings, load_settings
from bot.wiring.answering import AnswerFactory
from bot.wiring.archive import Archive
from bot.wiring.chat import Chat, DraftChecker
from bot.wiring.engine import Progress, SearchEngine
from bot.wiring.lab import Lab
from bot.wiring.library import Library
from bot.wiring.limits import UsageLimits
from bot.wiring.model_choices import ModelDirectory
from bot.wiring.standing import StandingAsker
from bot.wiring.transfer import Transfer
from bot.wiring.watching import Watching


class Service:
    """One home, made of parts; callers are given the part that they use. Threads may share it.

    Every method of a part may raise FootnoteError or VectorstoreError, and nothing else on purpose.

    >>> service = open_service(load_settings(home="a-new-home"))
    >>> service.library.has_index(), service.chat.mode()
    (False, 'quotes')
    >>> service.close()
    """

    def __init__(self, settings: Settings, *, background: bool = False, progress: Progress | None = None) -> None:
        """Cheap, as each part opens what it needs when it is first used.

        What takes long is done while others wait, and told to `progress`; or, with `background`, beside them.
        """
        # Private, as what callers need of it is in the parts.
        self._engine = SearchEngine(settings, background=background, progress=progress)
        self.archive = Archive(settings)
        self.limits = limits = UsageLimits(settings)
        self.models = ModelDirectory(settings)
        answers = AnswerFactory(settings, self._engine, self.archive, self.models)
        self.library = Library(self._engine, limits)
        self.chat = Chat(settings, self._engine, answers, limits)
        self.drafts = DraftChecker(self._engine, answers, limits)
        self.transfer = Transfer(settings, self._engine, self.library)
        self.lab = Lab(settings, self._engine, answers)
        self.standing = StandingAsker(self._engine, self.archive, self.chat)
        self.watching = Watching(self._engine, self.library, self.standing)

    def close(self) -> None:
        """Lets go of the home: files, locks, connections."""
        # In this order: the watcher writes to the index, so it ends before what it needs is closed.
        self.watching.close()
        self.archive.close()
        self.lab.close()
        self._engine.close()


Opener = Callable[[Settings], Service]
"""How a service is had: `open_service`; tests give a fake."""


def open_service(settings: Settings, *, background: bool = False, progress: Progress | None = None) -> Service:
    """The service of one home; `background` and `progress` are those of `Service`."""
    return Service(settings, background=background, progress=progress)


@cache
def shared_service() -> Service:
    """The service for the page, from the environment; one for the whole process."""
    return open_service(load_settings(), background=True)
