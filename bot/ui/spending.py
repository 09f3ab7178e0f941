"""What the answers of a conversation have cost together. Pure."""

from dataclasses import dataclass, replace

from bot.answering.tally import spent
from bot.types import Answer
from bot.ui.words import word


@dataclass(frozen=True, slots=True)
class Spent:
    """`answers` that a model wrote, of which `counted` came with a count of tokens and `priced` with a price, in dollars."""

    answers: int = 0
    counted: int = 0
    priced: int = 0
    input_tokens: float = 0
    output_tokens: float = 0
    dollars: float = 0


NOTHING = Spent()


def with_answer(before: Spent, answer: Answer) -> Spent:
    """With one answer more; quotations cost nothing, and what an answer that did not end has cost is not known."""
    if not answer.complete or answer.mode != "model":
        return before
    usage = answer.usage
    return Spent(
        before.answers + 1,
        # A server that counts nothing leaves the name out, and one without known prices has no "cost_usd".
        before.counted + ("input_tokens" in usage),
        before.priced + ("cost_usd" in usage),
        before.input_tokens + usage.get("input_tokens", 0),
        before.output_tokens + usage.get("output_tokens", 0),
        before.dollars + usage.get("cost_usd", 0),
    )


def with_later_cost(before: Spent, was: Answer | None, now: Answer | None) -> Spent:
    """With what an answer that is counted already has cost since."""
    # The difference, as the answer has been added with its first usage already.
    then, later = (one.usage if one else {} for one in (was, now))
    more = {name: later.get(name, 0) - then.get(name, 0) for name in ("input_tokens", "output_tokens", "cost_usd")}
    return replace(
        before,
        input_tokens=before.input_tokens + more["input_tokens"],
        output_tokens=before.output_tokens + more["output_tokens"],
        dollars=before.dollars + more["cost_usd"],
    )


def spent_text(spending: Spent) -> str:
    """The sum as a sentence, once there is more than one answer to add up; what could not be counted is told.

    >>> spent_text(Spent(answers=1, counted=1, input_tokens=90, output_tokens=10))
    ''
    """
    if spending.answers < 2 or not spending.counted:
        return ""
    usage = {"input_tokens": spending.input_tokens, "output_tokens": spending.output_tokens}
    # A sum that leaves some answers out is no price.
    known = usage | {"cost_usd": spending.dollars} if spending.priced == spending.answers else usage
    sum_ = spent(known, {})[0]
    if spending.counted == spending.answers:
        return word("answer.spent", sum=sum_)
    return word("answer.spent_counted", sum=sum_, counted=spending.counted, answers=spending.answers)
