"""A comparison of two runs as HTML: what the page shows, and the body of the file that is sent to somebody else.

There is no script in it and nothing is asked of any network; `bot.evals.case_html` says how texts are kept from being markup.
Pure but for the style sheet.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from bot.evals.case_html import answer_lines, case_lines, citation_item, outcome_mark, paragraphs
from bot.evals.checks import failure
from bot.evals.comparing import CasePair, MetricDifference, MetricVerdict, OverallVerdict, RunComparison
from bot.evals.flips import Flip
from bot.evals.metrics import BY_KEY, METRICS, MetricKind, counted
from bot.evals.records import Run
from bot.evals.setups import PROMPT_TEXTS
from bot.evals.text_diff import lines_html, words_html
from bot.export.html import framed, html_text
from bot.verification.verdicts import Tone, said

_TONES: dict[MetricVerdict, Tone] = {"better": "good", "worse": "bad"}
# “weak” asks for a second look where “bad” is an alarm.
_OVERALL: dict[OverallVerdict, Tone] = {"better": "good", "worse": "bad", "mixed": "weak", "probably worse": "weak"}
# A sign beside each colour, so that the verdict is not told by colour alone (WCAG 1.4.1).
_SIGNS: dict[MetricVerdict, str] = {
    "better": "▲",
    "worse": "▼",
    "more": "▲",
    "less": "▼",
    "the same": "=",
    "probably better": "△",
    "probably worse": "▽",
    "can't tell": "?",
}
_KINDS: dict[MetricKind, tuple[str, str]] = {
    "quality": ("How good the answers are", "The middle of each line is no change, its ends are −1 and +1."),
    "cost": ("What they cost", "The middle of each line is no change, its ends are −100 % and +100 %. None of it decides."),
}
_UNMOVED: frozenset[MetricVerdict] = frozenset(("the same", "can't tell"))
"""Verdicts of a metric that did not move."""
_LONGEST_STRIP = 600
"""Cases that the page shows at a glance. Of more, those that flipped are shown: a browser would draw the rest for seconds."""
_EDGE = 4.0
"""Per cent of a plot's width that stay free on both sides, so that a dot at the end is whole."""


def as_html(found: RunComparison) -> str:
    """The comparison as one HTML file that needs nothing beside it."""
    title = f"{found.a.setup.name} and {found.b.setup.name}"
    head = f'<header>\n<p class="kind">Comparison of two runs</p>\n<h1 dir="auto">{html_text(title)}</h1>\n</header>'
    # `most` is left out: a file has all flips in full, however many.
    body = ["<main>", "<h2>What changed</h2>", comparison_html(found), "</main>"]
    return framed(title, [f"<style>{style()}</style>", head, *body])


def style() -> str:
    """The style sheet of cases and comparisons, all of it below the class `report`."""
    return (files("bot.evals") / "report.css").read_text(encoding="utf-8")


def comparison_html(found: RunComparison, most: int | None = None) -> str:
    """All that there is to say of the comparison, the verdict first; of the cases that flipped no more than `most` in full."""
    return "\n".join(['<div class="report">', *_lines(found, most), "</div>"])


def plot(found: MetricDifference) -> str:
    """A line with the cases' differences as ticks, their mean as a dot and its interval as a bar; the middle is no change.

    Shares go from -1 to +1, anything else from -100 % to +100 % of the earlier mean. "" where no case has a value in both.
    """
    if not found.n or found.change is None:
        return ""
    label = f"{BY_KEY[found.metric].label}: {found.shown()}, up in {found.up} of {counted(found.n)} and down in {found.down}"
    marks = "".join(_marks(found, found.change))
    return f'<span class="plot {_tone(found)}" role="img" aria-label="{html_text(label)}">{marks}</span>'


