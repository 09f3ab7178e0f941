"""Plain text -> one article, or the several of a scraped page: its own, and the teasers of others under it, told by shape.

A teaser is one paragraph that the site cut off in mid-sentence. One such paragraph proves nothing, as many a text ends without
its last full stop: a page is split only where credit lines, a label such as "Related articles" or several teasers in a row say
so too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vectorstore.readers.clippings import clipping_articles, clippings
from vectorstore.readers.credits import CreditLine, Credits, combined, credit_line, title_byline
from vectorstore.readers.fields import ArticleFields, build_article, first_title
from vectorstore.readers.files import open_text_file, printable
from vectorstore.readers.large_text import TextBeginning, is_large, read_in_parts
from vectorstore.splitting.language import EASTERN_LETTER
from vectorstore.splitting.sentences import ends_sentence, paragraphs
from vectorstore.types import Article, Failure, OmittedText, Span

SHORTEST_TEASER = 100
"""Characters; what is shorter may be a heading, a name or a line of verse."""

LONGEST_PAGE = 500_000
"""Characters; a longer text is a book or a log, and is not looked through for teasers."""

# "…" or "[...]" at the end, also with an arrow behind it.
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\(…\)|\(\.\.\.\))[\s»›→>]*$")
# An item of a list, a quotation, a row or a turn ("Ada: ...") is no teaser, however it ends.
_NO_TEASER = re.compile(r"\s*(?:[-*+•–—#>|]|\(?\d{1,3}[.)]\s|[A-Z][\w .’'-]{0,30}:\s)")
_WITHIN = re.compile(r"[.!?。！？][\"'”’»)\]]*\s")
_POINTS_BACK = re.compile(r"(?:He|She|They|It|His|Her|Their|Its|This|That|These|Those|But|And|Or|So|Such)\b")
# Words of seven letters and more are of the subject; shorter ones are in any text.
_LONG_WORD = re.compile(r"[^\W\d_]{7,}")
# "The views expressed here are ...", an address of mail, "her latest book": these stand under an article.
_DISCLAIMER = re.compile(
    r"\b(?:views|opinions) expressed\b|\S@\S|\b(?:his|her|their) (?:latest|new|most recent) (?:book|novel)\b", re.IGNORECASE
)
_CLOSING_KINDS = ("bio", "translated", "source", "rights", "made")
# Language by language, what follows the beginning of another article.
_READ_MORE = {
    "en": r"(?:read|view|see) (?:more|on|(?:the )?full story|the rest)|(?:continue|keep) reading|full story",
    "de": r"(?:mehr|weiter)\s?lesen|zum (?:ganzen )?artikel|lesen sie (?:mehr|weiter)",
    "fr": r"lire (?:la suite|plus)|en savoir plus|voir (?:plus|la suite)",
    "es": r"(?:leer|ver|saber) más|seguir leyendo|continuar leyendo",
    "pt": r"(?:ler|leia|saiba|ver) mais|continu(?:ar|e) (?:a ler|lendo)",
    "it": r"(?:leggi|scopri) (?:di più|tutto|ancora)|continua a leggere|leggi l['’]articolo",
    "nl": r"(?:lees|bekijk) (?:meer|verder)|verder lezen",
    "zh": r"(?:阅读|閱讀|查看|了解)(?:更多|全文)|(?:继续|繼續)(?:阅读|閱讀)|更多内容",
    "ja": r"(?:続き|全文|もっと)を?(?:読む|見る)|記事全文",
    "ko": r"(?:더|기사|전문|계속)\s?(?:보기|읽기)|자세히 보기",
}
# What stands over the beginnings of other articles. The last two do without a word after them.
_RELATED = {
    "en": r"(?:related|recommended|more|other|latest|popular|trending|top)\s+"
    r"(?:articles?|stories|news|reading|posts?|from|in|on|by|coverage)\b"
    r"|(?:most|also)\s+(?:read|popular|viewed)\b|read\s+(?:next|also)\b|you (?:may|might) also (?:like|enjoy|be interested)"
    r"|see also\b",
    "de": r"(?:ähnliche|verwandte|weitere|meistgelesene|neueste)\s+(?:artikel|beiträge|themen|meldungen|nachrichten)\b"
    r"|(?:das könnte|auch) (?:sie|dich) (?:auch )?interessieren|lesen sie auch|mehr (?:zum thema|aus|von)\b|meistgelesen\b",
    "fr": r"(?:articles?|sujets?) (?:similaires|liés|associés|recommandés|connexes)|(?:à lire|lire|voir) aussi"
    r"|sur le même (?:sujet|thème)|les plus lus\b|vous aimerez aussi|dans la même rubrique",
    "es": r"(?:artículos|noticias|notas|entradas) (?:relacionad[oa]s|recomendad[oa]s)|(?:lea|lee|ver) también"
    r"|(?:lo )?más (?:leído|visto)s?\b|te puede interesar|también te puede",
    "pt": r"(?:artigos|notícias|matérias) (?:relacionad[oa]s|recomendad[oa]s)|(?:leia|veja) (?:também|mais)"
    r"|(?:as )?mais lidas\b",
    "it": r"(?:articoli|notizie) (?:correlat[ie]|consigliat[ie]|simili)|(?:leggi|potrebbe interessarti) anche|i più letti\b",
    "nl": r"(?:gerelateerde|aanbevolen|meer) (?:artikelen|berichten|nieuws)\b|lees ook\b|meest gelezen\b|meer over\b",
    "zh": r"(?:相关|相關|推荐|推薦|热门|熱門|更多|延伸)(?:文章|阅读|閱讀|新闻|新聞|报道|報導|內容|内容)"
    r"|(?:猜你|你可能)(?:喜欢|喜歡|感兴趣)",
    "ja": r"(?:関連|おすすめ|人気|最新)(?:の)?(?:記事|ニュース)|あわせて読みたい|こちらもおすすめ",
    "ko": r"(?:관련|추천|인기|많이 본)\s?(?:기사|뉴스|글)|함께 보면 좋은",
}

READ_MORE = re.compile(rf"[\s(\[]*(?:(?:{'|'.join(_READ_MORE.values())})(?!\w)|(?:{_READ_MORE['ja']}))[^\w]*$", re.IGNORECASE)
"""At the end of a paragraph: the rest of it stands elsewhere."""
RELATED_LABEL = re.compile(rf"(?:{'|'.join(_RELATED.values())})", re.IGNORECASE)
"""At the beginning of a short line: what follows belongs to other articles."""


@dataclass(frozen=True, slots=True)
class PageArticle:
    """One article of a page: `text[start:end]`, what its credit lines say, and where a title can be taken from."""

    start: int
    end: int
    title: int
    credits: Credits
    cut_off: bool


@dataclass(frozen=True, slots=True)
class _PageBlock:
    """A paragraph with what it looks like: "teaser", "more", "label", "short", "prose", or a credit line.

    A credit line is "strong" where it is of the kind that ends an article, and "credit" where it may stand over one as well.
    """

    start: int
    end: int
    text: str
    kind: str
    marked: bool = False
    credit: CreditLine | None = None


def read_text(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The file's text as one article; a scraped page as its article and the teasers under it, each a slice of the text.

    A text over `max_bytes` is read in parts.
    """
    if is_large(path, max_bytes):
        yield from read_in_parts(
            path, where, lambda text: TextBeginning(0, ArticleFields(), first_title(text, printable(path.stem)))
        )
        return
    file = open_text_file(path, max_bytes)
    text = file.text
    if marked := clippings(text):
        yield from clipping_articles(marked, path, where)
        yield from (Failure(where, note, taken=True) for note in file.notes)
        return
    byline = title_byline(text, marked=False)
    text = byline.text if byline else text
    for number, piece in enumerate(split_page(text), start=1):
        slice_ = text[piece.start : piece.end]
        credit = piece.credits
        stated = ArticleFields(
            author=credit.author, translator=credit.translator, date=credit.date, source=credit.source, cut_off=piece.cut_off
        )
        if number > 1:
            # Who looks at a teaser is told which page it stood on.
            stated = replace(stated, metadata={"part_of": where})
        elif byline:
            stated = replace(stated, author=byline.author or credit.author, date=byline.date or credit.date)
        title = first_title(text[piece.title : piece.end], printable(path.stem))
        article = build_article(where if number == 1 else f"{where}#{number}", slice_, path, stated, title)
        yield replace(article, omitted=(OmittedText("byline", byline.line),) if byline and number == 1 else ())
    yield from (Failure(where, note, taken=True) for note in file.notes)


