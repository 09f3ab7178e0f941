r"""A model's text as it comes -> text, footnote markers, and what is kept to the letter. Pure.

Markers may come in many shapes and in pieces: `[1]`, `[1, 3]`, `[2-4]`, `[ID:1]`, `[1: Title]`, `[[1]]`, `[^1]`, `\[1\]`,
`【1:0†source】`, `<sup>1</sup>`, `¹`, `(passage 1)`, `according to passage 1`, and `(1)`. Nothing that may still become one is
let through, so a page that shows what has come never flashes half a marker. Code, mathematics and an index such as `a[1]` keep
their brackets. Links and images are not let through at all: an address can carry off what was read.

What the shape alone does not tell is decided by what is known of the answer:
- `(1)`, `¹`, `<sup>1</sup>`, `[1: Title]` and a passage named in a sentence are markers only where a passage of that number was
  given to the model;
- `(1)` besides only while the answer has used no other shape, where no word follows it (unlike "(1) the deck, (2) the arch"),
  and where no passage itself says "(1)";
- a number glued to a word is an index where the word is known as an identifier, or where a passage has just these characters;
- what stands under "Sources:", or on a line of a passage's number and title, is a list of sources and cites nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answering import marker_shapes as shapes
from bot.answering.source_list import SourceList, leads_to_sources
from bot.types import Passage

NOTHING = 0
"""The number that the prompt asks for where the articles do not say; it is never shown."""
REMEMBERED = 200
"""Characters of the current line that are looked back at."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A footnote's number, as the model wrote it. `named`: it stands for words of a sentence, as in "passage 2 says"."""

    n: int
    named: bool = False


