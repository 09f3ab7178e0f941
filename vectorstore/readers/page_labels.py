"""The lines of a scraped page that lead away from its article: "Read more", "Related articles"; in ten languages.

Most teasers are told by their shape in any language; these words settle the cases where there is only one.
"""

import re

# Language by language, what follows the beginning of another article.
_READ_MORE = {
    "en": r"(?:read|view|see) (?:more|on|(?:the )?full story|the rest)|(?:continue|keep) reading|full story",
    "de": r"(?:mehr|weiter)\s?lesen|zum (?:ganzen )?artikel|lesen sie (?:mehr|weiter)",
    "fr": r"lire (?:la suite|plus)|en savoir plus|voir (?:plus|la suite)",
    "es": r"(?:leer|ver|saber) más|seguir leyendo|continuar leyendo",
    "pt": r"(?:ler|leia|saiba|ver) mais|continu(?:ar|e) (?:a ler|lendo)",
    "it": r"(?:leggi|scopri) (?:di più|tutto|ancora)|continua a leggere|leggi l['’]articolo",
    "nl": r"(?:lees|bekijk) (?:meer|verder)|verder lezen",
    "zh": r"(?:阅读|閱讀|查看|了解)(?:更多|全文)|(?:继续|繼續)(?:阅读|閱讀)|更多内容",
    "ja": r"(?:続き|全文|もっと)を?(?:読む|見る)|記事全文",
    "ko": r"(?:더|기사|전문|계속)\s?(?:보기|읽기)|자세히 보기",
}
# What stands over the beginnings of other articles. The last two do without a word after them.
_RELATED = {
    "en": r"(?:related|recommended|more|other|latest|popular|trending|top)\s+"
    r"(?:articles?|stories|news|reading|posts?|from|in|on|by|coverage)\b"
    r"|(?:most|also)\s+(?:read|popular|viewed)\b|read\s+(?:next|also)\b|you (?:may|might) also (?:like|enjoy|be interested)"
    r"|see also\b",
    "de": r"(?:ähnliche|verwandte|weitere|meistgelesene|neueste)\s+(?:artikel|beiträge|themen|meldungen|nachrichten)\b"
    r"|(?:das könnte|auch) (?:sie|dich) (?:auch )?interessieren|lesen sie auch|mehr (?:zum thema|aus|von)\b|meistgelesen\b",
    "fr": r"(?:articles?|sujets?) (?:similaires|liés|associés|recommandés|connexes)|(?:à lire|lire|voir) aussi"
    r"|sur le même (?:sujet|thème)|les plus lus\b|vous aimerez aussi|dans la même rubrique",
    "es": r"(?:artículos|noticias|notas|entradas) (?:relacionad[oa]s|recomendad[oa]s)|(?:lea|lee|ver) también"
    r"|(?:lo )?más (?:leído|visto)s?\b|te puede interesar|también te puede",
    "pt": r"(?:artigos|notícias|matérias) (?:relacionad[oa]s|recomendad[oa]s)|(?:leia|veja) (?:também|mais)"
    r"|(?:as )?mais lidas\b",
    "it": r"(?:articoli|notizie) (?:correlat[ie]|consigliat[ie]|simili)|(?:leggi|potrebbe interessarti) anche|i più letti\b",
    "nl": r"(?:gerelateerde|aanbevolen|meer) (?:artikelen|berichten|nieuws)\b|lees ook\b|meest gelezen\b|meer over\b",
    "zh": r"(?:相关|相關|推荐|推薦|热门|熱門|更多|延伸)(?:文章|阅读|閱讀|新闻|新聞|报道|報導|內容|内容)"
    r"|(?:猜你|你可能)(?:喜欢|喜歡|感兴趣)",
    "ja": r"(?:関連|おすすめ|人気|最新)(?:の)?(?:記事|ニュース)|あわせて読みたい|こちらもおすすめ",
    "ko": r"(?:관련|추천|인기|많이 본)\s?(?:기사|뉴스|글)|함께 보면 좋은",
}

READ_MORE = re.compile(rf"[\s(\[]*(?:(?:{'|'.join(_READ_MORE.values())})(?!\w)|(?:{_READ_MORE['ja']}))[^\w]*$", re.IGNORECASE)
"""At the end of a paragraph: the rest of it stands elsewhere."""
RELATED_LABEL = re.compile(rf"(?:{'|'.join(_RELATED.values())})", re.IGNORECASE)
"""At the beginning of a short line: what follows belongs to other articles."""
