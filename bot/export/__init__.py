"""Files that stand for themselves: the evidence pack of an answer or a conversation (HTML, Markdown, CSV), and a checked draft
(HTML, Markdown, Word). Pure.
"""

from bot.export.draft import DraftReport
from bot.export.draft_docx import draft_as_docx
from bot.export.draft_markdown import draft_as_markdown
from bot.export.draft_page import draft_as_html
from bot.export.markdown import as_markdown
from bot.export.pack import Item, Pack, pack_of
from bot.export.page import as_html
from bot.export.table import as_csv

__all__ = [
    "DraftReport",
    "Item",
    "Pack",
    "as_csv",
    "as_html",
    "as_markdown",
    "draft_as_docx",
    "draft_as_html",
    "draft_as_markdown",
    "pack_of",
]
