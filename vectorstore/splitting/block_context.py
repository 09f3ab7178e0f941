"""What the blocks of a text go on from: the turns of a talk, questions and their answers, headings, and leads; pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from vectorstore.splitting.blocks import BOLD, MARKER, ArticleBlock
from vectorstore.splitting.sentences import ends_sentence, sentences_within

LONGEST_QUESTION = 250
"""Characters."""
ONLY_TURNS = 0.8
"""Where such a share of the paragraphs stands behind names, they are turns though nobody speaks twice."""

_QUESTION_MARK = re.compile(r"[?？؟][\s\"'”’»)\]*_`#]*$")
# How a question is marked in a list of questions and answers: "Q:" or "Question 3."
_Q_LABEL = re.compile(r"(?:Q|Question)(?:\s?\d+)?\s*[.:)]\s*", re.IGNORECASE)
# As chats write it before a name, and `readers/html/threads.py` does for forums: `[2024-02-11 21:14] Ada Brandt: ...`.
_TIME = r"(?P<time>[\[(]?(?:\d{4}-\d\d-\d\d[ T])?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?[\])]?(?: [-–—])?\s+)?"
# A name of up to five words before a colon, perhaps bold: `**Ada Brandt:** ...`.
_LABEL = re.compile(
    _TIME + r"(?:\*\*|__)?(?P<who>[^\W\d_][\w.’'&-]*(?: [\w.’'&()-]+){0,4})(?:\*\*|__)?\s?[:：](?:\*\*|__)?\s*(?=\S)"
)


def with_turns(text: str, blocks: list[ArticleBlock]) -> list[ArticleBlock]:
    """The turns of a talk: paragraphs behind the names of two speakers and more; and what goes on from them.

    The speakers come again, or nearly all that is said stands behind a name, or names stand behind a day and a time.
    """
    labels = [_label(text, one) for one in blocks]
    names = [label["who"] if label else "" for label in labels]
    # "Note: ..." stands behind a colon, too; what makes a talk is that speakers come again, or that all of it is speech.
    often = Counter(name for name in names if name)
    again = {name for name, times in often.items() if times > 1}
    prose = sum(one.kind == "paragraph" or bool(name) for one, name in zip(blocks, names, strict=True))
    says = [
        name for one, name in zip(blocks, names, strict=True) if _is_name(name) and ends_sentence(text[one.start : one.end])
    ]
    only = len(set(says)) > 1 and len(says) >= ONLY_TURNS * prose
    # Nothing but a talk has a day and a time before its names.
    stamped = sum(bool(label and label["time"] and "-" in label["time"]) for label in labels) > 1
    # Speakers who come again must have two paragraphs in five: an article may have two labels twice.
    if not only and not stamped and (len(again) < 2 or sum(often[name] for name in again) < 0.4 * prose):
        return blocks
    found: list[ArticleBlock] = []
    speaker = ""
    for one, name in zip(blocks, names, strict=True):
        # A paragraph without a name goes on with the turn before it; a heading or a table ends the turn.
        speaker = name or (speaker if one.kind in ("paragraph", "item", "quote") else "")
        turn = name or (speaker and one.kind in ("paragraph", "heading", "quote"))
        found.append(replace(one, kind="turn", speaker=speaker, level=0, group=0) if turn else one)
    return found


def _label(text: str, one: ArticleBlock) -> re.Match[str] | None:
    """The name that a block begins with; lines without a full stop look like a list's, and have one behind a time alone."""
    match = _LABEL.match(text, one.start, one.end)
    # The groups below -1 are lists that the parser did not see (`outline`).
    return match if match and (one.kind in ("paragraph", "heading") or (one.group < -1 and match["time"])) else None


def _is_name(words: str) -> bool:
    """Whether a label can be a speaker's name, and not the "Q" and "A" of a list of questions."""
    return len(words) > 1 and not _Q_LABEL.match(f"{words}:") and all(word[0].isupper() for word in words.split())


def with_questions(text: str, blocks: Sequence[ArticleBlock]) -> list[ArticleBlock]:
    """Blocks that only ask are questions: whatever answers them goes on from them."""
    return [replace(one, kind="question") if _asks(text, one) else one for one in blocks]


