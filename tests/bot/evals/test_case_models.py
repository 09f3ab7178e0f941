"""The passages that a case is answered from: little is needed by hand, and all is kept."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from bot.errors import InputError
from bot.evals.cases import load
from bot.types import Passage
from vectorstore.types import Stage

TWO = "- {article: a.md, text: One.}\n- {article: b.md, text: Two.}\n"


HEAD = "- id: a\n  question: What is it?\n  given:\n"


def given(folder: Path, text: str) -> tuple[Passage, ...] | None:
    """The passages of a case that has this under `given`, from line 4 on."""
    path = folder / "cases.yaml"
    path.write_text(HEAD + indent(dedent(text), "    "), encoding="utf-8")
    return load(path)[0].given


def test_an_article_and_a_text_are_enough(tmp_path: Path) -> None:
    first, second = given(tmp_path, TWO) or ()
    assert first == Passage(1, "a.md", "", "", "", 0, 4, "One.", 1.0)
    assert (second.n, second.text) == (2, "Two.")


def test_all_that_is_known_of_a_passage_is_read(tmp_path: Path) -> None:
    text = """
        n: 3
        article: a.md
        title: 1984
        author: Ada
        date: 2019-02-01
        start: 10
        end: 20
        text: Eight. Two
        score: 0.5
        stages: {dense: {rank: 1, score: -0.25}}
        sentences: [[10, 16], [17, 20]]
        evidence: [0.5, 0]
        source: https://a.invalid
        also: b.md
    """
    stages = {"dense": Stage(1, -0.25)}
    expected = Passage(
        3, "a.md", "1984", "Ada", "2019-02-01", 10, 20, "Eight. Two", 0.5, stages, ((10, 16), (17, 20)), (0.5, 0.0),
        "https://a.invalid", ("b.md",),
    )  # fmt: skip
    assert given(tmp_path, text) == (expected,)


def test_there_may_be_none(tmp_path: Path) -> None:
    assert given(tmp_path, "[]") == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- article: a\n", 1, "a passage of `given` has no `text`"),
        ("- text: a\n", 1, "a passage of `given` has no `article`"),
        ("- a", 1, "a passage of `given` must be fields with values, not a text"),
        ("article: a\ntext: b\nwords: c", 3, "a passage of `given` has no field “words”"),
        ("article: a\ntext: b\nstart: c", 3, "`start` must be a whole number, not “c”"),
        ("article: a\ntext: b\nsentences: [1, 2]", 3, "`sentences` must be pairs of places"),
        ("article: a\ntext: b\nstages: [1]", 3, "`stages` must be fields with values, not a list"),
        ("article: a\ntext: b\nstages:\n  dense: {rank: 1}", 4, "a stage needs `rank` and `score`"),
        (TWO.replace("article", "n: 1, article"), 1, "two passages of `given` have the same number"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        given(tmp_path, text)
    assert caught.value.message == f"{tmp_path / 'cases.yaml'}, line {line + 3}: {said}."


@pytest.mark.parametrize("written", ["-1", "1.5", "9" * 5000, "two"])
def test_a_place_is_a_whole_number(tmp_path: Path, written: str) -> None:
    with pytest.raises(InputError, match="`start` must be a whole number, not “"):
        given(tmp_path, f"article: a\ntext: b\nstart: {written}")


@pytest.mark.parametrize("written", ["many", "nan", "-inf"])
def test_a_score_is_a_number(tmp_path: Path, written: str) -> None:
    with pytest.raises(InputError, match=f"`score` must be a number, not “{written}”"):
        given(tmp_path, f"article: a\ntext: b\nscore: {written}")


@pytest.mark.parametrize(("written", "value"), [("true", True), ("Yes", True), ("false", False), ("no", False)])
def test_a_flag_is_read_in_the_words_of_yaml(tmp_path: Path, written: str, value: bool) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(f"- id: a\n  question: b\n  abstain: {written}\n", encoding="utf-8")
    assert load(path)[0].abstain is value
