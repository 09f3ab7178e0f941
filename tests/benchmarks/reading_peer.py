"""The loaders of LangChain's tutorials over files: `reading_peer.py FILE...`, one line of JSON a file with its text and title.

Runs with a Python that has the peers, so it imports nothing of this project. A file that has no such loader, or that its loader
fails on, has `error` instead. The last line has the versions, the seconds and the peak of memory in MB.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ["USER_AGENT"] = "footnote-benchmark"  # WebBaseLoader warns where it is not set
MISSING = 3  # the exit code where this Python lacks a peer
_PACKAGES = ("langchain-community", "beautifulsoup4", "pypdf", "docx2txt")


def web(path: Path) -> tuple[str, str]:
    """What `WebBaseLoader` makes of a page, after the request: the page's bytes come from the file instead of the network."""
    import requests
    from langchain_community.document_loaders import WebBaseLoader

    class FromFile(requests.adapters.BaseAdapter):
        def send(self, request: Any, **kwargs: Any) -> Any:  # noqa: ARG002
            response = requests.Response()
            response.status_code, response.url, response.request = 200, request.url, request
            response._content = path.read_bytes()
            response.headers["Content-Type"] = "text/html"
            # What requests does where the server names no charset.
            response.encoding = None
            return response

        def close(self) -> None:
            pass

    loader = WebBaseLoader("http://page.example/")
    loader.session.mount("http://", FromFile())
    document = loader.load()[0]
    return document.page_content, str(document.metadata.get("title", ""))


def pdf(path: Path) -> tuple[str, str]:
    """What `PyPDFLoader` makes of a PDF: its pages, one after the other."""
    from langchain_community.document_loaders import PyPDFLoader

    pages = PyPDFLoader(str(path)).load()
    return "\n".join(page.page_content for page in pages), str(pages[0].metadata.get("title", "")) if pages else ""


def word(path: Path) -> tuple[str, str]:
    """What `Docx2txtLoader` makes of a Word file."""
    from langchain_community.document_loaders import Docx2txtLoader

    return Docx2txtLoader(str(path)).load()[0].page_content, ""


_LOADERS: dict[str, Callable[[Path], tuple[str, str]]] = {".html": web, ".htm": web, ".xhtml": web, ".pdf": pdf, ".docx": word}


def main(files: list[str]) -> int:
    """Reads each file, and prints; MISSING where this Python has no such peer."""
    try:
        versions = {package: version(package) for package in _PACKAGES}
    except ImportError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    started = time.perf_counter()
    for file in files:
        path = Path(file)
        try:
            text, title = _LOADERS[path.suffix.lower()](path)
            line = {"file": file, "text": text, "title": title}
        except Exception as error:  # one file that breaks must not lose the others' figures
            line = {"file": file, "error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(line) + "\n")
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    sys.stdout.write(json.dumps({"versions": versions, "seconds": seconds, "peak": peak}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
