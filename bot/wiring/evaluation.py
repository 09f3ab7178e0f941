"""Evaluations on a home: what is to be run, checked before anything is asked, and carried out run by run.

The page and `footnote eval` share this; each shows in its own way how far a run has come.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import InputError
from bot.evals.asking import Text, staleness
from bot.evals.metrics import BY_KEY
from bot.evals.own_checks import wants_judge
from bot.evals.records import Case, Run, Setup
from bot.evals.robustness import robustness
from bot.evals.runner import JOBS, RunContext
from bot.evals.setup_files import SetupRequest
from bot.evals.setups import QUOTES, PassageChange, frozen_to, named, same_writer, with_changed_passages
from bot.evals.store import RunStore, RunSummary
from bot.evals.summary import mean
from bot.wiring.lab import Lab
from bot.wiring.library import Library
from bot.wiring.service import Service


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is to be run: the cases with each of the setups. `frozen` is the run whose passages are used, None for a search.

    `fresh_search`: each of them searches for itself. `fresh`: nothing is taken from the cache. `judge` is the model that judges
    where cases ask for one, "" for the one in force, with that version of its prompt, "" for the one in force. Each case is
    answered `repeat` times.
    """

    cases: tuple[Case, ...]
    setups: tuple[Setup, ...]
    frozen: Run | None = None
    change: PassageChange = field(default_factory=PassageChange)
    fresh_search: bool = False
    fresh: bool = False
    jobs: int = JOBS
    message: str = ""
    judge: str = ""
    judge_prompt: str = ""
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run as far as it came; `notes` say what a change of its passages did to the answers."""

    run: Run
    notes: tuple[str, ...] = ()


AnswerCases = Callable[[Run, RunContext], Run]
"""Answers the cases of a run that was begun, and shows how far it is; the run as far as it came."""


def carry_out(plan: RunPlan, lab: Lab, store: RunStore, answer: AnswerCases) -> Iterator[FinishedRun]:
    """The runs of a plan one after the other, the later ones on the passages of the first; none after one that was stopped.

    >>> from bot.evals.runner import run
    >>> plan = RunPlan((Case("op-ed", "Who translated the op-ed?"),), setups_of([QUOTES], [], service.lab))
    >>> store = RunStore(folder)
    >>> [done.run.complete for done in carry_out(plan, service.lab, store, lambda begun, way: run(begun, way, store))]
    [True]
    """
    # A model that cannot be had is told of here, before anything is asked.
    setups = plan.setups
    if wants_judge(plan.cases):
        # A set-up of a file may have a judge of its own.
        setups = tuple(one if one.judge else lab.judged(one, plan.judge, plan.judge_prompt) for one in setups)
    setups = tuple(replace(setup, repeat=plan.repeat) for setup in setups)
    # All of them before the first case: a wrong key in the last setup should not be found after an hour.
    contexts = [lab.evaluating(setup) for setup in setups]
    # On passages that are held still a case can be answered as it was, whatever became of the articles.
    searched = plan.frozen is None and bool(contexts)
    # By the texts of the first setup; every index has the same articles.
    plan, stale = without_stale(plan, contexts[0].text) if searched else (plan, ())
    frozen = plan.frozen.id if plan.frozen else ""
    # What is looked for in another index is that very search, so its passages are not held still.
    searching = plan.fresh_search or len({(one.chunk_tokens, one.encoder) for one in setups}) > 1
    for setup, context in zip(setups, contexts, strict=True):
        # An earlier run on these passages may serve as the one to compare a change with.
        plain = _unchanged(plan, setup)
        if plain is None:
            plain = answer(store.begin(plan.cases, frozen_to(setup, frozen), plan.message, stale), context)
            yield FinishedRun(plain)
            if not plain.complete:
                return
        if plan.change:
            begun = store.begin(plan.cases, with_changed_passages(setup, plain.id, plan.change), plan.message, stale)
            changed = answer(begun, context)
            yield FinishedRun(changed, tuple(robustness(plain, changed)))
            if not changed.complete:
                return
        # Between two prompts only the prompt may differ, so the passages of the first run are held for the others.
        frozen = frozen or ("" if searching else plain.id)


def without_stale(plan: RunPlan, text: Text) -> tuple[RunPlan, tuple[tuple[str, str], ...]]:
    """The plan without cases that ask for what is not there any more, and these with the reasons.

    They would fail whatever is answered, so their scores would say nothing of the setup. Raises InputError where none is left.
    """
    stale = {case.id: why for case in plan.cases if case.given is None and (why := staleness(case, text))}
    kept = tuple(case for case in plan.cases if case.id not in stale)
    if not kept:
        first = next(iter(stale.values()), "")
        raise InputError(f"All of these cases are stale. {first}", "Mend them, or add the articles that they ask for.")
    return replace(plan, cases=kept), tuple(stale.items())


def cost_before(plan: RunPlan, lab: Lab, store: RunStore) -> Iterator[str]:
    """What the answers of a plan that a model is paid for will cost at most, a sentence each, before anything is asked.

    The newest run with the same model tells what an answer costs; without one only the number of answers is told.
    """
    # A change of the passages takes a run without it and one with it.
    answers = len(plan.cases) * plan.repeat * (2 if plan.change else 1)
    for setup in plan.setups:
        if setup.model == QUOTES:
            continue
        # The newest first: prices and prompts change.
        each = next((one for brief in store.runs() if (one := _dollars_each(brief, setup, store))), None)
        many = f"{answers:,} answer{'' if answers == 1 else 's'} of {setup.model}"
        told = "" if each is None else f", about ${each * answers:.2f} by the last run with it"
        yield f"{many}{told or lab.price_note(setup)}; those that were had before are free."
    judged = sum(check.kind == "judge" for case in plan.cases for check in case.checks)
    if judged:
        yield f"The judge is asked up to {judged * plan.repeat * max(1, len(plan.setups)):,} times."


def _dollars_each(brief: RunSummary, setup: Setup, store: RunStore) -> float | None:
    """What an answer of that run cost, where it was made with the setup's model and prices were known."""
    if brief.setup.model != setup.model or not brief.done:
        return None
    return mean(store.load(brief.id), BY_KEY["dollars"])[0].value


