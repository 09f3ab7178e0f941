"""Files of set-ups: what they turn, how the runs are named, and what is wrong with one."""

from dataclasses import replace
from pathlib import Path

import pytest

import bot.evals.setup_files
from bot.errors import InputError
from bot.evals.setup_files import SetupRequest, load_setups
from bot.evals.setups import named, setup_diff
from tests.bot.evals.answering import MODEL
from tests.bot.evals.lab_runs import cases, good, run


def loaded(tmp_path: Path, text: str) -> tuple[SetupRequest, ...]:
    path = tmp_path / "setups.yaml"
    path.write_text(text, encoding="utf-8")
    return load_setups(path)


def test_the_example_of_the_docstring_is_read_and_turned(tmp_path: Path) -> None:
    lines = (bot.evals.setup_files.__doc__ or "").splitlines()
    first, second, third, fourth = loaded(tmp_path, "\n".join(line[4:] for line in lines if line.startswith("    ")))
    assert first == SetupRequest(prompt="strict") and first.turned(MODEL) == MODEL
    assert second.turned(MODEL) == replace(MODEL, temperature=0.3)
    assert third.turned(MODEL) == replace(MODEL, seed=7, passages=6, context_tokens=2000) and third.judge == "openai:gpt-4.1"
    assert fourth.turned(MODEL) == replace(MODEL, chunk_tokens=120, encoder="e5")


def test_a_run_is_named_by_what_differs_within_the_file() -> None:
    hot, seeded = replace(MODEL, temperature=1.0), replace(MODEL, seed=7)
    assert [one.name for one in named([MODEL, hot])] == ["answer/strict, temperature none", "answer/strict, temperature 1.0"]
    assert [one.name for one in named([MODEL, seeded])] == ["answer/strict, seed none", "answer/strict, seed 7"]
    assert [one.name for one in named([MODEL])] == ["answer/strict"]


def test_a_comparison_tells_every_factor() -> None:
    later = replace(MODEL, condense="condense/small", condense_text="Rewrite.", seed=7, context_tokens=9, judge="openai:m")
    told = list(setup_diff(run("a", cases(2), good, MODEL), run("b", cases(2), good, later)))
    assert told[:4] == [
        "Judge: none before, openai:m after.",
        "Prompt that rewrites follow-ups: none before, condense/small after.",
        "Seed: none before, 7 after.",
        "Most tokens of the passages: 0 before, 9 after.",
    ]
    edited = replace(later, condense_text="Rewrite it.")
    found = list(setup_diff(run("a", cases(2), good, later), run("b", cases(2), good, edited)))
    assert found == ["The text of condense/small is not the same in both."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- temprature: 0\n", "line 1: a set-up has no field “temprature”."),
        ("- prompt: a\n  temperature: 3\n", "line 2: `temperature` must be from 0 to 2."),
        ("- k: 0\n", "line 1: `k` must be at least 1."),
        ("- seed: x\n", "line 1: `seed` must be a whole number, not “x”."),
        ("prompt: a\n", "line 1: the file must be a list of set-ups."),
        ("- [\n", "it is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as told:
        loaded(tmp_path, text)
    assert message in told.value.message
