"""`footnote search` in other languages than English, and in other ways of writing one word: the real command and index."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.commands.main import main
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home

ARTICLES = {
    "reform.txt": "The economy was opened step by step. It was Deng Xiaoping (鄧小平) who began the reforms in 1978.",
    "weather.txt": "The harbour froze over in January. No ship left it for six weeks, and bread became dear.",
    "cafe.txt": "The Café Ångström in Łódź opened its doors in 1931. Its cakes were known in the whole street.",
    "party.txt": "ＮＴＴ ＤＯＣＯＭＯ held a ﾊﾟｰﾃｨｰ in the old town hall. There were nine speeches.",
    "茶.txt": "阿里山的茶園在清晨採茶。茶葉先在陽光下萎凋，再放進竹籃裡搖動。\n\n製茶師傅徹夜不眠。",
    "鐵路.txt": "森林鐵路在1912年通車。火車從嘉義開往山上，沿途有七十多個隧道。\n\n鐵路今日仍在營運。",
    "灯台.txt": "岬の灯台は1870年に建てられた。灯台守は毎晩、石油ランプに火をともした。",
    "祭り.txt": "夏祭りには花火が上がる。子どもたちは浴衣を着て屋台を見て回る。",
    "김치.txt": "할머니는 가을마다 김치를 담그셨다. 배추는 소금물에 하룻밤 절였다.",
    "다리.txt": "한강의 다리는 1917년에 완공되었다. 홍수가 난 뒤에 더 높게 지었다.",
}
Search = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def home(minilm_encoder: LocalEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    home = Home(folder / "home")
    index = Index(home, Catalog.open(home.catalog_url, create=True))
    Ingestor(index, minilm_encoder).ingest([folder / name for name in ARTICLES])
    index.close()
    return home.path


@pytest.fixture
def first(home: Path, capsys: pytest.CaptureFixture[str]) -> Search:
    """The first hit of `footnote search QUESTION`."""

    def search(question: str) -> dict[str, Any]:
        assert main(["search", question, "-k", "1", "--json", "--home", str(home)]) == 0
        hit: dict[str, Any] = json.loads(capsys.readouterr().out)["hits"][0]
        return hit

    return search


@pytest.mark.parametrize("question", ["鄧小平", "鄧小平是誰？", "Who is 鄧小平?"])
def test_a_chinese_name_finds_its_passage_in_an_english_article(first: Search, question: str) -> None:
    assert "(鄧小平)" in first(question)["text"]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("採茶", "茶.txt"),
        ("竹籃裡放什麼？", "茶.txt"),
        ("鐵路在哪一年通車？", "鐵路.txt"),
        ("隧道有多少個？", "鐵路.txt"),
        ("灯台はいつ建てられたか。", "灯台.txt"),
        ("花火はいつ上がるか。", "祭り.txt"),
        ("ランプ", "灯台.txt"),
        ("김치는 누가 담갔나?", "김치.txt"),
        ("한강에 있는 다리", "다리.txt"),
        ("홍수", "다리.txt"),
    ],
)
def test_articles_are_found_by_words_of_their_own_language(first: Search, question: str, article: str) -> None:
    assert first(question)["article"] == article


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("CAFE ANGSTROM", "Café Ångström"),
        ("cafes of lodz", "Łódź"),
        ("ntt docomo", "ＮＴＴ ＤＯＣＯＭＯ"),
        ("パーティー", "ﾊﾟｰﾃｨｰ"),
        ("ｈａｒｂｏｕｒ　ｊａｎｕａｒｙ", "harbour froze over in January"),
        ("DENG XIAOPING", "Deng Xiaoping"),
    ],
)
def test_case_accents_and_width_are_folded_only_to_match(first: Search, question: str, shown: str) -> None:
    hit = first(question)
    assert shown in hit["text"]
    assert hit["text"] == ARTICLES[hit["article"]][hit["start"] : hit["end"]]