def _lines(found: RunComparison, most: int | None) -> Iterator[str]:
    yield f'<p class="overall {_OVERALL.get(found.verdict, "pending")}" role="status">{html_text(found.said())}</p>'
    # Alarms first: they count whatever the metrics say.
    yield from _bullets("Alarms", found.alarms)
    yield from _moves(found)
    yield from paragraphs("", found.robust)
    yield from _bullets("What differs besides the answers", found.setup_diff)
    yield from _prompt_changes(found)
    # In a file all that the runs were made with is in sight; on the page the table of runs and the fields above name them.
    sides = f'<div class="sides">{_side("Before", found.a)}{_side("After", found.b)}</div>'
    opened = " open" if most is None else ""
    yield f"<details{opened}><summary>What the two runs were made with</summary>{sides}</details>"
    if found.pairs:
        yield from (line for kind in _KINDS for line in _metrics((found.overall, *found.differences), kind))
        yield from paragraphs("soft", _abstention(found))
        yield from paragraphs("soft", [found.rule.reading()])
        yield from _case_strip(found, most)
        yield from _flips(found, most)
    # From here on, what helps to look for a cause.
    yield from _most("The slowest", found.slowest, "seconds")
    yield from _most("The dearest", found.dearest, found.dearest_by.key)
    failed = ((pair.case.id, " ".join(_failures(pair))) for pair in found.pairs)
    yield from _bullets("Went wrong", [f"{case}: {why}" for case, why in failed if why])
    yield from _bullets("Not compared", [f"{case}: {why}" for case, why in found.left_out])
    yield "<details><summary>What the metrics are</summary><dl>"
    yield from (f"<dt>{html_text(metric.label)}</dt><dd>{html_text(metric.definition)}</dd>" for metric in METRICS)
    yield "</dl></details>"


def _moves(found: RunComparison) -> Iterator[str]:
    """What moved, in one list at the top: each metric with a verdict, then the cases that were won and lost."""
    told = [one for one in (found.overall, *found.differences) if one.n and one.verdict not in _UNMOVED]
    items = [
        f'<li class="{_tone(one)}"><span aria-hidden="true">{_SIGNS[one.verdict]}</span> '
        f"{html_text(BY_KEY[one.metric].label)} {html_text(one.shown())}, {one.verdict}</li>"
        for one in sorted(told, key=_importance)
    ]
    won = sum(flip.won for flip in found.flips)
    for number, sign, tone, what in ((won, "▲", "good", "won"), (len(found.flips) - won, "▼", "bad", "lost")):
        if number:
            items.append(f'<li class="{tone}"><span aria-hidden="true">{sign}</span> {counted(number)} {what}</li>')
    if items:
        yield from ('<ul class="moves" aria-label="What moved">', *items, "</ul>")


def _importance(one: MetricDifference) -> tuple[bool, int]:
    """Quality comes before costs, and what moved for the worse before what moved for the better."""
    # All eight verdicts, so that `index` never fails.
    order = ("worse", "better", "probably worse", "probably better", "more", "less", "can't tell", "the same")
    return BY_KEY[one.metric].kind == "cost", order.index(one.verdict)


def _prompt_changes(found: RunComparison) -> Iterator[str]:
    """The difference of each prompt whose text is not the same in both runs, line by line."""
    for text, field in PROMPT_TEXTS.items():
        old, new = getattr(found.a.setup, text), getattr(found.b.setup, text)
        # A run by quotations has no text, and an old run may not have recorded it: every line would seem new.
        if old and new and old != new:
            names = [getattr(run.setup, field) or "no name" for run in (found.a, found.b)]
            title = html_text(f"What differs in the prompt, from {names[0]} to {names[1]}")
            yield from _part(title, [lines_html(old, new)])


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f'<section class="part"><h3>{title}</h3>'
    yield from lines
    yield "</section>"


def _bullets(title: str, texts: Iterable[str]) -> Iterator[str]:
    if items := [f'<li dir="auto">{html_text(text)}</li>' for text in texts]:
        yield from _part(title, ['<ul class="bullets">', *items, "</ul>"])


def _side(side: str, run: Run) -> str:
    setup = run.setup
    known = {
        "Run": run.id,
        "Setup": setup.name,
        "Model": setup.model,
        "Prompt": setup.prompt,
        "Index": setup.index,
        "Passages": ", ".join(setup.passage_changes()),
        "Started": f"{run.started.astimezone():%Y-%m-%d %H:%M}",
        "Cases": f"{len(run.results)} of {len(run.cases)}",
        "Message": run.message,
    }
    told = "".join(f'<dt>{name}</dt><dd dir="auto">{html_text(value)}</dd>' for name, value in known.items() if value)
    return f"<section><h3>{side}</h3><dl>{told}</dl></section>"


