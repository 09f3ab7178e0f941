"""Sitemaps, packed or not -> the addresses that they name; pure."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from vectorstore.errors import ReadError
from vectorstore.readers.containers import local_name, parsed_xml
from vectorstore.readers.files import megabytes

MOST_UNPACKED = 60_000_000
"""Bytes of a sitemap that is unpacked; a sitemap may have 50 MB by its own rules."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses of pages, the newest first where it says when they changed, and of further sitemaps."""

    pages: Sequence[str]
    sitemaps: Sequence[str]


def parsed_sitemap(data: bytes) -> Sitemap:
    """The addresses in a sitemap, which may be packed; raises `ReadError` where it is none.

    >>> parsed_sitemap(b"<urlset><url><loc>https://site.example/a</loc></url></urlset>").pages
    ['https://site.example/a']
    """
    root = parsed_xml(unpacked(data), "sitemap")
    if local_name(root) not in ("urlset", "sitemapindex"):
        raise ReadError("The file is no sitemap.")
    dated = [(_child(one, "lastmod"), _child(one, "loc")) for one in root if local_name(one) in ("url", "sitemap")]
    # Those without a date keep the order of the file, behind those with one.
    addresses = [address for _, address in sorted(dated, key=lambda pair: pair[0], reverse=True) if address]
    return Sitemap(addresses, []) if local_name(root) == "urlset" else Sitemap([], addresses)


def unpacked(data: bytes) -> bytes:
    """What a gzip file holds, within the limit; anything else as it is."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        # 47 (32 + 15) reads the header of gzip.
        found = zlib.decompressobj(wbits=47).decompress(data, MOST_UNPACKED + 1)
    except zlib.error:
        raise ReadError("The file is damaged: it cannot be unpacked.") from None
    if len(found) > MOST_UNPACKED:
        raise ReadError(f"The file has more than {megabytes(MOST_UNPACKED)} unpacked, which is the limit.")
    return found


def _child(node: etree._Element, name: str) -> str:
    return next(((child.text or "").strip() for child in node if local_name(child) == name), "")
