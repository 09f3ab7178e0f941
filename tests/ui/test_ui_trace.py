"""What the page is given of how an answer came about."""

from dataclasses import replace

import pytest
from exchanges import asked, done, now
from fake_pages import ARTICLES, NINE, PASSAGES, cite
from streamlit.testing.v1 import AppTest

from bot.conversation.history import Exchange
from bot.types import Answer, Mode, Passage, Problem, Retrieved, Trace
from bot.ui.components.trace import asked_and_searched, found, steps, why_no_prompt
from bot.ui.exchange import failed
from vectorstore.types import Stage

SENT = Trace("answer/strict", (("system", "Be strict."), ("user", "<b>How</b> long?")), "Nine days [1].")


def passages() -> tuple[Passage, ...]:
    """The first by all stages, the others by one each; in an order that is not that of the search."""
    one, two, three = PASSAGES[:3]
    return (
        replace(one, stages={"fused": Stage(1, 2.5), "lexical": Stage(2, 9.25), "dense": Stage(1, 0.71)}),
        replace(two, stages={"dense": Stage(2, -0.5)}),
        replace(three, stages={"sprout": Stage(1, 1.0)}),
    )


def told(mode: Mode = "model", trace: Trace | None = SENT) -> Exchange:
    answer = Answer(
        "q", "the q", "Nine days [1].", False, 0.912, mode, (), (cite(1, ARTICLES[0], NINE),), passages(), trace=trace
    )
    return done(replace(answer, question="q", searched=True))


def test_question_search_and_confidence_are_told() -> None:
    assert asked_and_searched(told()) == [("Asked", "q"), ("Searched", "the q"), ("Confidence", "0.91")]


def test_stages_stand_in_the_order_of_the_search_and_unknown_ones_behind() -> None:
    assert [*found(told())][3:] == ["By meaning", "By words", "Fused", "sprout"]


def test_each_passage_has_its_rank_and_score_by_stage() -> None:
    row = [column[0] for column in found(told()).values()]
    assert row[3:] == ["**1** 0.710", "**2** 9.250", "**1** 2.500", "–"]


def test_a_score_below_zero_has_a_real_minus() -> None:
    assert found(told())["By meaning"][1] == "**2** −0.500"


def test_what_was_cited_is_told_from_what_was_not() -> None:
    assert found(told())["In the answer"] == ["Cited", "Not cited", "Not cited"]


def test_prompt_and_reply_are_there_to_the_letter() -> None:
    at = AppTest.from_function(_page, kwargs={"exchange": told()}, default_timeout=30).run()
    assert [one.value for one in at.code] == ["Be strict.", "<b>How</b> long?", "Nine days [1]."]
    assert at.expander[0].label == "Instructions · 10 characters"


def _page(exchange: "Exchange") -> None:
    from bot.ui.components.trace import trace

    trace(exchange)


@pytest.mark.parametrize(
    ("exchange", "note"),
    [
        (told("quotes", None), "No model was asked: these are quotations."),
        (told("model", None), "What was sent to the model is not known for this answer."),
        (now(asked("q"), Retrieved(PASSAGES)), "The rest is known once the answer is complete."),
        (told(), ""),
    ],
)
def test_why_there_is_no_prompt_is_said(exchange: Exchange, note: str) -> None:
    assert why_no_prompt(exchange) == note


def test_an_answer_that_failed_still_shows_what_was_found() -> None:
    begun = now(asked("q"), Retrieved(passages()))
    exchange = replace(begun, answer=failed(begun.answer, Problem("No.", "Try.")))
    assert (found(exchange)["No."], asked_and_searched(exchange)) == (["1", "2", "3"], [("Asked", "q"), ("Searched", "q")])


def test_the_parts_of_a_step_stand_behind_it_and_the_whole_last() -> None:
    ms = {"total": 2000.0, "first_token": 300.0, "search": 40.0, "write": 1900.0, "search.embed": 9.5, "condense": 0.25}
    assert [(step.name, step.ms, step.within) for step in steps(ms)] == [
        ("Condensing the question", "0.2 ms", False),
        ("Searching", "40 ms", False),
        ("Encoding", "9.5 ms", True),
        ("Writing", "1,900 ms", False),
        ("Until the first words", "300 ms", True),
        ("All together", "2,000 ms", False),
    ]


def test_bars_are_as_long_as_their_share_of_the_longest() -> None:
    assert [step.share for step in steps({"search": 50.0, "total": 200.0})] == [0.25, 1.0]


def test_no_times_are_no_bars() -> None:
    assert steps({}) == []


def test_tokens_and_dollars_are_told() -> None:
    usage = {"input_tokens": 1200.0, "output_tokens": 30.0, "cost_usd": 0.002}
    exchange = done(replace(told().answer, usage=usage))
    at = AppTest.from_function(_page, kwargs={"exchange": exchange}, default_timeout=30).run()
    assert at.caption[-1].value == r"1,200 tokens in, 30 out, about \$0\.0020\."


def test_the_models_thoughts_can_be_unfolded() -> None:
    at = AppTest.from_function(
        _page, kwargs={"exchange": told(trace=replace(SENT, thoughts="Let me see."))}, default_timeout=30
    )
    assert "Let me see." in [code.value for code in at.run().code]
