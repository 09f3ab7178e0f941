"""`footnote check`: each sentence of a draft with its verdict and its source, for people and as JSON lines."""

from pathlib import Path

import pytest

from tests.bot.fake_service import QUOTE
from tests.bot.running import Run


@pytest.fixture
def draft(tmp_path: Path) -> str:
    file = tmp_path / "draft.md"
    file.write_bytes("\ufeffIt opened.\r\nIt is blue.\r\n".encode())
    return str(file)


def test_the_draft_is_read_without_its_mark_and_with_plain_line_ends(run: Run, draft: str) -> None:
    run("check", draft)
    assert run.service.calls == [("check", "It opened.\nIt is blue.\n")]


def test_each_sentence_is_a_json_line_with_its_source(run: Run, draft: str) -> None:
    assert run("check", draft, "--json") == 0
    first, second, third, last = run.records()
    source = {"article": "bridge.md", "title": "The bridge", "start": 0, "end": len(QUOTE), "quote": QUOTE, "reason": ""}
    assert first == {"text": QUOTE, "start": 0, "end": len(QUOTE), "verdict": "quoted", "source": source}
    assert second["verdict"] == "number differs" and second["source"]["reason"].startswith("The passage has")  # type: ignore[index]
    assert third["source"]["quote"] == "" and last["source"] is None  # type: ignore[index]


def test_for_people_the_verdict_stands_first_and_the_sum_last(run: Run, draft: str) -> None:
    assert run("check", draft) == 0
    assert run.out.startswith(f"QUOTED: {QUOTE}\n  The bridge (bridge.md 0-39)\n    {QUOTE}\n\nNUMBER DIFFERS: ")
    assert run.out.endswith("4 sentences checked: 2 not found, 1 quoted, 1 number differs.\n")


def test_a_second_opinion_stands_with_its_sentence_and_its_cost_is_told(run: Run, draft: str) -> None:
    run.service.advising = True
    assert run("check", draft, "--json") == 0
    assert run.records()[2]["second_opinion"] == {"says": "no", "model": "openai:m"}
    assert "second_opinion" not in run.records()[0]
    assert run.err.splitlines() == ["The model was slow.", "90 tokens in, 10 out."]
    run("check", draft)
    assert "  Second opinion: the model does not find this in the passage. (openai:m)\n" in run.out


def test_a_draft_that_states_nothing_is_said_to(run: Run, tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("nothing", encoding="utf-8")
    assert run("check", str(tmp_path / "d.txt")) == 0
    assert "no sentence that states anything" in run.out


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"\xff\xfe\x00", "not UTF-8"), (b"  \n", "is empty"), (b"a" * 5_000_001, "larger")],
)
def test_what_cannot_be_checked_is_an_error(run: Run, tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "draft.md"
    if content is not None:
        file.write_bytes(content)
    assert run("check", str(file)) == 1
    assert said in run.err and not run.out


@pytest.mark.parametrize(("name", "head"), [("a.html", b"<!doctype html>"), ("a.MD", b"It opened."), ("a.docx", b"PK")])
def test_the_draft_with_its_verdicts_is_written_to_a_file_as_well(
    run: Run, draft: str, tmp_path: Path, name: str, head: bytes
) -> None:
    assert run("check", draft) == 0
    before = run.out
    assert run("check", draft, "--export", str(tmp_path / name)) == 0
    assert run.out == before
    assert (tmp_path / name).read_bytes().startswith(head)
    assert f"is in {tmp_path / name}." in run.err
    assert {file.name for file in tmp_path.iterdir()} == {"draft.md", name}


def test_a_form_that_is_not_known_is_wrong_usage(run: Run, draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run("check", draft, "--export", "a.pdf")
    assert "'a.pdf' ends in none of .html, .md, .docx" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_told_before_anything_is_checked(run: Run, draft: str, tmp_path: Path) -> None:
    assert run("check", draft, "--export", str(tmp_path / "no" / "a.md")) == 1
    assert "is not there" in run.err and run.service.calls == []
