"""What the page of the index's health shows, as plain values. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from bot.ui.components.words import ProblemData, TextPiece, pieces, problem_data
from bot.ui.health_check import HealthReport, HealthState
from bot.wiring.about import Fact

if TYPE_CHECKING:
    from vectorstore.doctor import Finding

NAMES = {
    "catalog": "Catalog",
    "manifest": "Model and chunker",
    "chunks": "Places of the passages",
    "vectors": "Vectors",
    "journal": "Waiting changes",
    "dense": "Index of meanings",
    "lexical": "Index of words",
    "disk": "Room on the disk",
    "folders": "Old folders",
}
_DOING = {"looking": "Looking at the index", "mending": "Mending: what is damaged is made anew from the catalog"}


class FindingData(TypedDict):
    """A finding; `said` tells its sign in words."""

    name: str
    ok: bool
    said: str
    detail: list[TextPiece]
    help: list[TextPiece]


class FactData(TypedDict):
    """A fact: a name and what it holds."""

    name: str
    value: str


class HealthData(TypedDict):
    """The page: `doing` is "looking", "mending" or "", `at` the time of the report, "" without one."""

    doing: str
    summary: str
    tone: str
    result: str
    at: str
    mend: bool
    findings: list[FindingData]
    facts: list[FactData]
    settings: list[FactData]
    problem: ProblemData | None


def health_data(state: HealthState) -> HealthData:
    """The report at hand, and what is under way."""
    report = state.report
    findings = report.findings if report else ()
    wrong = sum(not one.ok for one in findings)
    return HealthData(
        doing=state.doing,
        summary=_DOING.get(state.doing) or _summary(report, wrong),
        tone="" if state.doing or report is None else "bad" if wrong or report.problem else "good",
        result=_result(report, wrong) if not state.doing else "",
        at=report.at.isoformat() if report else "",
        mend=wrong > 0,
        findings=[_finding(one) for one in findings],
        facts=_facts(report.about.facts if report and report.about else ()),
        settings=_facts(report.about.settings if report and report.about else ()),
        problem=problem_data(report.problem) if report and report.problem and not state.doing else None,
    )


def _summary(report: HealthReport | None, wrong: int) -> str:
    if report is None:
        return ""
    if wrong:
        are, they = ("is", "it") if wrong == 1 else ("are", "they")
        return f"{wrong} of {len(report.findings)} things {are} not as {they} should be"
    return "The index could not be looked at" if report.problem else "Everything is as it should be"


def _result(report: HealthReport | None, wrong: int) -> str:
    """What came of a mending, as a sentence."""
    if report is None or report.mended is None:
        return ""
    if not report.mended:
        return "Nothing could be mended here. What to do stands below." if wrong else "There was nothing left to mend."
    told = f"Mended: {', '.join(_name(name) for name in report.mended)}."
    return f"{told} What is left is not mended from here; what to do stands below." if wrong else told


def _finding(finding: "Finding") -> FindingData:
    said = "In order" if finding.ok else "Not in order"
    return FindingData(
        name=_name(finding.name),
        ok=finding.ok,
        said=said,
        detail=pieces(_begun(finding.detail)),
        help=pieces(finding.help),
    )


def _begun(detail: str) -> str:
    """The detail with a capital letter, unless a name comes first."""
    first = detail.split(" ", 1)[0]
    return detail[:1].upper() + detail[1:] if first.isalpha() else detail


def _facts(facts: Sequence[Fact]) -> list[FactData]:
    return [FactData(name=name, value=value) for name, value in facts]


def _name(name: str) -> str:
    return NAMES.get(name, name.capitalize())
