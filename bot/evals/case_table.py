"""Cases as the rows of a table that a person edits, and the edits as cases again. Pure.

A row has the fields that people write by hand. What else a case has, such as its checks and its passages, stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.errors import InputError
from bot.evals.asking import Text, staleness
from bot.evals.records import Case, ExpectedCitation

Row = dict[str, object]
# The column asks whether the articles answer, the field whether to abstain: the words are turned around.
ANSWERS: Mapping[bool | None, str] = {None: "", False: "yes", True: "no"}
"""Whether the articles answer the question, as a row says it, by `abstain`."""
_WORDS = " › "
"""Stands between an article and the words of it that should be cited."""


@dataclass(frozen=True, slots=True)
class CaseEdits:
    """What became of the rows: the cases that were changed or added, and the ids that are gone.

    >>> edits(( Case("a", "Why?"),), {0: {"tags": ["new"]}}, [], []).kept[0].tags
    ('new',)
    """

    kept: tuple[Case, ...]
    removed: tuple[str, ...]


def case_row(case: Case, text: Text) -> Row:
    """A case as a row; `state` says what it asks for that is not there any more."""
    return {
        "id": case.id,
        "question": case.question,
        "must": list(case.must),
        "must_not": list(case.must_not),
        "cites": [_WORDS.join(filter(None, (one.article, one.words))) for one in case.cites],
        "answered": ANSWERS[case.abstain],
        "tags": list(case.tags),
        "split": case.split,
        "notes": case.notes,
        # A case with its own passages does not depend on the articles.
        "state": "" if case.given is not None else staleness(case, text),
    }


def edits(cases: Sequence[Case], changed: Mapping[int, Row], added: Sequence[Row], deleted: Sequence[int]) -> CaseEdits:
    """The cases of the rows that were changed or added; raises InputError for a row without an id or a question."""
    kept = [_changed(cases[at], row) for at, row in sorted(changed.items()) if at not in deleted]
    # A row with another id is a new case for the file, so the one of its old id has to go.
    renamed = [
        cases[at].id for at, row in changed.items() if at not in deleted and _text(row.get("id", cases[at].id)) != cases[at].id
    ]
    # A row that was added and left empty is handed over, too.
    kept += [_changed(Case("", ""), row) for row in added if any(row.values())]
    for case in kept:
        if not case.id or not case.question:
            raise InputError("A case needs an id and a question.", "Fill in both, or delete the row.")
    gone = [cases[at].id for at in deleted]
    known = {case.id for case in cases} - {*gone, *renamed}
    # An id that only kept its row is no clash with itself.
    fresh = [case.id for case in kept if case.id not in {cases[at].id for at in changed}]
    if taken := next((id for at, id in enumerate(fresh) if id in known or id in fresh[:at]), None):
        raise InputError(f"There is a case “{taken}” already.", "Give the row another id.")
    return CaseEdits(tuple(kept), (*gone, *renamed))


def _changed(case: Case, row: Row) -> Case:
    """The case with what its row says; a field that the row does not name stays."""
    lists = {name: tuple(_texts(row[name])) for name in ("must", "must_not", "tags") if name in row}
    plain = {name: _text(row[name]) for name in ("id", "question", "split", "notes") if name in row}
    found = replace(case, **lists, **plain)  # type: ignore[arg-type]  # each of them has the type of its field
    if "cites" in row:
        found = replace(found, cites=tuple(map(_citation, _texts(row["cites"]))))
    if "answered" in row:
        said = _text(row["answered"])
        found = replace(found, abstain=next(value for value, shown in ANSWERS.items() if shown == said))
    return found


def _citation(text: str) -> ExpectedCitation:
    # Without the blanks: a person may have typed none.
    article, _, words = text.partition(_WORDS.strip())
    return ExpectedCitation(article.strip(), words.strip())


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _texts(value: object) -> list[str]:
    return [text for one in value if (text := _text(one))] if isinstance(value, list | tuple) else []
