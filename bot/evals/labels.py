"""What people say of answers, `EVALS/labels.jsonl`: whether an answer is acceptable, kept by its case and by the answer itself.

A label belongs to the words of an answer, not to a run: another judge that is tried on the same answers is held against the
same labels.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.errors import InputError
from bot.evals.checks import score_key
from bot.evals.judging import JudgeAgreement, agreement
from bot.evals.records import Run
from bot.serialization import Unreadable, from_json, to_json

T = TypeVar("T")

LABELS = "labels.jsonl"
"""The file of the labels, in the folder of the runs."""


@dataclass(frozen=True, slots=True)
class AnswerLabel:
    """A person's word on an answer; `answer` is the SHA-256 of its text, `note` says why."""

    case: str
    answer: str
    accepted: bool
    note: str = ""


class LabelStore:
    """The labels of one folder of runs; the last one of an answer counts.

    >>> from tempfile import mkdtemp
    >>> store = LabelStore(Path(mkdtemp()))
    >>> store.add(AnswerLabel("sputnik-year", answer_digest("In 1957."), True))
    >>> list(store.verdicts().values())
    [True]
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LABELS

    def add(self, label: AnswerLabel) -> None:
        """Appends a label; raises InputError where the file cannot be written."""
        append_line(self._path, label)

    def verdicts(self) -> Mapping[tuple[str, str], bool]:
        """Whether an answer was accepted, by its case and its digest. A line that cannot be read is passed over."""
        return {(one.case, one.answer): one.accepted for one in lines_of(AnswerLabel, self._path)}


def append_line(path: Path, record: object) -> None:
    """Appends a record to a file of JSON lines, which is made where there is none; raises InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(to_json(record) + "\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error


def lines_of(kind: type[T], path: Path) -> Iterator[T]:
    """The records of a file of JSON lines, none where there is no file. A line that cannot be read is passed over."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        # A process that was killed may have left half a line.
        with suppress(Unreadable):
            yield from_json(kind, line)


def answer_digest(text: str) -> str:
    """The digest that stands for the text of an answer."""
    return hashlib.sha256(text.encode()).hexdigest()


def label_of(run: Run, case: str, accepted: bool, note: str = "") -> AnswerLabel:
    """A label for the answer of a run to a case; raises InputError where there is none."""
    result = run.result(case)
    if result is None or result.answer is None:
        # A few, so that a misspelt id is seen at once.
        known = ", ".join(one.id for one in run.cases[:5])
        raise InputError(f"The run {run.id} has no answer to {case}.", f"Its cases are {known} and so on.")
    return AnswerLabel(case, answer_digest(result.answer.text), accepted, note)


def judge_agreement(run: Run, labels: Mapping[tuple[str, str], bool]) -> JudgeAgreement | None:
    """How far the run's judge agrees with the labels of its answers; None where fewer than two are labelled.

    A judge accepts an answer where all that the case asks it about is met.
    """
    judged = {}
    for case, result in run.answered():
        keys = [score_key(at) for at, check in enumerate(case.checks) if check.kind == "judge"]
        # A judge that gave no verdict says nothing of its agreement with people.
        scores = [score for key in keys if (score := result.scores.get(key)) and score.value is not None]
        if scores and result.answer:
            # A reason stands only where a check did not hold (`own_checks._judged`).
            judged[case.id, answer_digest(result.answer.text)] = not any(score.why for score in scores)
    return agreement(judged, labels)
