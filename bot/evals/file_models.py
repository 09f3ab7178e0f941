"""The types of fields in files that people write, and the model that all mappings in them share; pure.

The values that they are made of are texts, lists and mappings, as `bot.evals.yaml_lines` gives them. A field that holds nothing
counts as left out, and a single value as a list of one.
"""

from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from bot.evals.yaml_lines import Mistake, TwiceNamed

TEXT_HELP = "Put a text that begins with a bracket, or holds a colon, between quotes."


def kind(value: object) -> str:
    """What a value is, in words.

    >>> kind([]), kind({}), kind("1957"), kind(None)
    ('a list', 'fields', 'a text', 'nothing')
    """
    match value:
        case list():
            return "a list"
        case dict():
            return "fields"
        case _:
            return "nothing" if value is None else "a text"


def any_text(value: object) -> str:
    """A text that may be empty; raises Mistake."""
    if isinstance(value, list | dict):
        raise Mistake(f"{{what}} must be a text, not {kind(value)}", TEXT_HELP)
    # JSON's `true` is taken as it is written, as YAML's is.
    found = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    try:
        found.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which no tokenizer takes
        raise Mistake("{what} is not valid Unicode", "Write the character itself, or leave it out.") from None
    return found


def text_of(value: object) -> str:
    """A text that says something; raises Mistake."""
    found = any_text(value)
    if not found.strip():
        raise Mistake("{what} is empty", "Write it, or leave it out where it is not needed.")
    return found


def _flag(value: object) -> bool:
    found = any_text(value)
    for flag, words in ((True, ("true", "yes")), (False, ("false", "no"))):
        if found.lower() in words:
            return flag
    raise Mistake(f"{{what}} must be true or false, not “{found}”", "Leave it out where it is not judged.")


def whole_of(value: object) -> int:
    """A whole number that is not negative; raises Mistake."""
    found = any_text(value)
    # `isdigit` alone takes Arabic digits and superscripts; sixteen digits are beyond what JSON's numbers hold exactly.
    if found.isascii() and found.isdigit() and len(found) < 16:
        return int(found)
    raise Mistake(f"{{what}} must be a whole number, not “{found}”", "Write it in figures.")


def _number(value: object) -> float:
    found = any_text(value)
    try:
        number = float(found)
    except ValueError:
        # Falls through to the message below, as nan and infinity do when they are written out.
        number = float("nan")
    if abs(number) < float("inf"):
        return number
    raise Mistake(f"{{what}} must be a number, not “{found}”", "Write it in figures.")


def _several(value: object) -> object:
    """What is no list counts as a list of one."""
    return value if isinstance(value, list) else [value]


Text = Annotated[str, BeforeValidator(text_of)]
AnyText = Annotated[str, BeforeValidator(any_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(whole_of)]
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
            # YAML would silently take the second one.
            raise Mistake(f"“{value.name}” is given twice in {cls.called}", "Keep one of the two.", value.line)
        # `must:` with nothing behind it is what somebody left to be filled in.
        return {name: one for name, one in value.items() if one is not None}
