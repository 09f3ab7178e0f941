"""The package format of .docx and .pptx: which part leads to which, and what the file states about itself."""

import posixpath
from urllib.parse import unquote

from lxml import etree

from vectorstore.readers.containers import Container, local_name
from vectorstore.readers.converted import stated_author, stated_day, stated_title

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION_ID = f"{{{_RELATIONSHIPS}}}id"
"""The attribute by which an element names a part: `related_by_id` has the part."""


class OfficePackage:
    """A .docx or .pptx file, in which parts name each other by relationships.

    `OfficePackage(container).main` is the part that holds the document or the list of slides.
    """

    def __init__(self, container: Container) -> None:
        self._container = container
        self._relations: dict[str, list[tuple[str, str, str]]] = {}
        # The package itself, "", leads to its main part.
        self.main = next(iter(self.related("", "officeDocument")), "")

    def xml(self, part: str) -> etree._Element | None:
        """The root of a part; None where there is none of that name, or no name."""
        return self._container.xml(part) if part else None

    def main_xml(self, usual: str) -> etree._Element:
        """The root of the main part, which lies at `usual` where the file does not say; `ReadError` where there is none."""
        self.main = self.main or usual
        return self._container.required_xml(self.main)

    def related(self, part: str, kind: str) -> list[str]:
        """The names of the parts that `part` leads to by relationships of this kind: the last word of its address."""
        return [target for _, named, target in self._relations_of(part) if named == kind]

    def related_xml(self, part: str, kind: str) -> etree._Element | None:
        """The first part that `part` leads to by a relationship of this kind, if there is one."""
        return self.xml(next(iter(self.related(part, kind)), ""))

    def related_by_id(self, part: str, relation: str | None) -> str:
        """The name of the part that `part` calls by this id; "" where there is none."""
        return next((target for name, _, target in self._relations_of(part) if name == relation), "")

    def properties(self) -> dict[str, str]:
        """Title, author, date and language as the core properties state them, without what programs fill in."""
        root = self.related_xml("", "core-properties")
        found = {local_name(node): "".join(node.itertext()) for node in root} if root is not None else {}
        return {
            "title": stated_title(found.get("title", "")),
            "author": stated_author(found.get("creator", "")),
            "date": stated_day(found.get("created", "") or found.get("modified", "")),
            "language": found.get("language", ""),
        }

    def page_count(self) -> int:
        """How many pages the program that saved the file counted; 0 where it does not say."""
        root = self.related_xml("", "extended-properties")
        counted = next((node.text for node in root if local_name(node) == "Pages"), None) if root is not None else None
        return int(counted) if counted and counted.isdigit() else 0

    def _relations_of(self, part: str) -> list[tuple[str, str, str]]:
        """Id, kind and target of each relationship of a part inside the file; "" stands for the package itself."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            # The relationships of `word/document.xml` stand in `word/_rels/document.xml.rels`.
            root = self._container.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
            # A type is an address, `.../relationships/footnotes`, whose last word both variants of the format share.
            self._relations[part] = [
                (node.get("Id", ""), node.get("Type", "").rpartition("/")[2], _target(folder, node.get("Target", "")))
                for node in (root if root is not None else ())
                # A link to the web is a relationship as well.
                if node.get("TargetMode") != "External"
            ]
        return self._relations[part]


def _target(folder: str, target: str) -> str:
    """The name of the part that a relationship leads to; one that begins with a slash counts from the top."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
