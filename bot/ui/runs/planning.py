"""From what the reader has chosen to what is to be run. Whatever makes no sense is refused before anything is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from bot.errors import InputError
from bot.evals import cases as case_files
from bot.evals.own_checks import wants_judge
from bot.evals.records import Case, Setup
from bot.evals.runner import JOBS
from bot.evals.setups import QUOTES, PassageChange, named
from bot.evals.store import RunStore
from bot.ui.lab.columns import CONDENSE_PROMPT, JUDGE_PROMPT, Column, Drafts, setup_of, with_prompt
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.evaluation import RunPlan, check_frozen, check_index, check_starter
from bot.wiring.lab import Lab

CaseSource = Literal["starter", "mine", "file"]
MOST_SETUPS = 24
"""Runs that are begun at once: what is chosen multiplies, and each run answers all cases."""
OWN_CASES = Path("cases", "mine.yaml")
"""Where the reader's own cases stand, below the home folder."""


@dataclass(frozen=True, slots=True)
class UploadedCases:
    """A file of cases as the browser sent it."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the reader wants to be run. `frozen` is the run whose passages are used, "" for a search.

    `prompts`, `condense` and `judge_prompt` are picks (see `bot.ui.lab.columns`): versions, or edited texts among `drafts`;
    none stands for the version in force. `judge` is the model that judges, "" for the one in force. Each case is
    answered `repeat` times. `chunks` and `encoders` are sizes of chunks and encoders that an index of their own is made with.
    """

    which: CaseSource = "starter"
    upload: UploadedCases | None = None
    models: tuple[str, ...] = (QUOTES,)
    prompts: tuple[str, ...] = ()
    frozen: str = ""
    change: PassageChange = field(default_factory=PassageChange)
    jobs: int = JOBS
    message: str = ""
    condense: tuple[str, ...] = ()
    judge: str = ""
    judge_prompt: str = ""
    repeat: int = 1
    chunks: tuple[int, ...] = ()
    encoders: tuple[str, ...] = ()
    drafts: Drafts = field(default_factory=dict)


def own_cases_path(evals_home: Path) -> Path:
    """The file of the reader's own cases."""
    return evals_home.parent / OWN_CASES


def cases_of(request: RunRequest, evals_home: Path) -> tuple[Case, ...]:
    """The cases that were chosen; raises InputError."""
    if request.which == "starter":
        return case_files.load(case_files.STARTER)
    if request.which == "mine":
        path = own_cases_path(evals_home)
        if not path.exists():
            raise InputError(
                word("runs.there_are_no_cases"),
                word("runs.in_the_chat_choose_more"),
            )
        return case_files.load(path)
    if request.upload is None:
        raise InputError(word("runs.there_is_no_file"), word("runs.upload_a_yaml"))
    return uploaded(request.upload)


def uploaded(upload: UploadedCases) -> tuple[Case, ...]:
    """The cases of a file from the browser; raises InputError, which names the file as the reader does."""
    # The name comes from the browser: only its last part is used, so that nothing is written outside of the folder.
    name = Path(upload.name.replace("\\", "/")).name or "cases.yaml"
    with TemporaryDirectory(prefix="footnote-cases-") as folder:
        # A file, as the reader of cases tells the format by its ending and names the path in what it says.
        path = Path(folder) / name
        path.write_bytes(upload.raw)
        try:
            return case_files.load(path)
        except InputError as error:
            raise InputError(error.message.replace(str(path), name), error.help) from None


def planned(request: RunRequest, cases: Sequence[Case], service: Service, store: RunStore) -> RunPlan:
    """What is to be run; may ask a model's server for its name, and raises what that raises, and InputError."""
    frozen = store.load(request.frozen) if request.frozen else None
    if frozen:
        check_frozen(frozen, cases, word("runs.choose_the_cases"))
    # Cases that bring their passages need no index.
    elif any(case.given is None for case in cases):
        check_index(service.library)
        if request.which == "starter":
            check_starter(cases, service.library, word("runs.choose_cases_of_your_own"))
    message = " ".join(request.message.split())
    return RunPlan(
        tuple(cases),
        _setups(request, cases, service),
        frozen,
        request.change,
        jobs=request.jobs,
        message=message,
        repeat=request.repeat,
    )


def _setups(request: RunRequest, cases: Sequence[Case], service: Service) -> tuple[Setup, ...]:
    """One for each model with each version of the prompts; quotations, which have no prompt, are there once."""
    lab, made = service.lab, list[Setup]()
    # Each once, in the order in which they were chosen.
    for model in dict.fromkeys(request.models or (QUOTES,)):
        # Quotations alone have no prompt, whatever was chosen while a model was.
        alone = model == QUOTES
        for pick in [""] if alone else request.prompts or ("",):
            setup = setup_of(lab, Column(model, pick), request.drafts)
            for condense in [""] if alone else request.condense or ("",):
                made.append(with_prompt(lab, setup, CONDENSE_PROMPT, condense, request.drafts) if condense else setup)
    # 0 and "" stand for the index as it is.
    factors = [(chunk, encoder) for chunk in request.chunks or (0,) for encoder in request.encoders or ("",)]
    if factors != [(0, "")]:
        made = [replace(one, chunk_tokens=chunk, encoder=encoder) for one in made for chunk, encoder in factors]
    # Before the indexes are made, each of which takes a while.
    if len(made) > MOST_SETUPS:
        raise InputError(word("runs.too_many_setups", n=len(made), most=MOST_SETUPS), word("runs.choose_fewer"))
    if factors != [(0, "")]:
        made = [lab.indexed(one) for one in made]
    # Only then: opening a judge asks a model's server for its name.
    if wants_judge(cases):
        made = [_judged(request, lab, one) for one in made]
    return named(made)


def _judged(request: RunRequest, lab: Lab, setup: Setup) -> Setup:
    judged = lab.judged(setup, request.judge)
    return with_prompt(lab, judged, JUDGE_PROMPT, request.judge_prompt, request.drafts) if request.judge_prompt else judged
