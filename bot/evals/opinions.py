"""What people say of answers: whether one is acceptable, which of two they prefer, and whether a claim rests on its source.

`EVALS/labels.jsonl` keeps a line for each answer that was called acceptable or not, by its case and by the answer itself,
`EVALS/preferences.jsonl` one for each pair of answers whose writers were not shown, `EVALS/claims.jsonl` one for each claim. A
line belongs to the words of the answers and not to a run, so it counts in every run in which they come again: another judge
that is tried on the same answers is held against the same labels.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from bot.answering.cited import passage_of
from bot.errors import InputError
from bot.evals.checks import score_key
from bot.evals.judging import JudgeAgreement, agreement
from bot.evals.records import Case, Result, Run
from bot.evals.resampling import mcnemar
from bot.serialization import Unreadable, from_json, to_json
from bot.types import Claim, Passage, Verdict
from bot.verification.calibration import ReviewedScore

T = TypeVar("T")

LABELS = "labels.jsonl"
"""The file of the labels, in the folder of the runs."""
PREFERENCES, CLAIMS = "preferences.jsonl", "claims.jsonl"
Side = Literal["first", "second", "neither"]
# Unlike in `HOLDS` of the verdicts, “likely” counts as accepted: a label knows only yes and no.
ACCEPTED: frozenset[Verdict] = frozenset(("supported", "quoted", "likely"))
"""Verdicts by which the verifier accepts a claim."""
ClaimKey = tuple[str, str, int]


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


@dataclass(frozen=True, slots=True)
class Preference:
    """Which of two answers to a case a person prefers; `first` and `second` are the digests of their texts."""

    case: str
    first: str
    second: str
    preferred: Side


@dataclass(frozen=True, slots=True)
class ClaimLabel:
    """Whether a person finds a claim supported by what it cites; the claim begins at `start` of the answer with that digest.

    `score` is what the verifier gave the citation that it went by, None where no score decided.
    """

    case: str
    answer: str
    start: int
    accepted: bool
    score: float | None = None


@dataclass(frozen=True, slots=True)
class BlindPair:
    """Two answers to a case in an order that nobody can guess; `swapped`: the first one shown is the later run's."""

    case: Case
    shown: tuple[Result, Result]
    swapped: bool

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What its preference is kept by, whichever answer stands first."""
        # Which side is meant does not matter here: only the digests are taken.
        asked = self.preference("neither")
        return asked.case, frozenset((asked.first, asked.second))

    def preference(self, side: Side) -> Preference:
        """What it means that the answer shown on that side is preferred."""
        first, second = (answer_digest(one.answer.text if one.answer else "") for one in self.shown)
        return Preference(self.case.id, first, second, side)


@dataclass(frozen=True, slots=True)
class PreferenceTally:
    """How often the earlier and the later run's answer was preferred, and neither; `chance` by the sign test."""

    before: int = 0
    after: int = 0
    neither: int = 0

    @property
    def chance(self) -> float:
        """How likely luck alone gives so uneven a tally (the exact sign test; where neither is preferred, nothing is told)."""
        # The sign test is the same binomial test as McNemar's; those who preferred neither count for nothing in both.
        return mcnemar(self.after, self.before) if self.after + self.before else 1.0


@dataclass(frozen=True, slots=True)
class ClaimToLabel:
    """A claim of an answer, with the passages that it cites; `score` is the verifier's."""

    case: Case
    answer: str
    claim: Claim
    sources: tuple[Passage, ...]
    score: float | None

    @property
    def key(self) -> ClaimKey:
        """What its label is kept by."""
        return self.case.id, self.answer, self.claim.start

    def label(self, *, accepted: bool) -> ClaimLabel:
        """The label of a person who accepts the claim, or who does not."""
        return ClaimLabel(self.case.id, self.answer, self.claim.start, accepted, self.score)


