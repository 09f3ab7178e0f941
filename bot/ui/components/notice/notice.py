"""A problem, told on a page of its own or beside the field that it is about: what is wrong, and what to do."""

from bot.ui.components.load import load
from bot.ui.components.words import problem_data
from bot.ui.exchange import Problem


def notice(title: str, problem: Problem) -> None:
    """Draw the problem under `title`."""
    load("notice")(key="footnote-notice", data={"title": title, **problem_data(problem)})


def fault(problem: Problem, key: str) -> None:
    """Draw the problem below the field that was just drawn; `key` is the element's."""
    load("notice")(key=key, data={"title": "", **problem_data(problem)})
