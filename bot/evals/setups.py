"""What a run is made with: from the settings and a prompt, one or several side by side, or changed to try its citations; and
what two runs differ in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from bot.errors import InputError
from bot.evals.checks import failure
from bot.evals.metrics import counted
from bot.evals.records import Run, Setup
from bot.evals.robustness import answered_in_both
from bot.prompting import Prompt, PromptFolder, parse_prompt
from bot.settings import Settings
from bot.types import Answer

QUOTES = "quotes"
# Fields whose own names say less than a person needs; of others the name itself is told.
_SETTINGS = {
    "max_tokens": "Most tokens of an answer",
    "passages": "Passages",
    "quotes": "Quotations",
    "frozen": "Passages of the run",
    "shuffled": "Order of the passages by seed",
    "removed": "Without the passages that should be cited",
    "judge_prompt": "Prompt of the judge",
    "mutated": "With a changed fact in the passages",
    "repeat": "Answers to each case",
    "condense": "Prompt that rewrites follow-ups",
    "context_tokens": "Most tokens of the passages",
    "chunk_tokens": "Most tokens of a chunk",
}
PROMPT_TEXTS = {"prompt_text": "prompt", "condense_text": "condense", "judge_text": "judge_prompt"}
"""The fields that hold the text of a prompt, each with the field that names it."""


@dataclass(frozen=True, slots=True)
class PassageChange:
    """What is done to the passages to see whether citations and facts follow and claims disappear; false where nothing is.

    >>> bool(PassageChange()), bool(PassageChange(shuffled=1))
    (False, True)
    """

    shuffled: int | None = None
    removed: bool = False
    mutated: bool = False

    def __bool__(self) -> bool:
        return self.shuffled is not None or self.removed or self.mutated


class PinnedPrompts(PromptFolder):
    """The prompts of a folder, but for those that are given: as a file may have changed since, or never have been one."""

    def __init__(self, folder: Path, *prompts: Prompt) -> None:
        super().__init__(folder)
        self._pinned = {prompt.name: prompt for prompt in prompts}

    def load(self, name: str, version: str = "") -> Prompt:
        """The prompt that is given, else the folder's."""
        # By name alone: a run has one version of each prompt, whichever is asked for.
        return self._pinned[name] if name in self._pinned else super().load(name, version)


def quotes_setup(settings: Settings, index: str = "") -> Setup:
    """Answers made of quotations, as the settings have them."""
    return Setup("quotes", passages=settings.passages, quotes=settings.quotes, index=index)


def model_setup(settings: Settings, model: str, prompt: Prompt, text: str, index: str = "") -> Setup:
    """Answers that a model writes; `text` is the whole of the prompt's file."""
    return replace(
        quotes_setup(settings, index),
        name=f"{prompt.version}, {model}",
        model=model,
        prompt=f"{prompt.name}/{prompt.version}",
        prompt_text=text,
        # The prompt's; a choice of a model may have another, which `Lab.setup` puts in its place.
        temperature=prompt.settings.temperature,
        max_tokens=settings.max_answer_tokens,
        context_tokens=settings.context_tokens,
    )


def version_of(prompt: str) -> str:
    """The version that "strict" or "answer/strict" names, "" for that in force; raises InputError for another prompt's.

    >>> version_of("answer/strict"), version_of("")
    ('strict', '')
    """
    name, slash, version = prompt.rpartition("/")
    # A bare version, such as "strict", has no slash.
    if slash and name != "answer":
        raise InputError(
            f"{prompt} is no version of the prompt that writes answers.", "`footnote prompts list` lists those of answer."
        )
    return version


def pinned_prompts(setup: Setup, folder: Path) -> PromptFolder:
    """The prompts of a folder with the setup's own texts in place of the answer's and the rewriter's; raises PromptError."""
    name, _, version = setup.prompt.partition("/")
    prompt = parse_prompt(setup.prompt_text, name, version)
    # The setup's own, which may be that of the chosen model and not the prompt's.
    prompt = replace(prompt, settings=replace(prompt.settings, temperature=setup.temperature))
    # A run that was begun before the rewriter's prompt was recorded goes on with the one in force.
    # The prompts of a setup are named as `answer/strict` and `condense/small`.
    name, _, version = setup.condense.partition("/")
    more = [parse_prompt(setup.condense_text, name, version)] if setup.condense_text else []
    return PinnedPrompts(folder, prompt, *more)


