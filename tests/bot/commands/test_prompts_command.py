"""`footnote prompts`: list, show, diff, use and render, for people and as JSON lines."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from bot.commands.main import main
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.types import Condensed, Event, Question, Token, Turn
from tests.bot.fake_service import TEXT, FakeService
from tests.bot.running import Run
from vectorstore.types import Scope


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the prompts that ship, which the setting names."""
    folder = tmp_path / "prompts"
    shutil.copytree(prompts_dir(), folder)
    monkeypatch.setenv("FOOTNOTE_PROMPTS", str(folder))
    return folder


@pytest.mark.parametrize("argv", [("prompts",), ("prompts", "list")])
def test_list_is_a_line_for_each_version_with_the_one_in_force(run: Run, folder: Path, argv: tuple[str, ...]) -> None:
    assert run(*argv) == 0
    lines = run.out.splitlines()
    assert lines[0].startswith("answer/small  For small models")
    assert lines[1].startswith("answer/strict  in force  One fact a sentence")
    assert lines[2].startswith("answer/terse  The fact that was asked for")
    assert len(lines) == len(list(folder.glob("*/*.md")))


def test_list_as_json_has_what_is_known_of_each(run: Run, folder: Path) -> None:
    PromptFolder(folder).save("answer", PromptFolder(folder).text("answer", "terse"), "brief", "Briefer")
    assert run("prompts", "list", "--json") == 0
    first = run.records()[0]
    assert first.pop("description") == PromptFolder(folder).load("answer", "terse").description
    assert first == {
        "name": "answer",
        "version": "brief",
        "message": "Briefer",
        "variables": ["conversation", "passages", "question"],
        "settings": {"max_tokens": 300},
        "in_force": False,
        "problem": None,
    }


def test_a_broken_version_is_listed_with_why_and_harms_nothing(run: Run, folder: Path) -> None:
    (folder / "answer" / "two.md").write_text("broken", encoding="utf-8")
    assert run("prompts", "list") == 0
    assert "answer/two  cannot be used: prompts/answer/two.md, line 1: front matter is missing.\n" in run.out


def test_a_broken_version_in_force_ends_with_1(run: Run, folder: Path) -> None:
    (folder / "answer" / "strict.md").write_text("broken", encoding="utf-8")
    assert run("prompts", "list") == 1
    assert "answer/strict  in force, but cannot be used: prompts/answer/strict.md, line 1" in run.out
    assert run.err.startswith("prompts/answer/strict.md, line 1: front matter is missing.")


def test_a_prompt_with_none_in_force_ends_with_1(run: Run, folder: Path) -> None:
    (folder / "in-force.yaml").write_text("condense: plain\ndraft-case: plain\n", encoding="utf-8")
    assert run("prompts", "list", "--json") == 1
    assert run.err.startswith("in-force.yaml names no version of “answer”.")


@pytest.mark.parametrize(("which", "version"), [("answer/terse", "terse"), ("answer", "strict")])
def test_show_prints_the_file(run: Run, folder: Path, which: str, version: str) -> None:
    assert run("prompts", "show", which) == 0
    assert run.out == (folder / "answer" / f"{version}.md").read_text(encoding="utf-8")


def test_show_as_json_has_the_messages(run: Run, folder: Path) -> None:
    assert run("prompts", "show", "condense", "--json") == 0
    (record,) = run.records()
    assert record["text"] == (folder / "condense" / "plain.md").read_text(encoding="utf-8")
    assert [message["role"] for message in cast(list[dict[str, str]], record["messages"])] == ["system", "user"]


def test_show_prints_a_broken_file_as_well_and_says_why(run: Run, folder: Path) -> None:
    (folder / "answer" / "two.md").write_text("broken", encoding="utf-8")
    assert run("prompts", "show", "answer/two") == 1
    assert (run.out, run.err.partition(":")[2][:31]) == ("broken\n", " prompts/answer/two.md, line 1:")


@pytest.mark.parametrize("which", ["answer/none", "none", "../answer/strict", "answer/"])
def test_a_version_that_there_is_not_is_an_error_or_the_one_in_force(run: Run, folder: Path, which: str) -> None:
    assert run("prompts", "show", which) == (0 if which == "answer/" else 1)


def test_diff_prints_a_unified_diff(run: Run, folder: Path) -> None:
    assert run("prompts", "diff", "answer", "strict", "terse") == 0
    assert run.out.startswith("--- answer/strict\n+++ answer/terse\n@@")
    assert "\n+max_tokens: 300\n" in run.out


def test_diff_as_json_has_its_lines(run: Run, folder: Path) -> None:
    assert run("prompts", "diff", "answer", "strict", "terse", "--json") == 0
    lines = PromptFolder(folder).diff("answer", "strict", "terse")
    assert run.records() == [{"name": "answer", "a": "strict", "b": "terse", "diff": lines}]


