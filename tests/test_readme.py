"""What the README and the pages beside it say is so: the examples run, and the files that are named exist."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from bot.commands.main import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CONTRIBUTING.md",
    *sorted(ROOT.glob("docs/*.md")),
    *(ROOT / room / "README.md" for room in ("prompts", "bot/evals", "tests/verdicts")),
]
ROOMS = ("bot/", "docs/", "prompts/", "seeds/", "tests/", "vectorstore/")


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`([\w./-]+)`", text) if name.startswith(ROOMS) and "NAME" not in name}
    linked = {target for target in re.findall(r"\]\(([^)#:]+)\)", text) if target}
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
    assert sorted(target for target in linked if not (page.parent / target).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_points_outside_the_repository(page: Path) -> None:
    assert re.findall(r"\.\./shared|PITFALLS|DESIGN\.md|STYLE\.md", page.read_text(encoding="utf-8")) == []
