"""A turn of a conversation as a test case, with what people said of it as labels, and the file that such cases are kept in.

An accepted citation is what the answer should cite. Of a rejected one it depends on who wrote: quotations are the answer, so
the rejected words must not be in it again. What a model wrote may be right and only wrongly cited, so it is told in the notes
alone. An answer that abstained should abstain again, unless a reader said that this was wrong. An answer with an accepted
citation should not abstain.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from uuid import uuid4

import yaml

from bot.conversation.history import Exchange, Feedback, Review
from bot.conversation.history.texts import cleaned
from bot.errors import InputError
from bot.evals.case_models import LONGEST_ID, OR
from bot.evals.cases import dump, load
from bot.evals.records import Case, ExpectedCitation
from bot.types import Citation, Turn

CHAT = "chat"
"""The tag of cases that were made from a conversation."""
_HEAD = "# Test cases from conversations. Edit them freely; only the `id` is what a turn is known by when it is kept again.\n\n"
# A hyphen and a blank begin an item; without the blank it is a number or a word.
_ITEM = re.compile(r"^([ ]*)-(?:[ ]|$)", re.MULTILINE)
_COMMENT = re.compile(r"^[ ]*#.*\n?", re.MULTILINE)
# Two tabs may keep a case at once: each reads the whole file, so the second would lose the first one's case.
_WRITING = Lock()


@dataclass(frozen=True, slots=True)
class _ReviewedCitation:
    """A citation with what a person found of it."""

    citation: Citation
    review: Review


def case_of(turn: Exchange, history: Sequence[Turn], reviews: Mapping[int, Review], feedback: Feedback | None = None) -> Case:
    """The turn as a case, answered from the passages that it had; `reviews` are by a citation's place, from 0."""
    answer = turn.answer
    said = [_ReviewedCitation(one, reviews[at]) for at, one in enumerate(answer.citations) if at in reviews]
    # An abstention wants no citation: `abstain` and `cites` together are refused when the file is read.
    accepted = [] if answer.abstained else [one.citation for one in said if one.review.decision == "accepted"]
    rejected = [one.citation for one in said if one.review.decision == "rejected"]
    # In quotes mode the words of a citation are the answer's own words, so they can be forbidden.
    quotes = answer.complete and answer.mode == "quotes"
    cites = tuple(dict.fromkeys(ExpectedCitation(one.article, cleaned(one.quote)) for one in accepted if one.article))
    kept = {wanted.words for wanted in cites}
    return Case(
        _id(turn),
        cleaned(turn.asked.question),
        tuple(replace(one, text=cleaned(one.text)) for one in history),
        must_not=tuple(_unwanted(rejected, kept)) if quotes else (),
        cites=cites,
        abstain=_abstain(answer.abstained, bool(cites), feedback),
        notes="\n".join(_notes(turn, said, feedback)),
        tags=(CHAT,),
        # A turn that never searched is searched for when its case is run.
        given=answer.passages if answer.searched or answer.passages else None,
    )


def keep(case: Case, path: Path) -> None:
    """Puts a case into a `.yaml` file, at its end or in the place of the one with its id; raises InputError.

    All else stays to the letter. Of the case that is replaced, comments in lines of their own go before the new one.
    """
    with _WRITING:
        before = _text(path)
        after = with_case(before, case, str(path))
        # The part ends in .yaml too, since `load` goes by the ending.
        part = path.with_name(f"{path.stem}.{uuid4().hex[:8]}.part.yaml")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(after.encode())
            # Read back before it takes the place of the file: a person's own cases must not be lost to a text that was built
            # here.
            _check(part, path, case)
            part.replace(path)
        except OSError as error:
            raise InputError(f"The case cannot be kept in {path}: {error.strerror or error}.") from error
        finally:
            part.unlink(missing_ok=True)


def remove(ids: Collection[str], path: Path) -> None:
    """Takes the cases with these ids out of a `.yaml` file; all else stays to the letter. Raises InputError."""
    with _WRITING:
        text = _text(path)
        end = "\r\n" if "\r\n" in text else "\n"
        lines = text.replace("\r\n", "\n")
        # From the end, so that the places of the others stay right.
        for start, stop in reversed(_items(lines)):
            if _named(lines[start:stop]) in ids:
                # The blank lines before the case go with it, those before the next one stay.
                lines = lines[:start].rstrip("\n") + "\n" * bool(lines[:start].strip()) + lines[stop:]
        part = path.with_name(f"{path.stem}.{uuid4().hex[:8]}.part.yaml")
        try:
            part.write_bytes(lines.replace("\n", end).encode())
            # A file of cases without any cannot be loaded, so there is nothing to check in it.
            if _items(lines):
                load(part)
            part.replace(path)
        except OSError as error:
            raise InputError(f"The cases cannot be taken out of {path}: {error.strerror or error}.") from error
        finally:
            part.unlink(missing_ok=True)


