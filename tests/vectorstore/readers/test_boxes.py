"""Callouts, admonitions, containers and lists of terms in Markdown: their words are kept, and their marks are not."""

from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.readers.boxes import without_boxes
from vectorstore.splitting.outline import outline
from vectorstore.types import Article

BOXES = {
    "a callout of GitHub": ("> [!NOTE]\n> The gate closes\n> at nine.\n", "The gate closes\nat nine.\n"),
    "a callout with a title": ("> [!tip]- Ice\n>\n> It breaks.", "Ice\n\nIt breaks."),
    "a callout in a callout": (
        "> [!note]\n> One.\n>\n> > [!tip] Two\n> > Three.\n",
        "One.\n\nTwo\n\nThree.\n",
    ),
    "a callout with a list": ("> [!NOTE]\n> - ice\n> - fog\n", "- ice\n- fog\n"),
    "an admonition": (
        '!!! warning "Ice in the basin"\n    It freezes\n    in May.\n\nA dam.',
        "Ice in the basin\n\nIt freezes\nin May.\n\nA dam.",
    ),
    "an admonition that opens": ("???+ note\n\n    It freezes.\n\n    It thaws.\n", "It freezes.\n\nIt thaws.\n"),
    "an admonition in an item": ("- One.\n\n    !!! note\n        Two.\n", "- One.\n\n    Two.\n"),
    "a container": (":::tip[Parking]\nIt costs four crowns.\n:::\n", "Parking\n\nIt costs four crowns.\n"),
    "a container with attributes": ('::: {.callout-note title="Ice"}\nIt breaks.\n:::\n', "Ice\n\nIt breaks.\n"),
    "a container in a container": ("::::note Ice\n:::tip\nIt breaks.\n:::\n::::\n", "Ice\n\nIt breaks.\n"),
    "a container in an item": ("1. One.\n   :::note\n   Two.\n   :::\n", "1. One.\n\n   Two.\n"),
    "text right behind a container": (":::note\nIce.\n:::\nFog.\n", "Ice.\n\nFog.\n"),
    "a term": ("Bollard\n: A short post\n  on a quay.\n", "- Bollard: A short post on a quay.\n"),
    "a term over a blank line": ("Bollard\n\n:   A post.\n", "- Bollard: A post.\n"),
    "two explanations": ("Fender\n: A cushion.\n: A bundle of tyres.\n", "- Fender: A cushion.\n- A bundle of tyres.\n"),
    "two explanations on several lines": (
        "Fender\n: A cushion\n    of rope.\n: A bundle.\n",
        "- Fender: A cushion of rope.\n- A bundle.\n",
    ),
    "two terms": ("Fender\nBumper\n: A cushion.\n\nPier\n: A wall.\n", "- Fender, Bumper: A cushion.\n\n- Pier: A wall.\n"),
    "an explanation of two paragraphs": (
        "Pier\n:   A wall.\n\n    It stands in the sea.\n\nA dam.",
        "- Pier: A wall.\n\n  It stands in the sea.\n\nA dam.",
    ),
}
KEPT = {
    "a quotation": "> It was built\n> by convicts.\n",
    "code": "```\n> [!NOTE]\n:::note\nA\n: b\n:::\n```\n",
    "a wikilink in a quotation": "> [!not a mark\n",
    "three signs at the end": "It rained!!!\n\n!!! And how.\n\nIt stopped.\n",
    "a fence that nothing opens": "One.\n\n:::\n\nTwo.\n",
    "a fence that nothing closes": ":::note\n\nTwo.\n",
    "a row under a sentence": "It rained all night in the harbour, and nobody went out.\n: and so on.\n",
    "a colon under a heading": "# Ice\n: cold\n",
    "a colon under an item": "- Ice\n: cold\n",
    "a colon at the top": ": cold\n",
}


@pytest.mark.parametrize("name", BOXES)
def test_the_words_of_a_box_are_kept_without_its_marks(name: str) -> None:
    written, clean = BOXES[name]
    assert without_boxes(written) == clean


@pytest.mark.parametrize("name", KEPT)
def test_what_is_no_box_stays_to_the_letter(name: str) -> None:
    assert without_boxes(KEPT[name]) == KEPT[name]


@pytest.mark.parametrize("name", BOXES)
def test_what_was_taken_out_of_its_box_has_none(name: str) -> None:
    assert without_boxes(BOXES[name][1]) == BOXES[name][1]


def test_many_openings_take_no_time() -> None:
    text = "> " * 500 + "[!NOTE]\n" + ":::note\n" * 20_000 + "!!! a\n" * 20_000 + "a\n: b\n" * 20_000
    text += ":::a" + " " * 100_000 + "{\n:::a[" + "]" * 100_000 + "{\n:::\n"
    assert without_boxes(text)


def test_the_article_has_the_words_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Terms\n\nBollard\n: A short post.\n\n> [!NOTE]\n> It is of iron.\n", "utf-8")
    (article,) = read(tmp_path / "a.md", tmp_path)
    assert isinstance(article, Article)
    blocks = [(one.kind, article.text[one.start : one.end]) for one in outline(article.text).blocks]
    assert blocks == [("heading", "# Terms"), ("item", "- Bollard: A short post."), ("paragraph", "It is of iron.")]
