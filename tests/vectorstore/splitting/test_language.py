"""Languages of articles and of questions."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.splitting.language import chinese_script, known_language, language_of, language_of_question

QUESTIONS = {
    "en": ["Who bought the company?", "what is photosynthesis", "WHO IS THE MAYOR OF THIS TOWN", "Who is 鄧小平?"],
    "de": ["Wer hat die Firma gekauft?", "wie viele einwohner hat die stadt", "Und wann?", "Wer ist 鄧小平?"],
    "fr": ["Qui a acheté l'entreprise ?", "combien d'habitants compte la ville"],
    "es": ["¿Quién compró la empresa?", "cuántos habitantes tiene la ciudad"],
    "vi": ["Ai đã mua công ty này?"],
    "tr": ["Şirketi kim satın aldı?"],
    "ru": ["Кто купил эту компанию?"],
    "el": ["Ποιος αγόρασε την εταιρεία;"],
    "ar": ["من الذي اشترى الشركة؟"],
    "hi": ["कंपनी किसने खरीदी?"],
    "th": ["ใครซื้อบริษัท"],
    "ja": ["誰が会社を買収しましたか。", "Super Bowl 50 の MVP は誰ですか"],
    "ko": ["누가 회사를 샀습니까?"],
    "zh": ["谁收购了这家公司？", "誰收購了這家公司？", "Super Bowl 50 的 MVP 是谁？"],
}


@pytest.mark.parametrize(("language", "question"), [(code, one) for code, some in QUESTIONS.items() for one in some])
def test_the_language_of_a_question(language: str, question: str) -> None:
    assert language_of_question(question) == language


@pytest.mark.parametrize("text", ["", "2+2", "?!", "👍", "https://example.org/wer/hat/gekauft", "Zxqv", "hi"])
def test_what_cannot_be_told_has_no_language(text: str) -> None:
    assert language_of_question(text) == ""


def test_an_expected_language_decides_about_what_fits_several() -> None:
    assert (language_of_question("merci"), language_of_question("merci", {"en", "fr"})) == ("", "fr")


def test_a_question_in_another_language_than_expected_keeps_its_own() -> None:
    assert language_of_question("Wer hat die Firma gekauft?", ("en",)) == "de"


def test_an_article_has_the_language_of_most_of_it() -> None:
    german = "Die Firma wurde im Mai verkauft, und niemand weiß, wie viel der neue Eigentümer dafür bezahlt hat. " * 60
    assert language_of("The following article is in German.\n\n" + german) == "de"


def test_a_list_of_names_of_languages_is_in_none() -> None:
    assert (
        language_of(
            "Ελληνικά\nsvenska\nDeutsch\nсрпски\n한국어\nmagyar\nالعربية\nfrançais\nไทย\nहिन्दी\n日本語\nEnglish\nespañol"
        )
        == ""
    )


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("de", "de"),
        ("EN", "en"),
        ("pt-BR", "pt"),
        ("zh_TW", "zh"),
        ("nb", "no"),
        (" German ", "de"),
        ("xx", ""),
        ("a language", ""),
        ("", ""),
    ],
)
def test_a_language_is_known_by_its_code_or_name(stated: str, code: str) -> None:
    assert known_language(stated) == code


@pytest.mark.parametrize(
    ("text", "script"),
    [("誰收購了這家公司？", "zh-Hant"), ("谁收购了这家公司？", "zh-Hans"), ("你好", "zh-Hans"), ("hello", "zh-Hans")],
)
def test_the_characters_tell_traditional_chinese_from_simplified(text: str, script: str) -> None:
    assert chinese_script(text) == script


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert all(len(code) in (0, 2) for code in (language_of(text), language_of_question(text, ("en",))))


def test_only_the_model_is_read_not_the_downloader() -> None:
    code = "import sys, vectorstore.splitting.language as l; l.language_of('Hello'); print('robust_downloader' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


@pytest.mark.parametrize(
    ("question", "language"),
    [("Pourquoi Okinawa est-elle importante ?", "fr"), ("¿Dónde vive Skerritt?", "es"), ("Where does Skerritt live?", "en")],
)
def test_a_foreign_name_does_not_hide_a_questions_language(question: str, language: str) -> None:
    assert language_of_question(question, ["en"]) == language
