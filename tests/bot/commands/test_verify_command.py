"""`footnote verify`: JSON lines in, JSON lines out, with the real verifier."""

import json
from pathlib import Path

import pytest

from bot.commands.jsonlines import BadLine
from bot.commands.main import main
from bot.commands.verify import ClaimPair, parse_pairs

SOURCE = "The bridge at Ner was opened on 4 May 1931 by Queen Maria. It carries 127 trains a day."


def _line(id: str | int, claim: str, source: str = SOURCE) -> str:
    return json.dumps({"id": id, "claim": claim, "source": source})


def _verify(path: Path, lines: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, object]], str]:
    file = path / "pairs.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code = main(["verify", str(file)])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def test_each_pair_gives_one_line_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        _line("a", "It carries 127 trains a day."),
        _line(2, "It carries 128 trains a day."),
        _line("c", "Cats purr loudly."),
    ]
    code, found, _ = _verify(tmp_path, lines, capsys)
    assert code == 0
    assert [(one["id"], one["verdict"]) for one in found] == [("a", "quoted"), (2, "number differs"), ("c", "not found")]


def test_the_span_is_where_the_words_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (found,), _ = _verify(tmp_path, [_line("a", "it carries 127 trains a day")], capsys)
    assert found == {"id": "a", "verdict": "quoted", "score": 1.0, "span": [59, 86]}


def test_what_is_not_supported_has_no_span(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (found,), _ = _verify(tmp_path, [_line("a", "Cats purr loudly.")], capsys)
    assert found["span"] is None


def test_a_bad_line_is_told_and_the_rest_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["nonsense", '{"id": "b", "claim": " ", "source": "x"}', _line("c", "It carries 127 trains a day.")]
    code, found, err = _verify(tmp_path, lines, capsys)
    assert code == 1
    assert found[0]["id"] is None
    assert str(found[0]["error"]).startswith("Line 1: it is not JSON")
    assert found[1] == {"id": "b", "error": 'Its "claim" is missing or empty.'}
    assert found[2]["verdict"] == "quoted"
    assert "line 1: it is not JSON" in err
    assert "line 2: its " in err


def test_a_file_that_is_not_there_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path / "none.jsonl")]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "id", "reason"),
    [
        (b"[]", None, "not an object"),
        (b'{"claim": "x", "source": "y"}', None, '"id"'),
        (b'{"id": true, "claim": "x", "source": "y"}', None, '"id"'),
        (b'{"id": 1, "source": "y"}', 1, '"claim" is missing'),
        (b'{"id": 1, "claim": "x", "source": ""}', 1, '"source" is missing'),
        (b'{"id": 1, "claim": "\\ud800", "source": "y"}', 1, "not valid Unicode"),
        (b"\xff", None, "UTF-8"),
        (b"[" * 100_000, None, "nested"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: bytes, id: int | None, reason: str) -> None:
    (found,) = parse_pairs([line])
    assert isinstance(found, BadLine)
    assert found.id == id
    assert reason in found.reason


def test_a_byte_order_mark_is_passed_over_and_an_empty_line_is_not() -> None:
    lines = [b'\xef\xbb\xbf{"id": 1, "claim": "x", "source": "y"}\n', b"\n"]
    assert list(parse_pairs(lines)) == [ClaimPair(1, "x", "y"), BadLine(2, "it is empty")]
