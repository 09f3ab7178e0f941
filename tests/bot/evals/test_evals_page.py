"""The comparison as one HTML file: it stands for itself, and no text of an article or a model becomes markup."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from lab_runs import answer, bare, case, cases, good, invented, passage, run

from bot.evals.comparing import RunComparison, compare
from bot.evals.page import as_html
from bot.evals.records import Case, ExpectedCitation, Run, Setup
from bot.types import Answer, Trouble

NASTY = '<script>alert(1)</script> & "quotes" <img src=x onerror=alert(1)> \x1b[31m'
VOID = {"meta", "br", "line", "circle"}


class Read(HTMLParser):
    """Collects what a browser would make of it, and refuses what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self.open and self.open[-1] != "style" else ""

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def compared(say: Callable[[Case], Answer | None], n: int = 40) -> RunComparison:
    return compare(run("strict", cases(n), good), run("other", cases(n), say))


def nasty() -> RunComparison:
    """Every text is an attempt at markup."""
    asked = Case(NASTY, NASTY, must=(NASTY,), cites=(ExpectedCitation(NASTY, NASTY),), notes=NASTY)
    held = passage(1, NASTY, NASTY)

    def made(said: Answer, name: str) -> Run:
        setup = Setup(NASTY, NASTY, NASTY + name, NASTY + name, index=NASTY)
        return replace(run(name, [asked], lambda _: said, setup), id=NASTY, message=NASTY)

    right = replace(answer((held,), (NASTY, (1,), "supported")), question=NASTY)
    wrong = answer((held,), (f"{NASTY}.", (1, 7), "number differs"))
    return compare(made(right, "a"), made(replace(wrong, text="No."), "b"))


@pytest.mark.parametrize("found", [compared(bare), compared(invented), compared(good, 0), compared(lambda _: None), nasty()])
def test_it_is_whole_runs_nothing_and_fetches_nothing(found: RunComparison) -> None:
    read = Read(as_html(found))
    assert not read.open
    assert not {"script", "img", "link", "iframe", "form", "object"} & {tag for tag, _ in read.tags}
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on") or name in ("src", "style")]
    assert all(link.startswith("#") for link in read.all("href"))
    assert "http" not in as_html(found).replace("http-equiv", "")


def test_what_would_be_markup_is_text() -> None:
    text = Read(as_html(nasty())).text
    assert '<script>alert(1)</script> & "quotes" <img src=x onerror=alert(1)>' in text and "\x1b" not in text


def test_every_link_leads_somewhere_and_every_id_is_there_once() -> None:
    read = Read(as_html(compared(bare)))
    ids = read.all("id")
    assert len(ids) == len(set(ids)) == 35
    assert {link.removeprefix("#") for link in read.all("href")} == set(ids)


def test_every_plot_has_a_name() -> None:
    plots = [attributes for tag, attributes in Read(as_html(compared(bare))).tags if tag == "svg"]
    assert len(plots) == sum(bool(one.n) for one in compared(bare).differences) and all(
        one["role"] == "img" and one["aria-label"] for one in plots
    )


def test_it_tells_the_verdict_the_flips_and_both_answers() -> None:
    text = Read(as_html(compared(bare))).text
    for said in ("Worse, with 40 cases", "0 won, 35 lost.", "Bridge 0 was opened in 1900. [1]", "It should cite 0.md."):
        assert said in text


def test_cases_that_failed_are_told_with_the_reason() -> None:
    trouble = Trouble("The server is full.", "Wait.")
    later = run("b", [case(0)], lambda one: replace(good(one), trouble=trouble))
    text = Read(as_html(compare(run("a", [case(0)], good), later))).text
    assert "case-0: After: There is no whole answer: The server is full." in text
