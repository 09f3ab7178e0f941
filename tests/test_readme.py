"""The examples in the README do what it says."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from bot.commands.main import main

README = Path(__file__).parents[1] / "README.md"


def example(heading: str) -> str:
    """The Python code under a heading of the README."""
    section = README.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    (code,) = re.findall(r"^```python\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return str(code)


def test_the_retriever_stands_in_a_chain(
    seeds_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(seeds_home, tmp_path / ".footnote")
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {}
    exec(compile(example("In a LangChain chain"), str(README), "exec"), scope)
    printed = capsys.readouterr().out
    assert printed.startswith("co-prosperity-leader-alliance.md ")
    assert "launch took place in Tokyo on Dec. 23" in printed


def pasted() -> list[tuple[str, str]]:
    """Each command of the README's example with the output that is pasted below it."""
    text = README.read_text(encoding="utf-8")
    return re.findall(r"^```console\n\$ footnote (.*?)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("command", "output"), pasted(), ids=lambda text: text.split()[0])
def test_the_pasted_example_is_what_the_program_prints(
    command: str,
    output: str,
    seeds_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (draft,) = re.findall(r"^```text\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "draft.txt").write_text(draft, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main([*shlex.split(command), "--home", str(seeds_home)]) == 0
    assert capsys.readouterr().out == output
