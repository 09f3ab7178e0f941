"""Cases in the files of other tools: CSV, LangSmith's JSONL and ragas' JSONL, and promptfoo's YAML (`bot.evals.promptfoo`).

What Footnote writes carries every field of a case, so it is read back as it was. Of files that others wrote the question is
taken, and a reference answer becomes a check of likeness with it.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.errors import InputError
from bot.evals import promptfoo
from bot.evals.cases import case_fields
from bot.evals.promptfoo import Fields
from bot.evals.records import Case

CaseFormat = Literal["promptfoo", "csv", "langsmith", "ragas"]
FORMATS: tuple[CaseFormat, ...] = ("promptfoo", "csv", "langsmith", "ragas")

# All fields of a case file, in the order in which a person reads a table.
_COLUMNS = ("id", "question", "must", "must_not", "cites", "abstain", "tags", "split", "notes", "history", "checks", "given")
# Names that other tools use for the question; the first that a row has is taken.
_QUESTIONS = ("question", "query", "input", "user_input", "prompt")
# The same for a reference answer; `__expected` is promptfoo's column.
_REFERENCES = ("answer", "reference", "output", "expected", "ground_truth", "__expected")


@dataclass(frozen=True, slots=True)
class ConvertedCases:
    """What a conversion comes to: the text that was written, or the cases that were read, and what was left out."""

    text: str = ""
    cases: tuple[Fields, ...] = ()
    left_out: tuple[str, ...] = ()


def write_cases(cases: Sequence[Case], form: CaseFormat, url: str = promptfoo.URL) -> ConvertedCases:
    """The cases as a file of another tool."""
    match form:
        case "promptfoo":
            text, left_out = promptfoo.exported(cases, url)
            return ConvertedCases(text, left_out=tuple(left_out))
        case "csv":
            return ConvertedCases(_csv(cases))
        case "langsmith":
            return ConvertedCases(_lines(_langsmith(case) for case in cases))
        case "ragas":
            return ConvertedCases(_lines(_ragas(case) for case in cases))


def read_cases(text: str, form: CaseFormat) -> ConvertedCases:
    """The cases of another tool's file, by the fields of a file of cases; raises InputError for the first mistake."""
    if form == "promptfoo":
        found, left_out = promptfoo.imported(text)
        return ConvertedCases(cases=tuple(found), left_out=tuple(left_out))
    rows = _csv_rows(text) if form == "csv" else _json_rows(text)
    read: Callable[[Mapping[str, Any], int], Fields] = {"csv": _row, "langsmith": _example, "ragas": _sample}[form]
    return ConvertedCases(cases=tuple(read(row, n) for n, row in rows))