def _metrics(differences: Iterable[MetricDifference], kind: MetricKind) -> Iterator[str]:
    title, reading = _KINDS[kind]
    # What moved stands first; the sort keeps the order of the rest.
    own = sorted((one for one in differences if BY_KEY[one.metric].kind == kind), key=_importance)
    bare = ", ".join(BY_KEY[one.metric].label for one in own if not one.n)
    rows = [_metric(one) for one in own if one.n]
    heads = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in _HEADS)
    # The roles are said because a narrow page lays the rows out as cards, and a browser then no longer takes them for a table.
    table = [
        f'<p class="soft">{reading}</p>',
        f'<table class="metrics" role="table"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>',
        *('<tbody role="rowgroup">', *rows, "</tbody></table>"),
    ]
    left = paragraphs("soft", [f"No case has a value in both runs for: {bare}." if bare else ""])
    yield from _part(title, [*(table if rows else []), *left])


_HEADS = ("Metric", "Before", "After", "Difference", "Plot", "Verdict")


def _metric(one: MetricDifference) -> str:
    metric, sign = BY_KEY[one.metric], f'<span aria-hidden="true">{_SIGNS[one.verdict]}</span>'
    moved = f'<span class="soft moved">{counted(one.n)}, {one.up} up, {one.down} down</span>'
    cells = {
        "before": metric.shown(one.before),
        "after": metric.shown(one.after),
        "change": one.shown() + moved,
        "figure": plot(one),
        f"said {_tone(one)}": f"{sign} {html_text(one.said())}",
    }
    told = "".join(f'<td role="cell" class="{name}">{text}</td>' for name, text in cells.items())
    return f'<tr role="row"><th scope="row" role="rowheader">{html_text(metric.label)}</th>{told}</tr>'


def _tone(found: MetricDifference) -> Tone:
    """Only better and worse have a colour."""
    return _TONES.get(found.verdict, "pending")


def _marks(found: MetricDifference, change: float) -> Iterator[str]:
    yield '<i class="axis"></i><i class="zero"></i>'
    # A share has a scale of its own; of seconds and dollars only the change in per cent can be drawn.
    scale = 1.0 if BY_KEY[found.metric].unit == "share" else (found.before or 1.0)
    # Many cases differ by the same: one tick each place, the stronger the more there are.
    places = [_x(one / scale) for _, one in found.each if one]
    for x in sorted(set(places)):
        # A single case must still be seen among hundreds, so no tick is fainter than a quarter.
        strength = min(1.0, 0.25 + 0.75 * places.count(x) / found.n)
        yield f'<i class="case" style="left:{x}%;opacity:{strength:.2f}"></i>'
    if found.low is not None and found.high is not None:
        low, high = _x(found.low / scale), _x(found.high / scale)
        yield f'<i class="bar" style="left:{low}%;width:{round(high - low, 2)}%"></i>'
    # An open dot for a difference that nothing was decided on.
    yield f'<i class="{"dot" if found.verdict in _TONES else "dot open"}" style="left:{_x(change / scale)}%"></i>'


def _x(share: float) -> float:
    """Where a difference stands, in per cent of the width; what is beyond the ends stands at them."""
    return round(50 + min(1.0, max(-1.0, share)) * (50 - _EDGE), 2)


def _abstention(found: RunComparison) -> Iterator[str]:
    metric, (before, after) = BY_KEY["abstained"], found.abstention
    for name, both in (("Precision", (before.precision, after.precision)), ("Recall", (before.recall, after.recall))):
        if any(one.value is not None for one in both):
            was, now = (metric.shown(one.value) if one.value is not None else f"– ({one.why})" for one in both)
            yield f"{name} of abstention: {was} before, {now} after."


def _case_strip(found: RunComparison, most: int | None) -> Iterator[str]:
    """All cases at a glance; those that flipped lead to where they are told."""
    flips = {flip.case.id: (n, flip) for n, flip in enumerate(found.flips, 1)}
    legend = (
        '<p class="soft"><span class="good">✓</span> passes both, ✕ neither, <span class="good">▲</span> only after, '
        '<span class="bad">▼</span> only before, – not judged in one of them.</p>'
    )
    told = len(found.flips) if most is None else most
    shown, more = found.pairs, ""
    if most is not None and len(shown) > _LONGEST_STRIP:
        shown = tuple(pair for pair in shown if pair.case.id in flips)[:_LONGEST_STRIP]
        more = f'<p class="soft">Of {counted(len(found.pairs))} those that flipped are shown, {len(shown)} at most.</p>'
    cells = (_cell(pair, flips.get(pair.case.id), told) for pair in shown)
    yield from _part("Case by case", [legend, more, '<ol class="strip">', *cells, "</ol>"])