@dataclass(frozen=True, slots=True)
class RemovedLink:
    """A link or an image that was taken out of the text; its label stays."""

    address: str


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that is kept to the letter. `apart`: it is no part of a sentence, as a block of code or a list of sources."""

    text: str
    apart: bool = False


Part = str | Marker | RemovedLink | Literal
Taken = tuple[list[Part], int]
"""What was read of the text that is held back, and how many characters that was."""


class Markers:
    """Takes a text in pieces and gives it on without half a marker. `passages` are those that the model was given.

    >>> markers = Markers()
    >>> [*markers.feed("It is iron 【2†sou"), *markers.feed("rce】."), *markers.end()]
    ['It is iron', ' ', Marker(n=2, named=False), '.']
    """

    def __init__(self, passages: Sequence[Passage] = ()) -> None:
        self._given = {passage.n for passage in passages}
        self._texts = [passage.text for passage in passages]
        self._addresses = {passage.source for passage in passages if passage.source}
        self._sources = SourceList({passage.n: (passage.title, passage.article) for passage in passages})
        # What came and is not certain yet.
        self._held = ""
        self._before = ""
        # The end of the current line, as it came; a marker is judged by what stands before it.
        self._line = ""
        # The ticks or tildes that the block of code began with; "" outside of one.
        self._fence = ""
        # Whether the text that was given on ends with a "<".
        self._angle = False
        self._identifiers: set[str] = set()
        # Whether the answer has had any marker so far.
        self._cites = False
        # Whether a marker has been of the shape "(1)".
        self._rounded = False
        # Whether "(1)" has stood before a word, as in "(1) the deck, (2) the arch".
        self._enumerates = False
        self._handlers: Mapping[str, Callable[[str, bool], Taken | None]] = {
            "newline": self._newline,
            "ticks": self._code,
            "dollar": self._mathematics,
            "escape": self._escaped,
            "bracket": self._bracket,
            "closing": _link_end,
            "round": self._round,
            "tag": self._tag,
            "raised": self._raised,
            "word": self._named,
        }

    def feed(self, piece: str) -> Iterator[Part]:
        """What is certain after this piece."""
        self._held += piece
        yield from self._certain(final=False)

    def end(self) -> Iterator[Part]:
        """What was held back and became no marker after all."""
        yield from self._certain(final=True)

    def _certain(self, *, final: bool) -> Iterator[Part]:
        while self._held:
            space = 0
            if self._fence:
                taken = self._inside_fence(final)
            else:
                found = shapes.opener(self._held)
                plain = self._held[: found.start()] if found else self._held
                # White space waits for what follows it: before a marker that is never shown, it is not shown either.
                space = len(plain) - len(plain.rstrip(" "))
                # More of it than any sentence has is text: it would be looked through anew with each piece that comes.
                space = space if space <= shapes.LONGEST else 0
                if len(plain) > space:
                    yield from self._given_on([plain[: len(plain) - space]], len(plain) - space)
                    continue
                if found is None:
                    self._held = "" if final else self._held
                    return
                self._before = self._line + " " * space
                taken = self._handlers[found.lastgroup or ""](self._held[space:], final)
            if taken is None:
                return
            parts, length = taken
            shown = not parts or any(part != Marker(NOTHING) for part in parts)
            yield from self._given_on([" " * space, *parts] if space and shown else parts, space + length)

    def _given_on(self, parts: list[Part], length: int) -> Iterator[Part]:
        """The parts in order; those on a line of a list of sources cite nothing and state nothing."""
        read, self._held = self._held[:length], self._held[length:]
        self._line = (self._line + read).rpartition("\n")[2][-REMEMBERED:]
        for read_part in parts:
            part = self._without_tag(read_part) if isinstance(read_part, str) else read_part
            if self._sources.listing and isinstance(part, str | Marker):
                yield Literal(part if isinstance(part, str) else f"[{part.n}]", apart=True)
            else:
                self._cites = self._cites or isinstance(part, Marker)
                yield part

    def _without_tag(self, text: str) -> str:
        """The text without a tag that begins in it and is not closed, or that it would make of a `<` given on before."""
        # Something may have been taken out between the two: "<[x](address)img>".
        joined = self._angle and text[:1].isascii() and (text[:1].isalpha() or text[:1] == "/")
        found = f"{' ' if joined else ''}{shapes.without_open_tag(text)}"
        self._angle = found.endswith(("<", "</")) or (self._angle and not found)
        return found

    def _newline(self, held: str, final: bool) -> Taken | None:
        return (["\n"], 1) if self._sources.next_line(self._line, held[1:], final) else None

    def _code(self, held: str, final: bool) -> Taken | None:
        """The first line of a fenced block, or a span of code: backticks with as many behind it in the same paragraph."""
        run = len(held) - len(held.lstrip(held[0]))
        if run == len(held) and not final:
            return None
        line, newline, _ = held.partition("\n")
        if run >= 3 and shapes.LINE_START.fullmatch(self._before) and "`" not in line[run:]:
            if not newline and not final and len(line) <= shapes.LONGEST:
                return None
            self._fence = held[:run]
            return [Literal(line + newline, apart=True)], len(line + newline)
        closing = re.compile(rf"(?<!`)`{{{run}}}(?!`)").search(held, run) if held[0] == "`" else None
        # A blank line ends the paragraph, and with it whatever has not been closed.
        if closing and "\n\n" not in held[: closing.end()]:
            if closing.end() == len(held) and not final:
                return None
            return self._kept(held[: closing.end()])
        return ([held[:run]], run) if held[0] == "~" or _over(held, final, shapes.LONGEST) else None

    def _inside_fence(self, final: bool) -> Taken | None:
        line, newline, _ = self._held.partition("\n")
        bare = (self._line + line).strip(" \t>")
        only_fence = not bare.strip(self._fence[0])
        if only_fence and not newline and not final:
            return None  # the end of the block may be coming in
        if only_fence and len(bare) >= len(self._fence):
            # The line end is the text's own: what follows begins on a line of its own.
            self._fence = ""
            return [Literal(line, apart=True)], len(line)
        return self._kept(line + newline, apart=True)

    def _kept(self, code: str, *, apart: bool = False) -> Taken:
        self._identifiers |= set(shapes.IDENTIFIER.findall(code))
        return [Literal(code, apart)], len(code)

    def _mathematics(self, held: str, final: bool) -> Taken | None:
        """What stands between dollar signs; before a figure or a blank, the sign is that of money."""
        if len(held) == 1 and not final:
            return None
        found = shapes.MATHEMATICS.match(held)
        if found and (found.end() < len(held) or final):
            return _formula(held, found.end())
        if held[1:2].isdecimal() or held[1:2].isspace():
            return ["$"], 1
        double = held.startswith("$$")
        ended = final or ("\n" in held and not double)
        return (["$"], 1) if _over(held, ended, shapes.FARTHEST if double else shapes.LONGEST) else None

    def _escaped(self, held: str, final: bool) -> Taken | None:
        r"""`\[1\]` is a marker, `\[...\]` and `\(...\)` are mathematics, and any other escaped sign is that sign."""
        if len(held) == 1 and not final:
            return None
        if held[1:2].isspace() or held[1:2] == "<":
            return [held[0]], 1  # white space is read as such: it may end a line; and what is no Markdown knows no escaped tag
        if held[1:2] not in ("[", "("):
            return [held[:2]], len(held[:2])
        end = held.find("\\]" if held[1] == "[" else "\\)", 2)
        if end < 0:
            return ([held[:2]], 2) if _over(held, final, shapes.FARTHEST) else None
        cited = shapes.numbers(held[2:end]) if held[1] == "[" else ()
        return self._cited(cited, end + 2) or _formula(held, end + 2)

    def _bracket(self, held: str, final: bool) -> Taken | None:
        found = shapes.DOUBLED.match(held) or shapes.BRACKET.match(held)
        if found and found[0].startswith("[[") and not shapes.numbers(found[2]):
            found = None
        if found and not shapes.numbers(found[2]) and shapes.FETCHING_BEGUN.search(found[2]):
            return [held[: found.start(2)]], found.start(2)  # the tag in the brackets is then met by itself
        if found is None:
            may = shapes.DOUBLED_BEGUN.fullmatch(held) or shapes.BRACKET_BEGUN.fullmatch(held)
            length = 2 if held.startswith("![") else 1
            return None if may and not final and len(held) <= shapes.LONGEST else ([held[:length]], length)
        ahead = 2 if shapes.GLUED.search(self._before) else 1
        if len(held) < found.end() + ahead and "\n" not in held[found.end() :] and not final:
            return None  # a link's address may follow, or what is done with an element
        target = shapes.TARGET.match(held, found.end())
        if (
            target is None
            and held.startswith("(", found.end())
            and not _over(held[found.end() :], final, shapes.FARTHEST, "\n")
        ):
            return None
        if target:
            return self._link(found, target)
        return self._label(found, held, final)

    def _link(self, found: re.Match[str], target: re.Match[str]) -> Taken:
        """A link as its label; the address stays only where it is that of an article. A number is a marker."""
        label, address = found[2], target[1].strip().split(" ")[0].strip("<>")
        cited = shapes.numbers(label)
        if cited and not found[1] and self._known(cited):
            return [*map(Marker, cited), RemovedLink(address)], target.end()
        if not found[1] and address in self._addresses:
            return [f"{label} ({address})"], target.end()
        # A number that no passage has must not look like a footnote.
        return [f"[{label}]" if cited and not self._given else label, RemovedLink(address)], target.end()

    def _label(self, found: re.Match[str], held: str, final: bool) -> Taken | None:
        label, end = found[2], found.end()
        cited = shapes.numbers(label)
        if not cited:
            # Gemini's "[cite_start]" only says that something cited begins.
            return self._cited(shapes.titled(label), end) or ([] if label == "cite_start" else [found[0]], end)
        if self._is_index(cited, found[0], held[end:]):
            return [Literal(found[0])], end
        if shapes.LINE_START.fullmatch(self._before) and not self._sources.listing and len(cited) == 1:
            if label.lstrip().startswith("^") and held.startswith(":", end):
                self._sources.begin()  # "[^1]: The bridge" says what the footnote is
            elif (named := self._sources.names_source(cited[0], held[end:], final)) is not False:
                if named is None:
                    return None
                self._sources.begin()
        if self._cites and leads_to_sources(self._before):
            self._sources.begin()
        return [*map(Marker, cited)], end

    def _is_index(self, cited: Sequence[int], bracket: str, after: str) -> bool:
        glued = shapes.GLUED.search(self._before)
        if glued is None or not bracket.startswith("["):
            return False
        word = glued[1]
        if NOTHING in cited or "_" in word or (len(word) == 1 and word.islower()):
            self._identifiers.add(word)
        # "a[1].name", "a[1] = 2".
        used = shapes.USED_AS_ELEMENT.match(after) is not None
        return used or word in self._identifiers or self._copied(f"{word}{bracket}")

    def _round(self, held: str, final: bool) -> Taken | None:
        found = shapes.ROUND.match(held)
        if found is None:
            return None if shapes.may_be_round(held) and not final else ([held[0]], 1)
        if cited := shapes.in_round(found[1]):
            return self._cited(cited, found.end()) or ([held[0]], 1)
        cited = shapes.bare_round(found[1])
        if not cited:
            return [held[0]], 1
        after = held[found.end() :].lstrip(" ")
        if not after and not final:
            return None
        word_follows = after[:1].isalnum() or after[:1] in "\"'“‘«*_["
        self._enumerates = self._enumerates or bool(after and word_follows)
        stands_alone = bool(after and word_follows) or self._before.rstrip()[-1:] in ("", *":,;：、，；")
        if stands_alone or self._enumerates or self._cites_otherwise() or not self._after_words() or self._copied(found[0]):
            return [held[0]], 1
        taken = self._cited(cited, found.end())
        self._rounded = self._rounded or taken is not None
        return taken or ([held[0]], 1)

    def _cites_otherwise(self) -> bool:
        """Whether the answer has used markers of another shape than `(1)`."""
        return self._cites and not self._rounded

    def _after_words(self) -> bool:
        """Whether words stand before on the line, unlike in "f(1)"; in Chinese, no blank parts them from the bracket."""
        last = self._before[-1:]
        return not shapes.LINE_START.fullmatch(self._before) and not (last.isascii() and (last.isalnum() or last == "_"))

    def _tag(self, held: str, final: bool) -> Taken | None:
        """Raised numbers; a tag that fetches something is taken out, and any other "<" is text. None while either may come."""
        raised = shapes.RAISED_TAG.match(held)
        cited = shapes.numbers(raised[2]) if raised and not shapes.is_power(self._before) else ()
        if raised and (taken := self._cited(cited, raised.end())):
            return taken
        if found := shapes.FETCHING_TAG.match(held):
            return ([] if found[1] else [RemovedLink(found[3].strip())]), found.end()
        if not final and shapes.may_be_raised(held):
            return None
        fetching = shapes.FETCHING_BEGUN.match(held) is not None
        stop = r"[<>]" if fetching else r"[<>\n]"  # a tag may go over several lines
        if not final and len(held) <= shapes.LONGEST and not re.search(stop, held[1:]):
            return None
        whole = raised or shapes.WHOLE_TAG.match(held)
        # One that is not closed here could still be by what it is put into. No browser takes a blank for a tag's name.
        return ([whole[0]], whole.end()) if whole else (["< "], 1)

    def _raised(self, held: str, final: bool) -> Taken | None:
        found = shapes.RAISED.match(held)
        if found is None or found.end() == len(held):
            return None if not final and len(held) < 8 else ([held[0]], 1)
        return self._raised_number(found)

    def _raised_number(self, found: re.Match[str]) -> Taken:
        word = self._before.rpartition(" ")[2]
        power = shapes.is_power(self._before) or self._copied(f"{word}{found[0]}")
        cited = () if power else shapes.raised(found[1], self._given)
        return self._cited(cited, found.end()) or ([found[0]], found.end())

    def _named(self, held: str, final: bool) -> Taken | None:
        """A passage named in a sentence, by its number: "according to passage 2"."""
        word = re.match(r"[a-z]+", held, re.IGNORECASE)
        assert word is not None  # the opener is a part of this word
        length = word.end()
        may = length == len(held) or re.match(r"[ \t]+(?:$|\d|#|no?\b|numb)", held[length:], re.IGNORECASE)
        found = shapes.NAMED.match(held)
        read = found.end() if found else length
        if may and not final and "\n" not in held and len(held) < read + shapes.AHEAD:
            return None
        if found is None or self._before[-1:].isalnum() or self._copied(found[0]):
            return [held[:length]], length
        cited = self._cited(shapes.listed(re.sub(r"(?i)passages?", "", found[1])), read)
        return (
            ([Marker(part.n, named=True) for part in cited[0] if isinstance(part, Marker)], read)
            if cited
            else ([held[:length]], length)
        )

    def _copied(self, words: str) -> bool:
        """Whether a passage has just these characters, so that they are its own and no marker."""
        return any(words in text for text in self._texts)

    def _known(self, cited: Sequence[int]) -> bool:
        """Whether all numbers are those of passages that were given; where nobody said which were, all are."""
        return not self._given or self._given.issuperset(cited)

    def _cited(self, cited: Sequence[int], length: int) -> Taken | None:
        """The markers of a shape that could be something else; None where a number is not that of a passage."""
        return ([*map(Marker, cited)], length) if cited and self._given.issuperset(cited) else None


def _formula(held: str, length: int) -> Taken:
    """Mathematics to the letter; what holds a link or a tag is none, whatever it stands between."""
    formula = held[:length]
    return ([held[0]], 1) if re.search(r"\]\(|<[A-Za-z]", formula) else ([Literal(formula)], length)


def _over(held: str, ended: bool, most: int, stop: str = "\n\n") -> bool:
    """Whether what would close something can't come any more."""
    return ended or stop in held or len(held) > most


def _link_end(held: str, final: bool) -> Taken | None:
    """A bracket that closes a label which was let through already: `[![x](a)](b)`. Its address is taken out too."""
    target = shapes.TARGET.match(held, 1)
    if target:
        return ["]", RemovedLink(target[1].strip())], target.end()
    return (["]"], 1) if (len(held) > 1 and _over(held, final, shapes.FARTHEST, "\n")) or final else None
