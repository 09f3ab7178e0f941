"""What a file of cases may hold, as pydantic models: every field with its rule, and what to write where one is broken; pure.

The values that they are made of are texts, lists and mappings, as `bot.evals.yaml_lines` gives them. A field that holds nothing
counts as left out, and a single value as a list of one.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from bot.evals.records import Case, ExpectedCitation
from bot.evals.yaml_lines import Location, Mistake, TwiceNamed
from bot.types import Passage, Turn
from vectorstore.types import Span, Stage

LONGEST_ID = 100
"""Characters of a case's id: it is a column of every table of results."""
OR = "|"
"""Stands between words of `must` or `must_not` of which one is enough."""
EXAMPLE = "`id: sputnik-year` and `question: When was Sputnik launched?`"

_TEXT_HELP = "Put a text that begins with a bracket, or holds a colon, between quotes."
_TURN_HELP = "Write a turn as `user: ...` or `assistant: ...`."
_ROLES: Mapping[object, Literal["user", "assistant"]] = {"user": "user", "assistant": "assistant"}


def kind(value: object) -> str:
    """What a value is, in words."""
    match value:
        case list():
            return "a list"
        case dict():
            return "fields"
        case _:
            return "nothing" if value is None else "a text"


def _any_text(value: object) -> str:
    if isinstance(value, list | dict):
        raise Mistake(f"{{what}} must be a text, not {kind(value)}", _TEXT_HELP)
    # JSON's `true` is taken as it is written, as YAML's is.
    found = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    try:
        found.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which no tokenizer takes
        raise Mistake("{what} is not valid Unicode", "Write the character itself, or leave it out.") from None
    return found


def _text(value: object) -> str:
    found = _any_text(value)
    if not found.strip():
        raise Mistake("{what} is empty", "Write it, or leave it out where it is not needed.")
    return found


def _id(value: object) -> str:
    found = _text(value)
    if len(found) > LONGEST_ID or not found.isprintable() or found.strip() != found:
        help = "Write a few words with hyphens between them, as in `sputnik-year`."
        raise Mistake(f"the `id` must be a name in one line, of {LONGEST_ID} characters at most", help)
    return found


def _words(value: object) -> str:
    # An empty alternative would stand in every answer.
    found = _text(value)
    if not all(one.strip() for one in found.split(OR)):
        raise Mistake(f"in “{found}” nothing stands beside a bar", "Write words on both sides of each bar.")
    return found


def _flag(value: object) -> bool:
    found = _any_text(value)
    for flag, words in ((True, ("true", "yes")), (False, ("false", "no"))):
        if found.lower() in words:
            return flag
    raise Mistake(f"{{what}} must be true or false, not “{found}”", "Leave it out where it is not judged.")


def _whole(value: object) -> int:
    found = _any_text(value)
    if found.isascii() and found.isdigit() and len(found) < 16:
        return int(found)
    raise Mistake(f"{{what}} must be a whole number, not “{found}”", "Write it in figures.")


def _number(value: object) -> float:
    found = _any_text(value)
    try:
        number = float(found)
    except ValueError:
        number = float("nan")
    if abs(number) < float("inf"):
        return number
    raise Mistake(f"{{what}} must be a number, not “{found}”", "Write it in figures.")


def _stages(value: object) -> object:
    if isinstance(value, dict):
        return value
    raise Mistake(f"{{what}} must be fields with values, not {kind(value)}", "Leave them out.")


def _span(value: object) -> Span:
    match value:
        case [start, end]:
            return _whole(start), _whole(end)
    raise Mistake("{what} must be pairs of places", "Write them like `[[0, 12], [13, 40]]`, or leave them out.")


def _turn(value: object) -> Turn:
    match value:
        case dict() if len(value) == 1 and not isinstance(value, TwiceNamed):
            ((role, said),) = value.items()
        case [str(role), said]:
            pass
        case _:
            raise Mistake("a turn of {what} must name one role and what was said", _TURN_HELP)
    if role not in _ROLES:
        raise Mistake(f"a turn of {{what}} is by “{role}”", _TURN_HELP)
    if isinstance(said, list | dict):
        raise Mistake(f"a turn of {{what}} must be a text, not {kind(said)}", _TEXT_HELP)
    return Turn(_ROLES[role], _any_text(said))


def _several(value: object) -> object:
    """What is no list counts as a list of one."""
    return value if isinstance(value, list) else [value]


Text = Annotated[str, BeforeValidator(_text)]
AnyText = Annotated[str, BeforeValidator(_any_text)]
Id = Annotated[str, BeforeValidator(_id)]
Words = Annotated[str, BeforeValidator(_words)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(_whole)]
Number = Annotated[float, BeforeValidator(_number)]
OneOrMore = BeforeValidator(_several)


