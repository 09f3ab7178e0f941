"""An exchange as the answer component draws it. Pure."""

from dataclasses import dataclass
from typing import TypedDict

from bot.answering.as_read import read_plain
from bot.answering.tally import FOUND, FOUND_NOTE, SummaryPart, counts, spent
from bot.conversation.history import Exchange, Feedback
from bot.types import Answer, Citation, Claim, SecondOpinion, Verdict
from bot.ui.components.answer.copying import copied
from bot.ui.components.answer.reading import as_read
from bot.ui.components.answer.text import Paragraph, paragraphs
from bot.ui.components.mounting import ProblemData, TextPiece, pieces, problem_data
from bot.ui.exchange import searched_as_typed, searched_for
from bot.ui.segments import QuotePiece, quote_pieces
from bot.ui.words import word
from bot.verification.differences import differing_words
from bot.verification.verdicts import OPINIONS, Tone, explained, said, tone


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What surrounds an exchange on its page.

    `sums` says what all answers cost. `branches` are the turns that were asked in its place, itself among them.
    `conversation` is "" where none is kept. `traced`: its trace stands open; `last`: it is the last of the conversation;
    `offering`: questions to go on with may still come, so their place is kept; `target`: an address named this turn. `kept`
    tells of the test case that was made of it, and `kept_times` how often that was done. `lab`: the reader may make test cases,
    and try the prompt on the turn.
    """

    sums: str = ""
    branches: tuple[str, ...] = ()
    feedback: Feedback | None = None
    conversation: str = ""
    traced: bool = False
    last: bool = False
    offering: bool = False
    target: bool = False
    kept: str = ""
    kept_times: int = 0
    lab: bool = False


class Target(TypedDict):
    """What a chip or a mark opens: a footnote or a claim's better source, by its place in the answer (from 0)."""

    kind: str
    n: int


class Card(TypedDict):
    """What a chip or a mark shows when it is pointed at; `opens` is None where there is nothing to open."""

    title: str
    byline: str
    quote: list[QuotePiece]
    said: str
    reason: str
    meaning: str
    tone: Tone
    better: str
    label: str
    opens: Target | None


class Branch(TypedDict):
    """Which of the turns asked in one place this is, from 1, `of` how many (0 where it is alone); the turns beside it."""

    at: int
    of: int
    earlier: str
    later: str


class AnswerData(TypedDict):
    """Everything that the answer component needs to draw one exchange.

    `searched` is the search as the reader may edit it, "" while it is not known; `as_typed` says that it tells nothing new,
    `own` that it is in the reader's words. `kept` tells of the scope, and `narrow` that nothing was found in it. `cards` are by
    the keys that the runs name. `copy` is what is copied of a finished answer, `reviewed` says that it has footnotes to review;
    `offered` are questions to go on with, and `offering` keeps their place. `preview`: what is shown are quotations, until the
    model begins. `case` tells of the test case that was made of it, the `cases`th time; `lab` says whether one may be made.
    """

    id: str
    question: str
    searched: str
    as_typed: bool
    own: bool
    kept: str
    status: str
    stage: str
    abstained: bool
    narrow: bool
    preview: bool
    paragraphs: list[Paragraph]
    cards: dict[str, Card]
    sum: list[SummaryPart]
    cost: list[str]
    notices: list[list[TextPiece]]
    problem: ProblemData | None
    branch: Branch
    conversation: str
    copy: str
    reviewed: bool
    traced: bool
    rated: str
    note: str
    offered: list[str]
    offering: bool
    target: bool
    case: str
    cases: int
    lab: bool


def answer_data(exchange: Exchange, context: AnswerContext) -> AnswerData:
    """The exchange for the browser; what only a finished answer needs is left out before."""
    asked, answer = exchange.asked, exchange.answer
    finished, problem = answer.status != "running", answer.trouble
    return AnswerData(
        id=exchange.id,
        question=asked.question,
        searched=searched_for(exchange),
        as_typed=searched_as_typed(exchange),
        own=bool(asked.wanted),
        kept=" · ".join(asked.kept),
        status=answer.status,
        stage=stage(answer),
        abstained=answer.abstained,
        # Other articles may answer what those within the scope do not: that is then offered.
        narrow=answer.abstained and bool(asked.scope),
        preview=answer.preview is not None,
        # While a model has not begun, the quotations that it is given are there to be read.
        paragraphs=as_read(paragraphs(answer.preview or answer), answer.preview or answer),
        cards=_preview_cards(answer.preview) if answer.preview else _cards(answer),
        # Quotations are counted by their own chips.
        sum=[] if answer.mode == "quotes" else counts(answer.claims, answer.citations),
        cost=[*_cost(answer), *filter(None, [context.sums])],
        notices=[pieces(text) for text in answer.notes],
        problem=problem_data(problem) if problem else None,
        branch=_branch(exchange, context.branches),
        conversation=context.conversation if finished else "",
        # Put together again with each look at an answer on its way otherwise, a dozen times a second.
        copy=copied(answer) if finished else "",
        reviewed=finished and bool(answer.citations),
        traced=context.traced,
        rated=context.feedback.verdict if context.feedback else "",
        note=context.feedback.note if context.feedback else "",
        # Below the last answer alone: what follows an earlier one has been asked.
        offered=[read_plain(one) for one in answer.offered] if finished and context.last else [],
        offering=context.offering,
        target=context.target,
        case=context.kept,
        cases=context.kept_times,
        lab=context.lab,
    )