_FACTORS = {
    "condense": "condense by",
    "temperature": "temperature",
    "seed": "seed",
    "passages": "k",
    "chunk_tokens": "chunks of",
    "encoder": "encoder",
    "context_tokens": "context",
    "max_tokens": "answer of",
    "quotes": "quotes",
    "judge": "judged by",
    "judge_prompt": "by",
}
"""What a set-up can vary beside its model and its prompt, as its name tells it."""


def named(setups: Sequence[Setup]) -> tuple[Setup, ...]:
    """The setups, each with the name that tells it from the others: its prompt, its model, or both, and what else differs.

    >>> [one.name for one in named([Setup("", passages=4), Setup("", passages=8)])]
    ['quotes, k 4', 'quotes, k 8']
    """
    models, prompts = ({getattr(one, field) for one in setups} for field in ("model", "prompt"))
    # A name says only what differs within the set, so that columns stay narrow.
    if len(models) > 1 and len(prompts) > 1:
        names = [one.name for one in setups]
    else:
        # Quotations have no prompt and are told by "quotes".
        names = [one.model if len(models) > 1 else one.prompt or one.model for one in setups]
    more = [field for field in _FACTORS if len({getattr(one, field) for one in setups}) > 1]
    told = [", ".join(f"{_FACTORS[field]} {_shown(getattr(one, field))}" for field in more) for one in setups]
    return tuple(replace(one, name=", ".join(filter(None, pair))) for one, *pair in zip(setups, names, told, strict=True))


def frozen_to(setup: Setup, run: str) -> Setup:
    """The setup on exactly the passages of that run."""
    return replace(setup, frozen=run)


def with_changed_passages(setup: Setup, run: str, change: PassageChange) -> Setup:
    """The setup on the passages of that run, shuffled, without those that should be cited, or with a changed fact."""
    how = [f"shuffled by {change.shuffled}"] if change.shuffled is not None else []
    how += ["without the cited"] if change.removed else []
    how += ["with a changed fact"] if change.mutated else []
    name = f"{setup.name}, {' and '.join(how)}"
    changed = replace(setup, name=name, frozen=run, shuffled=change.shuffled)
    return replace(changed, removed=change.removed, mutated=change.mutated)


def same_writer(one: Setup, other: Setup) -> bool:
    """Whether the same writer answers in both, on passages that were not tampered with."""
    # The text counts, not the version's name: the file may have been edited in between.
    fields = ("model", "prompt_text", "temperature", "max_tokens", "quotes", "shuffled", "removed", "mutated", "seed")
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def setup_diff(a: Run, b: Run) -> Iterator[str]:
    """What the reader of the differences must know of the two runs."""
    # The name follows from the other fields, and the text of a prompt is too long to be told.
    for name in (field.name for field in fields(Setup) if field.name not in ("name", *PROMPT_TEXTS)):
        was, now = getattr(a.setup, name), getattr(b.setup, name)
        if was != now:
            yield f"{_SETTINGS.get(name, name.capitalize())}: {_shown(was)} before, {_shown(now)} after."
    for text, prompt in PROMPT_TEXTS.items():
        # An edited file keeps its version's name, so the names alone would hide that the texts differ.
        named = getattr(a.setup, prompt)
        if named == getattr(b.setup, prompt) and getattr(a.setup, text) != getattr(b.setup, text):
            yield f"The text of {named or 'the prompt'} is not the same in both."
    # Only where both have a whole answer: one that broke off may have no passages yet.
    both = list(answered_in_both(a, b))
    held = [case.id for case, one, other in both if _drawn(one) != _drawn(other)]
    # Passages that were changed on purpose are told as a setting already.
    if held and b.setup.shuffled == a.setup.shuffled and a.setup.removed == b.setup.removed:
        yield f"Retrieval was not held still: in {len(held)} of {counted(len(both))} the passages are not the same."
    for run, which in ((a, "earlier"), (b, "later")):
        if failed := sum(bool(failure(result)) for result in run.results):
            yield f"In the {which} run {counted(failed)} of {len(run.results)} failed: not passed, and without another score."


def _drawn(answer: Answer) -> list[tuple[str, int, int]]:
    return [(one.article, one.start, one.end) for one in answer.passages]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "none"
