import pytest

from bot.serialization import to_json
from bot.ui.scoping import NAMED, ScopePart, distinct_labels, scope_kept_by, scope_parts, scope_without
from vectorstore.types import EVERYWHERE, Scope

TITLES = {"a.md": "The harbour", "b.md": "The lighthouse"}
FULL = Scope(("a.md", "b.md"), ("Mara Lund",), "2021", "2023-05", ("de",))


def test_each_part_is_told_in_words() -> None:
    told = [part.label for part in scope_parts(FULL, TITLES)]
    assert told == ["The harbour", "The lighthouse", "by Mara Lund", "since 2021", "until 2023-05", "in German"]


def test_an_article_without_a_known_title_is_told_by_its_id() -> None:
    assert scope_parts(Scope(("gone.md",)), TITLES) == (ScopePart("articles", "gone.md", "gone.md"),)


def test_many_articles_are_counted_and_dropped_together() -> None:
    many = Scope(tuple(f"{n}.md" for n in range(NAMED + 1)))
    (part,) = scope_parts(many, {})
    assert (part.label, scope_without(many, part)) == (f"{NAMED + 1} articles", EVERYWHERE)


@pytest.mark.parametrize("at", range(6))
def test_a_part_that_is_dropped_is_gone_and_the_others_stay(at: int) -> None:
    found = scope_parts(FULL, TITLES)
    assert scope_parts(scope_without(FULL, found[at]), TITLES) == found[:at] + found[at + 1 :]


def test_all_parts_dropped_leave_everywhere() -> None:
    scope = FULL
    for part in scope_parts(FULL, TITLES):
        scope = scope_without(scope, part)
    assert scope == EVERYWHERE


def test_titles_that_several_articles_have_are_told_with_the_id() -> None:
    found = distinct_labels([("a", "Ice"), ("b", "Ice"), ("c", "Fire"), ("d", "")])
    assert found == {"a": "Ice (a)", "b": "Ice (b)", "c": "Fire", "d": "(d)"}


@pytest.mark.parametrize("scope", [FULL, EVERYWHERE])
def test_a_scope_comes_back_from_the_browser_as_it_was_sent(scope: Scope) -> None:
    assert scope_kept_by(to_json(scope)) == scope


@pytest.mark.parametrize("sent", [None, {}, "", "all", "[]", '{"articles": 7}'])
def test_what_is_no_scope_is_not_taken_for_one(sent: object) -> None:
    assert scope_kept_by(sent) is None