def _branch(exchange: Exchange, branches: tuple[str, ...]) -> Branch:
    if len(branches) < 2 or exchange.id not in branches:
        return Branch(at=0, of=0, earlier="", later="")
    # Padded on both sides, so that the first and the last have "" beside them.
    at, beside = branches.index(exchange.id), ("", *branches, "")
    return Branch(at=at + 1, of=len(branches), earlier=beside[at], later=beside[at + 2])


def stage(answer: Answer) -> str:
    """What is going on while the answer is on its way."""
    if answer.status != "running":
        return ""
    if not answer.searched:
        return word("answer.searching_the_articles")
    # A model is given fewer passages than were found, where it is a small one or its budget is spent.
    count = answer.reading or len(answer.passages)
    return word("answer.writing") if answer.text else word("answer.reading", count=count)


def _cost(answer: Answer) -> list[str]:
    """Who wrote the answer, and what that took."""
    if not answer.complete or answer.mode != "model":
        return []
    return [
        word("answer.written_by", model=answer.model) if answer.model else word("answer.written_by_a_model"),
        *spent(answer.usage, answer.ms),
    ]


def _cards(answer: Answer) -> dict[str, Card]:
    """A card for each footnote, and for each claim that has no source or a better one."""
    cards = {f"c{at}": _card(answer, at, citation) for at, citation in enumerate(answer.citations)}
    if answer.mode == "quotes":
        return cards
    claims = list(enumerate(answer.claims))
    # The keys are those of `_marks` in `text.py`.
    cards |= {f"m{at}": _mark(at, claim) for at, claim in claims if claim.better or claim.verdict == "uncited"}
    return cards | {f"o{at}": _second(claim.verdict, claim.opinion) for at, claim in claims if claim.opinion}


def _preview_cards(answer: Answer) -> dict[str, Card]:
    """The cards of quotations that will be gone in a moment: they open nothing, as the answer's footnotes are others."""
    return {key: Card({**card, "opens": None}) for key, card in _cards(answer).items()}


def _card(answer: Answer, at: int, citation: Citation) -> Card:
    running = answer.status == "running"
    checked = citation.verdict or (word("answer.being_checked") if running else word("answer.not_checked"))
    named = f"{citation.title}, {checked}" if citation.title else checked
    number = word("answer.footnote", n=citation.n) + (f", {FOUND}" if citation.found else "")
    return Card(
        title=citation.title,
        byline=_byline(answer, citation),
        # Before its verdict a footnote's words are those of the whole passage.
        quote=_words(citation) if citation.verdict else [],
        said=said(citation.verdict, running=running),
        reason=" ".join(filter(None, (citation.reason, FOUND_NOTE if citation.found else ""))),
        meaning=explained(citation.verdict),
        tone=tone(citation.verdict),
        better="",
        label=f"{number}: {named}",
        # A number that was never given to the model has no source to open.
        opens=Target(kind="citation", n=at) if citation.article else None,
    )


def _words(citation: Citation) -> list[QuotePiece]:
    """The quotation, with the words in it that the reason names set apart."""
    return quote_pieces(citation.quote, differing_words(citation.reason, "", citation.quote).passage)


def _mark(at: int, claim: Claim) -> Card:
    """The card behind a claim; a press opens the better source, where there is one."""
    better = claim.better
    told = word("answer.better", n=better.n, title=better.title) if better else ""
    # A claim may have no source, a better one than it cites, or both: then the better one is offered in the place of none.
    bare = claim.verdict == "uncited"
    label = word("answer.bare", better=told).strip() if bare else told
    return Card(
        title="",
        byline="",
        quote=quote_pieces(better.quote) if better else [],
        said=said(claim.verdict) if bare else "",
        reason="",
        meaning=explained(claim.verdict) if bare and not better else "",
        tone=tone(claim.verdict),
        better=told,
        label=label,
        opens=Target(kind="better", n=at) if better else None,
    )


def _second(verdict: Verdict, opinion: SecondOpinion) -> Card:
    """The card of what a model says of a claim, under the verdict, which stays."""
    told = f"{OPINIONS[opinion.says][1]} {opinion.reason}".strip()
    # Not every server tells the log-probabilities of which this is the difference.
    odds = word("answer.log_odds", margin=opinion.margin) if opinion.margin is not None else ""
    return Card(
        title="",
        byline=" · ".join(filter(None, (opinion.model, odds))),
        quote=quote_pieces(opinion.words),
        said=said(verdict),
        reason=told,
        meaning="",
        tone=tone(verdict),
        better="",
        label=told,
        opens=None,
    )


def _byline(answer: Answer, citation: Citation) -> str:
    passage = next((one for one in answer.passages if one.article == citation.article), None)
    # Words that were found beside the passages have no author here; the source panel tells it.
    known = (passage.author, passage.date) if passage else ()
    return " · ".join(part for part in (*known, citation.page) if part)