def test_diff_of_the_same_says_so(run: Run, folder: Path) -> None:
    assert run("prompts", "diff", "answer", "strict", "strict") == 0
    assert run.out == "answer/strict and answer/strict are the same.\n"


def test_use_puts_a_version_in_force_and_back(run: Run, folder: Path) -> None:
    assert run("prompts", "use", "answer", "terse") == 0
    assert (run.out, PromptFolder(folder).in_force("answer")) == ("answer/terse is in force. Before, it was strict.\n", "terse")
    assert run("prompts", "use", "answer", "terse") == 0
    assert run.out == "answer/terse is already in force.\n"
    assert run("prompts", "use", "answer", "--back", "--json") == 0
    assert run.records() == [{"name": "answer", "in_force": "strict", "before": "terse"}]
    assert PromptFolder(folder).in_force("answer") == "strict"


def test_back_with_nothing_before_is_an_error(run: Run, folder: Path) -> None:
    assert run("prompts", "use", "answer", "--back") == 1
    assert run.err.startswith("footnote: There is no version of “answer” to go back to.\n")


@pytest.mark.parametrize("argv", [("answer",), ("answer", "terse", "--back")])
def test_use_wants_a_version_or_back(capsys: pytest.CaptureFixture[str], run: Run, argv: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        run("prompts", "use", *argv)
    assert caught.value.code == 2
    assert "prompts use wants a VERSION, or --back" in capsys.readouterr().err


def test_no_home_is_opened_but_to_render(run: Run, folder: Path) -> None:
    run("prompts", "list")
    run("prompts", "use", "answer", "terse")
    assert (run.settings, run.service.closed) == (None, 0)
    run("prompts", "render", "answer", "--question", "When?")
    assert run.service.closed == 1


def test_render_prints_the_messages_with_what_was_found(run: Run, folder: Path) -> None:
    assert run("prompts", "render", "answer/terse", "--question", "When?") == 0
    system = PromptFolder(folder).load("answer", "terse").messages[0][1]
    assert run.out.startswith(f'# system\n{system}\n\n# user\n<passage number="1"')
    assert f"{TEXT}\n</passage>\n\n<question>\nWhen?\n</question>\n\nanswer/terse: about " in run.out
    assert run.out.endswith(" tokens, with 1 passage. Nothing was sent.\n")


def test_render_as_json_counts_the_tokens(run: Run, folder: Path) -> None:
    assert run("prompts", "render", "answer", "--question", "When?", "--json") == 0
    (record,) = run.records()
    assert (record["version"], record["passages"], record["left_out"]) == ("strict", [1], 0)
    assert 300 < cast(int, record["tokens"]) < 1000


def test_render_searches_as_quotes_mode_does_and_asks_no_model(run: Run, folder: Path) -> None:
    run("prompts", "render", "answer", "--question", "And?", "--said", "When?", "--said", "In 1931.", "--author", "Brandt")
    turns = (Turn("user", "When?"), Turn("assistant", "In 1931."))
    assert run.service.calls == [("ask", Question("And?", turns, Scope((), ("Brandt",)), model="quotes"))]
    assert "<conversation>\nReader: When?\nFootnote: In 1931.\n</conversation>" in run.out


def test_render_of_the_rewriting_searches_nothing(run: Run, folder: Path) -> None:
    assert run("prompts", "render", "condense", "--question", "And?", "--said", "A", "--said", "B") == 0
    assert run.service.calls == [] and "# user\n<conversation>\nReader: A\nFootnote: B\n" in run.out


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("answer", "--question", " "), "The question is missing or empty."),
        (("answer", "--question", "And?", "--said", "A"), "--said has to be given in pairs."),
        (("draft-case", "--question", "When?"), "Footnote does not use “draft-case” in a turn"),
        (("answer/none", "--question", "When?"), "There is no prompts/answer/none.md."),
    ],
)
def test_what_cannot_be_rendered_is_told(run: Run, folder: Path, argv: tuple[str, ...], told: str) -> None:
    assert run("prompts", "render", *argv) == 1
    assert run.err.startswith(f"footnote: {told}")


class _AsksBack(FakeService):
    def stream(self, question: Question) -> Iterator[Event]:
        yield Condensed(question.text)
        yield Token("What is “it”?")


def test_a_question_that_is_not_searched_is_told_with_what_footnote_asks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(("prompts", "render", "answer", "--question", "And it?"), lambda _: _AsksBack()) == 1
    assert capsys.readouterr().err == "footnote: This question is not searched, so no prompt is sent.\nWhat is “it”?\n"
