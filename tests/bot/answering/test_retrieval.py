"""Hits become numbered passages that know their article."""

from collections.abc import Sequence
from dataclasses import fields

import pytest

from bot.answering.retrieval import Limits, Retrieval, RetrievalTools, pack_passages, untouched
from bot.types import Part, Passage, Question
from vectorstore.searching.search import SearchHits
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Hit, Stage

SUMMARIES = {
    "a.md": ArticleSummary("a.md", "The bridge", "Ada Brandt", "1931-05-04", "A page", False, 500, 3),
    "b.md": ArticleSummary("b.md", "The harbour", "", "", "", True, 90, 1),
}


def hit(article: str, start: int) -> Hit:
    text = f"Words at {start}."
    end = start + len(text)
    return Hit(article, start, end, text, 1.5 - start, {"dense": Stage(1, 0.5)}, start, 0, ((start, end),), (0.25,))


class About:
    """The catalog's summaries; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, ids: Sequence[str]) -> dict[str, ArticleSummary]:
        self.asked.append(list(ids))
        return {id: SUMMARIES[id] for id in ids if id in SUMMARIES}


def test_passages_are_numbered_from_one_in_the_order_of_the_hits() -> None:
    passages = pack_passages([hit("b.md", 7), hit("a.md", 0), hit("b.md", 50)], About(), 8)
    assert [(one.n, one.article, one.start) for one in passages] == [(1, "b.md", 7), (2, "a.md", 0), (3, "b.md", 50)]


def test_a_passage_tells_of_its_article() -> None:
    (passage,) = pack_passages([hit("a.md", 0)], About(), 8)
    assert (passage.title, passage.author, passage.date) == ("The bridge", "Ada Brandt", "1931-05-04")


def test_a_passage_keeps_all_that_it_shares_with_its_hit() -> None:
    one = hit("a.md", 12)
    (passage,) = pack_passages([one], About(), 8)
    shared = {field.name for field in fields(Hit)} & {field.name for field in fields(Passage)}
    assert shared >= {"article", "start", "end", "text", "score", "stages", "sentences", "evidence"}
    assert all(getattr(passage, name) == getattr(one, name) for name in shared)


def test_an_article_that_is_gone_leaves_no_gap_in_the_numbers() -> None:
    passages = pack_passages([hit("gone.md", 0), hit("a.md", 0)], About(), 8)
    assert [(one.n, one.article) for one in passages] == [(1, "a.md")]


def test_each_article_is_asked_about_once() -> None:
    about = About()
    pack_passages([hit("b.md", 7), hit("a.md", 0), hit("b.md", 50)], about, 8)
    assert about.asked == [["b.md", "a.md"]]


def test_no_hits_give_no_passages() -> None:
    assert pack_passages([], About(), 8) == ()


def spoken(article: str, text: str) -> Hit:
    return Hit(article, 0, len(text), text, 1.0, {}, 1, 0, ((0, len(text)),), (0.25,))


OPENED = "The bridge at Ner opened on the fourth of May and carries twelve trains a day over the river."


def test_a_copy_is_folded_into_the_better_passage_which_names_it() -> None:
    (passage,) = pack_passages([spoken("a.md", OPENED), spoken("b.md", OPENED.upper())], About(), 8)
    assert (passage.article, passage.also) == ("a.md", ("b.md",))


def test_what_differs_in_a_number_is_no_copy() -> None:
    long = OPENED + " It cost much more than was planned by the council in the year {}."
    passages = pack_passages([spoken("a.md", long.format(1931)), spoken("b.md", long.format(1932))], About(), 8)
    assert [one.article for one in passages] == ["a.md", "b.md"]


def test_a_longer_text_is_no_copy_of_its_part() -> None:
    longer = spoken("b.md", f"{OPENED} It was paid for by the people of the town.")
    assert len(pack_passages([spoken("a.md", OPENED), longer], About(), 8)) == 2


def test_two_short_texts_are_copies_only_when_they_are_equal() -> None:
    assert len(pack_passages([spoken("a.md", "It opened."), spoken("b.md", "It closed.")], About(), 8)) == 2


def test_another_hit_takes_the_place_of_a_copy() -> None:
    hits = [spoken("a.md", OPENED), spoken("b.md", OPENED), hit("a.md", 200), hit("b.md", 300)]
    assert [(one.n, one.start) for one in pack_passages(hits, About(), 2)] == [(1, 0), (2, 200)]


@pytest.mark.parametrize(
    ("part", "left"),
    [
        (Part("a.md", 0, 1), ["b.md"]),
        (Part("a.md", 10, 90), ["b.md"]),
        (Part("a.md", 11, 90), ["a.md", "b.md"]),
        (Part("b.md", 0, 90), ["a.md"]),
        (Part("", 0, 90), ["a.md", "b.md"]),
    ],
)
def test_a_hit_that_shares_a_character_with_the_part_is_left_out(part: Part, left: list[str]) -> None:
    hits = [hit("a.md", 0), hit("b.md", 7)]
    assert hits[0].end == 11
    assert [one.article for one in untouched(hits, [part])] == left


def test_without_parts_all_hits_stay() -> None:
    hits = (hit("a.md", 0), hit("b.md", 7))
    assert untouched(hits, ()) == hits


INDEX = "* [The bridge](bridge.md) - 2021-05-25\n* [The harbour](harbour.md) - 2022-01-03"


def retrieval(hits: Sequence[Hit], stands: bool = True) -> Retrieval:
    """A search that always finds these hits, over articles that have a name or have it not."""
    found = SearchHits(tuple(hits), {}, ())
    tools = RetrievalTools(stands=lambda _name, _scope: stands)
    return Retrieval(lambda _query, _most: found, About(), Limits(passages=2), tools)


def test_a_list_of_links_gives_its_place_to_what_says_something() -> None:
    question = Question("When did the bridge open?")
    found = retrieval([spoken("b.md", INDEX), spoken("a.md", OPENED), hit("a.md", 200)])
    _, passages = found.passages(question, found.query(question))
    assert [(one.article, one.start) for one in passages] == [("a.md", 0), ("a.md", 200)]


def test_a_list_of_links_stays_where_there_is_nothing_better() -> None:
    question = Question("When did the bridge open?")
    found = retrieval([spoken("b.md", INDEX), spoken("a.md", OPENED)])
    _, passages = found.passages(question, found.query(question))
    assert [one.article for one in passages] == ["a.md", "b.md"]


@pytest.mark.parametrize(
    ("asked", "surer"),
    [
        ("How long is the bridge at Mirkheim?", True),
        ("Mirkheim has how many bridges?", False),
        ("How long is the bridge of the BRA?", False),
        ("Wie lang ist die Brücke bei Mirkheim und was hat sie gekostet?", False),
    ],
)
def test_a_name_that_stands_nowhere_makes_an_answer_less_sure(asked: str, surer: bool) -> None:
    with_it, without = (retrieval([spoken("a.md", OPENED)], stands).confidence(Question(asked)) for stands in (True, False))
    assert (with_it > without) == surer
