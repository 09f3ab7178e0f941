"""What differs between two texts as HTML: line by line for prompts, word by word for answers. Pure.

Every piece of a text goes through `html_text`, and the tags between the pieces are ours alone.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff

from bot.export.html import html_text

# Blanks are tokens, too, so that the pieces put together are the text again.
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_LONGEST = 3_000
"""Tokens of a text that is compared word by word: the time grows with the square of them."""
_ALIKE = 0.3
"""Two texts that share less than this are two texts: marks on nearly every word would tell nothing."""


def lines_html(old: str, new: str) -> str:
    """What differs, line by line, with three unchanged lines around each place; "" where the texts are the same.

    >>> lines_html("a\\nb", "a\\nc").count("<del>"), lines_html("a", "a")
    (1, '')
    """
    # The first two lines are the names of the texts, which stand above.
    lines = list(unified_diff(old.splitlines(), new.splitlines(), lineterm=""))[2:]
    if not lines:
        return ""
    return f'<pre class="diff" tabindex="0" aria-label="Lines taken out and put in">{"".join(map(_line, lines))}</pre>'


def words_html(old: str, new: str) -> tuple[str, str]:
    """Both texts, with the words marked that the other lacks; twice "" where they share too little, or nothing differs.

    >>> words_html("Nine days.", "Ten days.")
    ('<del>Nine</del> days.', '<ins>Ten</ins> days.')
    """
    first, second = _TOKENS.findall(old), _TOKENS.findall(new)
    if old == new or max(len(first), len(second)) > _LONGEST:
        return "", ""
    # `autojunk` would take frequent words, such as "the", for noise in longer texts.
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return "", ""
    steps = matcher.get_opcodes()
    before = (_marked(first[a:b], "" if how == "equal" else "del") for how, a, b, _, _ in steps)
    after = (_marked(second[a:b], "" if how == "equal" else "ins") for how, _, _, a, b in steps)
    return "".join(before), "".join(after)


def _marked(tokens: Sequence[str], tag: str) -> str:
    text = html_text("".join(tokens))
    return f"<{tag}>{text}</{tag}>" if tag and text else text


def _line(line: str) -> str:
    return "".join(_pieces(line)) + "\n"


def _pieces(line: str) -> Iterator[str]:
    """A line of a unified diff: its sign stays, so that the colour is not all that tells."""
    text = html_text(line)
    match line[:1]:
        case "+":
            yield f"<ins>{text}</ins>"
        case "-":
            yield f"<del>{text}</del>"
        # The place of a change, such as "@@ -1,3 +1,4 @@".
        case "@":
            yield f'<span class="soft">{text}</span>'
        case _:
            yield text
