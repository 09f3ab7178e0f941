"""What a run is made with."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.evals import setups
from bot.evals.setups import PassageChange
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.settings import Settings
from tests.bot.evals.answering import MODEL, QUOTES

HEAD = "---\ndescription: Short.\nvariables: [passages, question]\ntemperature: 0.3\n---\n"
TEXT = f"{HEAD}# user\n$passages\n$question\n"


def test_quotations_have_no_prompt() -> None:
    made = setups.quotes_setup(Settings(passages=5, quotes=2), "the index")
    assert (made.model, made.prompt, made.passages, made.quotes, made.index) == ("quotes", "", 5, 2, "the index")


def test_a_prompt_is_kept_with_its_text_and_its_settings(tmp_path: Path) -> None:
    prompt = PromptFolder(tmp_path).save("answer", TEXT, "mine", "")
    made = setups.model_setup(Settings(max_answer_tokens=300), "openai:m", prompt, TEXT, "the index")
    assert (made.prompt, made.prompt_text, made.temperature, made.max_tokens) == ("answer/mine", TEXT, 0.3, 300)


def test_answers_are_written_by_the_text_of_the_setup() -> None:
    found = setups.pinned_prompts(replace(MODEL, prompt_text=TEXT, temperature=0.9), prompts_dir())
    assert found.load("answer").settings.temperature == 0.9
    assert found.load("answer").messages == (("user", "$passages\n$question"),)


def test_the_other_prompts_are_the_folders() -> None:
    found = setups.pinned_prompts(replace(MODEL, prompt_text=TEXT), prompts_dir())
    assert found.load("condense") == PromptFolder(prompts_dir()).load("condense")


@pytest.mark.parametrize(("given", "version"), [("", ""), ("terse", "terse"), ("answer/terse", "terse")])
def test_a_version_may_be_named_with_or_without_its_prompt(given: str, version: str) -> None:
    assert setups.version_of(given) == version


def test_a_version_of_another_prompt_is_refused() -> None:
    with pytest.raises(InputError, match="condense/plain"):
        setups.version_of("condense/plain")


@pytest.mark.parametrize(
    ("others", "names"),
    [
        ((MODEL,), ["answer/strict"]),
        ((MODEL, replace(MODEL, prompt="answer/terse")), ["answer/strict", "answer/terse"]),
        ((QUOTES, replace(MODEL, model="openai:n")), ["given", "given"]),
        ((MODEL, replace(MODEL, model="openai:n")), ["openai:m", "openai:n"]),
        ((QUOTES,), ["quotes"]),
    ],
)
def test_each_is_named_by_what_tells_it_from_the_others(others: tuple[setups.Setup, ...], names: list[str]) -> None:
    assert [one.name for one in setups.named([replace(one, name="given") for one in others])] == names


def test_a_change_of_the_passages_is_told_in_the_name() -> None:
    made = setups.with_changed_passages(QUOTES, "abcd", PassageChange(7, True))
    assert (made.name, made.frozen, made.shuffled, made.removed) == (
        "quotes, shuffled by 7 and without the cited",
        "abcd",
        7,
        True,
    )


def test_no_change_is_none() -> None:
    assert (bool(PassageChange()), bool(PassageChange(0)), bool(PassageChange(removed=True))) == (False, True, True)


def test_setups_are_alike_where_the_same_writer_answers() -> None:
    assert setups.same_writer(MODEL, replace(MODEL, name="other", frozen="abcd", index="now"))
    assert not setups.same_writer(MODEL, replace(MODEL, prompt_text="Other."))
    assert not setups.same_writer(replace(MODEL, shuffled=1), MODEL)
