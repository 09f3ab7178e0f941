"""How many natural questions Footnote answers as a newcomer would call right, in quotes mode, kind by kind.

Two sets: `natural/questions.jsonl` over articles of this benchmark's own, and `natural/seeds.jsonl` over the example articles.
Half of each kind's questions are open: a developer may look at their failures (`python -m tests.benchmarks.natural`). The other
half is held: nobody who tunes looks at its answers, and only its figures are printed. `python -m tests.benchmarks.natural who
"follow-up"` keeps to these kinds.

An answer is right when all of this holds:

- It abstains, or at least quotes nothing, where the case says `abstain: must`, and abstains nowhere else. `abstain: may` allows
  an abstention beside a fitting quotation, for questions to which an article itself says that the answer is not known.
- Of each group in `needs`, one of the alternatives stands in the quotations: in the first two where there is one group. Where
  there are several, one must stand in the first two and the others anywhere; where a summary may choose, `enough` of them.
- The first quotation comes from an article in `cites`, is more than a question, and has none of the misleading words in
  `not_first`.
- Words in `says` (groups, as above) stand anywhere in what the reader is shown: the answer, its quotations, their titles.
  Questions about the collection are judged by these, and tables, whose header must come with the row. Words in `never` stand
  nowhere.
- `quotes: none` wants no quotation at all (a greeting is not a question), and `spread` that many articles cited.

Case, white space, emphasis and the shape of quotation marks do not count. Words begin where a word begins, and a number ends
where the number ends: "18" is not found in "118" nor "4.1" in "4.15".
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.resources import seeds_dir
from tests.benchmarks.common import Record, footnote, records
from tests.benchmarks.table import Row, at_least, info

FOLDER = Path(__file__).with_name("natural")
SETS = {"natural": FOLDER / "questions.jsonl", "natural seeds": FOLDER / "seeds.jsonl"}
SPLITS = ("open", "held")
_TARGET = 0.80
_BEGIN = 2  # quotations: a reader looks at the first, and forgives one that leads up to the answer
_FOLDED = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "*": "", "`": "", "_": ""})

Groups = list[list[str]]


class NaturalCase(BaseModel):
    """A question as somebody types it, and what an answer must have to be right; the module's docstring tells the rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Literal["open", "held"]
    kind: str
    question: str
    history: list[tuple[Literal["user", "assistant"], str]] = []
    collection: Literal["articles", "note", "pair", "seeds"]
    needs: Groups = []
    says: Groups = []
    enough: int | None = None
    cites: list[str] = []
    not_first: list[str] = []
    never: list[str] = []
    abstain: Literal["never", "may", "must"] = "never"
    quotes: Literal["any", "none"] = "any"
    spread: int = 0


def run() -> list[Row]:
    """Asks both sets, each collection in a home of its own."""
    return [row for name, file in SETS.items() for row in _rows(name, judged(cases(file)))]


def cases(file: Path) -> list[NaturalCase]:
    """The lines of a set."""
    return [NaturalCase.model_validate(line) for line in records(file.read_text(encoding="utf-8"))]


def articles_of(collection: str) -> Path:
    """The folder of a collection's articles."""
    return seeds_dir() if collection == "seeds" else FOLDER / collection


def judged(asked: Sequence[NaturalCase]) -> list[tuple[NaturalCase, Record, str | None]]:
    """Each case with its answer, as `footnote ask --json` gives it, and its fault, None for a right answer."""
    found: dict[str, Record] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for collection in dict.fromkeys(case.collection for case in asked):
            home = Path(scratch) / collection
            footnote("ingest", articles_of(collection), "--home", home)
            lines = [json.dumps(_question(case)) for case in asked if case.collection == collection]
            file = home.with_suffix(".jsonl")
            file.write_text("\n".join(lines), encoding="utf-8")
            answers = records(footnote("ask", "--questions", file, "--json", "--home", home))
            found |= {answer["id"]: answer for answer in answers}
    return [(case, found[case.id], fault(case, found[case.id])) for case in asked]


def fault(case: NaturalCase, answer: Record) -> str | None:
    """What is wrong with an answer, in a few words; None where it is right."""
    if case.abstain == "must":
        return "answered what the articles do not say" if answer["citations"] and not answer["abstained"] else None
    if answer["abstained"]:
        return "abstained" if case.abstain == "never" else None
    return _said(case, answer) or _first(case, answer) or _needed(case, answer)


def in_first(case: NaturalCase, answer: Record) -> bool:
    """Whether the first quotation has something that the case needs."""
    return bool(answer["citations"]) and any(
        holds(answer["citations"][0]["quote"], word) for group in case.needs for word in group
    )


def holds(text: str, wanted: str) -> bool:
    """Whether the words stand in the text; a number must end where it ends, and a word begin where it begins."""
    return bool(_pattern(wanted).search(folded(text)))


