"""Text as words and marks: what does not count is blanked, and words are found as they stand; pure.

Everything keeps its offsets: a cleaned text is as long as the text it came from, and what is found in it is a span of both.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.searching.folding import STOP_WORDS, folded, terms
from vectorstore.types import Span

# One character for one: the shapes that a typesetter, a keyboard and a model give the same mark.
_SHAPES = {
    **dict.fromkeys("“”„‟«»＂〝〞", '"'),
    **dict.fromkeys("‘’‚‛‹›ʼ´＇", "'"),
    **dict.fromkeys("–—‒―‐‑−﹣－", "-"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r\v\f", " "
    ),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", " "),
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}
_SAME_LENGTH = str.maketrans(_SHAPES)
# Footnote markers, as models write them and as encyclopedias do; "(1)" is an enumeration and "[sic]" a word.
_MARKER = re.compile(
    r"[\[【［〔]\^?\s*\d{1,3}(?:\s*[-–,，、;]\s*\d{1,3})*\s*[†:\d]*[\]】］〕]|\[citation needed\]|\[not in citation given\]",
    re.I,
)
_LINK = re.compile(r"!?\[([^\[\]]*)\](\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\))")
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|`+|~~")
_LINE_MARK = re.compile(r"^\s*(?:#{1,6}|[-*+•>]|\d{1,2}[.)])\s+", re.M)
_WORD = re.compile(
    r"\d+(?:(?:,| @,@ )\d{3})*(?:(?:\.| @\.@ )\d+)?|[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]|"
    r"(?:[A-Za-z]\.){2,}|[^\W\d_\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+(?:'(?:t|re|ve|ll|d|m)\b)?"
)
_EAST = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")
# Opening mark, closing mark; the words between are what somebody is said to have said.
_QUOTED = re.compile(
    r'"([^"]{2,}?)"|“([^”]{2,}?)”|„([^“”]{2,}?)[“”]|«\s*([^»]{2,}?)\s*»|「([^」]{2,}?)」|『([^』]{2,}?)』|'
    r"(?<![\w'’])[‘']([^‘’'\n]+(?:(?<=\w)[’'](?=\w)[^‘’'\n]+)*)[’'](?!\w)"
)
_ELISION = re.compile(r"\s*(?:\[[^\]]*\]|\(?\.\.\.\)?|…)\s*")
# What a model puts before a claim to say where it has it from; the source need not say so of itself.
_LEAD = re.compile(
    r"\s*(?:according to (?:the|this|that) (?:passages?|articles?|texts?|sources?|documents?|authors?|excerpts?|context),?|"
    r"(?:the|this|that) (?:passage|article|text|source|document|author|excerpt|writer|piece) (?:also )?"
    r"(?:says|states|notes|explains|mentions|reports|adds|claims|argues|points out|writes|tells us|indicates|observes),? that|"
    r"as (?:the|this) (?:passage|article|text|source|author) (?:says|states|notes|explains|reports|puts it),?)\s+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s()\[\]<>\"“”]*[^\s()\[\]<>\"“”.,;:!?]|\bwww\.[\w.-]+\w")
_NOT_KEPT = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands; `stem` is how it is compared."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def telling(self) -> bool:
        """Whether it says anything by itself: not "the", "was" or "with"."""
        return self.text.casefold() not in FUNCTION_WORDS


_FUNCTION_WORDS_WORDS = """
    also although because been both but during each either else even ever every few here hence however its itself just
    like may might more most much must nor not now off often once one only onto other out over own per quite rather
    same since still such though through thus together too toward towards under until up upon us use used via well
    whereas whether while within without yet himself herself themselves according became become becomes cannot s t all
    two after before above below again against among around between down further another around across along said says"""
FUNCTION_WORDS = STOP_WORDS | frozenset(_FUNCTION_WORDS_WORDS.split())
"""Words that hardly tell one sentence from another. Numbers and negations among them are compared in their own ways."""


@lru_cache(maxsize=4096)
def cleaned(text: str) -> str:
    """The text with plain quotes, dashes and spaces, and blanks where markers, emphasis and a link's address stood.

    As long as the text itself, so that offsets hold in both.
    """
    plain = _MARKER.sub(_blank, _LINK.sub(_shown, text.replace("``", ' "').replace("''", '" ')))
    plain = _LINE_MARK.sub(_blank, _EMPHASIS.sub(_blank, plain))
    return plain.translate(_SAME_LENGTH)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _shown(match: re.Match[str]) -> str:
    """A link's words, with blanks for the rest."""
    mark = match.start(1) - match.start()
    return " " * mark + match.group(1) + " " * (match.end() - match.end(1))


def without_lead(claim: str) -> str:
    """The claim without words before it that only say where it is from: "According to the passage, ..."."""
    lead = _LEAD.match(cleaned(claim))
    return claim[lead.end() :] if lead else claim


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """The words and numbers of a cleaned text, in order; a Chinese, Japanese or Korean character counts as one."""
    return tuple(Word(match.group(), stem(match.group()), *match.span()) for match in _WORD.finditer(text))


_IRREGULAR_WORDS = """
    become became; begin began begun; break broke broken; bring brought; build built; buy bought; catch caught; choose
    chose chosen; defeat beat beaten; come came; die died dead; do did done; draw drew drawn; drive drove driven; eat
    ate eaten; fall fell fallen; feel felt; fight fought; find found; fly flew flown; forbid forbade forbidden; forget
    forgot forgotten; freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown; hear heard;
    hold held; keep kept; know knew known; lay laid; lead led; leave left; lose lost; make made; mean meant; meet met;
    pay paid; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent; shake shook shaken;
    shoot shot; show showed shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; speak spoke spoken;
    spend spent; stand stood; steal stole stolen; swim swam swum; take took taken; teach taught; tell told; think
    thought; throw threw thrown; understand understood; wear wore worn; win won; write wrote written; man men; woman
    women; child children; foot feet; person people"""
