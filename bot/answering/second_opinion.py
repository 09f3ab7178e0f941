"""A second opinion: a model is asked, once for all of them, whether passages support the claims that are in doubt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.steps.advise import DOUBTFUL, MOST, TOKENS, TOKENS_EACH, Doubt, doubt_of, messages, opinions
from bot.errors import FootnoteError
from bot.models import Model, ReplyEnding
from bot.prompting import PromptFolder
from bot.types import Answer, Checked, DraftAdvice, Passage, SecondOpinion

PROMPT = "second-opinion"
AROUND = 500
"""Characters of an article before and after the words that a draft's sentence rests on: the passage that the model is given."""

Cost = Callable[[int, int], float | None]
"""Tokens in and out -> dollars; None where the model's prices are not known."""


@dataclass(frozen=True, slots=True)
class Advice:
    """An opinion of each claim, None where none was had; what it cost; and why there is none, or not of all, a sentence."""

    opinions: tuple[SecondOpinion | None, ...]
    usage: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


class Advisor:
    """Asks one model. It keeps nothing between answers."""

    def __init__(self, model: Model, prompts: PromptFolder, cost: Cost) -> None:
        self._model = model
        self._prompts = prompts
        self._cost = cost

    def advise(self, doubts: Sequence[Doubt]) -> Advice:
        """The model's opinions in the order of the claims; whatever goes wrong is told in the note."""
        asked = doubts[:MOST]
        try:
            prompt = self._prompts.load(PROMPT)
            limit = TOKENS + TOKENS_EACH * len(asked)
            limit = min(prompt.settings.max_tokens or limit, limit)
            sent = messages(prompt, asked)
            reply = self._model.complete(sent, max_tokens=limit, temperature=prompt.settings.temperature, odds=True)
        except FootnoteError as error:
            return Advice((None,) * len(doubts), note=f"There is no second opinion: {error.message}")
        found = opinions(reply.text, reply.ending.odds, asked, self._model.name)
        left = len(doubts) - len(asked)
        note = f"A second opinion was asked for the first {MOST} of {len(doubts)} claims in doubt." if left else ""
        return Advice((*found, *(None,) * left), usage_of(reply.ending, self._cost), note)


def usage_of(ending: ReplyEnding | None, cost: Cost) -> Mapping[str, float]:
    """What the server counted, and its price where that is known; nothing where it did not say."""
    if ending is None or ending.input_tokens is None or ending.output_tokens is None:
        return {}
    counted: dict[str, float] = {"input_tokens": ending.input_tokens, "output_tokens": ending.output_tokens}
    dollars = cost(ending.input_tokens, ending.output_tokens)
    return counted if dollars is None else {**counted, "cost_usd": round(dollars, 6)}


def advised(answer: Answer, passages: Sequence[Passage], advisor: Advisor) -> Answer:
    """The answer with the model's opinions of the claims in doubt, and with what they cost; its verdicts are as they were."""
    asked = {at: doubt for at, claim in enumerate(answer.claims) if (doubt := doubt_of(claim, passages))}
    if not asked:
        return answer
    advice = advisor.advise(list(asked.values()))
    told = dict(zip(asked, advice.opinions, strict=True))
    claims = tuple(replace(claim, opinion=told.get(at)) for at, claim in enumerate(answer.claims))
    notes = (*answer.notes, *filter(None, [advice.note]))
    usage = with_more(answer.usage, advice.usage, "second_opinion_tokens")
    return replace(answer, claims=claims, usage=usage, notes=notes)


def advised_draft(found: Sequence[Checked], text_of: Callable[[str], str | None], advisor: Advisor) -> DraftAdvice:
    """The sentences of a draft with the model's opinions of those in doubt; `text_of` gives an article's text."""
    asked = {at: doubt for at, one in enumerate(found) if (doubt := _doubt_of_draft(one, at + 1, text_of))}
    if not asked:
        return DraftAdvice(tuple(found))
    advice = advisor.advise(list(asked.values()))
    told = dict(zip(asked, advice.opinions, strict=True))
    checked = tuple(replace(one, opinion=told.get(at)) for at, one in enumerate(found))
    return DraftAdvice(checked, advice.usage, advice.note)


def with_more(usage: Mapping[str, float], more: Mapping[str, float], name: str) -> Mapping[str, float]:
    """What an answer and a further call of the model for it cost together; under `name` stand the tokens of that call alone."""
    if not more:
        return usage
    both = {one: usage.get(one, 0) + more.get(one, 0) for one in (*usage, *more)}
    return {**both, name: more["input_tokens"] + more["output_tokens"]}


def _doubt_of_draft(one: Checked, n: int, text_of: Callable[[str], str | None]) -> Doubt | None:
    source = one.source
    text = text_of(source.article) if source and one.verdict in DOUBTFUL else None
    if source is None or text is None:
        return None
    start, end = max(0, source.start - AROUND), min(len(text), source.end + AROUND)
    return Doubt(one.text, (Passage(n, source.article, source.title, "", "", start, end, text[start:end], 0.0),))
