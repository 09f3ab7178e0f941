"""Word files (.docx) -> one article: all that a reader sees on the page, and what was changed, said beside it or hidden apart.

The parts are read as XML, not by python-docx: footnotes, text boxes, tracked changes and the numbers of lists are not to be had
from it, and it would hold every picture of the file in memory.
"""

from collections.abc import Iterator
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.containers import begins_with_ole, open_container
from vectorstore.readers.converted import OmittedParts, converted_article
from vectorstore.readers.opc import OfficePackage
from vectorstore.readers.rtf import begins_with_rtf, read_rtf
from vectorstore.readers.word_story import WordStory
from vectorstore.types import Article, Failure

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read_word(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The document as one article; comments, deleted words, headers and footers are in `omitted`.

    Inserted words are kept and deleted ones left out. Pages are told only where the file's own count of pages bears them out.
    """
    with open_container(path) as container:
        package = OfficePackage(container)
        omitted = OmittedParts()
        story = WordStory(package, omitted)
        blocks = story.blocks()
        stated = package.properties()
    # The title on the page is surer than the property, which a copied file keeps from the one that it was copied from.
    stated["title"] = story.title or stated["title"]
    yield from converted_article(path, where, blocks, stated, omitted, MEDIA_TYPE, max_bytes)


def read_old_word(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """A `.doc`, which is often RTF or .docx by another name; the format of old Word itself is refused with a sentence."""
    if begins_with_rtf(path):
        yield from read_rtf(path, where, max_bytes)
    elif begins_with_ole(path):
        raise ReadError("This is the format of old Word (.doc), which is not read here. Open it and save it as .docx.")
    else:
        yield from read_word(path, where, max_bytes)
