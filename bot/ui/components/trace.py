"""How an answer came about: what was searched and found, what a model was sent and what it said, and what it took."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from bot.answering.tally import spent
from bot.conversation.history import Exchange
from bot.types import Passage
from bot.ui.exchange import searched_for
from bot.ui.layout import literal, pair_table
from bot.ui.words import word

# In the order in which a search goes through them.
_STAGES = {
    "dense": word("trace.by_meaning"),
    "lexical": word("trace.by_words"),
    "fused": word("trace.fused"),
    "passage": word("trace.reranked_as_a_whole"),
    "sentence": word("trace.reranked_by_its_best_sentence"),
}
_PARTS = {
    "embed": word("trace.encoding"),
    "dense": word("trace.by_meaning"),
    "lexical": word("trace.by_words"),
    "fuse": word("trace.fusing"),
    "rerank": word("trace.reranking"),
    "join": word("trace.joining_neighbours"),
    "pack": word("trace.folding_copies"),
}
_STEPS = {
    "condense": word("trace.condensing_the_question"),
    "search": word("trace.searching"),
    "extract": word("trace.choosing_quotations"),
    "write": word("trace.writing"),
    "first_token": word("trace.until_the_first_words"),
    "total": word("trace.all_together"),
}
"""In the order in which they are taken."""
# Told apart from the parts of a search, which carry the name of their step: "search.dense".
_WITHIN = {"first_token": "write"}

_ROLES = {
    "system": word("trace.instructions"),
    "user": word("trace.question_and_passages"),
    "human": word("trace.question_and_passages"),
    "assistant": word("trace.reply"),
}


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A step and its milliseconds; `share` of the longest, 0 to 1; `within`: it is part of another step."""

    name: str
    ms: str
    share: float
    within: bool


def trace(exchange: Exchange) -> None:
    """Draw the trace of an exchange, as far as it is known."""
    with st.container(key=f"footnote-trace-{exchange.id}", border=True):
        st.subheader(word("trace.how_this_answer_came_about"), anchor=False)
        pair_table([(name, literal(value)) for name, value in asked_and_searched(exchange)], word("trace.the_question"))
        st.markdown(f"#### {word('trace.what_was_found')}")
        if exchange.answer.passages:
            st.table(found(exchange), border="horizontal", hide_index=True, alt=word("trace.rank_and_score_of_each_passage"))
        else:
            st.caption(word("trace.nothing_was_searched_or_nothing"))
        _model(exchange)
        _times(exchange)


def _model(exchange: Exchange) -> None:
    """What the model was sent and what it replied, to the letter, each to be copied; or why there is nothing of it."""
    st.markdown(f"#### {word('trace.what_the_model_was_sent')}")
    if note := why_no_prompt(exchange):
        st.caption(note)
        return
    sent = exchange.answer.trace
    # `why_no_prompt` is "" only where there is a trace with messages.
    assert sent is not None
    if sent.prompt:
        st.caption(word("trace.prompt", prompt=literal(sent.prompt)))
    for role, text in sent.messages:
        _folded(_ROLES.get(role, role), text)
    st.markdown(f"#### {word('trace.what_it_replied')}")
    if sent.thoughts:
        _folded(word("trace.its_thoughts"), sent.thoughts)
    if sent.reply:
        _folded(word("trace.the_reply_to_the_letter"), sent.reply)
    else:
        st.caption(word("trace.nothing_came_back"))


def _folded(title: str, text: str) -> None:
    with st.expander(word("trace.characters", title=literal(title), count=len(text))):
        st.code(text, language=None, wrap_lines=True)


def _times(exchange: Exchange) -> None:
    taken, cost = steps(exchange.answer.ms), spent(exchange.answer.usage, {})
    if taken or cost:
        st.markdown(f"#### {word('trace.what_it_took')}")
    for step in taken:
        # A part of a step is set in below it.
        st.progress(step.share, f"{'&emsp;' if step.within else ''}{literal(step.name)} · {step.ms}")
    for text in cost:
        st.caption(literal(text))


def asked_and_searched(exchange: Exchange) -> list[tuple[str, str]]:
    """The question, what was searched for it, and how sure the answer is; what is not known yet is left out."""
    asked, answer = exchange.asked, exchange.answer
    searched = searched_for(exchange) if answer.searched or answer.query else ""
    sure = f"{answer.confidence:.2f}" if answer.complete else ""
    named = (word("trace.asked"), asked.question), (word("trace.searched"), searched), (word("trace.confidence"), sure)
    return [(name, value) for name, value in named if value]


def found(exchange: Exchange) -> dict[str, list[str]]:
    """The passages as columns in Markdown: number, title, whether it is cited, and rank and score at each stage."""
    answer = exchange.answer
    # A passage has the stages in which it came up, so all of them together are those of the search.
    there = list(dict.fromkeys(name for passage in answer.passages for name in passage.stages))
    stages = [name for name in _STAGES if name in there] + [name for name in there if name not in _STAGES]
    uncited = {passage.n for passage in answer.uncited()}
    cited = [word("trace.not_cited") if one.n in uncited else word("trace.cited") for one in answer.passages]
    return {
        word("trace.no"): [str(one.n) for one in answer.passages],
        word("trace.passage"): [literal(one.title) for one in answer.passages],
        word("trace.in_the_answer"): cited,
    } | {_STAGES.get(name, name): [_rank(one, name) for one in answer.passages] for name in stages}


def _rank(passage: Passage, stage: str) -> str:
    """What a stage thought of a passage; a dash where it did not come up there."""
    seen = passage.stages.get(stage)
    # Scores of a reranker may be negative, and are set with a true minus.
    return f"**{seen.rank}** {seen.score:.3f}".replace("-", "−") if seen else "–"


def why_no_prompt(exchange: Exchange) -> str:
    """Why nothing can be told of a model; "" where it can."""
    if not exchange.answer.complete:
        return word("trace.the_rest_is_known_once")
    if exchange.answer.trace is not None and exchange.answer.trace.messages:
        return ""
    if exchange.answer.mode == "quotes":
        return word("trace.no_model_was_asked")
    return word("trace.what_was_sent")


def steps(ms: Mapping[str, float]) -> list[TraceStep]:
    """The steps in the order in which they were taken, each with its parts, and how long it took beside the longest.

    >>> [(step.name, step.ms, step.within) for step in steps({"search": 40, "total": 80, "search.dense": 9.5})]
    [('Searching', '40 ms', False), ('By meaning', '9.5 ms', True), ('All together', '80 ms', False)]
    """
    # 1, so that nothing is divided by 0 where every step took less than could be measured.
    longest = max(ms.values(), default=0) or 1
    return [
        TraceStep(_named(name), _shown(ms[name]), ms[name] / longest, _step_of(name) != name)
        for name in sorted(ms, key=lambda name: _order(name, [*ms]))
    ]


def _named(name: str) -> str:
    stage = name.partition(".")[2]
    return _PARTS.get(stage, stage) if stage else _STEPS.get(name, name)


def _shown(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _step_of(name: str) -> str:
    """The step that a part belongs to, else the step itself."""
    return _WITHIN.get(name, name.partition(".")[0])


def _order(name: str, names: list[str]) -> tuple[int, bool, int]:
    known = [*_STEPS]
    step = _step_of(name)
    # A step before its parts, and these as they were measured; a step without a name of its own stands beside the sum.
    place = known.index(step) if step in known else len(known) - 1
    return place, step != name, names.index(name)
