"""A comparison as one HTML file: no script, nothing asked of any network, every text escaped. Pure but for its style sheets."""

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from bot.conversation.history.texts import cleaned
from bot.evals.comparing import CasePair, MetricDifference, OverallVerdict, RunComparison
from bot.evals.flips import Flip
from bot.evals.flipspage import flipped, result_state
from bot.evals.metrics import BY_KEY, METRICS, MetricKind
from bot.evals.plots import difference_plot, tone
from bot.evals.records import Run
from bot.evals.resampling import READING

# Even if something slipped through the escaping, a browser would neither run nor fetch it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_TONES: dict[OverallVerdict, str] = {"better": "good", "worse": "bad", "mixed": "weak"}
_SIGNS = {"better": "▲", "worse": "▼", "more": "▲", "less": "▼", "the same": "=", "can't tell": "?"}
_KINDS: dict[MetricKind, tuple[str, str]] = {
    "quality": ("How good the answers are", "The middle of each line is no change, its ends are −1 and +1."),
    "cost": ("What they cost", "The middle of each line is no change, its ends are −100 % and +100 %. None of it decides."),
}


def as_html(found: RunComparison) -> str:
    """The whole file."""
    title = f"{found.a.setup.name} and {found.b.setup.name}"
    style = "".join(
        (files(package) / name).read_text(encoding="utf-8")
        for package, name in (("bot.export", "page.css"), ("bot.evals", "page.css"))
    )
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>",
            *_head(found, title),
            "<main>",
            *(line for kind in _KINDS for line in _metrics(found, kind)),
            *_abstention(found),
            f'<p class="soft reading">{_text(READING)}</p>',
            *_strip(found),
            *_flips(found),
            *_most("The slowest", found.slowest, "seconds"),
            *_most("The dearest", found.dearest, found.dearest_by.key),
            *_left_out(found),
            "</main>",
            *_foot(),
            "</body>\n</html>\n",
        ]
    )


def _head(found: RunComparison, title: str) -> Iterator[str]:
    yield f'<header>\n<p class="kind">Comparison of two runs</p>\n<h1 dir="auto">{_text(title)}</h1>'
    yield f'<p class="state {_TONES.get(found.verdict, "soft")}">{_text(found.said())}</p>'
    yield from (f'<p class="state">{_text(line)}</p>' for line in found.robust)
    yield '<div class="sides">'
    yield from _run("Before", found.a)
    yield from _run("After", found.b)
    yield "</div>"
    if found.setup_diff:
        yield '<h2 class="small">What differs</h2>\n<ul>'
        yield from (f'<li dir="auto">{_text(line)}</li>' for line in found.setup_diff)
        yield "</ul>"
    yield "</header>"


def _run(side: str, run: Run) -> Iterator[str]:
    setup = run.setup
    known = (
        ("Run", run.id),
        ("Setup", setup.name),
        ("Model", setup.model),
        ("Prompt", setup.prompt),
        ("Index", setup.index),
        ("Started", f"{run.started:%Y-%m-%d %H:%M}"),
        ("Cases", f"{len(run.results)} of {len(run.cases)}"),
        ("Message", run.message),
    )
    yield f'<section><h2 class="small">{side}</h2><dl>'
    yield from (f'<dt>{name}</dt><dd dir="auto">{_text(told)}</dd>' for name, told in known if told)
    yield "</dl></section>"


def _metrics(found: RunComparison, kind: MetricKind) -> Iterator[str]:
    title, reading = _KINDS[kind]
    yield f'<section class="part"><h2>{title}</h2>\n<p class="soft">{reading}</p>\n<table class="metrics" role="table">'
    heads = ("Metric", "Before", "After", "Difference", "", "Verdict")
    cells = "".join(f'<th scope="col" role="columnheader">{head or _hidden("Plot")}</th>' for head in heads)
    yield f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead><tbody role="rowgroup">'
    yield from (_row(one) for one in found.differences if BY_KEY[one.metric].kind == kind)
    yield "</tbody></table></section>"


def _row(one: MetricDifference) -> str:
    metric = BY_KEY[one.metric]
    up, down = one.up, one.down
    moved = f'<br><span class="soft">{one.n} cases, ↑{up} ↓{down}</span>' if one.n else ""
    sign = f'<span aria-hidden="true">{_SIGNS[one.verdict]}</span> ' if one.n else ""
    cells = (
        ("before", _hidden("Before: ") + metric.shown(one.before)),
        ("after", metric.shown(one.after)),
        ("change", one.shown().replace(" (", "<br>(", 1) + moved),
        ("figure", difference_plot(one) if one.n else ""),
        (f"said {tone(one)}", sign + _text(one.said())),
    )
    told = "".join(f'<td role="cell" class="{name}">{text}</td>' for name, text in cells)
    return f'<tr role="row"><th scope="row" role="rowheader">{_text(metric.label)}</th>{told}</tr>'