def _asks(text: str, one: ArticleBlock) -> bool:
    """Whether the block is one question and nothing else."""
    if one.kind not in ("paragraph", "heading", "item") or one.end - one.start > LONGEST_QUESTION:
        return False
    words = text[one.start : one.end]
    return _QUESTION_MARK.search(words) is not None and (
        one.kind == "heading" or len(sentences_within(text, one.start, one.end)) == 1
    )


def with_headings(blocks: Sequence[ArticleBlock]) -> list[ArticleBlock]:
    """The blocks with the headings that they stand under; a heading stands under the nearest one of a higher level."""
    found: list[ArticleBlock] = []
    over: list[int] = []
    for at, one in enumerate(blocks):
        heads = one.kind == "heading" or (one.kind == "question" and one.level and one.group == -1)
        # As in a table of contents: a heading closes all of its own level and below.
        while heads and over and found[over[-1]].level >= one.level:
            over.pop()
        found.append(replace(one, heading=over[-1] if over else None))
        if heads:
            over.append(at)
    return found


def with_leads(text: str, blocks: Sequence[ArticleBlock]) -> list[ArticleBlock]:
    """The blocks with what leads in to them."""
    found: list[ArticleBlock] = []
    first: dict[tuple[int, str], int | None] = {}
    asked: int | None = None
    for at, one in enumerate(blocks):
        before = found[-1] if found else None
        asked = _still_asked(text, found, asked, one)
        lead = asked if one.kind != "question" else None
        if one.kind == "turn":
            lead = _replied_to(text, found, one)
        elif one.kind == "row":
            lead = next((n for n in range(at - 1, -1, -1) if found[n].kind == "header" and found[n].group == one.group), None)
        elif asked is not None and one.kind == "item" and found[asked].group == one.group:
            lead = asked
        elif one.kind in ("item", "header"):
            # All items of a list go on from the line before the list, and not each from the item before it.
            if (one.group, one.kind) not in first:
                introduces = before is not None and before.kind in ("paragraph", "item", "turn") and before.group != one.group
                first[one.group, one.kind] = at - 1 if introduces else lead
            lead = first[one.group, one.kind]
        elif before and before.kind == "paragraph" and text[: before.end].endswith((":", "：")):
            lead = at - 1
        found.append(replace(one, lead=lead))
        if one.kind == "question":
            asked = at
    return found


def _replied_to(text: str, found: Sequence[ArticleBlock], turn: ArticleBlock) -> int | None:
    """The place of the question that a turn answers: the other speaker's last words, or what the turn's beginning answers."""
    before = found[-1] if found else None
    if before is None or before.kind != "turn":
        return None
    # A speaker who goes on in another paragraph still answers the same question.
    if before.speaker == turn.speaker:
        return before.lead
    # The mark stands at the end, or before a few closing marks.
    return len(found) - 1 if _QUESTION_MARK.search(text, max(before.start, before.end - 12), before.end) else None


def _still_asked(text: str, found: Sequence[ArticleBlock], asked: int | None, one: ArticleBlock) -> int | None:
    """The question that still waits for an answer at a block; a plain line that asks is answered by the next block alone."""
    if asked is None or _begins_with_question(text, one):
        return None
    question = found[asked]
    # The next heading or question of the same level or above closes the section that the question opened.
    if one.kind in ("heading", "question") and (not question.level or not one.level or one.level <= question.level):
        return None
    words = MARKER.sub("", text[question.start : question.end])
    marked = question.level or BOLD.match(words) or _Q_LABEL.match(words)
    first = asked == len(found) - 1
    return asked if marked or first or one.group == found[-1].group != -1 else None


def _begins_with_question(text: str, one: ArticleBlock) -> bool:
    """Whether a paragraph asks first and then answers."""
    if one.kind not in ("paragraph", "item") or "?" not in text[one.start : one.start + LONGEST_QUESTION]:
        return False
    (start, end), *rest = sentences_within(text, one.start, one.end)
    return bool(rest) and _QUESTION_MARK.search(text[start:end]) is not None
