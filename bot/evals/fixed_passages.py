"""The passages of a case: `given` in a file of cases, from which it is answered in place of a search; pure.

    given:
      - article: new-space-race.md
        text: Sputnik was the first artificial satellite, launched by the Soviet Union in 1957.

`article` and `text` are enough by hand. What a conversation is made into has all that is known of each passage.
"""

from collections.abc import Mapping
from dataclasses import fields as fields_of

from bot.evals.yaml_lines import Fields, Items, Mistake, Node, any_text, fields, kind, listed, number, whole
from bot.evals.yaml_lines import text as text_of
from bot.types import Passage
from vectorstore.types import Span, Stage

_PASSAGE = frozenset(field.name for field in fields_of(Passage))
_STAGE = frozenset(field.name for field in fields_of(Stage))


def given(node: Node) -> tuple[Passage, ...]:
    """The passages, of which there may be none: a case may be answered from nothing. Raises Mistake."""
    nodes = node.items if isinstance(node, Items) else (node,)
    found = tuple(_passage(one, n) for n, one in enumerate(nodes, start=1))
    if len({passage.n for passage in found}) < len(found):
        raise Mistake(node.line, "two passages of `given` have the same number", "Number them anew, or leave every `n` out.")
    return found


def _passage(node: Node, n: int) -> Passage:
    held = fields(node, "a passage of `given`", _PASSAGE, "`article: new-space-race.md` and `text: ...`")
    for name in ("article", "text"):
        if name not in held:
            raise Mistake(node.line, f"a passage of `given` has no `{name}`", "It needs at least `article` and `text`.")
    text = text_of(held["text"], "`text`")
    start = whole(held["start"], "`start`") if "start" in held else 0
    sentences, evidence = listed(held, "sentences", _span), listed(held, "evidence", number)
    title, author, date, source = (
        any_text(held[name], f"`{name}`") if name in held else "" for name in ("title", "author", "date", "source")
    )
    return Passage(
        n=whole(held["n"], "`n`") if "n" in held else n,
        article=text_of(held["article"], "`article`"),
        title=title,
        author=author,
        date=date,
        start=start,
        end=whole(held["end"], "`end`") if "end" in held else start + len(text),
        text=text,
        score=number(held["score"], "`score`") if "score" in held else 1.0,
        stages=_stages(held["stages"]) if "stages" in held else {},
        sentences=sentences,
        evidence=evidence,
        source=source,
        also=listed(held, "also", text_of),
    )


def _span(node: Node, what: str) -> Span:
    match node:
        case Items(items=(start, end)):
            return whole(start, what), whole(end, what)
    raise Mistake(node.line, f"{what} must be pairs of places", "Write them like `[[0, 12], [13, 40]]`, or leave them out.")


def _stages(node: Node) -> Mapping[str, Stage]:
    if not isinstance(node, Fields):
        raise Mistake(node.line, f"`stages` must be fields with values, not {kind(node)}", "Leave them out.")
    return {str(name.text): _stage(one) for name, one in node.fields}


def _stage(node: Node) -> Stage:
    held = fields(node, "a stage", _STAGE, "`rank: 1` and `score: 0.5`")
    if len(held) < len(_STAGE):
        raise Mistake(node.line, "a stage needs `rank` and `score`", "Leave `stages` out.")
    return Stage(whole(held["rank"], "`rank`"), number(held["score"], "`score`"))
