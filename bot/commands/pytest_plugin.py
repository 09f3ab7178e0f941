"""Cases as tests of pytest: `pytest --footnote cases.yaml` asks each case, and one that does not pass is a failed test.

pytest loads this module by itself wherever Footnote is installed, so it imports nothing of Footnote before `--footnote` is
given. The answers are kept as a run of the home, which `footnote eval show last` and `compare` know.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.evals.records import Case, Result, Run
    from bot.evals.runner import RunContext
    from bot.evals.store import RunStore
    from bot.wiring import Service


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options."""
    group = parser.getgroup("footnote", "Footnote: cases as tests")
    cases = "a file of cases, each of which is a test; may be given several times. Named alone, nothing else is collected"
    group.addoption("--footnote", action="append", default=[], metavar="CASES", help=cases)
    group.addoption("--footnote-model", default="", metavar="MODEL", help="what answers (default: what the settings say)")
    group.addoption("--footnote-prompt", default="", metavar="VERSION", help="the version of the answer prompt")
    group.addoption("--footnote-judge", default="", metavar="MODEL", help="the model that judges where cases ask for a judge")
    group.addoption("--footnote-home", default="", metavar="DIR", help="the home with the articles (default: FOOTNOTE_HOME)")


def pytest_configure(config: pytest.Config) -> None:
    """Has pytest collect the files of cases, in place of all tests where no path was named."""
    named = [str(Path(path).resolve()) for path in config.getoption("--footnote")]
    if missing := next((path for path in named if not Path(path).is_file()), ""):
        raise pytest.UsageError(f"--footnote: there is no file {missing}")
    if named:
        # Paths of `testpaths` in a configuration were not named by anybody.
        alone = config.args_source is not pytest.Config.ArgsSource.ARGS
        config.args = [*([] if alone else config.args), *named]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """The collector of a file that `--footnote` names."""
    named = {Path(path).resolve() for path in parent.config.getoption("--footnote")}
    return CaseFile.from_parent(parent, path=file_path) if file_path.resolve() in named else None


class CaseFile(pytest.File):
    """A file of cases, which are answered by one setup in one run of the home."""

    _service: "Service | None" = None
    _begun: "tuple[Run, RunContext, RunStore] | None" = None

    def collect(self) -> Iterable["CaseItem"]:
        """A test for each case; a mistake in the file is told as a failed collection."""
        from bot.errors import InputError
        from bot.evals.cases import load

        try:
            cases = load(self.path)
        except InputError as error:
            raise self.CollectError(f"{error.message} {error.help}") from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)

    def answered(self, case: "Case") -> "Result":
        """The result of one case; raises what keeps the service or the setup from being had."""
        from dataclasses import replace

        from bot.evals.runner import run

        begun, context, store = self._begun = self._begun or self._begin()
        # A run of one case at a time, written into one run of the home: pytest decides the order.
        return run(replace(begun, cases=(case,)), context, store, jobs=1).results[0]

    def stale(self, case: "Case") -> str:
        """What the case asks for that is not there any more, "" where all is."""
        from bot.evals.asking import staleness

        _, context, _ = self._begun = self._begun or self._begin()
        return "" if case.given is not None else staleness(case, context.text)

    def _begin(self) -> "tuple[Run, RunContext, RunStore]":
        from bot.evals.own_checks import wants_judge
        from bot.evals.store import RunStore
        from bot.settings import load_settings
        from bot.wiring import open_service

        option = self.config.getoption
        home = option("--footnote-home")
        # Opened with the first test that runs: `--collect-only` and `-k` that matches none need no articles.
        self._service = service = open_service(load_settings(**({"home": home} if home else {})))
        # After `-k` and `-m` have chosen, so the run has the cases that are really asked.
        cases = tuple(item.case for item in self.session.items if isinstance(item, CaseItem) and item.parent is self)
        setup = service.lab.setup(option("--footnote-model"), option("--footnote-prompt"))
        if wants_judge(cases):
            setup = service.lab.judged(setup, option("--footnote-judge"))
        store = RunStore(service.lab.evals_home())
        return store.begin(cases, setup, "pytest"), service.lab.evaluating(setup), store

    def teardown(self) -> None:
        """Lets go of the home."""
        if self._service is not None:
            self._service.close()


class CaseItem(pytest.Item):
    """One case as a test."""

    def __init__(self, *, case: "Case", **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]  # what pytest gives to every node
        self.case = case
        for tag in case.tags:
            # `-m` takes markers that are registered; `-k` takes these as they are.
            self.extra_keyword_matches.add(tag)

    def runtest(self) -> None:
        """Asks the case; fails where it does not pass, and is skipped where nothing can be told of it."""
        from bot.evals.checks import broken, case_outcome, failure

        assert isinstance(self.parent, CaseFile)
        if why := self.parent.stale(self.case):
            pytest.skip(f"the case is stale. {why}")
        result = self.parent.answered(self.case)
        match case_outcome(self.case, result):
            case "wrong":
                raise CaseFailed(self.case.question, "", [failure(result)])
            case "failed":
                said = result.answer.text if result.answer else ""
                raise CaseFailed(self.case.question, said, [check.why for check in broken(self.case, result)])
            case "unjudged":
                pytest.skip("the case asks for nothing, and the answer claims nothing")
            case _:
                pass

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """What is wrong in words; a traceback would show this module only."""
        from bot.errors import FootnoteError

        error = excinfo.value
        if isinstance(error, CaseFailed):
            return "\n".join(error.told())
        if isinstance(error, FootnoteError):
            return f"{error.message} {error.help}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        line = self.case.where.rpartition(":")[2]
        # pytest counts lines from 0.
        return self.path, int(line or 1) - 1, f"case: {self.case.id}"


class CaseFailed(Exception):
    """A case that does not pass, with the answer and what is wrong with it."""

    def __init__(self, question: str, said: str, wrong: list[str]) -> None:
        super().__init__(" ".join(wrong))
        self._question = question
        self._said = said
        self._wrong = wrong

    def told(self) -> Iterator[str]:
        """The question, the answer and what is wrong, a line each."""
        yield f"Question: {self._question}"
        yield from [f"Answer: {self._said}"] if self._said else []
        yield from self._wrong
