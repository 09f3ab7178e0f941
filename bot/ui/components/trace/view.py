"""How an answer came about, as the trace component draws it. Pure."""

from collections.abc import Mapping
from typing import TypedDict

from bot.answering.tally import spent
from bot.conversation.history import Exchange
from bot.types import Answer, Passage
from bot.ui.exchange import searched_for

NO_MODEL = "No model was asked: these are quotations."
NOT_KEPT = "What was sent to the model is not known for this answer."
NOT_YET = "The rest is known once the answer is complete."

_STAGES = {
    "dense": "By meaning",
    "lexical": "By words",
    "fused": "Fused",
    "passage": "Reranked as a whole",
    "sentence": "Reranked by its best sentence",
}
_PARTS = {
    "embed": "Encoding",
    "dense": "By meaning",
    "lexical": "By words",
    "fuse": "Fusing",
    "rerank": "Reranking",
    "join": "Joining neighbours",
}
_STEPS = {
    "condense": "Condensing the question",
    "search": "Searching",
    "extract": "Choosing quotations",
    "write": "Writing",
    "first_token": "Until the first words",
    "total": "All together",
}
"""In the order in which they are taken."""
_WITHIN = {"first_token": "write"}

_ROLES = {"system": "Instructions", "user": "Question and passages", "human": "Question and passages", "assistant": "Reply"}


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


def trace_data(exchange: Exchange) -> TraceData:
    """What is known of how the answer came about."""
    answer = exchange.answer
    trace = answer.trace
    there = list(dict.fromkeys(name for passage in answer.passages for name in passage.stages))
    stages = [name for name in _STAGES if name in there] + [name for name in there if name not in _STAGES]
    uncited = {passage.n for passage in answer.uncited()}
    return TraceData(
        asked=exchange.asked.question,
        searched=searched_for(exchange) if answer.searched or answer.query else "",
        sure=f"{answer.confidence:.2f}" if answer.complete else "",
        stages=[_STAGES.get(name, name) for name in stages],
        found=[_found(passage, stages, passage.n not in uncited) for passage in answer.passages],
        note="" if trace else _note(answer),
        prompt=trace.prompt if trace else "",
        messages=[TraceMessage(role=_ROLES.get(role, role), text=text) for role, text in trace.messages] if trace else [],
        reply=trace.reply if trace else "",
        steps=steps(answer.ms),
        cost=spent(answer.usage, {}),
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


def _note(answer: Answer) -> str:
    if not answer.complete:
        return NOT_YET
    return NO_MODEL if answer.mode == "quotes" else NOT_KEPT


def _found(passage: Passage, stages: list[str], cited: bool) -> TracePassage:
    seen = [passage.stages.get(name) for name in stages]
    cells = [
        StageCell(rank=str(one.rank), score=f"{one.score:.3f}".replace("-", "−")) if one else StageCell(rank="", score="")
        for one in seen
    ]
    return TracePassage(n=passage.n, title=passage.title, cited=cited, cells=cells)