def with_case(text: str, case: Case, where: str = "the file") -> str:
    """The text of a file of cases with this one in it; raises InputError where it is no list with a hyphen a case."""
    # A file keeps its own ends of lines, so that a version control shows only what changed.
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n")
    items = _items(lines)
    # `---` begins a document in YAML and is no content.
    if not items and any(line.strip() and not line.startswith(("#", "---")) for line in lines.split("\n")):
        raise InputError(
            f"{where} is no list with a hyphen before each case, so none can be added.", "Write it so, or move it away."
        )
    first = _ITEM.search(lines)
    indent = first[1] if first else ""
    # The hyphens of a list must stand in one column, also where its owner has indented it.
    new = "".join(f"{indent}{line}" if line.strip() else line for line in dump([case]).splitlines(keepends=True))
    # The same turn has the same id, so it takes the place of its earlier case.
    old = next((span for span in items if _named(lines[slice(*span)]) == case.id), None)
    if old is None:
        # Only a new file gets the heading.
        ground = lines if lines.strip() else _HEAD
        made = ground.rstrip("\n") + "\n\n" + new
    else:
        piece = lines[slice(*old)]
        made = lines[: old[0]] + "".join(_comments(piece)) + new + lines[old[1] :]
    return made.replace("\n", end)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise InputError(f"The cases in {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is not valid UTF-8.", "Save the file as UTF-8.") from None


def _check(part: Path, path: Path, case: Case) -> None:
    """What was written has to be read back as it was meant; a mistake that stood there before is told as one of the file."""
    try:
        found = load(part)
    except InputError as error:
        raise InputError(error.message.replace(str(part), str(path)), error.help) from None
    # `where` names the part here, and nothing in a case that was made.
    if replace(next(one for one in found if one.id == case.id), where="") != replace(case, where=""):
        raise InputError(f"The case {case.id} cannot be written into {path}.", "Add it by hand.")


def _items(text: str) -> list[tuple[int, int]]:
    """Where each case stands, up to the blank lines and comments before the next one, which belong to that.

    All that is inside of an item of a block list is indented further than its hyphen.
    """
    starts = list(_ITEM.finditer(text))
    if not starts:
        return []
    # The first hyphen sets the column of the cases; others belong to lists inside of them.
    own = [match.start() for match in starts if match[1] == starts[0][1]]
    return [(start, _end(text, start, stop)) for start, stop in zip(own, [*own[1:], len(text)], strict=True)]


def _end(text: str, start: int, stop: int) -> int:
    lines = text[start:stop].splitlines(keepends=True)
    # A comment at the left edge is about the case below it.
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    return start + sum(map(len, lines))


def _named(item: str) -> str:
    """The id of the case that is written so; "" where it cannot be read."""
    read = _read(item)
    first = read[0] if isinstance(read, list) and read else None
    return str(first.get("id", "")) if isinstance(first, dict) else ""


def _comments(item: str) -> Iterator[str]:
    """Its lines that are comments, and not part of a text that happens to hold a number sign."""
    whole = _read(item)
    for match in _COMMENT.finditer(item):
        # A number sign at the beginning of a line of a block text is part of that text: without it, the value changes.
        if _read(item[: match.start()] + item[match.end() :]) == whole:
            yield match[0] if match[0].endswith("\n") else match[0] + "\n"


def _read(item: str) -> object:
    try:
        return yaml.load(item, yaml.BaseLoader)  # builds texts, lists and mappings alone
    except yaml.YAMLError:
        return None


def _id(turn: Exchange) -> str:
    """Words of the question for people, and the beginning of the turn's id: a turn has the same one each time."""
    words = re.findall(r"[^\W_]+", turn.asked.question.casefold())
    slug = ""
    for word in words:
        # Whole words only, so that the id can be read.
        if len(slug) + len(word) > 40:
            break
        slug += f"{word}-"
    return f"{slug or 'turn-'}{turn.id[:8]}"[:LONGEST_ID]


def _unwanted(rejected: Sequence[Citation], kept: set[str]) -> Iterator[str]:
    """The words that were rejected; a bar in them would tell two alternatives apart, so the longest part stands for all."""
    for words in dict.fromkeys(cleaned(one.quote) for one in rejected):
        # `must_not` reads “a|b” as either of the two, so a table's row with bars would forbid each of its cells.
        part = max(words.split(OR), key=len).strip()
        if part and words not in kept:
            yield part


def _abstain(abstained: bool, cites: bool, feedback: Feedback | None) -> bool | None:
    if not abstained:
        return False if cites else None
    # A reader who found it wrong, or missed a source, may well mean that the articles do answer.
    return None if feedback and feedback.verdict != "useful" else True


def _notes(turn: Exchange, said: Sequence[_ReviewedCitation], feedback: Feedback | None) -> Iterator[str]:
    yield f"From a conversation, {turn.at:%Y-%m-%d}."
    if feedback:
        yield f"A reader found the answer {_FOUND[feedback.verdict]}{_note_end(feedback.note)}"
    for one in said:
        if one.review.decision != "accepted" or one.review.note:
            what = {"accepted": "Accepted", "rejected": "Rejected", "none": "Noted"}[one.review.decision]
            named = " ".join(cleaned(one.citation.title or one.citation.article).split())
            yield f"{what}: [{one.citation.n}]{' ' if named else ''}{named}{_note_end(one.review.note)}"


_FOUND = {"useful": "useful", "wrong": "wrong", "missing source": "to miss a source"}


def _note_end(note: str) -> str:
    words = " ".join(cleaned(note).split())
    return f": {words}" if words else "."
