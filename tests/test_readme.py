"""What the README and the pages beside it say is so: the examples run, and the files that are named exist."""

import re
import shlex
import shutil
from collections.abc import Callable
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


def examples(heading: str) -> tuple[str, list[str]]:
    """What stands under a heading of the README, and the Python code in it."""
    section = README.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return section, re.findall(r"^```python\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)


@pytest.fixture
def printed(
    seeds_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], str]:
    """Runs code beside the index of the examples, and gives what it prints."""

    def run(code: str) -> str:
        shutil.copytree(seeds_home, tmp_path / ".footnote")
        monkeypatch.chdir(tmp_path)
        exec(compile(code, str(README), "exec"), {})
        return capsys.readouterr().out

    return run


def test_the_example_in_python_prints_what_stands_below_it(printed: Callable[[str], str]) -> None:
    section, (code, _) = examples("From another program")
    assert f"```\n\n```\n{printed(code)}```\n" in section


def test_the_retriever_stands_in_a_chain(printed: Callable[[str], str]) -> None:
    told = printed(examples("From another program")[1][1])
    assert told.startswith("co-prosperity-leader-alliance.md ")
    assert "launch took place in Tokyo on Dec. 23" in told


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