def _abstention(found: RunComparison) -> Iterator[str]:
    before, after = found.abstention
    metric = BY_KEY["abstained"]
    for name, was, now in (("Precision", before.precision, after.precision), ("Recall", before.recall, after.recall)):
        told = [metric.shown(score.value) if score.value is not None else f"– ({score.why})" for score in (was, now)]
        if was.value is not None or now.value is not None:
            yield f'<p class="soft reading">{name} of abstention: {_text(told[0])} before, {_text(told[1])} after.</p>'


def _strip(found: RunComparison) -> Iterator[str]:
    """All cases at a glance; those that flipped lead to where they are told."""
    flips = {flip.case.id: (n, flip) for n, flip in enumerate(found.flips, 1)}
    yield '<section class="part"><h2>Case by case</h2>'
    yield (
        '<p class="soft"><span class="good">✓</span> passes both, <span class="soft">✕</span> neither, '
        '<span class="good">▲</span> only after, <span class="bad">▼</span> only before, – not judged in one of them.</p>'
    )
    yield '<ol class="strip">'
    yield from (_cell(pair, flips.get(pair.case.id)) for pair in found.pairs)
    yield "</ol></section>"


def _cell(pair: CasePair, flip: tuple[int, Flip] | None) -> str:
    was, now = pair.before.value("passed"), pair.after.value("passed")
    sign, kind, said = ("–", "soft", "not judged") if was is None or now is None else ("✕", "soft", "passes neither")
    if was and now:
        sign, kind, said = "✓", "good", "passes both"
    if flip:
        sign, kind, said = ("▲", "good", "passes only after") if flip[1].won else ("▼", "bad", "passes only before")
    label = _text(f"{pair.case.id}: {said}")
    inside = f'<span aria-hidden="true">{sign}</span>{_hidden(label)}'
    held = f'<a class="{kind}" href="#flip{flip[0]}">{inside}</a>' if flip else f'<span class="{kind}">{inside}</span>'
    return f'<li title="{label}">{held}</li>'


def _flips(found: RunComparison) -> Iterator[str]:
    won = sum(flip.won for flip in found.flips)
    yield '<section class="part"><h2>Cases that flipped</h2>'
    yield f'<p class="soft">{won} won, {len(found.flips) - won} lost.</p>'
    yield from (line for n, flip in enumerate(found.flips, 1) for line in flipped(n, flip))
    yield "</section>"


def _most(title: str, pairs: Iterable[CasePair], key: str) -> Iterator[str]:
    metric, told = BY_KEY[key], list(pairs)
    if told:
        yield f'<section class="part"><h2>{title}</h2>\n<table class="most"><thead><tr><th scope="col">Case</th>'
        yield '<th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>'
        for pair in told:
            cells = "".join(f"<td>{metric.shown(one.value(key))}</td>" for one in (pair.before, pair.after))
            name = f'{_text(pair.case.id)}<br><span class="soft">{_text(pair.case.question)}</span>'
            yield f'<tr><th scope="row" dir="auto">{name}</th>{cells}</tr>'
        yield "</tbody></table></section>"


def _left_out(found: RunComparison) -> Iterator[str]:
    failed = [(pair.case.id, state) for pair in found.pairs if (state := result_state(pair))]
    for title, rows in (("Failed", failed), ("Not compared", list(found.left_out))):
        if rows:
            yield f'<section class="part"><h2>{title}</h2>\n<ul>'
            yield from (f'<li dir="auto">{_text(case)}: {_text(why)}</li>' for case, why in rows)
            yield "</ul></section>"


def _foot() -> Iterator[str]:
    yield "<footer><details><summary>What the metrics are</summary><dl>"
    yield from (f"<dt>{_text(metric.label)}</dt><dd>{_text(metric.definition)}</dd>" for metric in METRICS)
    yield "</dl></details></footer>"


def _hidden(text: str) -> str:
    """For those who cannot see the sign beside it; the text is escaped already."""
    return f'<span class="hidden">{text}</span>'


def _text(text: str) -> str:
    return escape(cleaned(text))
