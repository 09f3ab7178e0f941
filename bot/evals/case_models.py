"""What a file of cases may hold, as pydantic models: every field with its rule, and what to write where one is broken."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.evals.check_models import AnswerCheckModel, RangeModel
from bot.evals.file_models import (
    TEXT_HELP,
    AnyText,
    FileModel,
    Flag,
    Location,
    Mistake,
    Number,
    OneOrMore,
    Text,
    TwiceNamed,
    Whole,
    any_text,
    kind,
    text_of,
    whole_of,
)
from bot.evals.records import Case, ExpectedCitation
from bot.types import Passage, Turn
from vectorstore.types import Span, Stage

LONGEST_ID = 100
"""Characters of a case's id: it is a column of every table of results."""
OR = "|"
"""Stands between words of `must` or `must_not` of which one is enough."""
EXAMPLE = "`id: sputnik-year` and `question: When was Sputnik launched?`"

_TURN_HELP = "Write a turn as `user: ...` or `assistant: ...`."
# A mapping, from whose values mypy knows the literal type of a role.
_ROLES: Mapping[object, Literal["user", "assistant"]] = {"user": "user", "assistant": "assistant"}


def _id(value: object) -> str:
    found = text_of(value)
    # An id is printed in tables and in JUnit files, and is typed by hand: no line breaks, no blanks at its ends.
    if len(found) > LONGEST_ID or not found.isprintable() or found.strip() != found:
        help = "Write a few words with hyphens between them, as in `sputnik-year`."
        raise Mistake(f"the `id` must be a name in one line, of {LONGEST_ID} characters at most", help)
    return found


def _words(value: object) -> str:
    # An empty alternative would stand in every answer.
    found = text_of(value)
    if not all(one.strip() for one in found.split(OR)):
        raise Mistake(f"in “{found}” nothing stands beside a bar", "Write words on both sides of each bar.")
    return found


def _stages(value: object) -> object:
    if isinstance(value, dict):
        return value
    raise Mistake(f"{{what}} must be fields with values, not {kind(value)}", "Leave them out.")


def _span(value: object) -> Span:
    match value:
        case [start, end]:
            return whole_of(start), whole_of(end)
    raise Mistake("{what} must be pairs of places", "Write them like `[[0, 12], [13, 40]]`, or leave them out.")


def _turn(value: object) -> Turn:
    match value:
        # `- user: ...` as people write it, or a pair `["user", ...]` as a file of questions has it.
        case dict() if len(value) == 1 and not isinstance(value, TwiceNamed):
            ((role, said),) = value.items()
        case [str(role), said]:
            pass
        case _:
            raise Mistake("a turn of {what} must name one role and what was said", _TURN_HELP)
    if role not in _ROLES:
        raise Mistake(f"a turn of {{what}} is by “{role}”", _TURN_HELP)
    if isinstance(said, list | dict):
        raise Mistake(f"a turn of {{what}} must be a text, not {kind(said)}", TEXT_HELP)
    return Turn(_ROLES[role], any_text(said))


Id = Annotated[str, BeforeValidator(_id)]
Words = Annotated[str, BeforeValidator(_words)]


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
    # No number: the passages are numbered from 1 in their order.
    n: Whole | None = None
    article: Text
    title: AnyText = ""
    author: AnyText = ""
    date: AnyText = ""
    start: Whole = 0
    # No end: the passage is as long as its text.
    end: Whole | None = None
    text: Text
    score: Number = 1.0
    # What each stage of the search said; quotations need it, a model does not.
    stages: Annotated[dict[str, StageModel], BeforeValidator(_stages)] = Field(default_factory=dict)
    sentences: Annotated[tuple[Annotated[Span, BeforeValidator(_span)], ...], OneOrMore] = ()
    evidence: Annotated[tuple[Number, ...], OneOrMore] = ()
    source: AnyText = ""
    also: Annotated[tuple[Text, ...], OneOrMore] = ()

    def passage(self, n: int) -> Passage:
        """The passage, with this number where it has none of its own."""
        # The other fields have the names and the types of `Passage`'s own.
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
        return text_of(value)
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
    split: AnyText = ""
    given: Annotated[tuple[PassageModel, ...], OneOrMore] | None = None
    # Only read here; `bot.evals.cases` makes them, as a schema or a function stands in a file beside.
    checks: Annotated[tuple[AnswerCheckModel, ...], OneOrMore] = ()

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        """That no answer could meet the case is a mistake, and so is a number that two passages share."""
        # Told when the file is read: such a case would fail whatever is answered.
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
        """The case, which stands in that file and line; without its own checks, which may need files."""
        cites = tuple(ExpectedCitation(one.article, one.words) for one in self.cites)
        own: dict[str, Any] = {name: getattr(self, name) for name in ("id", "question", "history", "must", "must_not")}
        own |= {"abstain": self.abstain, "notes": self.notes, "tags": self.tags, "split": self.split}
        return Case(**own, cites=cites, given=self.passages(), where=where)


class DefaultsModel(FileModel):
    """What counts for all cases of a file."""

    called = "`defaults`"
    example = "`checks:` and a list of checks"
    missing = ("`defaults` has no `{field}`", "It takes `checks` and `tags`.")
    checks: Annotated[tuple[AnswerCheckModel, ...], OneOrMore] = ()
    tags: Annotated[tuple[Text, ...], OneOrMore] = ()


def model_at(location: Location, whole: type[FileModel] = CaseModel) -> type[FileModel]:
    """The model of the mapping at a location within a case, or within what `whole` describes."""
    names = [step for step in location if isinstance(step, str)]
    match names:
        case ["given", "stages", _, *_]:
            return StageModel
        case ["given", *_]:
            return PassageModel
        case ["cites", *_]:
            return CitationModel
        # Below a check there are only ranges, such as `length: {at_most: 60}`.
        case ["checks", _, *_]:
            return RangeModel
        case ["checks"]:
            return AnswerCheckModel
        case _:
            return whole
