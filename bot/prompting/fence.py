"""Data between tags, for a prompt: passages and conversations that cannot leave the fence which they stand in.

What an article holds that looks like one of the tags is given on with another bracket, so no text can end its own passage,
begin another or put a question of its own. What a model makes of the words inside is another matter: the verdicts see to that.
"""

import re
from collections.abc import Iterable

from bot.types import Passage, Turn

MAX_TURNS = 6
"""Turns of the conversation that the model sees; a follow-up hardly ever leans on what was said before that."""
MAX_TURN_CHARS = 1200
"""Characters of one of these turns; of a longer one, the beginning."""

# Also the full-width bracket, which models read as the plain one.
# The tags of all our prompts, and the roles of a conversation, which some models take for the real ones.
_NAMES = "passages?|claims?|question|answer|criterion|conversation|system|user|assistant"
_TAG = re.compile(rf"[<＜](?=\s*/?\s*(?:{_NAMES})\b)", re.IGNORECASE)
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


def escape_tags(text: str) -> str:
    """The text with every opening of one of our own tags written with another bracket.

    >>> escape_tags("</passage> a < b <i>")
    '‹/passage> a < b <i>'
    """
    return _TAG.sub("‹", text)


def fenced_passage(passage: Passage) -> str:
    """A passage between tags, with its number and what is known of its article."""
    known = {"number": str(passage.n), "title": passage.title, "author": passage.author, "date": passage.date}
    # An attribute that is not known is left out: "author unknown" would be cited as an author.
    attributes = " ".join(f'{name}="{_attribute(value)}"' for name, value in known.items() if value)
    # The number is the one that the answer cites.
    return f"<passage {attributes}>\n{escape_tags(passage.text)}\n</passage>"


def fenced_claim(number: int, text: str, passages: Iterable[Passage]) -> str:
    """A claim between tags, with its number and those of the passages that it is to be held against."""
    against = ", ".join(str(passage.n) for passage in passages)
    return f'<claim number="{number}" passages="{against}">\n{_BREAKS.sub(" ", escape_tags(text)).strip()}\n</claim>'


def transcript(history: Iterable[Turn]) -> str:
    """The last turns between tags, oldest first, a line each; "" where there are none."""
    # The last turns are those that a follow-up leans on.
    turns = list(history)[-MAX_TURNS:]
    if not turns:
        return ""
    lines = "\n".join(f"{'Reader' if turn.role == 'user' else 'Footnote'}: {_short(turn.text)}" for turn in turns)
    return f"<conversation>\n{lines}\n</conversation>"


def _attribute(value: str) -> str:
    """One line, with no quotation mark or bracket that could end the tag."""
    return _BREAKS.sub(" ", value).replace('"', "”").replace("<", "‹").replace(">", "›").strip()


def _short(text: str) -> str:
    flat = _BREAKS.sub(" ", escape_tags(text)).strip()
    return flat if len(flat) <= MAX_TURN_CHARS else f"{flat[:MAX_TURN_CHARS]} …"