def _cell(pair: CasePair, flip: tuple[int, Flip] | None, most: int) -> str:
    was, now = pair.before.value("passed"), pair.after.value("passed")
    # A case that is judged on one side only cannot flip, so it gets no direction.
    sign, tone, told = ("–", "", "not judged") if was is None or now is None else ("✕", "", "passes neither")
    if was and now:
        sign, tone, told = "✓", "good", "passes both"
    if flip:
        sign, tone, told = ("▲", "good", "passes only after") if flip[1].won else ("▼", "bad", "passes only before")
    label = html_text(f"{pair.case.id}: {told}")
    inside = f'<span aria-hidden="true">{sign}</span><span class="hidden">{label}</span>'
    held = (
        # Only flips that are told in full have a place to lead to.
        f'<a class="{tone}" href="#flip{flip[0]}">{inside}</a>'
        if flip and flip[0] <= most
        else f'<span class="{tone}">{inside}</span>'
    )
    return f'<li title="{label}">{held}</li>'


def _flips(found: RunComparison, most: int | None) -> Iterator[str]:
    won = sum(flip.won for flip in found.flips)
    told = f"{counted(won)} won, {counted(len(found.flips) - won)} lost."
    shown = found.flips[:most]
    if len(shown) < len(found.flips):
        told += f" The first {len(shown)} are told here, and all of them in the file."
    head = f'<p class="soft">{told if found.flips else "No case passes in one of the runs only."}</p>'
    yield from _part("Cases that flipped", [head, *(line for n, flip in enumerate(shown, 1) for line in _flip(n, flip))])


def _flip(n: int, flip: Flip) -> Iterator[str]:
    sign, tone = ("▲ Won", "good") if flip.won else ("▼ Lost", "bad")
    yield f'<article class="flip" id="flip{n}">'
    yield f'<p class="head"><b class="{tone}">{sign}</b> <bdi class="soft">{html_text(flip.case.id)}</bdi></p>'
    yield from case_lines(flip.case, "h4")
    yield '<div class="sides">'
    texts = [result.answer.text if result.answer else "" for result in (flip.before, flip.after)]
    for side, result, marked in zip(("Before", "After"), (flip.before, flip.after), words_html(*texts), strict=True):
        yield f'<section class="answered"><p class="head"><b>{side}</b> {outcome_mark(flip.case, result)}</p>'
        yield from answer_lines(flip.case, result, marked)
        yield "</section>"
    yield "</div>"
    if moved := list(_moved(flip)):
        yield from ('<ul class="moved-list" aria-label="What became of the citations">', *moved, "</ul>")
    yield "</article>"


def _moved(flip: Flip) -> Iterator[str]:
    told = flip.citations
    yield from (citation_item(one, "Gained") for one in told.gained)
    yield from (citation_item(one, "Lost") for one in told.lost)
    for one in told.changed:
        yield citation_item(one.after, f"Judged otherwise, before: {said(one.before.verdict, running=False)}")


def _most(title: str, pairs: Iterable[CasePair], key: str) -> Iterator[str]:
    """A table of the cases with the largest figures."""
    metric = BY_KEY[key]
    rows = [
        f'<tr><th scope="row" dir="auto">{html_text(pair.case.id)}<br><span class="soft">{html_text(pair.case.question)}</span>'
        f"</th><td>{metric.shown(pair.before.value(key))}</td><td>{metric.shown(pair.after.value(key))}</td></tr>"
        for pair in pairs
    ]
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Case", "Before", "After"))
    if rows:
        yield from _part(title, [f'<table class="most"><thead><tr>{heads}</tr></thead><tbody>', *rows, "</tbody></table>"])


def _failures(pair: CasePair) -> Iterator[str]:
    """Why there is no whole answer, on either side."""
    told = (("Before", failure(pair.before)), ("After", failure(pair.after)))
    yield from (f"{side}: {why}" for side, why in told if why)
