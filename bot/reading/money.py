"""Which currency a number is of; pure. "A$5" and "5 Canadian dollars" are told apart, and "$5" may be either."""

import re

_CODES = {
    "usd": "us dollar", "us$": "us dollar", "cad": "canadian dollar", "c$": "canadian dollar", "aud": "australian dollar",
    "a$": "australian dollar", "hk$": "hong kong dollar", "nz$": "new zealand dollar", "s$": "singapore dollar",
    "sgd": "singapore dollar", "nt$": "taiwan dollar", "r$": "real", "$": "dollar", "£": "pound", "gbp": "british pound",
    "€": "euro", "eur": "euro", "¥": "¥", "￥": "¥", "jpy": "yen", "cny": "yuan", "rmb": "yuan", "₹": "rupee", "inr": "rupee",
    "rs": "rupee", "₩": "won", "krw": "won", "chf": "franc", "sfr": "franc", "₽": "rouble", "rub": "rouble", "₺": "lira",
    "zł": "zloty", "pln": "zloty", "元": "yuan", "円": "yen", "원": "won", "美元": "us dollar", "ドル": "dollar",
    "欧元": "euro", "歐元": "euro", "ユーロ": "euro", "sek": "krona", "nok": "krone", "dkk": "krone",
    "mxn": "peso", "brl": "real",
}  # fmt: skip
_NOUNS = {
    "dollar": "dollar", "dólar": "dollar", "dólares": "dollar", "dollaro": "dollar", "dollari": "dollar", "buck": "dollar",
    "pound": "pound", "pfund": "pound", "libra": "pound", "livre sterling": "pound", "euro": "euro", "yen": "yen",
    "yuan": "yuan", "renminbi": "yuan", "rupee": "rupee", "franc": "franc", "franken": "franc", "franco": "franc",
    "peso": "peso",
    "ruble": "rouble", "rouble": "rouble", "lira": "lira", "zloty": "zloty", "krona": "krona", "krone": "krone",
    "real": "real", "reais": "real", "won": "won",
}  # fmt: skip
_WHOSE = {
    "us": "us", "u.s.": "us", "american": "us", "canadian": "canadian", "australian": "australian", "british": "british",
    "hong kong": "hong kong", "new zealand": "new zealand", "singapore": "singapore", "singaporean": "singapore",
    "taiwan": "taiwan", "egyptian": "egyptian", "mexican": "mexican", "swiss": "", "japanese": "", "chinese": "", "indian": "",
}  # fmt: skip


def _any(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_BEFORE = re.compile(rf"(?<!\w)({_any(_CODES)})\.? ?[(-]?$", re.IGNORECASE)
_AFTER = re.compile(
    rf" ?(?:(?P<code>{_any({code: '' for code in _CODES if len(code) != 2 or not code.isascii()})})(?![\w])|"
    rf"(?:(?P<whose>{_any(_WHOSE)}) )?(?P<noun>{_any(_NOUNS)})s?\b(?! of\b)|(?P<east>美元|[円元원]|ドル|ユーロ))",
    re.IGNORECASE,
)
_PART_OF = re.compile(r" ?(?:cents?|pence)\b(?! of)", re.IGNORECASE)
REACH = 24
"""Characters before and after a number in which its currency stands."""


def currency(before: str, after: str) -> str:
    """The currency beside a number, "" for none."""
    if found := _BEFORE.search(before[-REACH:]):
        return _CODES[found.group(1).casefold()]
    match = _AFTER.match(after)
    if match and match["noun"]:
        whose = _WHOSE.get((match["whose"] or "").casefold(), "")
        return f"{whose} {_NOUNS[match['noun'].casefold()]}".strip()
    return _CODES[(match["code"] or match["east"]).casefold()] if match else ""


def hundredths(after: str) -> bool:
    """Whether cents or pence follow a number."""
    return _PART_OF.match(after) is not None
