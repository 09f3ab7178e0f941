"""Cases in promptfoo's YAML: written so that promptfoo asks `POST /v1/ask` of `footnote serve`, and read from its documented
form.

An exported test carries the case that it was made from, so it is read back as it was. Of what others wrote, assertions that
have a counterpart among Footnote's checks are taken, and each of the others is told.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from bot.errors import InputError
from bot.evals.case_models import OR
from bot.evals.cases import case_fields
from bot.evals.checks import UNSUPPORTED, check_label
from bot.evals.records import AnswerCheck, Case, ExpectedCitation

URL = "http://127.0.0.1:8600/v1/ask"
"""Where `footnote serve` answers unless it is told otherwise."""

Fields = dict[str, object]
"""A case by the fields of a file of cases."""

# The same pattern as in `_TRANSFORM`: both sides of a comparison must be cut alike.
_TOKENS = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W_]+")
_NOT_JAVASCRIPT = re.compile(r"\(\?[a-zA-Z]|\\[AZz]|\(\?P")
"""Flags and anchors within a pattern that only Python has."""
# Texts in assertions are held against what this makes of a record: the same that `bot.evals.checks` does to an answer.
_TRANSFORM = r"""(json) => {
  const plain = json.answer
    .replace(/\s*\[\^?\d{1,4}\]/g, '')
    .replace(/(?<![\p{L}\p{N}_])[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?![\p{L}\p{N}_])/gu, '');
  const folded = plain.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replace(/\s+/g, ' ');
  const words = ' ' + (folded.match(/\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{N}]+/gu) || []).join(' ') + ' ';
  const count = (plain.match(/[\p{L}\p{N}_]+(?:['’.,-][\p{L}\p{N}_]+)*/gu) || []).length;
  const passages = new Map(json.passages.map((one) => [one.n, one]));
  const exact = json.mode !== 'model';
  const sources = json.citations.map((one) => {
    const held = passages.get(one.n);
    const touched = exact || !held || held.article !== one.article;
    return {article: one.article, text: touched ? one.quote : held.text};
  });
  return {output: {text: plain, raw: json.answer, folded, words, count, sources, record: json}};
}"""


def exported(cases: Sequence[Case], url: str = URL) -> tuple[str, list[str]]:
    """The cases as a promptfooconfig.yaml that asks `url`, and what could not be written, a sentence each."""
    left_out: list[str] = []
    tests = [_test(case, left_out) for case in cases]
    body = {"question": "{{question}}", "history": "{{history}}"}
    config: Fields = {"url": url, "method": "POST", "headers": {"Content-Type": "application/json"}, "body": body}
    provider = {"id": "http", "label": "footnote", "config": {**config, "transformResponse": _TRANSFORM}}
    # The rule of `checks` that every claim rests on something is written into each file, as promptfoo has no counterpart.
    bare = json.dumps(sorted(UNSUPPORTED))
    claims = f"!output.record.claims.some((one) => {bare}.includes(one.verdict))"
    shared = {"assert": [{"type": "javascript", "metric": "every claim rests on a passage", "value": claims}]}
    whole: Fields = {"description": "Cases of Footnote", "prompts": ["{{question}}"], "providers": [provider]}
    whole |= {"defaultTest": shared, "tests": tests}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110), left_out


def _test(case: Case, left_out: list[str]) -> Fields:
    # The history is a list in one text: promptfoo would make a test of each item of a list.
    history = json.dumps([[turn.role, turn.text] for turn in case.history], ensure_ascii=False)
    asserts = list(_asserts(case))
    for check in case.checks:
        if found := _assert_of(check):
            asserts.append(found)
        else:
            left_out.append(f"{case.id}: promptfoo has no counterpart of {check_label(check)}.")
    if case.given is not None:
        left_out.append(f"{case.id}: `given` passages are not sent; the server searches.")
    test: Fields = {"description": case.id, "vars": {"question": _raw(case.question), "history": _raw(history)}}
    return {**test, **({"assert": asserts} if asserts else {}), "metadata": {"footnote": case_fields(case)}}


def _raw(text: str) -> str:
    """A text whose braces promptfoo's templates leave alone."""
    # promptfoo renders variables with Nunjucks, which would look for a variable of its own in a question with braces.
    return f"{{% raw %}}{text}{{% endraw %}}" if "{{" in text or "{%" in text or "{#" in text else text


def _asserts(case: Case) -> Iterator[Fields]:
    # Each of `must` is an assertion: all have to hold, while "a|b" is one that holds by either.
    for words in case.must:
        yield _words("contains-any", words)
    for words in case.must_not:
        yield _words("not-contains-any", words)
    for wanted in case.cites:
        yield {"type": "javascript", "metric": "cites what it should", "value": _cites(wanted)}
    if case.abstain is not None:
        transform = "String(output.record.abstained)"
        yield {"type": "equals", "metric": "abstains", "transform": transform, "value": str(case.abstain).lower()}


def _words(kind: str, words: str) -> Fields:
    from vectorstore.searching.folding import folded

    said = [" ".join(folded(one).split()) for one in words.split(OR)]
    # Blanks at both ends, so that "3" is not found in "13".
    whole = [f" {' '.join(_TOKENS.findall(one))} " for one in said]
    # Where words have no blanks between them, there is nothing to hold on to but the text.
    # The letters below are those of scripts with blanks between words, as in `checks._is_letter`.
    spaced = all(ord(letter) < 0x590 for one in said for letter in one)
    return {"type": kind, "transform": f"output.{'words' if spaced else 'folded'}", "value": whole if spaced else said}


def _cites(wanted: ExpectedCitation) -> str:
    # JavaScript's own special characters, which are not quite those of Python's `re.escape`.
    pattern = r"\s+".join(re.sub(r"[.*+?^${}()|[\]\\/]", r"\\\g<0>", part) for part in wanted.words.split())
    held = f" && new RegExp({json.dumps(pattern)}, 'i').test(one.text)" if wanted.words.strip() else ""
    return f"output.sources.some((one) => one.article === {json.dumps(wanted.article)}{held})"


def _assert_of(check: AnswerCheck) -> Fields | None:
    """A check of one's own as promptfoo has it; None where it has none that does the same."""
    match check.kind:
        case "length":
            found = _range(check, "output.count")
        case "cost":
            known = "output.record.usage.cost_usd"
            # A cost that is not known is not judged, as in `own_checks`.
            found = f"{known} === undefined || ({_range(check, known)})"
        case "latency":
            found = _range(check, "output.record.ms.total / 1000")
        case "json_schema":
            # `contains-json` and not `is-json`: JSON may stand in a fence.
            return {"type": "contains-json", "transform": "output.raw", "value": json.loads(check.text)}
        case _:
            # Likeness, functions and numbers in a text are judged by what promptfoo has not.
            kind = _SAME.get(check.kind, "")
            # promptfoo would fail a pattern that JavaScript cannot read, whatever is answered.
            same = kind and not (kind == "regex" and _NOT_JAVASCRIPT.search(check.text))
            return {"type": kind, "transform": "output.text", "value": check.text} if same else None
    return {"type": "javascript", "metric": check.kind, "value": found}


_SAME = {"contains": "contains", "not_contains": "not-contains", "regex": "regex", "judge": "llm-rubric"}
"""Kinds of checks whose text is an assertion's value."""


def _range(check: AnswerCheck, number: str) -> str:
    bounds = [f"{number} >= {check.low!r}"] if check.low is not None else []
    return " && ".join([*bounds, *([f"{number} <= {check.high!r}"] if check.high is not None else [])])


def imported(text: str) -> tuple[list[Fields], list[str]]:
    """The tests of a promptfooconfig.yaml as cases, and what was not taken, a sentence each; raises InputError."""
    try:
        # `safe_load`: a file of somebody else's must not build objects.
        whole = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"It is not YAML: {' '.join(str(error).split())[:200]}.") from None
    tests = whole.get("tests") if isinstance(whole, dict) else None
    if not isinstance(tests, list):
        raise InputError("It has no list of `tests`.", "Tests that stand in another file have to be written out first.")
    shared = whole.get("defaultTest")
    shared = shared if isinstance(shared, dict) else {}
    prompts = [one for one in whole.get("prompts") or () if isinstance(one, str)]
    left_out: list[str] = []
    cases = [_case(one, n, shared, prompts, left_out) for n, one in enumerate(tests, start=1) if isinstance(one, dict)]
    left_out += [f"{one} is in another file and was not read." for one in tests if not isinstance(one, dict)]
    return cases, left_out


def _case(test: dict[str, Any], n: int, shared: dict[str, Any], prompts: Sequence[str], left_out: list[str]) -> Fields:
    # Written by `exported`: nothing has to be guessed.
    own = (test.get("metadata") or {}).get("footnote")
    if isinstance(own, dict) and own.get("question"):
        return own
    said = str(test.get("description") or "")
    id = re.sub(r"[^\w.-]+", "-", said).strip("-")[:80] or f"test-{n}"
    values = {**(shared.get("vars") or {}), **(test.get("vars") or {})}
    case: Fields = {"id": id if said else f"test-{n}", "question": _question(values, prompts, n)}
    checks, refused = list[Fields](), list[str]()
    for one in [*(shared.get("assert") or ()), *(test.get("assert") or ())]:
        for found in _checks_of(one if isinstance(one, dict) else {"type": str(one)}):
            checks.append(found) if isinstance(found, dict) else refused.append(found)
    left_out += [f"{case['id']}: {why}" for why in refused]
    # What was refused is kept with the case, so that somebody can write it anew later.
    notes = " ".join([said, *refused]).strip()
    return {**case, **({"checks": checks} if checks else {}), **({"notes": notes} if notes and notes != id else {})}


def _question(values: Mapping[str, Any], prompts: Sequence[str], n: int) -> str:
    """The question of a test: its variable of such a name, its only one, or its prompt with the variables put in."""
    for name in ("question", "query", "input", "prompt"):
        if isinstance(values.get(name), str):
            return str(values[name])
    template = prompts[0] if prompts else ""
    # A test with one variable asks it, whatever its name, unless the prompt puts words around it.
    if len(values) == 1 and (not template or re.fullmatch(r"\s*\{\{\s*\w+\s*\}\}\s*", template)):
        return str(next(iter(values.values())))
    if template and not template.startswith("file://"):
        # Nothing else of a template is carried out: what is left in braces is told by the answer.
        return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: str(values.get(found[1], "")), template).strip()
    raise InputError(f"Test {n} has no question.", "Name its variable `question`.")


def _checks_of(one: Mapping[str, Any]) -> Iterator[Fields | str]:
    """The checks that do what an assertion does, or a sentence that says why there is none."""
    kind, value, threshold = str(one.get("type", "")), one.get("value"), one.get("threshold")
    if kind == "assert-set":
        for inner in one.get("assert") or ():
            yield from _checks_of(inner)
        return
    if isinstance(value, str) and value.startswith("file://"):
        yield f"the value of {kind} is in another file and was not read."
        return
    if kind in ("javascript", "python", "ruby"):
        yield f"{kind} is code of promptfoo's and was not taken: write a function in a checks.py and name it with `python`."
    elif (pattern := _pattern(kind.removeprefix("not-"), value)) is not None:
        # Without a flag of its own a negated pattern would end at the first line.
        yield {"regex": rf"(?s)\A(?!.*(?:{pattern}))"} if kind.startswith("not-") else {"regex": pattern}
    else:
        yield from _plain_checks(kind, value, threshold)


def _pattern(kind: str, value: Any) -> str | None:
    """The regular expression that finds what an assertion looks for; None for one that no expression stands for."""
    # A text alone counts as a list of one.
    several = "|".join(re.escape(str(item)) for item in (value if isinstance(value, list) else [value]))
    one = re.escape(str(value).strip())
    patterns = {
        "icontains": f"(?i:{one})",
        "contains-any": several,
        "icontains-any": f"(?i:{several})",
        "regex": str(value),
        "equals": rf"\A\s*{one}\s*\Z",
        "starts-with": rf"\A\s*{one}",
    }
    return patterns.get(kind)


def _plain_checks(kind: str, value: Any, threshold: Any) -> Iterator[Fields | str]:
    match kind:
        case "contains":
            yield {"contains": str(value)}
        case "not-contains":
            yield {"not_contains": str(value)}
        # Footnote's `contains` takes one text, so a list becomes as many checks.
        case "contains-all" | "icontains-all":
            for item in value or ():
                yield {"contains": str(item)} if kind == "contains-all" else {"regex": f"(?i:{re.escape(str(item))})"}
        case "is-json" | "contains-json":
            # Without a schema any JSON will do, which an empty schema says.
            yield {"json_schema": json.dumps(value if isinstance(value, dict) else {})}
        case "cost" if threshold is not None:
            yield {"cost": threshold}
        case "latency" if threshold is not None:
            # promptfoo counts milliseconds.
            yield {"latency": threshold / 1000}
        case "similar":
            yield {"similar": str(value), "at_least": 0.75 if threshold is None else threshold}
        case "llm-rubric" | "model-graded-closedqa":
            yield {"judge": str(value), **({} if threshold is None else {"at_least": threshold})}
        case "factuality" | "model-graded-factuality":
            yield {"judge": f"What the answer says does not contradict this: {value}"}
        case _:
            yield f"Footnote has no check that does what {kind or 'an assertion without a type'} does."
