"""From what the reader has chosen to what is to be run. Whatever makes no sense is refused before anything is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from bot.errors import InputError
from bot.evals import cases as case_files
from bot.evals.records import Case
from bot.evals.runner import JOBS
from bot.evals.setups import QUOTES, PassageChange
from bot.evals.store import RunStore
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.evaluation import RunPlan, check_frozen, check_index, check_starter, setups_of

CaseSource = Literal["starter", "mine", "file"]
MINE = Path("cases", "mine.yaml")
"""Where the reader's own cases stand, below the home folder."""


@dataclass(frozen=True, slots=True)
class UploadedCases:
    """A file of cases as the browser sent it."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the reader wants to be run. `frozen` is the run whose passages are used, "" for a search."""

    which: CaseSource = "starter"
    upload: UploadedCases | None = None
    models: tuple[str, ...] = (QUOTES,)
    prompts: tuple[str, ...] = ()
    frozen: str = ""
    change: PassageChange = field(default_factory=PassageChange)
    jobs: int = JOBS
    message: str = ""


def mine(evals_home: Path) -> Path:
    """The file of the reader's own cases."""
    return evals_home.parent / MINE


def cases_of(wish: RunRequest, evals_home: Path) -> tuple[Case, ...]:
    """The cases that were chosen; raises InputError."""
    if wish.which == "starter":
        return case_files.load(case_files.STARTER)
    if wish.which == "mine":
        path = mine(evals_home)
        if not path.exists():
            raise InputError(
                word("runs.there_are_no_cases"),
                word("runs.in_the_chat_choose_more"),
            )
        return case_files.load(path)
    if wish.upload is None:
        raise InputError(word("runs.there_is_no_file"), word("runs.upload_a_yaml"))
    return uploaded(wish.upload)


def uploaded(upload: UploadedCases) -> tuple[Case, ...]:
    """The cases of a file from the browser; raises InputError, which names the file as the reader does."""
    name = Path(upload.name.replace("\\", "/")).name or "cases.yaml"
    with TemporaryDirectory(prefix="footnote-cases-") as folder:
        path = Path(folder) / name
        path.write_bytes(upload.raw)
        try:
            return case_files.load(path)
        except InputError as error:
            raise InputError(error.message.replace(str(path), name), error.help) from None


def planned(wish: RunRequest, cases: Sequence[Case], service: Service, store: RunStore) -> RunPlan:
    """What is to be run; may ask a model's server for its name, and raises what that raises, and InputError."""
    frozen = store.load(wish.frozen) if wish.frozen else None
    if frozen:
        check_frozen(frozen, cases, word("runs.choose_the_cases"))
    elif any(case.given is None for case in cases):
        check_index(service.library)
        if wish.which == "starter":
            check_starter(cases, service.library, word("runs.choose_cases_of_your_own"))
    # Quotations alone have no prompt, whatever was chosen while a model was.
    prompts = () if set(wish.models) <= {QUOTES} else wish.prompts
    setups = setups_of(wish.models or (QUOTES,), prompts, service.lab)
    message = " ".join(wish.message.split())
    return RunPlan(tuple(cases), setups, frozen, wish.change, jobs=wish.jobs, message=message)
