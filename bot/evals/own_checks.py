"""The checks of one's own that cases ask for, carried out: each comes to a score, and to what is wrong where it does not hold.

A function is the one thing that runs code which came with the cases. It is loaded from the very file beside them whose text was
there when they were read, and from nowhere else.
"""

import hashlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry

from bot.errors import InputError
from bot.evals.checks import bounds, plain, score_key, word_count
from bot.evals.records import AnswerCheck, Case, MetricScore, Result
from bot.serialization import to_plain
from bot.types import Answer

Similarity = Callable[[str, str], float]
"""How alike two texts are, from -1 to 1."""
Judgement = Callable[[Case, Answer, str], MetricScore]
"""What a judge makes of an answer to a case by a criterion: 1 where it is met, 0 where not, and why."""

# Groups of three with a comma or a point between them, and one fraction: the two notations share all their marks.
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[,.]\d{3})*(?:[.,]\d+)?(?!\w)")
# Models put JSON into a fence even where they are asked not to.
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)
_SHOWN = 80
"""Characters of an answer that a complaint shows."""


@dataclass(frozen=True, slots=True)
class CheckTools:
    """What some checks need beside the answer; None where it cannot be had, and such a check is then not made."""

    similar: Similarity | None = None
    judge: Judgement | None = None


def own_scores(case: Case, result: Result, tools: CheckTools) -> Mapping[str, MetricScore]:
    """What came of each check of the case, by the key that it has among the scores of a result. Raises what a judge raises."""
    answer = result.answer
    if answer is None:
        return {}
    return {score_key(at): _score(check, case, result, answer, tools) for at, check in enumerate(case.checks)}


def python_files(cases: Sequence[Case]) -> tuple[str, ...]:
    """The files whose code these cases have run, to be told before it is."""
    return tuple(dict.fromkeys(check.file for case in cases for check in case.checks if check.kind == "python"))


def wants_judge(cases: Sequence[Case]) -> bool:
    """Whether any of these cases is to be judged by a model."""
    return any(check.kind == "judge" for case in cases for check in case.checks)


def _score(check: AnswerCheck, case: Case, result: Result, answer: Answer, tools: CheckTools) -> MetricScore:
    match check.kind:
        case "cost":
            return _bounded(check, answer.usage.get("cost_usd"), "dollars")
        case "latency":
            total = answer.ms.get("total")
            # Of an answer that was cached without its time, the seconds would be those of reading a file.
            return _bounded(check, total / 1000 if total is not None else None if result.cached else result.seconds, "seconds")
        case "similar":
            return _similar(check, plain(answer.text), tools.similar)
        case "python":
            return _by_function(check, case, answer)
        case "judge":
            return _judged(check, case, answer, tools.judge)
        case _:
            return _by_text(check, answer.text)


def _by_text(check: AnswerCheck, said: str) -> MetricScore:
    """What comes of a check that looks at nothing but the text of the answer."""
    text = plain(said)
    match check.kind:
        case "contains":
            return _held(check.text in text, f"It does not contain “{check.text}”.")
        case "not_contains":
            return _held(check.text not in text, f"It contains “{check.text}”.")
        case "regex":
            return _held(re.search(check.text, text) is not None, f"Nothing in it matches {check.text}.")
        case "length":
            return _bounded(check, float(word_count(text)), "words")
        case "number":
            numbers = numbers_in(text)
            found = ", ".join(f"{one:g}" for one in numbers) or "none"
            # One number in the range is enough: an answer names other numbers as well, such as years.
            return _held(any(_within(check, one) for one in numbers), f"No number in it is{bounds(check)}; it has {found}.")
        case _:
            # As it was written: brackets are JSON's here, and back quotes a fence.
            return _by_schema(check.text, said)


def _held(held: bool, why: str) -> MetricScore:
    return MetricScore(1.0) if held else MetricScore(0.0, why)


def numbers_in(text: str) -> list[float]:
    """The numbers that are written in figures: "1,500", "3.5" and "−2" are one each.

    >>> numbers_in("Of 1,500 people 3.5 % left in 1957.")
    [1500.0, 3.5, 1957.0]
    """
    return [_number(found[0].replace("−", "-")) for found in _NUMBER.finditer(text)]


