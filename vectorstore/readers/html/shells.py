"""Pages that hold no article: those that ask for a login, a payment or a script; pure."""

import re

from lxml.html import HtmlElement

from vectorstore.readers.files import is_web_address
from vectorstore.readers.html.json_ld import LinkedData

FEW_WORDS = 60
"""A page with less text than this, and with one of the signs below, is a shell around nothing."""
# Words of a page that a script is to fill: its title, and that it loads.
_VERY_FEW = 15

# Pages that ask for scripts, and the walls of services that keep robots out ("Just a moment...").
_SCRIPT = re.compile(
    r"(?:enable|activate|turn on|requires?|need|without|allow)\W+(?:\w+\W+){0,3}java ?script"
    r"|java ?script\W+(?:\w+\W+){0,4}(?:disabled|required|enabled|enable|aktivieren|activé|habilitado|off)"
    r"|checking your browser|just a moment|verify(?:ing)? (?:that )?you are|are you a robot|unusual traffic|einen moment",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"\s*\d*(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?[\"']?\s*(?P<address>[^\"'\s]+)", re.IGNORECASE)
_PAYWALL = re.compile(r"paywall|regwall|subscriber-only|premium-content|metered|piano-|tp-modal", re.IGNORECASE)

OF_SCRIPTS = (
    "The page has no text of its own: a script fetches it in the browser. Open it there, save the whole page, and ingest "
    "the saved file."
)
OF_LOGIN = "The page asks for a login. Open it in the browser, log in, save the whole page, and ingest the saved file."
OF_PAYMENT = (
    "The page shows nothing of the article but to subscribers. If you are one, open it in the browser, save the whole page, "
    "and ingest the saved file."
)
OF_NOTHING = "The page holds no text that could be an article."
CUT_OFF = "The page shows only the beginning of the article; the rest is for subscribers."


def why_no_article(root: HtmlElement, stated: LinkedData, words: int) -> str:
    """Why a page with so many words of main text is none that could be read, as a sentence; "" where it can."""
    if words >= FEW_WORDS:
        return ""
    if address := _leads_on_to(root):
        return f"The page only leads on to {address}; ingest that address."
    if _asks_for_password(root):
        return OF_LOGIN
    if not stated.is_free and words < 25:
        return OF_PAYMENT
    return _why_empty(root, words)


def _why_empty(root: HtmlElement, words: int) -> str:
    """Why a page shows hardly a word, if it does."""
    if _needs_script(root) and words < 40:
        return OF_SCRIPTS
    if words:
        return ""
    return OF_SCRIPTS if next(root.iter("script"), None) is not None and _is_empty(root) else OF_NOTHING


def is_cut_off(root: HtmlElement, stated: LinkedData, words: int) -> bool:
    """Whether the page says that its article costs money and shows no more than its beginning."""
    if stated.is_free and not _has_paywall(root):
        return False
    full = len(stated.body.split())
    # Where the data have the text, four fifths of it are the whole; else a beginning is taken to have up to 250 words.
    # Subscribers get the whole article with the same markup: what is long is not cut off, as far as can be told.
    return words < (0.8 * full if full else 250) and _has_paywall(root)


def _leads_on_to(root: HtmlElement) -> str:
    """The address to which a page sends its reader on by itself; "" for one that stays."""
    for node in root.iter("meta"):
        if node.get("http-equiv", "").lower() == "refresh" and (found := _LEADS_ON.match(node.get("content", ""))):
            return found["address"] if is_web_address(found["address"]) else ""
    return ""


def _asks_for_password(root: HtmlElement) -> bool:
    return any(node.get("type", "").lower() == "password" for node in root.iter("input"))


def _needs_script(root: HtmlElement) -> bool:
    """Whether the page says that it needs a script, or has nothing but the place that one fills."""
    said = " ".join(" ".join(node.itertext()) for node in root.iter("noscript", "body") if isinstance(node.tag, str))[:20_000]
    return bool(_SCRIPT.search(said)) or (next(root.iter("script"), None) is not None and _is_empty(root))


def _is_empty(root: HtmlElement) -> bool:
    body = root.find(".//body")
    words = [
        word
        for node in (body.iter() if body is not None else ())
        if isinstance(node.tag, str) and node.tag not in ("script", "style", "noscript", "template")
        for word in f"{node.text or ''} {node.tail or '' if node is not body else ''}".split()
    ]
    return len(words) < _VERY_FEW


def _has_paywall(root: HtmlElement) -> bool:
    """Whether an element is called a paywall."""
    return any(_PAYWALL.search(f"{node.get('class', '')} {node.get('id', '')}") for node in root.iterfind(".//body//*"))
