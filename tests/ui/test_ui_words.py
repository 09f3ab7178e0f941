"""The page's own words stand in one file: none is left in the code, each is used, and each that is asked for is there."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.ui.words import script_words, word

UI = Path(__file__).parents[2] / "bot" / "ui"
WORDS: Mapping[str, Mapping[str, str | Mapping[str, str]]] = tomllib.loads((UI / "words.toml").read_text(encoding="utf-8"))
SHOWN = {"label", "placeholder", "help", "alt", "title", "text", "body", "data"}
"""Arguments of Streamlit's calls that a person reads; the first one is read as well."""
SENTENCE = re.compile(r"[A-Za-z’']+ [A-Za-z]|^\W*[A-Z][a-z]")
SCRIPT = re.compile(r'//[^\n]*|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
KEYS = re.compile(r"Enter|Escape|Esc|Tab|Home|End|Left|Right|Arrow(Up|Down|Left|Right)")


def ours(ending: str) -> list[Path]:
    return sorted(UI.rglob(f"*.{ending}"))


def literals(node: ast.expr) -> Iterator[str]:
    """The literal words in an argument, those of a formatted string among them."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "word":
            return
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def shown(path: Path) -> Iterator[str]:
    """What a module gives to Streamlit to be read."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and re.fullmatch(r"st\.(?!html)\w+", ast.unparse(node.func)):
            for argument in [*node.args[:1], *(one.value for one in node.keywords if one.arg in SHOWN)]:
                yield from literals(argument)


@pytest.mark.parametrize("path", ours("py"), ids=lambda path: str(path.relative_to(UI)))
def test_streamlit_is_given_no_literal_words(path: Path) -> None:
    assert [text for text in shown(path) if SENTENCE.search(text)] == []


@pytest.mark.parametrize("path", ours("js"), ids=lambda path: str(path.relative_to(UI)))
def test_a_script_holds_no_literal_words(path: Path) -> None:
    found = [one[1] or one[2] or "" for one in SCRIPT.finditer(path.read_text(encoding="utf-8"))]
    bare = [re.sub(r"\$\{[^}]*\}", "", text) for text in found]
    # Words of a class or a selector begin with a small letter, and are few.
    assert [text for text in bare if re.match(r"\W*[A-Z][a-z]|([a-z’']+ ){3}", text) and not KEYS.fullmatch(text)] == []


def test_each_key_is_used_and_each_key_that_is_used_is_there() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(UI.rglob("*.py")))
    used = set(re.findall(r"""\bword\(\s*["']([a-z_]+\.\w+)["']""", code))
    assert used == {f"{section}.{name}" for section, words in WORDS.items() for name in words if name != "script"}


@pytest.mark.parametrize("section", [section for section, words in WORDS.items() if "script" in words])
def test_each_word_of_a_script_is_used_there(section: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((UI / "components" / section).glob("*.js")))
    assert set(re.findall(r"\bWORDS\.(\w+)", code)) == set(script_words(section))


def test_scripts_that_are_put_together_agree_on_their_words() -> None:
    ablation, answer = script_words("ablation"), script_words("answer")
    assert [name for name in ablation if answer.get(name, ablation[name]) != ablation[name]] == []


def test_a_count_chooses_the_form() -> None:
    assert [word("scope.count", count=n) for n in (0, 1, 1204)] == ["0 articles", "1 article", "1,204 articles"]
