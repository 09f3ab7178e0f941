"""What a page's markup says of its parts: that one is a menu, a comment, a note about cookies; pure.

Everything here is a convention that sites follow: HTML's own elements, ARIA's roles, and the words of which classes and ids are
made, which are English on pages in any language.
"""

import re
from itertools import pairwise

from lxml.html import HtmlElement

from vectorstore.text_cache import TEXTS, remembered

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
HIDDEN = "hidden"
BYLINE = "byline"
COMMENT = "comment"
SIDEBAR = "sidebar"
TAGS = "tags"
PAYWALL = "paywall notice"
TEASER = "teaser"
CONTENTS = "table of contents"
MENU = "menu"

_WORDS = {
    "button": "clipboard copybutton",
    "cookie note": "cookie cookies consent gdpr ccpa onetrust usercentrics cmp",
    "editing mark": "editsection headerlink anchorjs permalink",
    "advertisement": "ad ads adbox adslot advert adverts advertisement advertising sponsor sponsored dfp adsense amp-ad",
    "newsletter box": "newsletter subscribe subscription signup optin mailinglist mailchimp",
    COMMENT: "comment comments commentlist commentform disqus respond",
    PAYWALL: "paywall regwall piano",
    "about the author": "bio biography authorbox authorbio aboutauthor",
    TEASER: "related recommended recommendation recommendations recirc recirculation teaser teasers promo promos promoted "
    "trending popular mostread mostpopular readmore readnext upnext outbrain taboola upsell suggested crosslinks",
    "share buttons": "share sharing sharebar social socials sharedaddy addtoany sharethis followus",
    MENU: "nav navigation navbar navigations menu menubar submenu breadcrumb breadcrumbs pagination pager skiplink skiplinks "
    "topbar offcanvas navbox",
    CONTENTS: "toc tableofcontents",
    "dialog": "modal popup popover lightbox overlay toast snackbar interstitial",
    SIDEBAR: "sidebar widget widgets",
    "page foot": "footer colophon copyright",
    TAGS: "tags taglist taxonomy categories keywords",
    "rating": "rating ratings stars votes",
    BYLINE: "byline author authors autor date dateline timestamp pubdate postmeta entrymeta readtime readingtime "
    "meta posted published",
}
"""Reason -> words; the first reason whose word is in a class or an id is the one."""

# Words that say something only side by side: `author-bio`, `read_more`.
_PAIRS = {
    ("author", "bio"): "about the author",
    ("about", "author"): "about the author",
    ("author", "box"): "about the author",
    ("author", "info"): "about the author",
    ("most", "read"): TEASER,
    ("read", "more"): TEASER,
    ("read", "next"): TEASER,
    ("up", "next"): TEASER,
    ("more", "stories"): TEASER,
    ("more", "articles"): TEASER,
    ("you", "may"): TEASER,
    ("see", "also"): TEASER,
    ("sign", "up"): "newsletter box",
    ("mailing", "list"): "newsletter box",
    ("opt", "in"): "newsletter box",
    ("table", "contents"): "table of contents",
    ("skip", "link"): MENU,
    ("site", "header"): "page header",
    ("page", "tools"): MENU,
    ("edit", "section"): "editing mark",
    ("anchor", "link"): "editing mark",
    ("header", "anchor"): "editing mark",
    ("sr", "only"): HIDDEN,
    ("visually", "hidden"): HIDDEN,
    ("screen", "reader"): HIDDEN,
}
_ROLES = {
    "navigation": MENU,
    "menubar": MENU,
    "menu": MENU,
    "banner": "page header",
    "contentinfo": "page foot",
    "complementary": SIDEBAR,
    "dialog": "dialog",
    "alertdialog": "dialog",
    "search": "search box",
    "doc-toc": "table of contents",
}
_TAGS = {
    "nav": MENU,
    "dialog": "dialog",
    "footer": "page foot",
    "header": "page header",
    "form": "form",
    "label": "form",
    "time": BYLINE,
}
# schema.org's properties, as pages write them into `itemprop`.
_PROPERTIES = ("author", "datePublished", "dateModified", "dateCreated", "keywords")
# A name that begins with one of these says that something else is there or not: `has-sidebar` on the whole page.
_ABOUT_ANOTHER = frozenset(("has", "no", "with", "without", "show", "hide", "not", "is", "wp"))
# Compounds with these are written as one word, in German above all: `cookiebanner`, `newsletteranmeldung`.
_STEMS = {
    "cookie": "cookie note",
    "newsletter": "newsletter box",
    "subscri": "newsletter box",
    "kommentar": COMMENT,
    "teaser": TEASER,
    "recommend": TEASER,
    "breadcrumb": MENU,
    "navigat": MENU,
    "advertis": "advertisement",
}
_BY_WORD = {word: reason for reason, words in _WORDS.items() for word in words.split()}
_ORDER = {reason: number for number, reason in enumerate(_WORDS)}
# The words of a name, in whatever style: `post-meta`, `postMeta`, `HTMLBody`.
_PART = re.compile(r"[a-z]+|[A-Z][a-z]+|[A-Z]+(?![a-z])")
_UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def hint_of(node: HtmlElement) -> str:
    """Why an element is likely none of the article, as far as its own markup says; "" where it says nothing.

    >>> from lxml.html import fragment_fromstring
    >>> [hint_of(fragment_fromstring(one)) for one in ('<div class="cookie-banner">', "<nav>", '<div class="has-sidebar">')]
    ['cookie note', 'menu', '']
    """
    tag = str(node.tag)
    if reason := _by_element(node, tag):
        return reason
    # A heading's class may be about the sign beside it, and its id is made of its words.
    if tag in ("html", "body", "main", "article", *HEADINGS):
        return ""
    # An element of a site's own, `<cookie-banner>`, is named as a class is.
    names = node.get("class", "") + (f" {tag}" if "-" in tag else "")
    if reason := _by_names(names) if names else "":
        return reason
    # What a site calls its parts for its tests is believed of a byline alone, since it is written for other readers.
    if node.get("data-testid") and _by_names(node.get("data-testid", "")) == BYLINE:
        return BYLINE
    reason = _by_names(node.get("id", "")) if node.get("id") else ""
    return "" if reason and reason != COMMENT and _names_its_heading(node) else reason