_IRREGULAR = {form: line.split()[0] for line in _IRREGULAR_WORDS.split(";") for form in line.split()}


# British spellings as Americans write them. A word that only looks like one is changed as well, in every text alike.
_SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), other)
    for pattern, other in (
        (r"(?<=\w{3})is(?=(?:e|ed|es|ing|er|ers|ation|ations|ational)$)", "iz"),
        (r"(?<=\w{3})ys(?=(?:e|ed|es|ing)$)", "yz"),
        (r"(?<=\w{2})our(?=(?:s|ed|ing|ful|ite|ites|able|al|hood)?$)", "or"),
        (r"(?<=[bt])re(?=s?$)", "er"),
        (r"(?<=\w)ll(?=(?:ed|ing|er|ers|or|ors)$)", "l"),
        (r"(?<=\w)ogue(?=s?$)", "og"),
        (r"(?<=\wen)ce(?=[sd]?$)", "se"),
        (r"ae(?=[a-z]{3})|(?<=[a-z])oe(?=[a-z]{3})", "e"),
        (r"^grey", "gray"),
        (r"^programmes?$", "program"),
        (r"^(?:tyre)(?=s?$)", "tire"),
        (r"^aluminium$", "aluminum"),
        (r"^scep(?=tic)", "skep"),
    )
)


def _american(word: str) -> str:
    for pattern, other in _SPELLINGS:
        word = pattern.sub(other, word)
    return word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What a word is compared as: folded, without its ending, a number without its commas."""
    if word[0].isdigit():
        return word.replace(" @,@ ", "").replace(" @.@ ", ".").replace(",", "")
    plain, grams = terms(_american(_IRREGULAR.get(word.casefold(), word)))
    return plain[0] if plain else grams[0] if grams else folded(word)


def is_eastern(text: str) -> bool:
    """Whether a good part of the text is Chinese, Japanese or Korean."""
    return len(_EAST.findall(text)) * 3 > len(_NOT_KEPT.sub("", text))


def quotations(text: str) -> list[Span]:
    """Spans of the words in quotation marks, without the marks; of one letter none."""
    plain = text.replace("``", ' "').replace("''", '" ')
    found = [next(match.span(n) for n in range(1, 8) if match.group(n) is not None) for match in _QUOTED.finditer(plain)]
    return [span for span in found if _WORD.search(text, *span)]


def addresses(text: str) -> list[str]:
    """The web addresses in a text as it came."""
    return [match.group() for match in _ADDRESS.finditer(text)]


@lru_cache(maxsize=512)
def squeezed(text: str, links: bool) -> tuple[str, tuple[int, ...]]:
    """The text without what does not count when words are compared as they stand, and where each character is from.

    Blanks stay only between two words, so that "1986 ," is "1986,"; a link's address counts with `links`.
    """
    plain = (
        (text.translate(_SAME_LENGTH) if links else cleaned(text))
        .replace(" @-@ ", "-    ")
        .replace(" @,@ ", ",    ")
        .replace(" @.@ ", ".    ")
    )
    kept: list[str] = []
    places: list[int] = []
    for at, character in enumerate(plain.replace('"', "'")):
        if character != " ":
            if kept and kept[-1] == " " and not (character.isalnum() and kept[-2].isalnum()):
                kept.pop(), places.pop()
            kept.append(character)
            places.append(at)
        elif kept and kept[-1] != " ":
            kept.append(" ")
            places.append(at)
    return "".join(kept), tuple(places)


def find(wanted: str, text: str) -> Span | None:
    """Where the wanted words stand in the text as they are: a span of the text, or None.

    White space, the shape of quotes and dashes, the case of the first letter, the marks at both ends, footnote markers and
    emphasis do not count; words are whole.
    """
    links = _LINK.search(wanted) is not None
    needle = squeezed(wanted, links)[0].strip(" \"'.,;:!?。，；：！？-")
    haystack, places = squeezed(text, links)
    if not needle:
        return None
    for variant in dict.fromkeys((needle, needle[0].lower() + needle[1:], needle[0].upper() + needle[1:])):
        at = haystack.find(variant)
        while at >= 0:
            end = at + len(variant)
            if _whole(haystack, at, end):
                return places[at], places[end - 1] + 1
            at = haystack.find(variant, at + 1)
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word and no number is cut at either end; eastern scripts have no blanks between words."""
    return not (_joins(text[start - 1 : start], text[start]) or _joins(text[end - 1], text[end : end + 1])) and not (
        text[end - 1].isdigit() and re.match(r"[.,]\d|%", text[end : end + 2])
    )


def _joins(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not (_EAST.match(left) or _EAST.match(right))


def find_quotation(words_quoted: str, text: str) -> Span | None:
    """Where a quotation stands: whole, or its parts one after the other where it leaves something out ("...", "[the]")."""
    if whole := find(words_quoted, text):
        return whole
    parts = [part for part in _ELISION.split(words_quoted) if part and _WORD.search(part)]
    if len(parts) < 2:
        return find(parts[0], text) if parts else None
    start, at = -1, 0
    for part in parts:
        found = find(part, text[at:])
        if found is None:
            return None
        start = at + found[0] if start < 0 else start
        at += found[1]
    return start, at
