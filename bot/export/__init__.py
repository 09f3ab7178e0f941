"""The evidence pack: an answer or a conversation as a file that stands for itself, as HTML, Markdown or CSV. Pure."""

from bot.export.markdown import as_markdown
from bot.export.pack import Item, Pack, pack_of
from bot.export.page import as_html
from bot.export.table import as_csv

__all__ = ["Item", "Pack", "as_csv", "as_html", "as_markdown", "pack_of"]
