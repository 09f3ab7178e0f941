"""A second opinion: a model is asked, once for all of them, whether passages support the claims that are in doubt.

Where the server tells the log-probabilities, the margin of Yes over No decides, as a small model writes Yes to nearly
everything. Elsewhere the model's word counts, and a Yes only with words that do stand in the passage: what rests on invented
words is void. An opinion never changes a verdict.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log

from bot.errors import FootnoteError
from bot.models import Model, ReplyEnding, TokenOdds
from bot.prompting import Message, Prompt, PromptFolder
from bot.prompting.fence import fenced_claim, fenced_passage
from bot.types import Answer, Checked, Claim, DraftAdvice, OpinionSays, Passage, SecondOpinion, Verdict
from bot.verification.quotations import find_quotation

DOUBTFUL: frozenset[Verdict] = frozenset(("likely", "check"))
"""The verdicts that a second opinion is asked on. What is found, and what is named as wrong, stays as it is."""
MOST = 40
"""Claims in one call."""
SURE = 1.0
"""From this margin on the model is taken at its word: odds of 2.7 to 1. It is not calibrated, for no model."""
FEWEST = 8
"""Characters of the words that a Yes rests on; fewer would stand in any passage."""
TOKENS, TOKENS_EACH = 60, 70
"""What a reply may cost: at all, and for each claim."""

# The form that the prompt asks for: "1 | the words it rests on | Yes".
_LINE = re.compile(r"^[\s*]*(\d+)\s*\|(.*)\|[\s*]*(yes|no)\b", re.IGNORECASE)
# Such a line up to where its Yes or No follows.
_BEFORE = re.compile(r"^[\s*]*(\d+)\s*\|.*\|[\s*]*$")
_MARKER = re.compile(r"\s*\[\d{1,3}\]")
_WRAPPING = "\"'“”‘’«»` -–—"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A claim that is in doubt, and the passages that it is held against."""

    text: str
    passages: tuple[Passage, ...]


def doubt_of(claim: Claim, passages: Sequence[Passage]) -> Doubt | None:
    """What is to be asked of an answer's claim; None where nothing is."""
    cited = tuple(passage for passage in passages if passage.n in claim.citations)
    # The passages of a claim are told beside it (`fenced_claim`), so its own markers are left out.
    bare = " ".join(_MARKER.sub("", claim.text).split())
    return Doubt(bare, cited) if claim.verdict in DOUBTFUL and cited else None


def opinion_messages(prompt: Prompt, doubts: Sequence[Doubt]) -> tuple[Message, ...]:
    """The prompt with the passages, each once, and the claims, numbered from 1."""
    passages = {passage.n: passage for doubt in doubts for passage in doubt.passages}
    claims = (fenced_claim(number, doubt.text, doubt.passages) for number, doubt in enumerate(doubts, 1))
    values = {"passages": "\n\n".join(fenced_passage(passages[n]) for n in sorted(passages)), "claims": "\n\n".join(claims)}
    return prompt.render(values)


def parse_opinions(reply: str, odds: Sequence[TokenOdds], doubts: Sequence[Doubt], model: str) -> tuple[SecondOpinion, ...]:
    """What the model says of each claim, in their order."""
    # Models may number wrongly or leave lines out, so each line is found by its number and not by its place.
    said = {int(found[1]): (found[2].strip(), found[3].casefold()) for found in map(_LINE.match, reply.splitlines()) if found}
    margins = dict(_margins(odds))
    return tuple(_opinion(doubt, said.get(n), margins.get(n), model) for n, doubt in enumerate(doubts, 1))


def _opinion(doubt: Doubt, said: tuple[str, str] | None, margin: float | None, model: str) -> SecondOpinion:
    if said is None:
        return SecondOpinion(
            "unsure", model, margin=margin, reason="The model gave no answer in the form that it was asked for."
        )
    quoted = said[0].strip(_WRAPPING)
    words = quoted if len(quoted) >= FEWEST and any(find_quotation(quoted, one.text) for one in doubt.passages) else ""
    # The odds are known, so the word itself is not asked: a small model writes Yes to nearly everything.
    if margin is not None:
        says: OpinionSays = "unsure" if abs(margin) < SURE else "yes" if margin > 0 else "no"
        reason = "The model finds Yes and No nearly as likely." if says == "unsure" else ""
        return SecondOpinion(says, model, words, round(margin, 2), reason)
    if said[1] == "no":
        return SecondOpinion("no", model)
    if words:
        return SecondOpinion("yes", model, words)
    told = f"“{quoted}”, words that do not stand in the passage" if len(quoted) >= FEWEST else "no words of the passage"
    return SecondOpinion("unsure", model, reason=f"The model says Yes and quotes {told}.")


def _margins(odds: Sequence[TokenOdds]) -> Iterator[tuple[int, float]]:
    """The number of each claim whose Yes or No is a token of its own, and the log-odds of Yes over No there."""
    line = ""
    for token in odds:
        if token.text.strip(" *").casefold() in ("yes", "no") and (found := _BEFORE.match(line)):
            yield int(found[1]), _log_odds(token)
        line = f"{line}{token.text}".rpartition("\n")[2]


def _log_odds(token: TokenOdds) -> float:
    """The log-odds; a word that is not among the alternatives is as likely as the least likely of them, at most."""
    held = {"yes": 0.0, "no": 0.0}
    for text, logprob in token.logprobs:
        word = text.strip(" *").casefold()
        # "Yes", " yes" and "YES" are tokens of their own, whose probabilities add up.
        if word in held:
            held[word] += exp(logprob)
    # The server tells only the likeliest alternatives, so a missing word is less likely than all of these.
    least = exp(min(logprob for _, logprob in token.logprobs))
    yes, no = (held[word] or min(least, 1e-3) for word in ("yes", "no"))
    # A probability may round to 0, which has no logarithm.
    return log(max(yes, 1e-9)) - log(max(no, 1e-9))


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
            sent = opinion_messages(prompt, asked)
            reply = self._model.complete(sent, max_tokens=limit, temperature=prompt.settings.temperature, odds=True)
        except FootnoteError as error:
            return Advice((None,) * len(doubts), note=f"There is no second opinion: {error.message}")
        found = parse_opinions(reply.text, reply.ending.odds, asked, self._model.name)
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


def with_opinions(answer: Answer, passages: Sequence[Passage], advisor: Advisor) -> Answer:
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


def draft_with_opinions(found: Sequence[Checked], text_of: Callable[[str], str | None], advisor: Advisor) -> DraftAdvice:
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
