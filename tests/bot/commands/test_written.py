"""`footnote ask` with a model: verdicts, failed citations, cost, and an answer that broke off."""

import pytest

from tests.bot.fake_service import QUOTE
from tests.bot.running import Run


def test_json_tells_the_model_the_usage_and_why_a_citation_failed(run: Run) -> None:
    assert run("ask", "write", "--json") == 0
    (record,) = run.records()
    assert (record["mode"], record["model"]) == ("model", "openai:gpt-4.1")
    assert record["usage"] == {"input_tokens": 1234, "output_tokens": 56, "cost_usd": 0.0012}
    citations = record["citations"]
    assert isinstance(citations, list)
    assert [one["verdict"] for one in citations] == ["supported", "number differs", "no such passage"]
    assert "“40”" in citations[1]["reason"] and "reason" not in citations[0]


def test_json_tells_of_a_better_source(run: Run) -> None:
    run("ask", "write", "--json")
    claims = run.records()[0]["claims"]
    assert isinstance(claims, list)
    assert claims[2]["better"]["quote"] == QUOTE and "better" not in claims[0]


def test_people_read_each_verdict_with_its_reason_and_the_sum(run: Run) -> None:
    assert run("ask", "write") == 0
    assert "[1] The bridge (bridge.md 0-39), number differs: The passage has “12” where the claim has “40”." in run.out
    assert "[9] no such passage: No passage 9 was given to the model." in run.out
    assert "Uncited: It is loved." in run.out
    assert run.out.endswith(
        "Written by openai:gpt-4.1. 1 of 3 claims supported. 1,234 tokens in, 56 out, about $0.0012. "
        "First words after 0.2 s, all after 1.5 s.\n"
    )


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_answer_that_broke_off_is_kept_and_ends_with_1(run: Run, options: tuple[str, ...]) -> None:
    assert run("ask", "write half", *options) == 1
    assert "It opened on 4 May 1931" in run.out
    assert run.err == "The answer broke off. Ask again.\n"


def test_json_marks_an_answer_that_broke_off(run: Run) -> None:
    run("ask", "write half", "--json")
    assert run.records()[0]["incomplete"] == {"message": "The answer broke off.", "help": "Ask again."}


def test_people_read_nothing_of_thoughts_that_were_taken_back(run: Run) -> None:
    assert run("ask", "think") == 0
    assert run.out.startswith(f"“{QUOTE}”")


def test_json_has_nothing_of_thoughts_that_were_taken_back(run: Run) -> None:
    run("ask", "think", "--json")
    assert "Let me see" not in run.out
