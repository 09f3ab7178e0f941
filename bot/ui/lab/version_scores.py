"""What the versions of a prompt have come to: each with its labels and the figures of the newest run that was made with it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from bot.errors import PromptError
from bot.evals.metrics import BY_KEY
from bot.evals.setups import PROMPT_TEXTS
from bot.prompting import PromptListing
from bot.ui.runs.listing import ListedRun, runs_in
from bot.ui.words import word
from bot.wiring.lab import Lab

SCORES = ("passed", "supported", "citation_recall", "seconds")
"""The metrics that stand beside a version."""
_FIELDS = {"answer": "prompt_text", "condense": "condense_text", "judge": "judge_text"}
"""Where a run keeps the text of each prompt."""


def version_scores(lab: Lab, listing: PromptListing) -> None:
    """Draw the versions of the open prompt as a table; a version that no run was made with has no figures."""
    rows = score_rows(lab, listing, runs_in(lab.evals_home()).entries())
    if not rows:
        return
    metrics = {BY_KEY[key].label: st.column_config.NumberColumn(format="%.2f", help=BY_KEY[key].definition) for key in SCORES}
    st.dataframe(
        rows,
        hide_index=True,
        column_config={word("lab.version"): st.column_config.TextColumn(pinned=True), **metrics},
        key=f"footnote-lab-scores-{listing.name}",
        alt=word("lab.scores_of_versions"),
    )


def score_rows(lab: Lab, listing: PromptListing, runs: Sequence[ListedRun]) -> list[Mapping[str, object]]:
    """A row for each version, the one in force first."""
    files = lab.prompt_files()
    try:
        labels = files.labels()
    except PromptError:  # told where labels are changed
        labels = None
    rows: list[Mapping[str, object]] = []
    for one in sorted(listing.versions, key=lambda one: (one.version != listing.in_force, one.version)):
        try:
            run = newest_run(listing.name, one.version, files.text(listing.name, one.version), runs)
        except PromptError:  # a file that cannot be read stands below, with what is wrong with it
            run = None
        in_force = [word("lab.in_force")] if one.version == listing.in_force else []
        means = dict(run.headlines) if run else {}
        rows.append(
            {
                word("lab.version"): one.version,
                word("lab.labels"): ", ".join([*in_force, *(labels.of(listing.name, one.version) if labels else ())]),
                # None, which the table leaves empty, and not 0: no run has measured it.
                **{BY_KEY[key].label: means.get(key) for key in SCORES},
                word("runs.cases"): run.cases if run else None,
                word("runs.run"): f"{run.setup.model} · {run.started.astimezone():%Y-%m-%d %H:%M} · {run.id}" if run else "",
            }
        )
    return rows


def newest_run(name: str, version: str, text: str, runs: Sequence[ListedRun]) -> ListedRun | None:
    """The newest complete run with exactly this text, whose passages nobody tampered with; `runs` has the newest first."""
    field = _FIELDS.get(name, "")
    named = PROMPT_TEXTS.get(field, "")
    return next(
        (
            run
            for run in runs
            if run.complete and field
            # The text as well as the name: a file that was changed by hand is another version than the one that the run had.
            if getattr(run.setup, field) == text and getattr(run.setup, named) == f"{name}/{version}"
            # Such a run tests how a prompt stands up to worse passages, and says nothing of the version as it is used.
            if run.setup.shuffled is None and not run.setup.removed and not run.setup.mutated
        ),
        None,
    )