def split_page(text: str) -> list[PageArticle]:
    """The article of a page and its teasers, in order; one piece, the whole text, when this is no such page."""
    # The rules read all paragraphs several times, which a book would make slow.
    if len(text) > LONGEST_PAGE:
        return [PageArticle(0, len(text), 0, Credits(), False)]
    blocks = _without_notes_on_subjects([_block(text, place) for place in paragraphs(text)])
    # Credit lines are the surer sign, so they are asked first.
    begin = _after_credits(blocks) or _after_prose(blocks)
    if not begin:
        return [_main(blocks, (0, len(text)))]
    main = blocks[:begin]
    return [_main(main, (main[0].start, main[-1].end)), *(_teaser(group) for group in _groups(blocks[begin:]))]


def _block(text: str, place: Span) -> _PageBlock:
    start, end = place
    paragraph = text[start:end]
    if found := credit_line(paragraph):
        return _PageBlock(start, end, paragraph, "strong" if found.kind in _CLOSING_KINDS else "credit", credit=found)
    # The words that lead on stand at the end of a paragraph, within so many characters.
    mark = READ_MORE.search(paragraph, max(0, len(paragraph) - 60))
    if mark and mark.start() == 0:
        return _PageBlock(start, end, paragraph, "more")
    ended = ends_sentence(paragraph)
    if not ended and len(paragraph) <= 80 and RELATED_LABEL.match(paragraph):
        return _PageBlock(start, end, paragraph, "label")
    if _is_cut(paragraph[: mark.start()] if mark else paragraph, mark is not None):
        return _PageBlock(start, end, paragraph, "teaser", marked=mark is not None)
    return _PageBlock(start, end, paragraph, "short" if not ended and len(paragraph) < SHORTEST_TEASER else "prose")


