"""How an answer came about: what was searched and found, what a model was sent and what it said, and what it took."""

from collections.abc import Mapping
from typing import TypedDict

from bot.answering.tally import spent
from bot.types import Passage
from bot.ui.components.mounting import component
from bot.ui.exchange import Exchange, searched_for
from bot.ui.words import word

NO_MODEL = word("trace.no_model_was_asked")
NOT_KEPT = word("trace.what_was_sent")
NOT_YET = word("trace.the_rest_is_known")

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
_WITHIN = {"first_token": "write"}

_ROLES = {
    "system": word("trace.instructions"),
    "user": word("trace.question_and_passages"),
    "human": word("trace.question_and_passages"),
    "assistant": word("trace.reply"),
}


class StageCell(TypedDict):
    """What a stage thought of a passage; both are "" where it did not come up there."""

    rank: str
    score: str


class TracePassage(TypedDict):
    """A passage that was found, with a cell for each stage."""

    n: int
    title: str
    cited: bool
    cells: list[StageCell]


class TraceMessage(TypedDict):
    """A message of the prompt, to the letter."""

    role: str
    text: str


class TraceStep(TypedDict):
    """A step and its milliseconds; `share` of the longest, in hundredths; `within`: it is part of another step."""

    name: str
    ms: str
    share: float
    within: bool


class TraceData(TypedDict):
    """Everything that the trace component needs."""

    asked: str
    searched: str
    sure: str
    stages: list[str]
    found: list[TracePassage]
    note: str
    prompt: str
    messages: list[TraceMessage]
    reply: str
    steps: list[TraceStep]
    cost: list[str]


def trace(exchange: Exchange) -> None:
    """Draw the trace of an exchange."""
    component("trace", "answer/copying")(key=f"trace-{exchange.id}", data=trace_data(exchange))


def trace_data(exchange: Exchange) -> TraceData:
    """What is known of how the answer came about."""
    answer = exchange.answer
    trace = answer.trace if answer else None
    there = list(dict.fromkeys(name for passage in exchange.passages for name in passage.stages))
    stages = [name for name in _STAGES if name in there] + [name for name in there if name not in _STAGES]
    uncited = {passage.n for passage in exchange.uncited()}
    return TraceData(
        asked=exchange.question,
        searched=searched_for(exchange) if exchange.searched or exchange.query else "",
        sure=f"{answer.confidence:.2f}" if answer else "",
        stages=[_STAGES.get(name, name) for name in stages],
        found=[_found(passage, stages, passage.n not in uncited) for passage in exchange.passages],
        note="" if trace else _note(exchange),
        prompt=trace.prompt if trace else "",
        messages=[TraceMessage(role=_ROLES.get(role, role), text=text) for role, text in trace.messages] if trace else [],
        reply=trace.reply if trace else "",
        steps=steps(answer.ms) if answer else [],
        cost=spent(answer.usage, {}) if answer else [],
    )


def steps(ms: Mapping[str, float]) -> list[TraceStep]:
    """The steps in the order in which they were taken, each with its parts, and how long it took beside the longest."""
    longest = max(ms.values(), default=0) or 1
    return [
        TraceStep(name=_named(name), ms=_shown(ms[name]), share=round(100 * ms[name] / longest, 1), within=_whole(name) != name)
        for name in sorted(ms, key=lambda name: _order(name, [*ms]))
    ]


def _named(name: str) -> str:
    stage = name.partition(".")[2]
    return _PARTS.get(stage, stage) if stage else _STEPS.get(name, name)


def _shown(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _whole(name: str) -> str:
    """The step that a part belongs to, else the step itself."""
    return _WITHIN.get(name, name.partition(".")[0])


def _order(name: str, names: list[str]) -> tuple[int, bool, int]:
    known = [*_STEPS]
    whole = _whole(name)
    place = known.index(whole) if whole in known else len(known) - 1
    return place, whole != name, names.index(name)


def _note(exchange: Exchange) -> str:
    if exchange.answer is None:
        return NOT_YET
    return NO_MODEL if exchange.answer.mode == "quotes" else NOT_KEPT


def _found(passage: Passage, stages: list[str], cited: bool) -> TracePassage:
    seen = [passage.stages.get(name) for name in stages]
    cells = [
        StageCell(rank=str(one.rank), score=f"{one.score:.3f}".replace("-", "−")) if one else StageCell(rank="", score="")
        for one in seen
    ]
    return TracePassage(n=passage.n, title=passage.title, cited=cited, cells=cells)
