"""Files from web addresses: fetched politely and safely, each with the reader that its type asks for.

`Fetcher` fetches one file; `fetched_articles` also follows a feed or a sitemap to the articles that it names, and
`articles_named_by` one that was fetched already.
"""

from vectorstore.fetching.fetcher import FetchedFile, Fetcher, FetchLimits
from vectorstore.fetching.following import articles_named_by, fetched_articles
from vectorstore.fetching.network import AddressRules

__all__ = ["AddressRules", "FetchLimits", "FetchedFile", "Fetcher", "articles_named_by", "fetched_articles"]