def _csv(cases: Sequence[Case]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for case in cases:
        writer.writerow({name: _cell(value) for name, value in case_fields(case).items()})
    return out.getvalue()


def _cell(value: object) -> str:
    """A field as a cell: texts as they are, one text of a list alone, all else as JSON."""
    if isinstance(value, str):
        return value
    # A cell that begins like JSON is read as JSON again, so such a text is written as JSON, too.
    if isinstance(value, list | tuple) and len(value) == 1 and isinstance(value[0], str) and value[0][:1] not in '["{':
        return value[0]
    return json.dumps(value, ensure_ascii=False, default=list)


def _csv_rows(text: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    # A file that a spreadsheet saved begins with a byte-order mark, and may have semicolons.
    lines = text.removeprefix("\ufeff")
    first = lines.partition("\n")[0]
    # Line 1 is the heading.
    return enumerate(csv.DictReader(io.StringIO(lines), delimiter=";" if first.count(";") > first.count(",") else ","), start=2)


def _row(row: Mapping[str, Any], line: int) -> Fields:
    values = {str(name).strip(): value for name, value in row.items() if isinstance(value, str) and value.strip()}
    held: Fields = {}
    for name in _COLUMNS:
        if name in values:
            value = values[name]
            # These are plain texts, whatever they begin with.
            listed = name not in ("id", "question", "abstain", "split", "notes") and value[:1] in '["{'
            held[name] = _parsed(value, line) if listed else value
    return _with_question(held, values, line)


def _langsmith(case: Case) -> Fields:
    fields = case_fields(case)
    history = [{"role": turn.role, "content": turn.text} for turn in case.history]
    inputs: Fields = {"question": case.question, **({"history": history} if history else {})}
    # What LangSmith's own evaluators can look at; the whole case is in `metadata`.
    outputs = {name: fields[name] for name in ("must", "must_not", "cites", "abstain") if name in fields}
    return {
        "inputs": inputs,
        "outputs": outputs,
        "metadata": {"footnote": fields},
        **({"split": case.split} if case.split else {}),
    }


def _example(row: Mapping[str, Any], line: int) -> Fields:
    # A file that Footnote wrote is read back whole, and nothing is guessed.
    own = (row.get("metadata") or {}).get("footnote")
    if isinstance(own, dict):
        return own
    inputs, outputs = row.get("inputs") or {}, row.get("outputs") or {}
    if not isinstance(inputs, dict) or not isinstance(outputs, dict):
        raise InputError(f"Line {line} has no `inputs` with fields.", "LangSmith's JSONL has `inputs` and `outputs`.")
    held: Fields = {"split": str(row["split"])} if row.get("split") else {}
    return _with_question({**held, **_history(inputs.get("history"))}, {**outputs, **inputs}, line)


def _ragas(case: Case) -> Fields:
    contexts = [one.words for one in case.cites if one.words]
    told: Fields = {"user_input": case.question, **({"reference_contexts": contexts} if contexts else {})}
    # ragas compares with one text, so of several alternatives the first stands for all.
    reference = "; ".join(one.partition("|")[0] for one in case.must)
    return {**told, **({"reference": reference} if reference else {}), "footnote": case_fields(case)}


def _sample(row: Mapping[str, Any], line: int) -> Fields:
    own = row.get("footnote")
    if isinstance(own, dict):
        return own
    asked = row.get("user_input")
    # ragas' multi-turn form: the last thing that a person said is the question, what came before is the history.
    if isinstance(asked, list):
        turns = [one for one in asked if isinstance(one, dict)]
        last = next((one for one in reversed(turns) if one.get("type", one.get("role")) in ("human", "user")), {})
        said = turns[: turns.index(last)] if last else []
        return _with_question(_history(said), {**row, "user_input": last.get("content")}, line)
    return _with_question({}, row, line)


def _history(said: object) -> Fields:
    # LangChain's names beside OpenAI's.
    roles = {"human": "user", "user": "user", "ai": "assistant", "assistant": "assistant"}
    turns = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    told = [(roles.get(str(one.get("role", one.get("type")))), one.get("content")) for one in turns]
    found = [{role: text} for role, text in told if role and isinstance(text, str)]
    return {"history": found} if found else {}


def _with_question(held: Fields, values: Mapping[str, Any], line: int) -> Fields:
    question = next((values[name] for name in _QUESTIONS if isinstance(values.get(name), str) and values[name].strip()), None)
    if question is None:
        raise InputError(f"Line {line} has no question.", f"It stands in a field {', '.join(_QUESTIONS)}.")
    reference = next((values[name] for name in _REFERENCES if isinstance(values.get(name), str) and values[name].strip()), None)
    # A likeness to the reference is asked for only where the file says nothing better.
    known = any(held.get(name) for name in ("must", "must_not", "cites", "checks", "abstain"))
    liked: Fields = {"checks": [{"similar": reference}]} if reference and not known else {}
    return {"id": held.get("id", f"line-{line}"), "question": question, **held, **liked}


def _lines(rows: Iterable[Fields]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False, default=list) + "\n" for row in rows)


def _json_rows(text: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    # Not `splitlines`: a text in JSON may hold a line separator as it is.
    for n, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            row = _parsed(line, n)
            if not isinstance(row, dict):
                raise InputError(f"Line {n} holds no object.", "Write one JSON object a line.")
            yield n, row


def _parsed(text: str, line: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"Line {line} is not JSON: {text[:60]}.") from None
