"""What differs between two runs besides their answers, and so may be why these differ; pure."""

from collections.abc import Iterator
from dataclasses import fields

from bot.evals.checks import failure
from bot.evals.records import Run, Setup
from bot.evals.robustness import answered_in_both
from bot.types import Answer

_SETTINGS = {
    "max_tokens": "Most tokens of an answer",
    "passages": "Passages",
    "quotes": "Quotations",
    "frozen": "Passages of the run",
    "shuffled": "Order of the passages by seed",
    "removed": "Without the passages that should be cited",
}


def setup_diff(a: Run, b: Run) -> Iterator[str]:
    """What the reader of the differences must know of the two runs."""
    for name in (field.name for field in fields(Setup) if field.name not in ("name", "prompt_text")):
        was, now = getattr(a.setup, name), getattr(b.setup, name)
        if was != now:
            yield f"{_SETTINGS.get(name, name.capitalize())}: {_shown(was)} before, {_shown(now)} after."
    if a.setup.prompt == b.setup.prompt and a.setup.prompt_text != b.setup.prompt_text:
        yield f"The text of {a.setup.prompt or 'the prompt'} is not the same in both."
    both = list(answered_in_both(a, b))
    held = [case.id for case, one, other in both if _drawn(one) != _drawn(other)]
    if held and b.setup.shuffled == a.setup.shuffled and a.setup.removed == b.setup.removed:
        yield f"Retrieval was not held still: in {len(held)} of {counted(len(both))} the passages are not the same."
    for run, which in ((a, "earlier"), (b, "later")):
        if failed := sum(bool(failure(result)) for result in run.results):
            yield f"In the {which} run {counted(failed)} of {len(run.results)} failed; only “Whole answers” counts them."


def _drawn(answer: Answer) -> list[tuple[str, int, int]]:
    return [(one.article, one.start, one.end) for one in answer.passages]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "none"


def counted(n: int) -> str:
    """ "1 case", "40 cases"."""
    return f"{n} case{'' if n == 1 else 's'}"
