"""Files that stand for themselves: the evidence pack of an answer or a conversation (HTML, Markdown, CSV), and a checked draft
(HTML, Markdown, Word). Pure.
"""

from bot.export.csv_table import as_csv
from bot.export.draft import DraftReport
from bot.export.html import as_html, draft_as_html
from bot.export.markdown import as_markdown, draft_as_markdown
from bot.export.pack import EvidencePack, PackItem, pack_of
from bot.export.word import draft_as_docx

__all__ = [
    "DraftReport",
    "EvidencePack",
    "PackItem",
    "as_csv",
    "as_html",
    "as_markdown",
    "draft_as_docx",
    "draft_as_html",
    "draft_as_markdown",
    "pack_of",
]
