"""The view in which a person judges without knowing whose answer it is: which of two is better, and whether a claim holds.

Each judgement is one key: the arrows choose an answer, A accepts a claim and X rejects it. What was judged is next to never
asked again, and what the verdicts come to by it is told below.
"""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from bot.errors import FootnoteError, InputError
from bot.evals.case_html import paragraphs
from bot.evals.comparing import p_value
from bot.evals.opinions import (
    BlindPair,
    ClaimLabel,
    ClaimToLabel,
    OpinionStore,
    Preference,
    PreferenceTally,
    Side,
    blind_pairs,
    claims_to_label,
    preference_tally,
    verifier_agreement,
)
from bot.evals.records import Run
from bot.types import Problem
from bot.ui.components.notice import fault
from bot.ui.components.reliability import own_reliability
from bot.ui.layout import literal
from bot.ui.runs.listing import RunList
from bot.ui.words import word
from bot.verification.calibration import own_calibration

_KEY = "footnote-opinions"
PREFER, CLAIMS = word("opinions.which_is_better"), word("opinions.does_the_claim_hold")
FAULT, SKIPPED = f"{_KEY}-fault", f"{_KEY}-skipped"


def opinions_of_runs(run_list: RunList, pair: tuple[str, str]) -> None:
    """Draw what is to be judged next, of the two runs with these ids or of the later one's claims."""
    kind = st.segmented_control(
        word("opinions.what_is_judged"), (PREFER, CLAIMS), default=PREFER, required=True, key=f"{_KEY}-kind"
    )
    try:
        before, after = run_list.run(pair[0]), run_list.run(pair[1])
    except FootnoteError as error:
        fault(Problem(error.message, error.help), f"{_KEY}-unread")
        return
    # What could not be written is told in the run after the click, and stays in sight until the next judgement.
    problem = st.session_state.get(FAULT)
    if isinstance(problem, Problem):
        fault(problem, f"{_KEY}-unwritten")
    store = OpinionStore(run_list.home)
    if kind == CLAIMS:
        _claims(store, after)
    else:
        _preference(store, before, after)


def _skipped() -> set[object]:
    # For this session alone: somebody else may be able to say what this reader could not.
    found = st.session_state.setdefault(SKIPPED, set())
    assert isinstance(found, set)
    return found


def _preference(store: OpinionStore, before: Run, after: Run) -> None:
    pairs, said = blind_pairs(before, after), store.preferences()
    open_pairs = [pair for pair in pairs if pair.key not in said]
    st.text(word("opinions.compared_of", done=len(pairs) - len(open_pairs), of=len(pairs)))
    if open_pairs:
        _pair(store, open_pairs[0])
    if len(pairs) > len(open_pairs):
        # Folded as long as there is more to judge: who sees which run is ahead is not blind any more.
        with st.expander(word("opinions.who_is_preferred"), expanded=not open_pairs):
            st.text(tally_text(preference_tally(pairs, said), before, after))


def _pair(store: OpinionStore, pair: BlindPair) -> None:
    st.markdown(f"**{literal(pair.case.question)}**")
    # Above the answers, which may be long: the buttons stay where they are from pair to pair.
    sides: tuple[tuple[Side, str, str], ...] = (
        ("first", word("opinions.left_is_better"), "Left"),
        ("neither", word("opinions.neither"), "Down"),
        ("second", word("opinions.right_is_better"), "Right"),
    )
    with st.container(key=f"{_KEY}-sides", horizontal=True):
        for side, label, key in sides:
            act = partial(_say, store, pair.preference(side))
            st.button(label, key=f"{_KEY}-{side}", shortcut=key, on_click=act)
    with st.container(key=f"{_KEY}-pair", horizontal=True):
        for name, result in zip((word("opinions.left"), word("opinions.right")), pair.shown, strict=True):
            with st.container(border=True):
                st.markdown(f"**{name}**")
                text = result.answer.text if result.answer else ""
                # The report's own paragraphs, with all text escaped and its style sheet in place.
                st.html(f'<div class="report">{"".join(paragraphs("text", [text]))}</div>')


def tally_text(tally: PreferenceTally, before: Run, after: Run) -> str:
    """What the preferences come to, with names now that nothing can be guessed from them any more."""
    counts = {"before": tally.before, "after": tally.after, "neither": tally.neither}
    return word("opinions.tally", **counts, earlier=before.setup.name, later=after.setup.name, chance=p_value(tally.chance))


def _say(store: OpinionStore, said: Preference | ClaimLabel) -> None:
    st.session_state.pop(FAULT, None)
    try:
        store.add(said)
    except InputError as error:
        st.session_state[FAULT] = Problem(error.message, error.help)


def _claims(store: OpinionStore, run: Run) -> None:
    claims, said = list(claims_to_label(run)), store.claims()
    waiting = [one for one in claims if one.key not in said and one.key not in _skipped()]
    st.text(word("opinions.labelled_of", done=sum(one.key in said for one in claims), of=len(claims)))
    if waiting:
        _claim(store, waiting[0])
    if agreed := verifier_agreement(claims, said):
        kappa = word("opinions.kappa_unknown") if agreed.kappa is None else f"{agreed.kappa:.2f}"
        st.text(word("opinions.verifier", agreed=round(agreed.agreed * agreed.n), of=agreed.n, kappa=kappa))
    _calibration(store, claims)


def _claim(store: OpinionStore, one: ClaimToLabel) -> None:
    with st.container(key=f"{_KEY}-verdicts", horizontal=True):
        accepted = partial(_say, store, one.label(accepted=True))
        st.button(word("opinions.accept"), key=f"{_KEY}-accept", shortcut="A", on_click=accepted)
        rejected = partial(_say, store, one.label(accepted=False))
        st.button(word("opinions.reject"), key=f"{_KEY}-reject", shortcut="X", on_click=rejected)
        st.button(word("opinions.skip"), key=f"{_KEY}-skip", shortcut="S", on_click=partial(_skipped().add, one.key))
    # The verdict is not shown: who has seen it agrees with it.
    with st.container(border=True, key=f"{_KEY}-claim"):
        st.markdown(f"**{word('opinions.claim')}**")
        st.text(one.claim.text)
        st.markdown(f"**{word('opinions.what_it_cites')}**")
        for passage in one.sources:
            st.caption(literal(passage.title))
            st.text(passage.text)


def _calibration(store: OpinionStore, claims: Sequence[ClaimToLabel]) -> None:
    """What the labels make of the verifier's scores, with the chart of how often a score comes true."""
    # Where no score decided a verdict, as for a named fault, there is nothing to set against a label.
    if not any(one.score is not None for one in claims):
        return
    with st.expander(word("opinions.what_labels_make_of_scores")):
        own_reliability(own_calibration(store.scores()))
