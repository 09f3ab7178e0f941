"""Articles in, passages out: reading, splitting, embedding, indexing and searching.

The whole of it on one article:

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from vectorstore.encoding.embed import LocalEncoder
>>> from vectorstore.index import Index
>>> from vectorstore.ingest import Ingestor, manifest_of
>>> from vectorstore.searching.search import Query, Searcher
>>> from vectorstore.storage.home import Home
>>> with TemporaryDirectory() as folder:
...     article = Path(folder, "bridge.txt")
...     _ = article.write_text("The bridge over the Tamsui was opened in 1933. It is red.")
...     index, encoder = Index.open(Home(Path(folder, "home")), create=True), LocalEncoder()
...     report = Ingestor(index, encoder).ingest([article])
...     (hit,) = Searcher(index, encoder, manifest_of(encoder)).search(Query("When was the bridge opened?"), 5).hits
...     index.close()
>>> report.added, hit.article, hit.text[:10]
(('bridge.txt',), 'bridge.txt', 'The bridge')
"""

import os

# onnxruntime reports to its vendor from the moment it is imported, and keeps a device's number and what it has to report in the
# user's cache folder. It reads this variable while it is imported, and so do the processes that are started from here.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
