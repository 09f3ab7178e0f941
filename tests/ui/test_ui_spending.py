from dataclasses import replace

from fake_pages import PASSAGES

from bot.types import Answer
from bot.ui.spending import NOTHING, Spent, spent_text, with_answer, with_later_cost

PAID = Answer(
    "q", "q", "a", False, 1.0, "model", (), (), PASSAGES, {"input_tokens": 1200, "output_tokens": 30, "cost_usd": 0.002}
)
FREE = replace(PAID, mode="quotes", usage={})
UNCOUNTED = replace(PAID, usage={})
UNPRICED = replace(PAID, usage={"input_tokens": 100, "output_tokens": 10})


def of(*answers: Answer) -> Spent:
    found = NOTHING
    for answer in answers:
        found = with_answer(found, answer)
    return found


def test_a_single_answer_has_no_sum() -> None:
    assert spent_text(of(PAID, FREE)) == ""


def test_all_that_was_written_is_summed() -> None:
    assert spent_text(of(PAID, FREE, PAID)) == "This conversation: 2,400 tokens in, 60 out, about $0.0040."


def test_a_sum_that_leaves_out_an_answer_says_so_and_names_no_price() -> None:
    assert spent_text(of(PAID, UNCOUNTED)) == "This conversation (1 of 2 answers counted): 1,200 tokens in, 30 out."


def test_one_answer_of_unknown_price_leaves_the_sum_without_one() -> None:
    assert spent_text(of(PAID, UNPRICED)) == "This conversation: 1,300 tokens in, 40 out."


def test_what_an_answer_costs_after_its_end_is_added() -> None:
    more = replace(PAID, usage={**PAID.usage, "input_tokens": PAID.usage["input_tokens"] + 100})
    assert (
        spent_text(with_later_cost(of(PAID, PAID), PAID, more)) == "This conversation: 2,500 tokens in, 60 out, about $0.0040."
    )


def test_what_failed_before_an_answer_counts_nothing() -> None:
    assert of(replace(PAID, status="failed")) == NOTHING
