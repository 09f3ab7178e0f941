"""An answer as plain text, to be pasted elsewhere with its sources under it. Pure."""

from collections.abc import Iterator

from bot.answering.as_read import read_plain, read_quotations
from bot.answering.tally import FOUND
from bot.types import Answer, Citation
from bot.ui.words import word
from bot.verification.verdicts import HOLDS, said


def copied(answer: Answer) -> str:
    """The text with its numbers, then each number's source once, with all the words that were quoted from it."""
    text = answer.text.strip() if answer.mode == "model" else "\n\n".join(_quoted(answer))
    sources = "\n".join(_sources(answer))
    return f"{text}\n\n{word('answer.sources')}\n{sources}" if text and sources else text


def _quoted(answer: Answer) -> Iterator[str]:
    """The lines of an answer made of quotations as they are read, with the numbers of their footnotes."""
    for words, cited in read_quotations(answer):
        yield " ".join(filter(None, (words, *(f"[{answer.citations[i].n}]" for i in cited))))


def _sources(answer: Answer) -> Iterator[str]:
    # In the order in which the numbers first come in the text.
    for n in dict.fromkeys(citation.n for citation in answer.citations):
        own = [citation for citation in answer.citations if citation.n == n]
        yield f"[{n}] {_source(answer, own[0])}"
        # Two claims may rest on the same words, which are listed once.
        yield from dict.fromkeys(f"    {_words(citation)}" for citation in own)


def _source(answer: Answer, citation: Citation) -> str:
    """Title, author, date and address, as far as they are known."""
    # A footnote has the title alone; who wrote it and when stands with the passage.
    passages = [one for one in answer.passages if one.article == citation.article]
    known = [citation.title, *((passages[0].author, passages[0].date, passages[0].source) if passages else ())]
    return " · ".join(" ".join(part.split()) for part in known if part) or word("answer.no_source")


def _words(citation: Citation) -> str:
    """The quotation; words that do not carry their sentence must not look elsewhere as if they did."""
    quote = f"“{read_plain(citation.quote).strip()}”" if citation.quote else ""
    held = citation.verdict in HOLDS
    remarks = ("" if held else said(citation.verdict, running=False), FOUND if citation.found else "")
    return " ".join(filter(None, (quote, *(f"({remark})" for remark in remarks if remark))))