class OpinionStore:
    """The preferences and the labels of claims of one folder of runs; the last line on a pair or a claim counts.

    >>> from tempfile import mkdtemp
    >>> store = OpinionStore(Path(mkdtemp()))
    >>> store.add(ClaimLabel("a", "d1", 0, True))
    >>> store.claims()
    {('a', 'd1', 0): ClaimLabel(case='a', answer='d1', start=0, accepted=True, score=None)}
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, said: Preference | ClaimLabel) -> None:
        """Appends a line; raises InputError where the file cannot be written."""
        # Appended, never rewritten: whoever changes their mind adds a line, and the last one counts.
        path = self._folder / (PREFERENCES if isinstance(said, Preference) else CLAIMS)
        append_line(path, said)

    def preferences(self) -> Mapping[tuple[str, frozenset[str]], Preference]:
        """The preferences by the case and the two answers, whichever stood first."""
        return {(one.case, frozenset((one.first, one.second))): one for one in lines_of(Preference, self._folder / PREFERENCES)}

    def claims(self) -> Mapping[ClaimKey, ClaimLabel]:
        """The labels of claims, by their keys."""
        return {(one.case, one.answer, one.start): one for one in lines_of(ClaimLabel, self._folder / CLAIMS)}

    def scores(self) -> tuple[ReviewedScore, ...]:
        """The scores that claims were given with what people found, for the correction of scores (`bot.verification`)."""
        known = ((one, one.score) for one in self.claims().values())
        return tuple(ReviewedScore(one.answer, score, one.accepted) for one, score in known if score is not None)


def blind_pairs(a: Run, b: Run) -> tuple[BlindPair, ...]:
    """The cases that both runs answered in other words, each with its answers in an order that follows from their words."""
    later = {case.id: result for case, result in b.answered()}
    found = []
    for case, before in a.answered():
        after = later.get(case.id)
        # The same words in both leave nothing to prefer.
        if after is None or before.answer is None or after.answer is None or before.answer.text == after.answer.text:
            continue
        # The order is the same each time the page is drawn, and says nothing of which run an answer is from.
        # Of the case and both texts, so that the later run is not always on the same side.
        digest = hashlib.sha256(f"{case.id}\n{before.answer.text}\n{after.answer.text}".encode()).digest()
        swapped = bool(digest[0] & 1)
        found.append(BlindPair(case, (after, before) if swapped else (before, after), swapped))
    return tuple(found)


def preference_tally(pairs: Sequence[BlindPair], said: Mapping[tuple[str, frozenset[str]], Preference]) -> PreferenceTally:
    """How often each run's answer was preferred, over the pairs that somebody compared."""
    counts = {"before": 0, "after": 0, "neither": 0}
    for pair in pairs:
        if known := said.get(pair.key):
            # The label may have been given when the two stood in the other order, so digests are compared, not sides.
            asked = pair.preference("neither")
            chosen = {"first": known.first, "second": known.second, "neither": ""}[known.preferred]
            earlier = asked.second if pair.swapped else asked.first
            counts["neither" if not chosen else "before" if chosen == earlier else "after"] += 1
    return PreferenceTally(**counts)


def claims_to_label(run: Run) -> Iterator[ClaimToLabel]:
    """The claims of a run that cite something, with what they cite."""
    for case, result in run.answered():
        answer = result.answer
        if answer is None:
            continue
        digest = answer_digest(answer.text)
        for claim in answer.claims:
            cited = [one for one in answer.citations if one.n in claim.citations]
            sources = {passage.n: passage for one in cited if (passage := passage_of(answer, one))}
            if sources:
                # The verifier goes by the best of a claim's sources.
                score = max((one.score for one in cited if one.score is not None), default=None)
                yield ClaimToLabel(case, digest, claim, tuple(sources.values()), score)


def verifier_agreement(claims: Sequence[ClaimToLabel], said: Mapping[ClaimKey, ClaimLabel]) -> JudgeAgreement | None:
    """How far the verifier accepts what people accept; None where fewer than two of these claims are labelled."""
    judged = {one.key: one.claim.verdict in ACCEPTED for one in claims}
    return agreement(judged, {key: label.accepted for key, label in said.items()})