def _number(written: str) -> float:
    # Groups of three are thousands, whichever mark stands between them; "3,5" is a fraction.
    if re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", written):
        return float(written.replace(",", ""))
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?", written):
        return float(written.replace(".", "").replace(",", "."))
    # What is left has one mark at most, a fraction in either notation.
    whole, mark, rest = written.replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}.{rest}" if mark else written)


def _within(check: AnswerCheck, number: float) -> bool:
    return (check.low is None or number >= check.low) and (check.high is None or number <= check.high)


def _bounded(check: AnswerCheck, number: float | None, unit: str) -> MetricScore:
    if number is None:
        return MetricScore(None, f"Its {unit} are not known.")
    return _held(_within(check, number), f"It takes {number:g} {unit}, not{bounds(check)}.")


def _by_schema(schema: str, text: str) -> MetricScore:
    fenced = _FENCED.search(text)
    try:
        # Without a fence the whole answer has to be JSON.
        value = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        return MetricScore(0.0, f"It is not JSON: “{text[:_SHOWN]}”.")
    # An empty registry: a schema that names another one by its address must not have it fetched.
    problems = Draft202012Validator(json.loads(schema), registry=Registry()).iter_errors(value)
    first = next(problems, None)
    return _held(first is None, f"It does not follow its schema: {first.message[:200] if first else ''}.")


def _similar(check: AnswerCheck, text: str, similar: Similarity | None) -> MetricScore:
    # No value and not 0: a check that could not be made says nothing of the answer.
    if similar is None:
        return MetricScore(None, "There is no encoder to compare it with.")
    least = check.low or 0.0
    score = round(similar(check.text, text), 3)
    return MetricScore(score, "" if score >= least else f"It is like “{check.text}” by {score:.2f}, not at least {least:g}.")


def _judged(check: AnswerCheck, case: Case, answer: Answer, judge: Judgement | None) -> MetricScore:
    if judge is None:
        return MetricScore(None, "No model was named to judge it.")
    found = judge(case, answer, check.text)
    if found.value is None or found.value >= (check.low or 0.0):
        # What a judge says of an answer that it accepts is no complaint.
        return MetricScore(found.value, found.why if found.value is None else "")
    return MetricScore(found.value, f"The judge does not find “{check.text}”: {found.why}")


def _by_function(check: AnswerCheck, case: Case, answer: Answer) -> MetricScore:
    name = check.text
    try:
        # Plain values, so that a function of a user's needs no class of Footnote's and survives its changes.
        found = _function(check.file, check.digest, name.partition(":")[2])(to_plain(answer), to_plain(case))
    # Raised by `_function` for a file that is gone or has changed: no other answer can be checked by it either.
    except InputError:
        raise
    except Exception as error:  # whatever a function of the user's raises is told as what it is
        return MetricScore(0.0, f"{name} failed: {type(error).__name__}: {error}")
    match found:
        # A text says what is wrong; an empty one that nothing is.
        case str():
            return _held(not found, f"{name}: {found}")
        # True and False are 1 and 0 here, as `bool` is an `int`.
        case bool() | int() | float() if 0 <= found <= 1:
            least = check.low or 0.0
            return MetricScore(
                float(found), "" if found >= least else f"{name} gives {float(found):g}, not at least {least:g}."
            )
        case _:
            return MetricScore(0.0, f"{name} gives {found!r:.80}: neither true or false, nor 0 to 1, nor a text that says why.")


# One module for all cases of a run, so that what it loads at its top is loaded once.
@lru_cache(maxsize=64)
def _function(file: str, digest: str, name: str) -> Callable[[object, object], object]:
    """The function of a file, run as a module of its own; raises InputError where its text is not that which was read."""
    path = Path(file)
    try:
        code = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    # The user was told which file will run, as it was when the cases were read.
    if hashlib.sha256(code.encode()).hexdigest() != digest:
        raise InputError(f"{path} has changed since the cases were read.", "Begin a new run.")
    # Named by its text, so that the checks.py of two folders do not take each other's place.
    spec = importlib.util.spec_from_loader(f"footnote_checks_{digest[:12]}", loader=None, origin=file)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    module.__file__ = file
    # Dataclasses and pickles look their module up by its name.
    sys.modules[spec.name] = module
    exec(compile(code, file, "exec"), module.__dict__)  # the user's own file, named in the cases and told before the run
    found: Callable[[object, object], object] = getattr(module, name)
    return found
