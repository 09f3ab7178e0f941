"""A thread's posts are turns of who wrote them, so that what one says is nobody else's."""

from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.splitting.outline import outline
from vectorstore.types import Article


def article_of(path: Path) -> Article:
    (found,) = [one for one in read(path, path.parent) if isinstance(one, Article)]
    return found


def said_by(article: Article) -> list[tuple[str, str]]:
    return [
        (one.speaker, article.text[one.start : one.end][-20:]) for one in outline(article.text).blocks if one.kind == "turn"
    ]


def page(folder: Path, body: str) -> Path:
    path = folder / "a.html"
    path.write_text(f"<!DOCTYPE html><html lang=en><title>Rain</title><body><main><h1>Rain</h1>{body}</main></body></html>")
    return path


CORPUS = Path(__file__).parents[2] / "corpus"
POST = '<div class="{kind}"><span class="author">{name}</span><p>{words}</p></div>'
WORDS = (
    "It rained for nine days in Ner, and the brook rose by a metre.",
    "Here it did not rain at all, although the sky was dark.",
)


@pytest.mark.parametrize(
    ("name", "speakers"),
    [
        ("forum.html", ["rolf_b", "Magda K", "Magda K", "rolf_b"]),
        ("thread-times.html", ["Birte Holm", "Birte Holm", "Okke", "Janne Friis"]),
    ],
)
def test_the_turns_of_a_thread_are_found_in_its_text(name: str, speakers: list[str]) -> None:
    assert [speaker for speaker, _ in said_by(article_of(CORPUS / "html" / name))] == speakers


def test_posts_without_a_time_have_their_names(tmp_path: Path) -> None:
    posts = [
        POST.format(kind="post", name=name, words=words) for name, words in zip(("Ann Reid", "Bo Lee"), WORDS, strict=True)
    ]
    text = article_of(page(tmp_path, "".join(posts))).text
    assert [line for line in text.splitlines() if line][1:] == [f"Ann Reid: {WORDS[0]}", f"Bo Lee: {WORDS[1]}"]


@pytest.mark.parametrize("kind", ["box", "post-list"])
def test_what_is_no_post_is_no_turn(tmp_path: Path, kind: str) -> None:
    posts = POST.format(kind="box", name="Ann Reid", words=WORDS[0]) + POST.format(kind="box", name="Bo Lee", words=WORDS[1])
    assert f": {WORDS[0]}" not in article_of(page(tmp_path, f'<div class="{kind}">{posts}</div>')).text


def test_one_post_alone_is_an_article(tmp_path: Path) -> None:
    post = POST.format(kind="post", name="Ann Reid", words=" ".join(WORDS))
    assert not said_by(article_of(page(tmp_path, post)))