def folded(text: str) -> str:
    """A text without what does not count: case, emphasis, the shape of quotation marks, the width of spaces."""
    return " ".join(text.translate(_FOLDED).casefold().split())


@cache
def _pattern(wanted: str) -> re.Pattern[str]:
    words = folded(wanted)
    begin = r"(?<![A-Za-z0-9])(?<![0-9][.,])" if words[0].isascii() and words[0].isalnum() else ""
    end = r"(?![0-9]|[.,][0-9])" if words[-1].isdigit() else ""
    return re.compile(begin + re.escape(words) + end)


def _question(case: NaturalCase) -> Record:
    return {"id": case.id, "question": case.question, "history": case.history}


def _said(case: NaturalCase, answer: Record) -> str | None:
    """What is wrong with the whole of what the reader is shown."""
    citations = answer["citations"]
    shown = "\n".join([answer["answer"], *(cited["title"] + "\n" + cited["quote"] for cited in citations)])
    if case.quotes == "none" and citations:
        return "quotes where nothing was asked"
    if said := [word for word in case.never if holds(shown, word)]:
        return f"should not say: {said[0]}"
    if (seen := len({cited["article"] for cited in citations})) < case.spread:
        return f"cites {seen} articles of at least {case.spread}"
    missing = _missing(case.says, shown, None if case.needs else case.enough)
    return f"not said: {missing}" if missing else None


def _first(case: NaturalCase, answer: Record) -> str | None:
    """What is wrong with the first quotation."""
    if not answer["citations"]:
        return "no quotation" if case.needs else None
    first = answer["citations"][0]
    if case.cites and first["article"] not in case.cites:
        return f"first quotation from {first['article']}"
    if folded(first["quote"]).endswith(("?", "？")):
        return "first quotation only asks"
    wrong = [word for word in case.not_first if holds(first["quote"], word)]
    return f"first quotation misleads: {wrong[0]}" if wrong else None


def _needed(case: NaturalCase, answer: Record) -> str | None:
    """What the quotations lack."""
    quotes = [citation["quote"] for citation in answer["citations"]]
    begin, whole = "\n".join(quotes[:_BEGIN]), "\n".join(quotes)
    if missing := _missing(case.needs, whole, case.enough):
        return f"not quoted: {missing}"
    early = not case.needs or any(holds(begin, word) for group in case.needs for word in group)
    return None if early else "quoted too late"


def _missing(groups: Groups, text: str, enough: int | None) -> str:
    """The groups that the text lacks, or "" where it has enough of them."""
    lacking = [" / ".join(group) for group in groups if not any(holds(text, word) for word in group)]
    return "" if len(groups) - len(lacking) >= (len(groups) if enough is None else enough) else "; ".join(lacking)


def _rows(name: str, outcomes: Sequence[tuple[NaturalCase, Record, str | None]]) -> Iterator[Row]:
    """The share of right answers in each half, then what each kind got."""
    for split in SPLITS:
        half = [(case, answer, wrong) for case, answer, wrong in outcomes if case.split == split]
        right = sum(wrong is None for _, _, wrong in half)
        yield at_least(f"{name}, {split} half", right / len(half), _TARGET, f"{right} of {len(half)} answers right")
        quoted = [in_first(case, answer) for case, answer, _ in half if case.needs]
        yield info("  in the first quotation", f"{sum(quoted) / len(quoted):.3f}", f"of {len(quoted)} questions with an answer")
    for kind in dict.fromkeys(case.kind for case, _, _ in outcomes):
        halves = [
            [wrong is None for case, _, wrong in outcomes if (case.kind, case.split) == (kind, split)] for split in SPLITS
        ]
        counts = ", ".join(f"{split} {sum(half)}/{len(half)}" for split, half in zip(SPLITS, halves, strict=True))
        yield info(f"  {kind}", counts, "python -m tests.benchmarks.natural lists the open failures")


def _failures(kinds: Sequence[str]) -> Iterator[str]:
    """The failures of the open half, of some kinds or of all, each with its question and the answer that was given."""
    for file in SETS.values():
        asked = [case for case in cases(file) if case.split == "open" and (not kinds or case.kind in kinds)]
        for case, answer, wrong in judged(asked):
            if wrong is not None:
                turns = "".join(f"  ({who}) {text}\n" for who, text in case.history)
                said = "\n".join(f"    {line}" for line in answer["answer"].splitlines() if line.strip())
                verdict = f"{wrong} (confidence {answer['confidence']:.3f})"
                yield f"{case.id} [{case.kind}] {case.question}\n{turns}  {verdict}\n{said}\n"


if __name__ == "__main__":
    sys.stdout.writelines(f"{failure}\n" for failure in _failures(sys.argv[1:]))