class FileModel(BaseModel):
    """A mapping in a file of cases; `called`, `example` and `missing` (a message and its help) tell what is wrong with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    called: ClassVar[str]
    example: ClassVar[str]
    missing: ClassVar[tuple[str, str]]

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, value: object) -> object:
        if not isinstance(value, dict):
            raise Mistake(f"{cls.called} must be fields with values, not {kind(value)}", f"Write it like {cls.example}.")
        if isinstance(value, TwiceNamed):
            raise Mistake(f"“{value.name}” is given twice in {cls.called}", "Keep one of the two.", value.line)
        return {name: one for name, one in value.items() if one is not None}


class StageModel(FileModel):
    """The place and the score that a stage of the search gave a passage."""

    called = "a stage"
    example = "`rank: 1` and `score: 0.5`"
    missing = ("a stage needs `rank` and `score`", "Leave `stages` out.")
    rank: Whole
    score: Number


class PassageModel(FileModel):
    """A passage that a case is answered from in place of a search.

    `article` and `text` are enough by hand. What a conversation is made into has all that is known of each passage.
    """

    called = "a passage of `given`"
    example = "`article: new-space-race.md` and `text: ...`"
    missing = ("a passage of `given` has no `{field}`", "It needs at least `article` and `text`.")
    n: Whole | None = None
    article: Text
    title: AnyText = ""
    author: AnyText = ""
    date: AnyText = ""
    start: Whole = 0
    end: Whole | None = None
    text: Text
    score: Number = 1.0
    stages: Annotated[dict[str, StageModel], BeforeValidator(_stages)] = {}
    sentences: Annotated[tuple[Annotated[Span, BeforeValidator(_span)], ...], OneOrMore] = ()
    evidence: Annotated[tuple[Number, ...], OneOrMore] = ()
    source: AnyText = ""
    also: Annotated[tuple[Text, ...], OneOrMore] = ()

    def passage(self, n: int) -> Passage:
        """The passage, with this number where it has none of its own."""
        known = self.model_dump(exclude={"n", "end", "stages"})
        return Passage(
            n=n if self.n is None else self.n,
            end=self.start + len(self.text) if self.end is None else self.end,
            stages={name: Stage(one.rank, one.score) for name, one in self.stages.items()},
            **known,
        )


class CitationModel(FileModel):
    """Something that the answer should cite; a name alone is that of an article."""

    called = "`cites`"
    example = "`article: new-space-race.md` and `words: launched in 1957`"
    missing = ("`cites` names no `{field}`", "Words are looked for in one article; name it.")
    article: Text
    words: AnyText = ""

    @model_validator(mode="before")
    @classmethod
    def _article_alone(cls, value: object) -> object:
        return {"article": _named(value)} if isinstance(value, str | None) else value


def _named(value: object) -> str:
    try:
        return _text(value)
    except Mistake as mistake:
        raise Mistake(mistake.message.replace("{what}", "`cites`"), mistake.help) from None


class CaseModel(FileModel):
    """One case."""

    called = "a case"
    example = EXAMPLE
    missing = ("the case has no `{field}`", f"A case needs at least {EXAMPLE}.")
    id: Id
    question: Text
    history: Annotated[tuple[Annotated[Turn, BeforeValidator(_turn)], ...], OneOrMore] = ()
    must: Annotated[tuple[Words, ...], OneOrMore] = ()
    must_not: Annotated[tuple[Words, ...], OneOrMore] = ()
    cites: Annotated[tuple[CitationModel, ...], OneOrMore] = ()
    abstain: Flag | None = None
    notes: AnyText = ""
    tags: Annotated[tuple[Text, ...], OneOrMore] = ()
    given: Annotated[tuple[PassageModel, ...], OneOrMore] | None = None

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        """That no answer could meet the case is a mistake, and so is a number that two passages share."""
        if self.abstain and self.cites:
            raise Mistake("the case wants no answer, yet citations", "Take out `abstain` or `cites`.", field="cites")
        if both := sorted(set(self.must) & set(self.must_not)):
            raise Mistake(f"“{both[0]}” stands in `must` and in `must_not`", "Take out one of the two.", field="must_not")
        numbers = [passage.n for passage in self.passages() or ()]
        if len(set(numbers)) < len(numbers):
            help = "Number them anew, or leave every `n` out."
            raise Mistake("two passages of `given` have the same number", help, field="given")
        return self

    def passages(self) -> tuple[Passage, ...] | None:
        """The passages to answer from, numbered from 1 where they have no numbers; None where the answer is to search."""
        return None if self.given is None else tuple(one.passage(n) for n, one in enumerate(self.given, start=1))

    def case(self, where: str) -> Case:
        """The case, which stands in that file and line."""
        cites = tuple(ExpectedCitation(one.article, one.words) for one in self.cites)
        own: dict[str, Any] = {name: getattr(self, name) for name in ("id", "question", "history", "must", "must_not")}
        return Case(
            **own, cites=cites, abstain=self.abstain, notes=self.notes, tags=self.tags, given=self.passages(), where=where
        )


def model_at(location: Location) -> type[FileModel]:
    """The model of the mapping at a location within a case."""
    names = [step for step in location if isinstance(step, str)]
    match names:
        case ["given", "stages", _, *_]:
            return StageModel
        case ["given", *_]:
            return PassageModel
        case ["cites", *_]:
            return CitationModel
        case _:
            return CaseModel
