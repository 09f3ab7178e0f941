"""What a build may ask of a run: least or most means of metrics, largest falls against another run, and a report that a CI
server reads; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from bot.errors import InputError
from bot.evals.checks import broken, case_outcome, failure
from bot.evals.comparing import RunComparison
from bot.evals.metrics import BY_KEY, METRICS, Metric
from bot.evals.records import Case, Result, Run
from bot.evals.summary import mean

# No minus sign: no metric is negative.
_REQUIREMENT = re.compile(r"\s*(\w+)\s*(>=|<=)\s*(\d+(?:\.\d+)?)\s*")
_DROP = re.compile(r"\s*(\w+)\s*=\s*(\d+(?:\.\d+)?)\s*")
# XML 1.0 has no way to write these characters, not even as references.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ROWS = 20
"""Cases that a comment tells one by one; a build server folds what is longer."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the mean of a metric has to be: at least `bound`, or at most.

    >>> Requirement.parse("passed>=0.9")
    Requirement(metric='passed', at_least=True, bound=0.9)
    """

    metric: str
    at_least: bool
    bound: float

    @classmethod
    def parse(cls, text: str) -> "Requirement":
        """Reads `passed>=0.9` or `seconds<=2`; raises InputError."""
        if not (found := _REQUIREMENT.fullmatch(text)):
            raise InputError(f"“{text}” is no requirement.", "Write it as passed>=0.9 or seconds<=2.")
        return cls(_metric(found[1]).key, found[2] == ">=", float(found[3]))

    def broken(self, run: Run) -> str:
        """What is wrong as a sentence; "" where the run meets it."""
        metric = BY_KEY[self.metric]
        score, n = mean(run, metric)
        sign = ">=" if self.at_least else "<="
        if score.value is None:
            # A metric that nothing was scored by must not let a build pass.
            return f"{self.metric} {sign} {self.bound:g} cannot be told in run {run.id}: {score.why}"
        held = score.value >= self.bound if self.at_least else score.value <= self.bound
        return (
            "" if held else f"{self.metric} is {metric.shown(score.value)} over {n} in run {run.id}, not {sign} {self.bound:g}."
        )


@dataclass(frozen=True, slots=True)
class LargestDrop:
    """How far a metric may get worse from one run to the next, in its own units.

    >>> LargestDrop.parse("passed=0.05")
    LargestDrop(metric='passed', most=0.05)
    """

    metric: str
    most: float

    @classmethod
    def parse(cls, text: str) -> "LargestDrop":
        """Reads `passed=0.05`; raises InputError."""
        if not (found := _DROP.fullmatch(text)):
            raise InputError(f"“{text}” is no largest fall.", "Write it as passed=0.05.")
        return cls(_metric(found[1]).key, float(found[2]))

    def broken(self, found: RunComparison) -> str:
        """What is wrong as a sentence; "" where the later run keeps to it."""
        metric = BY_KEY[self.metric]
        # Always found: `compare` has a difference for each metric of `METRICS`, and `_metric` takes no other.
        one = next(each for each in found.differences if each.metric == self.metric)
        if one.change is None:
            return f"{self.metric} cannot be compared: no case has a value in both runs."
        # A metric without a better direction, such as the length, is taken as one that must not shrink.
        loss = one.change if metric.better == "less" else -one.change
        # A loss of exactly the bound is allowed, whatever floats make of it.
        return (
            ""
            if loss <= self.most + 1e-9
            else f"{self.metric} went from {metric.shown(one.before)} to {metric.shown(one.after)}."
        )


def junit(run: Run) -> str:
    """The run as a JUnit file, which CI servers show case by case: a case that fails its checks is a failure, one without a
    whole answer an error, one with nothing to check is skipped."""
    answered = list(run.answered())
    # A stale case says nothing of the answers, and is still to be seen by whoever reads the report.
    outcomes = [case_outcome(case, result) for case, result in answered]
    suite = ElementTree.Element(
        "testsuite",
        name=_xml(run.setup.name),
        # CI servers add these up themselves and complain where they do not match the cases below.
        tests=str(len(answered) + len(run.stale)),
        failures=str(outcomes.count("failed")),
        errors=str(outcomes.count("wrong")),
        skipped=str(outcomes.count("unjudged") + len(run.stale)),
        timestamp=run.started.isoformat(timespec="seconds"),
    )
    for case, result in answered:
        _testcase(suite, run, case, result)
    for id, why in run.stale:
        one = ElementTree.SubElement(suite, "testcase", classname=_xml(run.setup.name), name=_xml(id), time="0.000")
        ElementTree.SubElement(one, "skipped", message=_xml(f"The case is stale. {why}"))
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=False) + "\n"


def markdown(found: RunComparison) -> str:
    """A comparison as a comment for a pull request: the verdict, the metrics that moved, the cases that flipped."""
    return "\n".join(_comment(found)) + "\n"


def _metric(key: str) -> Metric:
    known = {metric.key: metric for metric in METRICS}
    if key not in known:
        raise InputError(f"There is no metric “{key}”.", f"There are {', '.join(known)}.")
    return known[key]


def _testcase(suite: ElementTree.Element, run: Run, case: Case, result: Result) -> None:
    time = f"{result.seconds:.3f}"
    one = ElementTree.SubElement(suite, "testcase", classname=_xml(run.setup.name), name=_xml(case.id), time=time)
    match case_outcome(case, result):
        case "wrong":
            ElementTree.SubElement(one, "error", message=_xml(failure(result)))
        case "failed":
            wrong = [check.why for check in broken(case, result)]
            said = result.answer.text if result.answer else ""
            # The message is shown in a list, the text when it is opened.
            ElementTree.SubElement(one, "failure", message=_xml(" ".join(wrong))).text = _xml(f"{case.question}\n\n{said}")
        case "unjudged":
            ElementTree.SubElement(one, "skipped")
        case _:
            pass


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _comment(found: RunComparison) -> Iterator[str]:
    yield f"**{_inline(found.said())}**\n"
    yield f"`{found.a.id}` {_inline(found.a.setup.name)} → `{found.b.id}` {_inline(found.b.setup.name)}\n"
    yield "| metric | before | after | difference | |"
    yield "|---|---|---|---|---|"
    for one in (found.overall, *found.differences):
        # A comment is read between others: what did not move is left to the report.
        if one.n and one.verdict != "the same":
            metric = BY_KEY[one.metric]
            cells = metric.label, metric.shown(one.before), metric.shown(one.after), one.shown(), one.said()
            yield f"| {' | '.join(map(_inline, cells))} |"
    yield from _listed("Alarms", found.alarms)
    yield from _listed("Lost", [f"{one.case.id}: {one.case.question}" for one in found.flips if not one.won])
    yield from _listed("Won", [f"{one.case.id}: {one.case.question}" for one in found.flips if one.won])


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title} ({len(lines)}):\n"
        yield from (f"- {_inline(line)}" for line in lines[:_ROWS])
        if len(lines) > _ROWS:
            yield f"- and {len(lines) - _ROWS} more"


def _inline(text: str) -> str:
    """A text on one line in which nothing is markup: answers and questions are data."""
    return re.sub(r"([\\`*_{}\[\]<>|#@&~])", r"\\\1", " ".join(text.split()))
