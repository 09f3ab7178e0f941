"""The passages that a case is answered from: little is needed by hand, and all is kept."""

import pytest

from bot.evals.fixed_passages import given
from bot.evals.yaml_lines import Mistake, from_yaml
from bot.types import Passage
from vectorstore.types import Stage

TWO = "- {article: a.md, text: One.}\n- {article: b.md, text: Two.}\n"


def refused(text: str) -> tuple[int, str]:
    with pytest.raises(Mistake) as caught:
        given(from_yaml(text))
    return caught.value.line, caught.value.message


def test_an_article_and_a_text_are_enough() -> None:
    first, second = given(from_yaml(TWO))
    assert first == Passage(1, "a.md", "", "", "", 0, 4, "One.", 1.0)
    assert (second.n, second.text) == (2, "Two.")


def test_all_that_is_known_of_a_passage_is_read() -> None:
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
    assert given(from_yaml(text)) == (expected,)


def test_there_may_be_none() -> None:
    assert given(from_yaml("[]")) == ()


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
def test_a_mistake_is_told_with_its_line(text: str, line: int, said: str) -> None:
    assert refused(text) == (line, said)
