"""The grammar of `footnote eval`: what each option becomes, and what is refused."""

import argparse

import pytest

from bot.commands.main import build_parser, main


def parsed(*argv: str) -> dict[str, object]:
    given = vars(build_parser().parse_args(argv, argparse.Namespace()))
    assert callable(given.pop("run"))
    return given


def test_a_run_has_a_default_for_everything_but_its_cases() -> None:
    assert parsed("eval", "run", "cases.yaml", "more.jsonl") == {
        "command": "eval",
        "action": "run",
        "cases": ["cases.yaml", "more.jsonl"],
        "prompt": [],
        "model": [],
        "frozen": "",
        "fresh_search": False,
        "shuffle": None,
        "without_cited": False,
        "jobs": 4,
        "resume": "",
        "message": "",
        "no_cache": False,
        "setups": "",
        "mutate": False,
        "judge": "",
        "judge_prompt": "",
        "repeat": 1,
        "tag": [],
        "split": "",
        "require": [],
        "junit": "",
    }


def test_a_run_takes_several_prompts_and_models() -> None:
    options = "--prompt strict --prompt terse --model quotes --model openai:x --shuffle 7 --without-cited --jobs 8 --no-cache"
    given = parsed("eval", "run", "c.yaml", *options.split(), "--frozen", "r1", "--message", "why")
    assert (given["prompt"], given["model"]) == (["strict", "terse"], ["quotes", "openai:x"])
    assert (given["shuffle"], given["without_cited"], given["jobs"], given["no_cache"]) == (7, True, 8, True)
    assert (given["frozen"], given["message"]) == ("r1", "why")


def test_a_comparison_is_of_two_runs() -> None:
    given = parsed("eval", "compare", "r1", "r2", "--html", "c.html", "--fail-if-worse")
    assert (given["a"], given["b"], given["html"], given["fail_if_worse"]) == ("r1", "r2", "c.html", True)


def test_cases_are_exported_to_a_tool_that_is_named() -> None:
    given = parsed("eval", "export", "c.yaml", "--to", "promptfoo")
    assert (given["cases"], given["to"], given["out"], given["url"]) == (["c.yaml"], "promptfoo", "-", "")
    assert parsed("eval", "import", "c.csv", "--out", "c.yaml")["form"] == ""


def test_a_draft_goes_to_stdout_unless_a_file_is_named() -> None:
    given = parsed("eval", "draft")
    assert (given["out"], given["model"], given["n"]) == ("-", "", 20)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("eval", "run", "c.yaml", "--jobs", "0"), "whole number from 1 to 64"),
        (("eval", "compare", "r1"), "the following arguments are required: B"),
        (("eval", "sing"), "invalid choice"),
        (("prompts", "diff", "answer", "strict"), "the following arguments are required: B"),
        (("prompts", "render", "answer"), "--question"),
    ],
)
def test_wrong_usage_says_what_is_wrong(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], said: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err
