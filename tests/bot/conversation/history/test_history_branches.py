"""The tree of a conversation: what is shown, what stands beside it."""

from bot.conversation.history.branches import Link, newest_below, path, siblings

# a - b - c
#   \ d - e
# f
LINKS: list[Link] = [("a", ""), ("b", "a"), ("c", "b"), ("d", "a"), ("e", "d"), ("f", "")]


def test_a_path_leads_from_a_first_question_to_the_leaf() -> None:
    assert path(LINKS, "e") == ("a", "d", "e")


def test_there_is_no_path_to_what_is_not_there() -> None:
    assert path(LINKS, "") == path(LINKS, "z") == ()


def test_a_circle_ends() -> None:
    assert path([("a", "b"), ("b", "a")], "a") == ("b", "a")


def test_siblings_follow_the_same_turn() -> None:
    assert siblings(LINKS, ["a", "d", "e"]) == {"a": ("a", "f"), "d": ("b", "d"), "e": ("e",)}


def test_a_branch_is_shown_to_the_end_that_was_asked_last() -> None:
    assert [newest_below(LINKS, turn) for turn in "abdf"] == ["e", "c", "e", "f"]
