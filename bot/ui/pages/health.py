"""How the index stands: the doctor's findings, what to do, and the facts that a report of a fault should name."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from bot.ui.components.notice import fault
from bot.ui.health_check import HealthReport, HealthState, health_state
from bot.ui.layout import literal, markdown, pair_table, room
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.about import NamedFact
from bot.wiring.library import Library
from vectorstore.doctor import IndexFinding

TICK = 0.25  # seconds between two looks
# By the names that `vectorstore.doctor` gives its findings; one that is missing here is shown under its own.
NAMES = {
    "catalog": word("health.catalog"),
    "manifest": word("health.model_and_chunker"),
    "chunks": word("health.places_of_the_passages"),
    "vectors": word("health.vectors"),
    "journal": word("health.waiting_changes"),
    "dense": word("health.index_of_meanings"),
    "lexical": word("health.index_of_words"),
    "disk": word("health.room_on_the_disk"),
    "folders": word("health.old_folders"),
}
_DOING = {"looking": word("health.looking_at_the_index"), "mending": word("health.mending_what_is_damaged")}


def page(service: Service) -> None:
    """Draw the report; a look is begun when the page is opened, and goes on in a thread of its own."""
    state = health_state()
    # A look that has just ended is shown as it is; only then the age of the report is asked.
    if not state.advance():
        state.open(service.library)
    running = state.looking is not None
    with room():
        with st.container(key="footnote-list-head"):
            st.title(word("health.health"), anchor=False)
        st.fragment(_report, run_every=TICK if running else None)(state, service.library, running)


def _report(state: HealthState, library: Library, ticking: bool) -> None:
    """All that is drawn again and again while a look is under way; what was found before stays in sight meanwhile."""
    state.advance()
    _summary(state)
    _buttons(state, library)
    if (report := state.report) is not None:
        _findings(report)
        if report.about is not None:
            st.subheader(word("health.this_installation"), anchor=False)
            _facts(report.about.facts, word("health.this_installation"))
            with st.expander(word("health.settings_in_force")):
                _facts(report.about.settings, word("health.settings_in_force"))
    if ticking != (state.looking is not None):
        # The whole page once more, which starts or stops the clock.
        st.rerun()


def _summary(state: HealthState) -> None:
    report = state.report
    if state.doing or report is None:
        st.info(_DOING.get(state.doing, _DOING["looking"]), icon="spinner")
        return
    if report.problem is not None:
        fault(report.problem, "footnote-health-fault")
    if said := summary(report):
        (st.error if _wrong(report) else st.success)(said)
    if said := result(report):
        st.text(said)


def _buttons(state: HealthState, library: Library) -> None:
    """They are never switched off, as that would take the focus from them: a click while a look is under way does nothing."""
    report = state.report
    with st.container(key="footnote-health-tools", horizontal=True, vertical_alignment="center"):
        if report is not None and _wrong(report):
            st.button(
                word("health.mend_it"),
                key="footnote-health-mend",
                type="primary",
                on_click=partial(state.look, library, mend=True),
            )
        st.button(word("health.check_again"), key="footnote-health-look", on_click=partial(state.look, library))
        if report is not None:
            # In the time zone of the machine; the report has it in UTC.
            st.caption(word("health.checked_at", time=report.at.astimezone()))


def _findings(report: HealthReport) -> None:
    if report.findings:
        pair_table([finding_cells(one) for one in report.findings], word("health.what_was_looked_at"))


def _facts(facts: Sequence[NamedFact], label: str) -> None:
    """A row for each fact; whatever a name or a path holds is shown to the letter."""
    if facts:
        pair_table([(literal(name), literal(value)) for name, value in facts], label)


def summary(report: HealthReport) -> str:
    """How all stands, in a sentence; "" where nothing could be looked at."""
    if not (wrong := _wrong(report)):
        return "" if report.problem else word("health.everything_is_as_it_should")
    return word("health.wrong", count=wrong, total=len(report.findings))


def result(report: HealthReport) -> str:
    """What came of a mending, as a sentence; "" without one."""
    if report.mended is None:
        return ""
    wrong = _wrong(report)
    if not report.mended:
        return word("health.nothing_could_be_mended_here") if wrong else word("health.there_was_nothing_left")
    told = word("health.mended", names=", ".join(map(_name, report.mended)))
    return word("health.mended_in_part", mended=told) if wrong else told


def finding_cells(finding: IndexFinding) -> tuple[str, str]:
    """A finding as two cells of Markdown: its sign and name, and what was found, with what to do where it is wrong."""
    colour, sign, said = ("green", "✓", word("health.in_order")) if finding.ok else ("red", "!", word("health.not_in_order"))
    told = " ".join(map(markdown, filter(None, (_begun(finding.detail), finding.help))))
    return f":{colour}[{sign}] **{_name(finding.name)}** :{colour}[{said}]", told


def _wrong(report: HealthReport) -> int:
    return sum(not one.ok for one in report.findings)


def _begun(detail: str) -> str:
    """The detail with a capital letter, unless a name comes first."""
    # "chroma.sqlite3 is damaged" begins with a file's name, which stays as it is.
    first = detail.split(" ", 1)[0]
    return detail[:1].upper() + detail[1:] if first.isalpha() else detail


def _name(name: str) -> str:
    return NAMES.get(name, name.capitalize())