def _unchanged(plan: RunPlan, setup: Setup) -> Run | None:
    """The run to compare a change of the passages with, where it need not be made first: the same writer on the same."""
    before = plan.frozen if plan.change else None
    if before is None or not same_writer(before.setup, setup):
        return None
    # All cases must be in it, else some changes would have nothing to be compared with.
    return before if before.complete and {case.id for case in plan.cases} <= {case.id for case in before.cases} else None


def setups_of(models: Sequence[str], prompts: Sequence[str], lab: Lab) -> tuple[Setup, ...]:
    """One for each prompt with each model; among several models quotations, which have no prompt, are there once."""
    chosen = list(dict.fromkeys(models)) or [""]
    made = list[Setup]()
    for model in chosen:
        # Several prompts would make as many runs by quotations, all the same.
        alone = model == QUOTES and len(chosen) > 1
        made += [lab.setup(model, prompt) for prompt in ([""] if alone else list(dict.fromkeys(prompts)) or [""])]
    return named(made)


def requested_setups(requests: Sequence[SetupRequest], lab: Lab) -> tuple[Setup, ...]:
    """The setups of a file, named by what differs among them unless they have a name of their own; raises InputError."""
    found = named([lab.requested(one) for one in requests])
    # A name of its own in the file goes before the one that is made up.
    return tuple(replace(one, name=asked.name or one.name) for one, asked in zip(found, requests, strict=True))


def check_frozen(frozen: Run, cases: Sequence[Case], help: str) -> None:
    """Raises InputError where a run has the passages of none of these cases; `help` says what to choose instead."""
    if not {case.id for case in cases} & {case.id for case in frozen.cases}:
        raise InputError(f"The run {frozen.id} has none of these cases.", help)


def check_index(library: Library) -> None:
    """Raises InputError where the articles cannot be searched."""
    if problem := library.problem():
        raise InputError(*problem)


def check_starter(cases: Sequence[Case], library: Library, help: str) -> None:
    """Raises InputError where none of the articles of the starter set is there: it would say nothing of this index."""
    if not {wanted.article for case in cases for wanted in case.cites} & {one.id for one in library.articles()}:
        raise InputError("The starter set asks about the articles that ship with Footnote, and none of them is here.", help)


def resumable(id: str, service: Service, store: RunStore) -> Run:
    """The run to go on with; raises InputError where the rest would be answered from other articles than the beginning."""
    begun = store.load(id)
    # Passages that were frozen or given are with the run: whatever the index is now, they stay the same.
    if not begun.setup.frozen and any(case.given is None for case in begun.cases):
        check_index(service.library)
        # Quotations need no server to tell the state of the index.
        if service.lab.setup(QUOTES).index != begun.setup.index:
            raise InputError(
                f"The articles have changed since the run {begun.id} began, so the rest would be answered from others.",
                "Begin a new run.",
            )
    return begun
