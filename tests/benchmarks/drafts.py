"""How many false sentences of a draft Footnote accepts, and how many true ones, as `footnote check` judges them.

Two drafts of thirty false and fifteen true sentences, over the articles of `natural/`: `drafts/open.jsonl`, whose verdicts a
developer may look at (`python -m tests.benchmarks.drafts`), and `drafts/held.jsonl`, which is only scored. A third,
`drafts/seeds.jsonl`, is over the example articles: 49 false and 25 true sentences that were looked at while the rules were
made, so that nothing is asked of it. The sentences are in simple words, and most of the words of a false one stand in some
article. By kind, what is false:

- `subject`, `object`: somebody or something else did it, or it was done to something else;
- `relation`: whose uncle, sister or property somebody or something is;
- `property`: a detail of which the articles say nothing;
- `roles`: who does it and whom it is done to have changed places;
- `modality`: "must" for "may", "has" for "wants to";
- `order`: before for after;
- `cause`: the articles give another, or none;
- `denied`: the articles say that it is not so;
- `all`: the articles say it of some.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.verification.verdicts import HOLDS
from tests.benchmarks.common import Record, footnote, records
from tests.benchmarks.natural import articles_of
from tests.benchmarks.table import Row, at_least, info, under

FOLDER = Path(__file__).with_name("drafts")
DRAFTS = ("open", "held")
LOOKED_AT = "seeds"
SEEDS = Path(__file__).parents[2] / "seeds"
TRUE = "true"

MOST_FALSE, LEAST_TRUE = 2 / 26, 13 / 14


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a draft, the kind of what is false in it ("true" for a true one), and what `footnote check` made of it."""

    kind: str
    text: str
    found: Record

    @property
    def accepted(self) -> bool:
        """Whether a reader is told that the articles support it."""
        return self.found["verdict"] in HOLDS


def run() -> list[Row]:
    """Checks all three drafts."""
    asked = [row for name in DRAFTS for row in _rows(name, draft_sentences(name))]
    checked = draft_sentences(LOOKED_AT)
    counts = [sum(one.accepted for one in checked if (one.kind == TRUE) == wanted) for wanted in (False, True)]
    true = sum(one.kind == TRUE for one in checked)
    told = f"{counts[0]} of {len(checked) - true} false ones, {counts[1]} of {true} true ones"
    return [*asked, info(f"draft, {LOOKED_AT}: accepted", told, "looked at while the rules were made")]


def draft_lines(name: str) -> list[Record]:
    """The lines of a draft as they are kept: {"kind", "text"}."""
    return records((FOLDER / f"{name}.jsonl").read_text(encoding="utf-8"))


def draft_sentences(name: str) -> list[DraftSentence]:
    """The sentences of a draft in order, each a paragraph of its own, as the command line checks them."""
    lines = draft_lines(name)
    with tempfile.TemporaryDirectory() as scratch:
        home, draft = Path(scratch) / "home", Path(scratch) / "draft.txt"
        draft.write_text("\n\n".join(line["text"] for line in lines), encoding="utf-8")
        footnote("ingest", SEEDS if name == LOOKED_AT else articles_of("articles"), "--home", home)
        found = {one["text"]: one for one in records(footnote("check", draft, "--json", "--home", home))}
    return [DraftSentence(line["kind"], line["text"], found[line["text"]]) for line in lines]


def _rows(name: str, checked: Sequence[DraftSentence]) -> Iterator[Row]:
    true, false = ([one for one in checked if (one.kind == TRUE) == wanted] for wanted in (True, False))
    wrong, right = (sum(one.accepted for one in part) for part in (false, true))
    most = MOST_FALSE + 1e-9
    yield under(
        f"draft, {name}: false accepted", wrong / len(false), most, f"{wrong} of {len(false)} false sentences", "{:.3f}"
    )
    yield at_least(f"draft, {name}: true accepted", right / len(true), LEAST_TRUE, f"{right} of {len(true)} true sentences")
    for kind in dict.fromkeys(one.kind for one in false):
        part = [one.accepted for one in false if one.kind == kind]
        yield info(f"  {kind}", f"{sum(part)}/{len(part)}", "false ones accepted")


def _faults(checked: Sequence[DraftSentence]) -> Iterator[str]:
    """The sentences that came out wrong, each with what a reader is shown."""
    for one in checked:
        if one.accepted != (one.kind == TRUE):
            yield f"[{one.kind}] {one.text}\n{json.dumps(one.found, ensure_ascii=False, indent=1)}\n"


if __name__ == "__main__":
    for draft in ("open", LOOKED_AT):
        sys.stdout.writelines(f"{fault}\n" for fault in _faults(draft_sentences(draft)))