def _is_cut(paragraph: str, marked: bool) -> bool:
    """Whether a paragraph is prose that stops in mid-sentence, or is `marked` as going on elsewhere."""
    # A Chinese, Japanese or Korean character says as much as two or three letters.
    length = len(paragraph) + 1.5 * len(EASTERN_LETTER.findall(paragraph))
    if length < SHORTEST_TEASER or _NO_TEASER.match(paragraph):
        return False
    if marked or _ELLIPSIS.search(paragraph[-20:]):
        return True
    # A paragraph that ends with an address is whole.
    address = re.search(r"://|www\.|@", paragraph.rsplit(maxsplit=1)[-1])
    return not address and not ends_sentence(paragraph) and (paragraph[-1].isalnum() or paragraph[-1] in ",;")


def _without_notes_on_subjects(blocks: list[_PageBlock]) -> list[_PageBlock]:
    """The blocks, with a note on a person whom the text has spoken of before taken for a part of the text."""
    # Who is mentioned in the text and then described is a subject of it, not its author.
    said = ""
    kept: list[_PageBlock] = []
    for block in blocks:
        spoken_of = block.credit and block.credit.kind == "bio" and _is_mentioned(block.credit.value, said)
        kept.append(replace(block, kind="prose", credit=None) if spoken_of else block)
        if not kept[-1].credit:
            said += block.text + "\n"
    return kept


def _is_mentioned(names: str, text: str) -> bool:
    # A surname alone is a mention, too.
    words = [word for word in re.findall(r"[\w’'-]{3,}", names) if word != "and"]
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in words)


def _after_credits(blocks: Sequence[_PageBlock]) -> int | None:
    """Where the teasers begin after the credit lines or the label that end the article, if they do."""
    # What is still to come is counted down, so that each line knows what follows it.
    teasers = sum(one.kind == "teaser" for one in blocks)
    body, rest = 0, sum(one.kind == "prose" for one in blocks)
    for at, block in enumerate(blocks):
        teasers -= block.kind == "teaser"
        rest -= block.kind == "prose"
        body += block.kind == "prose"
        # At least two teasers to a whole paragraph: otherwise the article itself goes on there.
        ends = block.kind in ("strong", "label") and body > 0
        if ends and teasers and teasers >= 2 * rest:
            return _with_lead(blocks, at + 1) if _ends_article(blocks, at) else None
    return None


def _ends_article(blocks: Sequence[_PageBlock], at: int) -> bool:
    """Whether the line at `at`, with only teasers after it, ends the article."""
    block, rest = blocks[at], blocks[at + 1 :]
    teasers = [one for one in rest if one.kind == "teaser"]
    if block.kind == "label":
        return _are_broken_off(teasers)
    # One paragraph after a note on a person may well be about that person's subject: then it is the same article.
    alone = len(teasers) == 1 and block.credit is not None and block.credit.kind == "bio"
    return not alone or any(one.kind == "strong" for one in rest) or not _goes_on(teasers[0], blocks[:at], block.credit)


