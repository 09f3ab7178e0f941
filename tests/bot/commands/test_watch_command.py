"""`footnote watch` over a real index: questions are kept, asked again, and what changed is printed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands.main import main

Footnote = Callable[..., tuple[int, str]]

BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"
WHEN = "When did the bridge at Ner open?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "bridge.md").write_text(BRIDGE)
    (made / "harbour.md").write_text("The harbour of Lindmark froze in January.\n")
    return made


@pytest.fixture
def footnote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Footnote:
    """Runs a command on a home of its own; the exit code, and what was printed to stdout, or else to stderr."""
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "minilm")

    def run(*argv: str | Path) -> tuple[int, str]:
        code = main([str(one) for one in argv])
        printed = capsys.readouterr()
        return code, printed.out or printed.err

    return run


@pytest.fixture
def kept(footnote: Footnote, folder: Path) -> str:
    """The id of a question that was asked once."""
    footnote("ingest", folder)
    _, printed = footnote("watch", "add", WHEN, "--json")
    return str(json.loads(printed)["id"])


def change(folder: Path, footnote: Footnote) -> None:
    (folder / "bridge.md").write_text(BRIDGE.replace("4 May 1931", "9 June 1932"))
    footnote("ingest", folder)


def test_a_question_is_asked_when_it_is_kept(footnote: Footnote, folder: Path) -> None:
    footnote("ingest", folder)
    code, printed = footnote("watch", "add", WHEN)
    assert code == 0
    assert "The bridge at Ner opened on 4 May 1931. [1]" in printed


def test_nothing_is_new_as_long_as_no_article_changes(footnote: Footnote, kept: str) -> None:
    assert footnote("watch") == (0, "Nothing new: the articles have not changed since 1 question was asked.\n")
    assert footnote("watch", "--json") == (0, "")


def test_what_changed_is_told_in_words(footnote: Footnote, folder: Path, kept: str) -> None:
    change(folder, footnote)
    code, printed = footnote("watch")
    assert code == 0
    assert printed.startswith(
        f"# {kept}: {WHEN}\n~ The bridge at Ner opened on 4 May 1931.\n  now: The bridge at Ner opened on 9 June 1932.\n"
        "! Footnote [1] no longer holds, its words are not in the article any more:"
    )


def test_what_changed_is_a_line_of_json(footnote: Footnote, folder: Path, kept: str) -> None:
    change(folder, footnote)
    record = json.loads(footnote("watch", "--json")[1])
    assert (record["id"], record["question"], record["changed"], record["first"]) == (kept, WHEN, True, False)
    assert [one["now"] for one in record["reworded"]] == ["The bridge at Ner opened on 9 June 1932."]
    assert (record["new"], record["gone"], [one["why"] for one in record["broken"]]) == ([], [], ["words gone"])
    assert record["answer"].endswith("The bridge at Ner opened on 9 June 1932. [1]")


def test_a_change_is_a_failure_only_where_that_is_asked_for(footnote: Footnote, folder: Path, kept: str) -> None:
    change(folder, footnote)
    assert footnote("watch", "--fail-if-changed")[0] == 1
    assert footnote("watch", "--fail-if-changed")[0] == 0


def test_an_article_of_no_concern_changes_nothing(footnote: Footnote, folder: Path, kept: str) -> None:
    (folder / "mill.md").write_text("The mill at Ostrow was sold.\n")
    footnote("ingest", folder)
    assert footnote("watch") == (0, f"# {kept}: {WHEN}\nNothing new.\n\n")


def test_all_are_asked_again_on_request(footnote: Footnote, kept: str) -> None:
    record = json.loads(footnote("watch", "run", "--json", "--fail-if-changed")[1])
    assert (record["id"], record["changed"]) == (kept, False)


def test_the_list_says_which_are_due(footnote: Footnote, folder: Path, kept: str) -> None:
    record = json.loads(footnote("watch", "list", "--json")[1])
    assert (record["id"], record["due"], record["changes"], record["scope"]) == (kept, False, 0, {})
    change(folder, footnote)
    assert footnote("watch", "list")[1].rstrip().endswith("0 changes; due")


def test_a_scope_is_kept_with_its_question(footnote: Footnote, folder: Path) -> None:
    footnote("ingest", folder)
    footnote("watch", "add", WHEN, "--article", "bridge.md")
    assert json.loads(footnote("watch", "list", "--json")[1])["scope"] == {"articles": ["bridge.md"]}


def test_a_removed_question_is_asked_no_more(footnote: Footnote, kept: str) -> None:
    assert footnote("watch", "remove", kept) == (0, f"Removed: {kept}.\n")
    assert footnote("watch", "run") == (0, "No question is kept yet. `footnote watch add QUESTION` keeps one.\n")


def test_an_unknown_question_is_a_sentence(footnote: Footnote, kept: str) -> None:
    code, printed = footnote("watch", "remove", "ab12")
    assert (code, printed.splitlines()[0]) == (1, "footnote: There is no standing question ab12.")


def test_to_look_at_a_home_that_is_not_there_makes_none(footnote: Footnote, tmp_path: Path) -> None:
    assert footnote("watch")[0] == 0
    assert not (tmp_path / "home").exists()


def test_a_question_without_articles_is_kept_and_fails(footnote: Footnote) -> None:
    code, printed = footnote("watch", "add", WHEN)
    assert code == 1
    assert "Not asked:" in printed
    assert WHEN in footnote("watch", "list")[1]
