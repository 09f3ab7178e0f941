"""`make real-model`: asks the local model the starter cases, and writes what came back into docs/real-model.md.

A run that is stopped goes on with the next one. `--address` asks a server that runs already.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from bot.settings import load_settings
from tests.local_model import QWEN, Engine, LocalModelError, fetched_model, local_model_folder, prepared_engine, served
from tests.local_model.progress import ProgressBar
from tests.local_model.trials import Record, Trials, answered_cases, chosen_cases, drafted_cases, rewritten_cases

DOCS = Path(__file__).parents[2] / "docs" / "real-model.md"
LINE = "<!-- Below this line, make real-model writes. -->"
VERSIONS = ("small", "strict")
REWRITERS = ("small", "plain")
"""Versions of the prompts condense and draft-case."""
BARE = {"uncited", "not found", "number differs", "denied", "no such passage"}
"""Verdicts that no claim of a good answer has."""
LONGEST = 600
"""Characters of a reply that are shown."""


def main() -> int:
    """Runs what is still to be run, and writes the report."""
    parser = argparse.ArgumentParser(prog="make real-model", description=__doc__)
    parser.add_argument("--cases", type=int, default=40, help="how many of the starter cases")
    parser.add_argument("--articles", type=int, default=4, help="from how many articles cases are drafted")
    parser.add_argument("--prompts", nargs="+", default=VERSIONS, help="versions of the answer prompt")
    parser.add_argument("--address", default="", help="a server that has the model already")
    args = parser.parse_args()
    folder = local_model_folder()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if args.address:
            _run(args, args.address, folder)
        else:
            python = prepared_engine(Engine(), folder)
            model = fetched_model(QWEN, folder, python)
            with served(python, model, QWEN.name, folder / "server.log") as address:
                _run(args, address, folder)
    except LocalModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run(args: argparse.Namespace, address: str, folder: Path) -> None:
    settings = load_settings(
        home=folder / "trial-home",
        openai_base_url=address,
        openai_api_key="",
        model=f"openai:{QWEN.name}",
        model_timeout=1800.0,
    )
    trials, cases = Trials(folder / "trials.jsonl"), chosen_cases(args.cases)
    _told("Rewriting follow-ups", rewritten_cases(REWRITERS, settings, trials))
    _told("Drafting cases", drafted_cases(REWRITERS, args.articles, settings, trials))
    _told("Answering", answered_cases(cases, args.prompts, settings, trials), len(cases) * len(args.prompts))
    # All that was ever asked: a run of a few cases more leaves what there was.
    kinds = {kind: [one for one in trials.records() if one["kind"] == kind] for kind in ("answer", "condense", "draft-case")}
    written = report(kinds["answer"], kinds["condense"], kinds["draft-case"])
    # What a person wrote above the line is theirs.
    own = DOCS.read_text(encoding="utf-8").partition(LINE)[0] if DOCS.exists() else ""
    DOCS.write_text(f"{own}{LINE}\n{written}", encoding="utf-8")
    sys.stdout.write(f"{DOCS} is written.\n")


def _told(what: str, records: Iterator[Record], total: int = 0) -> None:
    bar = ProgressBar(what, total)
    for done, _ in enumerate(records, 1):
        bar.show(done)
    bar.end()


def report(answers: Sequence[Record], rewritten: Sequence[Record], drafted: Sequence[Record]) -> str:
    """The report as Markdown."""
    lines = [
        _OPENING.format(model=QWEN.name, cores=os.cpu_count()),
        *_summary(answers),
        "",
        *_rewritten(rewritten),
        "",
        *_drafted(drafted),
        "",
        "## Every answer\n",
        *_each(answers),
    ]
    return "\n".join(lines).rstrip() + "\n"


_OPENING = """## What was asked
{model} (Q4_K_M) by llama.cpp on {cores} cores, the starter cases over the example articles, as the chat
asks them. Times are of a machine that had other work to do, so only the median tells something.
"""

_HEAD = "| prompt | cases | passed | sentences | markers by the model | sources found | {verdicts} | markers left as text | "
_TIMES = "first word, median | whole answer, median | quotations after, median |"


def _summary(answers: Sequence[Record]) -> Iterator[str]:
    """A row for each version of the prompt."""
    verdicts = sorted({verdict for one in answers for _, verdict, _ in one["claims"]})
    head = _HEAD.format(verdicts=" | ".join(verdicts)) + _TIMES
    yield from ("## Answers\n", head, "|---" * head.count(" | ") + "|---|")
    for version in dict.fromkeys(one["version"] for one in answers):
        yield _row(version, [one for one in answers if one["version"] == version], verdicts)


def _row(version: str, answers: Sequence[Record], verdicts: Sequence[str]) -> str:
    claims = [claim for one in answers for claim in one["claims"]]
    counted = Counter(verdict for _, verdict, _ in claims)
    cells = [
        f"`{version}`",
        len(answers),
        sum(not one["failed"] and not one["trouble"] for one in answers),
        len(claims),
        sum(one["cited"] for one in answers),
        sum(one["found"] for one in answers),
        *(counted[verdict] for verdict in verdicts),
        sum(one["left"] for one in answers),
        *(_median(answers, moment) for moment in ("first", "done", "preview")),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _median(answers: Sequence[Record], moment: str) -> str:
    found = [one["moments"][moment] for one in answers if moment in one["moments"]]
    if not found:
        return "–"
    return f"{median(found):.1f} s" if moment != "preview" else f"{1000 * median(found):.0f} ms"


def _rewritten(records: Sequence[Record]) -> Iterator[str]:
    yield "## Follow-ups put into words of their own\n"
    for version in dict.fromkeys(one["version"] for one in records):
        taken = [bool(one["accepted"]) for one in records if one["version"] == version]
        yield f"`{version}`: {sum(taken)} of {len(taken)} were accepted.\n"
    yield from ("| prompt | follow-up | what came | accepted |", "|---|---|---|---|")
    for one in records:
        accepted = "yes" if one["accepted"] else "no"
        yield f"| `{one['version']}` | {_cell(one['question'])} | {_cell(one['reply'])} | {accepted} |"


def _drafted(records: Sequence[Record]) -> Iterator[str]:
    yield "## Cases drafted from articles\n"
    for version in dict.fromkeys(one["version"] for one in records):
        kept = [len(one["kept"]) for one in records if one["version"] == version]
        yield f"`{version}`: {sum(kept)} were kept of {len(kept)} articles, up to four of each.\n"
    yield from ("| prompt | article | what came | kept |", "|---|---|---|---|")
    for one in records:
        yield f"| `{one['version']}` | {one['article']} | {_cell(one['reply'])} | {len(one['kept'])} |"


def _each(answers: Sequence[Record]) -> Iterator[str]:
    """What came for each case, to the letter, and what Footnote made of it."""
    for case in dict.fromkeys(one["case"] for one in answers):
        of_case = [one for one in answers if one["case"] == case]
        yield f"### {of_case[0]['question']}\n`{case}`\n"
        for one in of_case:
            verdicts = ", ".join(f"{verdict}{''.join(f' [{n}]' for n in cited)}" for _, verdict, cited in one["claims"])
            told = "abstained" if one["abstained"] else verdicts or "nothing claimed"
            outcome = "; ".join(one["failed"]) or one["trouble"] or "passed"
            yield f"- `{one['version']}`, {one['moments'].get('first', 0):.1f} s: {_cell(one['reply'])}  "
            yield f"  *{told}. {_cell(outcome)}*"
        yield ""


def _cell(text: str) -> str:
    flat = " ⏎ ".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    short = flat if len(flat) <= LONGEST else f"{flat[:LONGEST]} …"
    return short.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")


if __name__ == "__main__":
    sys.exit(main())