def is_unseen(node: HtmlElement) -> bool:
    """Whether the page hides an element until a script shows it."""
    return (
        (node.get("hidden") is not None and node.get("hidden") != "until-found")
        or node.get("aria-hidden") == "true"
        or bool(_UNSEEN.search(node.get("style", "")))
    )


def _by_element(node: HtmlElement, tag: str) -> str:
    """What HTML's element and ARIA's role say."""
    role = node.get("role", "")
    if role in _ROLES or node.get("itemprop") in _PROPERTIES:
        return _ROLES.get(role, BYLINE)
    if node.get("aria-modal") == "true":
        return "dialog"
    if tag == "aside":
        return _by_names(f"{node.get('class', '')} {node.get('id', '')}") or SIDEBAR
    if tag == "a":
        return BYLINE if node.get("rel") == "author" else ""
    # A quotation's foot names who said it, and an article's head has its headline.
    within = {"footer": ("blockquote", "figure"), "header": ("article", "main", "section")}.get(tag)
    return "" if within and _inside(node, *within) else _TAGS.get(tag, "")


def _names_its_heading(node: HtmlElement) -> bool:
    """Whether an id is only the heading of a section as an address: in documentation a section on menus is called so."""
    heading = next(node.iter(*HEADINGS), None)
    words = heading.text_content().lower() if heading is not None else ""
    return bool(words) and all(word in words for word in re.findall(r"[a-z]+", node.get("id", "").lower()))


def _inside(node: HtmlElement, *tags: str) -> bool:
    return next(node.iterancestors(*tags), None) is not None


@remembered(TEXTS)
def _by_names(names: str) -> str:
    """What the words of classes and ids say; of several reasons the one that comes first in the list."""
    found = [reason for name in names.split() if (reason := _by_name(name))]
    return min(found, key=lambda reason: _ORDER.get(reason, 0), default="")


def _by_name(name: str) -> str:
    words = [word.lower() for word in _PART.findall(name)]
    # A word of the list is taken as a whole first: `navbox` is one, though `nav` is another.
    if not words or words[0] in _ABOUT_ANOTHER or name.lower() in _BY_WORD:
        return _BY_WORD.get(name.lower(), "")
    for pair in pairwise(words):
        if pair in _PAIRS:
            return _PAIRS[pair]
    found = [reason for word in words if (reason := _BY_WORD.get(word) or _by_stem(word))]
    return min(found, key=lambda reason: _ORDER[reason], default="")


def _by_stem(word: str) -> str:
    return next((reason for stem, reason in _STEMS.items() if word.startswith(stem)), "")
