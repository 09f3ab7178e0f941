"""What goes into an answer beside the case and the setup."""

import json

import pytest

from bot.evals.cache_key import answer_basis, scores_basis
from bot.evals.records import Setup
from bot.settings import Settings

PLAIN = answer_basis(Settings(), "")


@pytest.mark.parametrize(
    "settings", [Settings(openai_base_url="http://other.test/v1"), Settings(context_tokens=500), Settings(abstain_below=0.5)]
)
def test_a_setting_that_answers_depend_on_is_in_it(settings: Settings) -> None:
    assert answer_basis(settings, "") != PLAIN


def test_the_prompt_that_rewrites_follow_ups_is_in_it() -> None:
    assert answer_basis(Settings(), "Rewrite it.") != PLAIN


def test_a_key_and_where_the_home_is_are_not() -> None:
    assert answer_basis(Settings(openai_api_key="sk-secret", home="elsewhere"), "") == PLAIN  # type: ignore[arg-type]


def test_the_code_that_answers_is_in_it_and_not_the_code_that_judges() -> None:
    code, *_ = json.loads(scores_basis(Setup("quotes")))
    assert len(json.loads(PLAIN)["code"]) == len(code) == 64
    assert code not in PLAIN
    assert scores_basis(Setup("quotes", judge="openai:m", judge_text="Judge.")) != scores_basis(Setup("quotes"))
