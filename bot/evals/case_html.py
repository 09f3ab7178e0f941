"""Cases with their answers as HTML, for the page and for reports alike. Pure.

Every text of a case, a model or an article goes through `html_text`, so none of it can become markup, and nothing else is put
between the tags. So the same HTML may stand in a file that is sent to somebody else.
"""

from collections.abc import Iterable, Iterator, Sequence

from bot.evals.checks import CaseOutcome, broken, case_outcome, check_label, failure
from bot.evals.metrics import BY_KEY, counted
from bot.evals.records import Case, Result
from bot.export.html import html_text
from bot.types import Citation
from bot.verification.verdicts import Tone, said, tone

# "wrong" and "failed" have one colour and two words: one is about the server, the other about the answer.
OUTCOMES: dict[CaseOutcome, tuple[str, Tone]] = {
    "passed": ("Passed", "good"),
    "failed": ("Not passed", "bad"),
    "wrong": ("Went wrong", "bad"),
    "unjudged": ("Not judged", "pending"),
}
NOTHING_ASKED = "The case asks for nothing, and the answer claims nothing."


def results_html(results: Iterable[tuple[Case, Result]], label: str) -> str:
    """A list of cases, each with what came of it; `label` names the list to readers of screens.

    >>> results_html([], "Results of strict")
    '<ul class="results" aria-label="Results of strict">\\n</ul>'
    """
    items = (line for case, result in results for line in _result(case, result))
    return "\n".join([f'<ul class="results" aria-label="{html_text(label)}">', *items, "</ul>"])


def case_lines(case: Case, heading: str) -> Iterator[str]:
    """What a case is: its question under a tag of that name, what was said before it, and what it asks for."""
    yield f'<{heading} class="question" dir="auto">{html_text(case.question)}</{heading}>'
    if case.history:
        # Told in words, as the roles of the protocol mean nothing to a reader.
        spoken = (f"{'Question' if turn.role == 'user' else 'Answer'}: {turn.text}" for turn in case.history)
        yield from _folded(
            f"{counted(len(case.history), 'turn')} before",
            (f'<li class="soft" dir="auto">{html_text(one)}</li>' for one in spoken),
        )
    yield from paragraphs("soft", [" ".join(_expectations(case))])
    yield from paragraphs("soft notes", [case.notes])


def answer_lines(case: Case, result: Result, marked: str = "") -> Iterator[str]:
    """What was answered: what is wrong with it, its text, its citations folded, and what it took.

    `marked` is the text as HTML in which words are marked already (see `bot.evals.text_diff`), "" for none.
    """
    answer = result.answer
    yield from paragraphs("why", _whys(case, result))
    if answer is not None and marked:
        yield f'<p class="text" dir="auto">{marked}</p>'
    elif answer is not None:
        yield from paragraphs("text", [answer.text])
    if answer is not None and answer.citations:
        yield from _folded(counted(len(answer.citations), "citation"), map(citation_item, answer.citations))
    yield from paragraphs("soft", [" · ".join(_costs(result))])


def outcome_mark(case: Case, result: Result) -> str:
    """What came of a case in a word, coloured."""
    return mark(*OUTCOMES[case_outcome(case, result)])


def citation_item(one: Citation, before: str = "") -> str:
    """A citation as an item of a list: its number and article, its verdict, its words; `before` says what became of it."""
    # A citation of a number that no passage has has neither.
    name = one.title or one.article
    source = f"[{one.n}] {name}" if name else f"[{one.n}]"
    # The article's name is isolated, so that one in Arabic does not turn the line around.
    told = f"<b>{html_text(before)}:</b> " if before else ""
    quote = f'<blockquote dir="auto">{html_text(one.quote)}</blockquote>' if one.quote else ""
    verdict = mark(said(one.verdict, running=False), tone(one.verdict))
    return f'<li><p class="source">{told}<bdi>{html_text(source)}</bdi> {verdict}</p>{quote}</li>'


def mark(text: str, tone: Tone) -> str:
    """A verdict in its colour; the style sheet puts a sign before it, so that the colour is not all that tells."""
    return f'<span class="verdict {tone}">{html_text(text)}</span>'


def paragraphs(kind: str, texts: Iterable[str]) -> Iterator[str]:
    """Texts as paragraphs of a class; an empty one is none. Each is set in its own direction, as it may be Arabic."""
    yield from (f'<p class="{kind}" dir="auto">{html_text(text)}</p>' for text in texts if text)


def _result(case: Case, result: Result) -> Iterator[str]:
    # The id stands with the tags in one isolated piece, since either may be in a script that runs from right to left.
    tags = " · ".join([case.id, *(f"#{tag}" for tag in case.tags)])
    yield f'<li class="result"><p class="head">{outcome_mark(case, result)} <bdi class="soft">{html_text(tags)}</bdi></p>'
    yield from case_lines(case, "h5")
    yield from answer_lines(case, result)
    yield "</li>"


def _folded(label: str, items: Iterable[str]) -> Iterator[str]:
    yield f"<details><summary>{label}</summary><ul>"
    yield from items
    yield "</ul></details>"


def _expectations(case: Case) -> Iterator[str]:
    """What the case asks for, a sentence each."""
    if case.must:
        yield f"It must hold {_either(case.must)}."
    if case.must_not:
        yield f"It must not hold {_either(case.must_not)}."
    if case.cites:
        yield f"It should cite {', '.join(one.article for one in case.cites)}."
    if case.abstain is not None:
        yield "It should abstain." if case.abstain else "It should answer."
    yield from (f"Its own check: {check_label(check)}." for check in case.checks)


def _either(words: Sequence[str]) -> str:
    return ", ".join(f"“{one.replace('|', '” or “')}”" for one in words)


def _whys(case: Case, result: Result) -> Iterator[str]:
    """What is wrong with an answer, a sentence each; also why there is nothing to judge."""
    answer = result.answer
    if why := failure(result):
        trouble = result.trouble or (answer.trouble if answer else None)
        # What to do is told with it: a failed case has nothing else to show.
        yield f"{why} {trouble.help}" if trouble else why
    elif answer is not None:
        yield from (check.why for check in broken(case, result))
        if case_outcome(case, result) == "unjudged":
            yield NOTHING_ASKED


def _costs(result: Result) -> Iterator[str]:
    for key in ("seconds", "tokens", "dollars"):
        if (number := result.value(key)) is not None:
            yield BY_KEY[key].shown(number) + (" tokens" if key == "tokens" else "")
    if result.cached:
        yield "taken from the cache"
