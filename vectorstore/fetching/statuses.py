"""What a server's status says to a person."""

from collections.abc import Mapping

from vectorstore.errors import FetchError

_SAVE = "Open it in the browser, save the whole page, and ingest the saved file."
_SENTENCES = {
    401: ("{host} asks for a login before it shows the page (401).", _SAVE),
    402: ("{host} asks for a payment before it shows the page (402).", _SAVE),
    403: ("{host} does not let programs have the page (403).", _SAVE),
    404: ("There is no such page on {host} (404).", "Check the address."),
    406: ("{host} has the page in no form that can be read (406).", _SAVE),
    410: ("The page was taken off {host} (410).", "Look for it elsewhere."),
    429: ("{host} has been asked too often (429).", "Try again{later}."),
    451: ("{host} may not show the page here, for legal reasons (451).", "Look for it elsewhere."),
    503: ("{host} is overloaded or closed for maintenance (503).", "Try again{later}."),
}
# These pass by themselves, so that the address may be tried again.
_PASSES = frozenset((408, 425, 429, 500, 502, 503, 504))


def check_status(status: int, host: str, headers: Mapping[str, str]) -> None:
    """Raises FetchError, with a sentence and what to do, for every status but a success.

    >>> check_status(200, "site.example", {})
    >>> check_status(404, "site.example", {})
    Traceback (most recent call last):
    vectorstore.errors.FetchError: There is no such page on site.example (404).
    """
    if 200 <= status < 300:
        return
    seconds = headers.get("retry-after", "")
    later = f" in {seconds} seconds" if seconds.isdecimal() else " later"
    if status in _SENTENCES:
        sentence, help = _SENTENCES[status]
    elif status >= 500:
        sentence, help = f"{{host}} has failed on its side ({status}).", "Try again later."
    else:
        sentence, help = (
            f"{{host}} does not give the page ({status}).",
            "Check the address, or save the page and ingest the file.",
        )
    raise FetchError(sentence.format(host=host), help.format(later=later), retryable=status in _PASSES or status >= 500)
