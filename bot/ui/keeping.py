"""Between an exchange on the page and a turn in the history. Pure."""

from bot.conversation.history import Asked, Outcome, StoredTurn
from bot.types import Trouble
from bot.ui.exchange import Exchange, Problem


def asked_of(exchange: Exchange) -> Asked:
    """The question as it is kept."""
    return Asked(exchange.question, exchange.wanted, exchange.scope, exchange.kept)


def outcome_of(exchange: Exchange) -> Outcome:
    """The answer, as far as it has come, as it is kept."""
    problem = exchange.problem
    return Outcome(
        query=exchange.query,
        searched=exchange.searched,
        text=exchange.text,
        citations=exchange.citations,
        claims=exchange.claims,
        passages=exchange.passages,
        notices=exchange.notices,
        answer=exchange.answer,
        anchors=exchange.anchors,
        offered=exchange.offered,
        trouble=Trouble(problem.message, problem.help, problem.again) if problem else None,
    )


def restored(turn: StoredTurn) -> Exchange:
    """The exchange that was kept as this turn."""
    asked, outcome = turn.asked, turn.outcome
    return Exchange(
        turn.id,
        asked.question,
        turn.status,
        query=outcome.query,
        text=outcome.text,
        searched=outcome.searched,
        citations=outcome.citations,
        claims=outcome.claims,
        passages=outcome.passages,
        notices=outcome.notices,
        answer=outcome.answer,
        problem=_problem(turn),
        wanted=asked.wanted,
        scope=asked.scope,
        kept=asked.kept,
        model=turn.model,
        anchors=outcome.anchors,
        offered=outcome.offered,
    )


def _problem(turn: StoredTurn) -> Problem | None:
    trouble = turn.outcome.trouble
    if trouble is None:
        return None
    # Quotations need no model, so they are a way out of whatever a model met.
    return Problem(trouble.message, trouble.help, trouble.retryable, turn.status == "failed" and turn.model != "quotes")
