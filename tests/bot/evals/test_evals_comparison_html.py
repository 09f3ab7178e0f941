"""The comparison as one HTML file: it stands for itself, and no text of an article or a model becomes markup."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from lab_runs import answer, bare, case, cases, good, invented, passage, run

from bot.evals.comparing import MetricDifference, RunComparison, compare
from bot.evals.comparison_html import as_html, comparison_html, plot
from bot.evals.records import Case, ExpectedCitation, Run, Setup
from bot.types import Answer, Problem

NASTY = '<script>alert(1)</script> & "quotes" <img src=x onerror=alert(1)> \x1b[31m'
VOID = {"meta", "br"}
STYLES = re.compile(r"(left:[\d.]+%(;(opacity|width):[\d.]+%?)?)?")
"""What a style may be: the places of the plots, and nothing that a text could hold."""


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
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on") or name == "src"]
    assert all(STYLES.fullmatch(style) for style in read.all("style"))
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
    plots = [
        attributes for _, attributes in Read(as_html(compared(bare))).tags if attributes.get("class", "").startswith("plot")
    ]
    assert len(plots) == 1 + sum(bool(one.n) for one in compared(bare).differences) and all(
        one["role"] == "img" and one["aria-label"] for one in plots
    )


def test_it_tells_the_verdict_the_flips_and_both_answers() -> None:
    text = Read(as_html(compared(bare))).text
    for said in (
        "Worse, with 40 cases",
        "0 cases won, 35 cases lost.",
        "Bridge 0 was opened in 1900. [1]",
        "It should cite 0.md.",
    ):
        assert said in text


def test_cases_that_failed_are_told_with_the_reason() -> None:
    trouble = Problem("The server is full.", "Wait.")
    later = run("b", [case(0)], lambda one: replace(good(one), trouble=trouble))
    text = Read(as_html(compare(run("a", [case(0)], good), later))).text
    assert "case-0: After: There is no whole answer: The server is full." in text


def test_the_page_shows_the_body_of_the_file() -> None:
    found = compared(bare)
    assert comparison_html(found) in as_html(found)


def test_metrics_without_a_value_are_named_in_one_sentence() -> None:
    assert "No case has a value in both runs for: Avoids what it must not hold" in Read(as_html(compared(bare))).text


def test_a_citation_that_is_judged_otherwise_tells_both_verdicts() -> None:
    def denied(asked: Case) -> Answer:
        held = good(asked)
        citation, claim = (replace(one[0], verdict="denied") for one in (held.citations, held.claims))
        return replace(held, citations=(citation,), claims=(claim,))

    text = Read(as_html(compared(denied, 1))).text
    assert "Judged otherwise, before: Supported by the passage:" in text and "Denied by the passage" in text


def test_runs_that_share_nothing_say_so_and_no_more() -> None:
    text = Read(as_html(compare(run("a", [case(0)], good), run("b", [case(1)], good)))).text
    assert "Nothing can be compared" in text and "Not compared" in text
    assert "How good the answers are" not in text and "Cases that flipped" not in text


# The plot of a difference: everything stands where it belongs, and nothing leaves the picture


def drawn(metric: str = "must", before: float = 0.5, after: float = 0.75, *each: float) -> str:
    told = tuple((f"c{i}", one) for i, one in enumerate(each))
    return plot(MetricDifference(metric, len(each), before, after, -0.25, 0.5, 0.01, "better", told))


def spots(markup: str, kind: str) -> list[float]:
    found = re.findall(rf'class="{kind}" style="left:([\d.]+)%', markup)
    return [float(one) for one in found]


def test_no_change_is_in_the_middle() -> None:
    assert spots(drawn("must", 0.5, 0.5, 0.0), "dot") == [50.0]


def test_a_share_goes_from_minus_one_to_one() -> None:
    markup = drawn("must", 0.5, 0.75, 1.0, -1.0, 0.0)
    assert spots(markup, "dot") == [61.5]
    assert spots(markup, "case") == [4.0, 96.0]
    assert spots(markup, "bar") == [38.5]


def test_a_cost_goes_by_the_earlier_mean_and_stops_at_the_end() -> None:
    markup = drawn("tokens", 100.0, 150.0, 50.0, 900.0)
    assert spots(markup, "dot") == [73.0]
    assert spots(markup, "case") == [73.0, 96.0]


def test_a_cost_that_was_nothing_can_be_drawn() -> None:
    assert spots(drawn("dollars", 0.0, 0.5, 0.5), "dot") == [73.0]


def test_cases_that_differ_alike_are_one_mark_and_a_stronger_one() -> None:
    markup = drawn("must", 0.5, 0.75, 1.0, 1.0, -1.0)
    assert re.findall(r"opacity:([\d.]+)", markup) == ["0.50", "0.75"]


def test_its_name_says_what_it_shows() -> None:
    label = "Holds what it must: +0.25 (−0.25 to +0.50), up in 2 of 3 cases and down in 1"
    assert f'aria-label="{label}"' in drawn("must", 0.5, 0.75, 1.0, 0.5, -1.0)


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [("better", "good"), ("worse", "bad"), ("more", "pending"), ("can't tell", "pending"), ("the same", "pending")],
)
def test_only_better_and_worse_have_a_colour(verdict: str, shown: str) -> None:
    markup = plot(MetricDifference("must", 1, 0.0, 1.0, verdict=verdict))  # type: ignore[arg-type]
    assert f'class="plot {shown}"' in markup


def test_of_many_flips_the_page_tells_the_first_and_the_file_all() -> None:
    found = compare(run("good", cases(16), good), run("bare", cases(16), bare))
    assert len(found.flips) == 14
    page, whole = comparison_html(found, 3), comparison_html(found)
    assert (page.count('class="flip"'), whole.count('class="flip"')) == (3, 14)
    assert page.count('href="#flip') == 3 and "The first 3 are told here, and all of them in the file." in page
    assert "are told here" not in comparison_html(found, 14)