def _after_prose(blocks: Sequence[_PageBlock]) -> int | None:
    """Where the teasers begin under an article without credit lines, if several of them, or a "Read more", give them away."""
    begin = len(blocks)
    while begin and blocks[begin - 1].kind not in ("prose", "strong"):
        begin -= 1
    teasers = [one for one in blocks[begin:] if one.kind == "teaser"]
    body = [one for one in blocks[:begin] if one.kind in ("prose", "teaser")]
    # A text that often does without its last full stop proves nothing by one more such paragraph.
    unended = sum(one.kind == "teaser" for one in body)
    if len(body) < 2 or unended * 5 > len(body) or not teasers:
        return None
    if (
        not _are_broken_off(teasers)
        or (len(teasers) == 1 and not teasers[0].marked)
        or any(_goes_on(one, body, None) for one in teasers)
    ):
        return None
    return _with_lead(blocks, begin)


def _are_broken_off(teasers: Sequence[_PageBlock]) -> bool:
    """Whether all are marked as cut, or are whole sentences with a broken one after them: no list of long lines."""
    return all(one.marked or _ELLIPSIS.search(one.text[-20:]) or _WITHIN.search(one.text) for one in teasers)


def _goes_on(teaser: _PageBlock, body: Sequence[_PageBlock], about: CreditLine | None) -> bool:
    """Whether a paragraph seems to go on with the text before it: it points back, or has its words."""
    if _POINTS_BACK.match(teaser.text) or (about and _is_mentioned(about.value, teaser.text)):
        return True
    said = {word.lower() for block in body for word in _LONG_WORD.findall(block.text)}
    words = {word.lower() for word in _LONG_WORD.findall(teaser.text)}
    return len(words & said) * 2 >= len(words)


def _with_lead(blocks: Sequence[_PageBlock], begin: int) -> int:
    """The index of the first teaser from `begin` on, or of the heading and byline over it if the next one has them too."""
    places = [at for at in range(begin, len(blocks)) if blocks[at].kind == "teaser"]
    leads = [_lead(blocks, at, begin) for at in places[:2]]
    return places[0] - (min(leads) if len(leads) > 1 else min(1, leads[0]))


def _lead(blocks: Sequence[_PageBlock], at: int, begin: int) -> int:
    """How many headings, bylines and dates stand right over the block."""
    first = at
    while first > begin and blocks[first - 1].kind in ("short", "credit"):
        first -= 1
    return at - first


def _groups(blocks: Sequence[_PageBlock]) -> list[list[_PageBlock]]:
    """The blocks of each teaser: what stands over it, itself, and its "Read more" or source line."""
    groups: list[list[_PageBlock]] = [[]]
    for block in blocks:
        complete = any(one.kind in ("teaser", "prose") for one in groups[-1])
        if complete and block.kind not in ("more", "strong"):
            groups.append([])
        groups[-1].append(block)
    if len(groups) > 1 and not any(one.kind in ("teaser", "prose") for one in groups[-1]):
        # The foot of the page: it belongs to nothing, but nothing is dropped.
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _teaser(group: Sequence[_PageBlock]) -> PageArticle:
    title = next((one for one in group if one.kind not in ("credit", "label", "more")), group[0])
    found = combined(one.credit for one in group if one.credit)
    return PageArticle(group[0].start, group[-1].end, title.start, found, any(one.kind == "teaser" for one in group))


def _main(blocks: Sequence[_PageBlock], span: Span) -> PageArticle:
    """The article itself, with the credits over its first paragraph and under its last."""
    first = next((at for at, one in enumerate(blocks) if one.kind in ("prose", "teaser")), len(blocks))
    # Disclaimers and notes may stand under the last paragraph; the credits under the article are looked for among them.
    last = len(blocks)
    while last > first and (
        blocks[last - 1].kind not in ("prose", "teaser") or _DISCLAIMER.search(blocks[last - 1].text[:200])
    ):
        last -= 1
    over = [one for one in blocks[:first] if one.credit and one.credit.kind != "bio"]
    named = [one.credit for one in (*over, *blocks[max(last, first + 1) :]) if one.credit]
    title = next((one.start for one in blocks if one.kind not in ("credit", "strong", "label", "more")), span[0])
    return PageArticle(span[0], span[1], title, combined(named), False)
