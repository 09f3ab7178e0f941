"""`footnote people` and `footnote tokens`."""

import json
from pathlib import Path

import pytest

from bot.commands.main import main
from bot.wiring.accounts import Accounts


def run(capsys: pytest.CaptureFixture[str], home: Path, *argv: str) -> tuple[int, str, str]:
    code = main([*argv, "--home", str(home)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_people_are_let_in_listed_and_removed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, tmp_path, "people")[1] == "Nobody may sign in yet. `footnote people add ADDRESS` lets somebody in.\n"
    assert run(capsys, tmp_path, "people", "add", "Ada@Example.org", "--role", "admin")[1] == "admin   ada@example.org\n"
    run(capsys, tmp_path, "people", "add", "@example.org")
    listed = [json.loads(line) for line in run(capsys, tmp_path, "people", "--json")[1].splitlines()]
    assert listed == [{"who": "ada@example.org", "role": "admin"}, {"who": "@example.org", "role": "reader"}]
    assert run(capsys, tmp_path, "people", "remove", "ada@example.org")[0] == 0
    assert run(capsys, tmp_path, "people", "list")[1] == "reader  @example.org\n"
    code, _, told = run(capsys, tmp_path, "people", "remove", "ada@example.org")
    assert code == 1 and "not on the list" in told


def test_a_token_is_printed_once_and_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, told = run(capsys, tmp_path, "tokens", "add", "bot", "--role", "editor")
    holder = Accounts(tmp_path).token_holder(out.strip())
    assert code == 0 and holder is not None and holder.role == "editor"
    assert out.strip() not in told and "once" in told
    listed = run(capsys, tmp_path, "tokens")[1]
    assert "bot" in listed and out.strip() not in listed
    assert run(capsys, tmp_path, "tokens", "remove", "bot")[0] == 0
    assert "no tokens" in run(capsys, tmp_path, "tokens", "list")[1]
    made = json.loads(run(capsys, tmp_path, "tokens", "add", "Two", "--json")[1])
    assert (made["name"], made["role"]) == ("two", "reader")
