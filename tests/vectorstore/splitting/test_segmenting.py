"""Ends of sentences outside English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.splitting.language import language_of
from vectorstore.splitting.segmenting import SHORTEST, SHORTEST_LAST, segments
from vectorstore.splitting.sentences import is_heading, sentences

SENTENCES = {
    "de": [
        "Der Umsatz lag bei ca. 1,4 Mio. Euro im Jahr 2019.",
        "Das war z. B. am 3. Oktober so.",
        "Dr. Müller sagte: „Das ist gut.“",
        "Danach ging er u. a. nach Berlin.",
    ],
    "ru": [
        "Он любит рис.",
        "Смотри рис. 2 и см. рис. 3.",
        "Роман написал А. С. Пушкин в 1833 г. в Болдине.",
        "Его издал И. И. Иванов.",
        "Было иначе, т. е. лучше.",
    ],
    "uk": ["Роман написав Т. Г. Шевченко.", "Його видав І. Франко у м. Київ.", "Це все."],
    "bg": ["Романа написа Х. Ботев.", "Той живя в гр. Калофер."],
    "vi": ["Ông đến TP. Hồ Chí Minh.", "TS. Nguyễn Văn A. nói điều đó.", "Hôm nay trời đẹp."],
    "ar": ["من اشترى الشركة؟", "قال د. أحمد إنها بيعت.", "هذا صحيح!", "وقعت في ٣٫٥ مليون۔", "نعم."],
    "hi": ["कंपनी किसने खरीदी?", "डॉ. शर्मा ने कहा कि यह बिक गई।", "श्री ए. बी. वर्मा आए।"],
    "bn": ["এটি বাক্য।", "ড. রহমান বলেন।"],
    "el": ["Ποιος αγόρασε την εταιρεία;", "Ο κ. Παπαδόπουλος είπε ναι.", "Είναι π.χ. καλό."],
    "gu": ["આ પુલ લાલ છે.", "તે 1932 માં ખૂલ્યો.", "કે. જી. શાહ આવ્યા."],
    "km": ["តើអ្នកណា?!", "ខ្ញុំមិនដឹងទេ។"],
    "it": ["Ama l'arte e l'art. 5 della legge.", "È così."],
    "fr": [
        "Elle aime l'art.",
        "Il a lu l'art. 5 et le vol. 2.",
        "C'est par J. Dupont.",
        "M. Dupont est arrivé.",
        "Il a dit : « C'est bien. »",
        "Mme. Curie est là, p. ex. ici.",
    ],
    "es": ["El Sr. García llegó a las 3 p. m. ayer.", "¿Quién es?", "EE. UU. ganó."],
    "tr": ["Prof. Dr. Ali geldi.", "M.Ö. 3. yüzyılda oldu."],
    "ko": ["네.", "김 씨는 3.5억 원이라고 말했다.", "좋다."],
    "he": ["ד. כהן אמר כך.", "זה נכון?", "כן."],
}
UNSPACED = {
    "zh": ["谁收购了这家公司？", "他说：“这是真的。”", "价格是3.5亿元！", "好的"],
    "ja": ["誰が会社を買収したのか。", "「本当だ。」と彼は言った。", "価格は3.5億円！"],
}
THAI = (
    "ประเทศไทยเป็นประเทศที่ตั้งอยู่ในเอเชียตะวันออกเฉียงใต้ มีเมืองหลวงคือกรุงเทพมหานคร ประชากรส่วนใหญ่นับถือศาสนาพุทธ "
    "และใช้ภาษาไทยเป็นภาษาราชการ เศรษฐกิจเติบโต 3.5 เปอร์เซ็นต์ในปี พ.ศ. 2560 รัฐบาลประกาศนโยบายใหม่"
)


@pytest.mark.parametrize(
    ("language", "whole", "glue"),
    [(code, one, " ") for code, one in SENTENCES.items()] + [(code, one, "") for code, one in UNSPACED.items()],
    ids=[*SENTENCES, *UNSPACED],
)
def test_sentences_end_as_their_language_ends_them(language: str, whole: list[str], glue: str) -> None:
    text = glue.join(whole)
    assert [text[start:end] for start, end in sentences(text, language)] == whole


def test_thai_is_cut_at_spaces_into_parts_as_long_as_a_sentence() -> None:
    found = [THAI[start:end] for start, end in sentences(THAI, "th")]
    assert " ".join(found) == THAI
    assert min(map(len, found)) >= SHORTEST_LAST
    assert max(map(len, found)) < 3 * SHORTEST


def test_a_dot_inside_a_thai_abbreviation_or_number_ends_nothing() -> None:
    assert [THAI[end - 1] for _, end in sentences(THAI, "th")].count(".") == 0


def test_a_thai_clause_and_a_chinese_paragraph_are_no_headings() -> None:
    chinese = "这是一个没有句号的段落它有四十多个汉字所以任何读者都不会把它当成一个标题来看待因为标题要短得多"
    assert [is_heading(one) for one in (THAI[:80], chinese)] == [False, False]


@pytest.mark.parametrize(
    "heading", ["ประวัติศาสตร์ไทย", "公司的历史", "会社の歴史", "تاريخ الشركة", "कंपनी का इतिहास", "История компании"]
)
def test_a_short_line_is_a_heading_in_any_script(heading: str) -> None:
    assert is_heading(heading)


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"])),
    st.sampled_from(["", "de", "th", "km", "xx"]),
)
def test_segments_hold_every_character_in_order(text: str, language: str) -> None:
    spans = segments(text, language)
    assert "".join(text[start:end] for start, end in spans) == text


@given(st.text())
def test_spans_are_places_in_the_text_whatever_language_is_found(text: str) -> None:
    spans = sentences(text, language_of(text))
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
