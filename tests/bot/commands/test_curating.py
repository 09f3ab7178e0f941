"""`footnote ingest` and `footnote articles` on a real home: what a person does from the shell, and what is said of it."""

import json
from pathlib import Path

import pytest

from bot.commands.main import main
from tests.vectorstore.fake_encoder import write

RAIN = "It rained in Ner for a week, and the mill stood still."
FROST = "The harbour of Ner froze in 1931, and no ferry came."


class Shell:
    """Runs commands on one home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys
        self.err = ""

    def __call__(self, *argv: str) -> str:
        assert main([*argv, "--home", str(self.home)]) == 0
        said = self.capsys.readouterr()
        self.err = said.err
        return said.out

    def records(self, *argv: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in self(*argv, "--json").splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "in", {"rain.txt": RAIN, "frost.txt": FROST, "photo.xyz": ""})


@pytest.fixture
def shell(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "minilm")
    made = Shell(tmp_path / "home", capsys)
    made("ingest", str(folder), "--tag", "weather")
    return made


def listed(shell: Shell, *argv: str) -> list[object]:
    return [record["id"] for record in shell.records("articles", "list", *argv)]


def test_an_ingest_says_first_what_it_will_do(shell: Shell, folder: Path) -> None:
    (folder / "rain.txt").write_text(RAIN + " Then it stopped.")
    plan = shell("ingest", "--dry-run", str(folder))
    assert "Files to read: 2 (2 .txt)." in plan and "1 changed" in plan and "photo.xyz" in plan
    assert shell.records("ingest", str(folder))[0]["changed"] == ["rain.txt"]
    assert shell.err.startswith("Files to read: 2")


def test_what_is_gone_is_said_by_the_ingest_the_list_and_an_answer(shell: Shell, folder: Path) -> None:
    (folder / "frost.txt").unlink()
    shell("ingest", str(folder))
    assert "Not there any more, but kept: frost.txt." in shell.err
    assert "its file is not there any more" in shell("articles")
    shell("ask", "When did the harbour of Ner freeze?")
    assert "The file of “The harbour of Ner froze in 1931, and no ferry came” is not there any more" in shell.err
    shell("ingest", str(folder), "--prune")
    assert "Removed: frost.txt." in shell.err


def test_a_tag_is_a_scope(shell: Shell) -> None:
    shell("articles", "label", "frost.txt", "--no-tag", "weather", "--collection", "Ports")
    assert (listed(shell, "--tag", "weather"), listed(shell, "--collection", "Ports")) == (["rain.txt"], ["frost.txt"])
    (found,) = shell.records("search", "What happened in Ner?", "--collection", "Ports")
    assert [hit["article"] for hit in found["hits"]] == ["frost.txt"]  # type: ignore[attr-defined]
    assert main(["search", "Ner?", "--tag", "whether", "--home", str(shell.home)]) == 1
    assert "There is no tag “whether”. There are weather." in shell.capsys.readouterr().err


def test_an_article_is_edited(shell: Shell) -> None:
    assert "title: The frost" in shell("articles", "edit", "frost.txt", "--title", "The frost", "--date", "1931")
    (record,) = shell.records("articles", "edit", "frost.txt", "--as-read", "date")
    assert (record["title"], record["date"]) == ("The frost", "")


def test_an_article_is_archived_and_deleted_and_had_back(shell: Shell) -> None:
    shell("articles", "archive", "rain.txt")
    assert (listed(shell), listed(shell, "--archived")) == (["frost.txt"], ["rain.txt"])
    shell("articles", "delete", "rain.txt")
    assert (listed(shell, "--archived"), listed(shell, "--deleted")) == ([], ["rain.txt"])
    shell("articles", "restore", "rain.txt")
    shell("articles", "unarchive", "rain.txt")
    assert listed(shell) == ["frost.txt", "rain.txt"]


def test_copies_are_named(shell: Shell, folder: Path) -> None:
    shell("ingest", str(write(folder, {"again.txt": RAIN})))
    assert shell.records("articles", "copies", "again.txt") == [{"id": "again.txt", "copies": ["rain.txt"]}]
    assert "copy of rain.txt" in shell("articles")
    (found,) = shell.records("search", "Where did it rain?", "-k", "2")
    assert [hit.get("copy_of") for hit in found["hits"]] == [None, "rain.txt"]  # type: ignore[attr-defined]


def test_nothing_was_left_out(shell: Shell) -> None:
    assert shell("articles", "omitted", "rain.txt") == "Nothing was left out.\n"
