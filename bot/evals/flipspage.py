"""A flipped case on the page of a comparison: what it asks for, both answers, and what became of the citations. Pure."""

from collections.abc import Iterator
from html import escape

from bot.conversation.history.texts import cleaned
from bot.evals.checks import failure
from bot.evals.comparing import CasePair
from bot.evals.flips import Flip
from bot.evals.records import Case, Result
from bot.types import Citation
from bot.verification.verdicts import tone


def flipped(n: int, flip: Flip) -> Iterator[str]:
    """One flip, with an anchor by its number."""
    sign, kind, said = ("▲", "good", "Won") if flip.won else ("▼", "bad", "Lost")
    yield f'<article id="flip{n}"><p class="verdict {kind}">{sign} {said}: {_text(flip.case.id)}</p>'
    yield f'<h3 class="question" dir="auto">{_text(flip.case.question)}</h3>'
    for turn in flip.case.history:
        yield f'<p class="soft" dir="auto">{"Before that" if turn.role == "user" else "Answered"}: {_text(turn.text)}</p>'
    side = "Before" if flip.won else "After"
    yield from (f'<p class="state" dir="auto">{side}: {_text(check.why)}</p>' for check in flip.checks)
    yield f'<p class="soft" dir="auto">{_text(" ".join(_wanted(flip.case)))}</p>'
    yield '<div class="sides">'
    yield from _answer("Before", flip.before, not flip.won)
    yield from _answer("After", flip.after, flip.won)
    yield "</div>"
    yield from _citations(flip)
    yield "</article>"


def result_state(pair: CasePair) -> str:
    """Which of two results failed and why, "" if neither did."""
    told = (("Before", failure(pair.before)), ("After", failure(pair.after)))
    return " ".join(f"{side}: {why}" for side, why in told if why)


def _wanted(case: Case) -> Iterator[str]:
    """What the case asks for, a sentence each."""
    if case.must:
        yield f"It must hold {_listed(case.must)}."
    if case.must_not:
        yield f"It must not hold {_listed(case.must_not)}."
    if case.cites:
        yield f"It should cite {', '.join(one.article for one in case.cites)}."
    if case.abstain is not None:
        yield "It should abstain." if case.abstain else "It should answer."
    if case.notes:
        yield case.notes


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{one.replace('|', '” or “')}”" for one in words)


def _answer(side: str, result: Result, passed: bool) -> Iterator[str]:
    kind, said = ("good", "✓ passes") if passed else ("bad", "✕ does not pass")
    yield f'<section><h4>{side} <span class="verdict {kind}">{said}</span></h4>'
    text = result.answer.text if result.answer else ""
    yield f'<p class="text" dir="auto">{_text(text)}</p></section>'


def _citations(flip: Flip) -> Iterator[str]:
    told = flip.citations
    rows = [("Gained", one, f"{one.verdict}") for one in told.gained]
    rows += [("Lost", one, f"{one.verdict}") for one in told.lost]
    rows += [("Judged otherwise", one.after, f"{one.before.verdict} before, {one.after.verdict} after") for one in told.changed]
    if rows:
        yield '<ul class="citations">'
        yield from (_citation(*row) for row in rows)
        yield "</ul>"


def _citation(what: str, one: Citation, said: str) -> str:
    kind = tone(one.verdict) if one.verdict else "weak"
    name = one.title or one.article or f"number {one.n}, which no passage has"
    quote = f" <q>{_text(one.quote)}</q>" if one.quote else ""
    return f'<li dir="auto"><b>{what}:</b> {_text(name)}{quote} <span class="verdict {kind}">{_text(said)}</span></li>'


def _text(text: str) -> str:
    return escape(cleaned(text))
