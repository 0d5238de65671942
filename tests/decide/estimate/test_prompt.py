from importlib.resources import files

import pytest

from sampan.contract.errors import Corrupt
from sampan.decide.estimate.priors import EASE
from sampan.decide.estimate.prompt import PromptReader
from sampan.decide.estimate.table import packed, unpacked


@pytest.fixture(scope="module")
def reader():
    return PromptReader.default()


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Write a python function that reverses a linked list.", "code"),
        ("寫個 Python script 將資料夾入面啲相改名", "code"),
        (
            "Ben has 14 apples and buys 23 more. He gives half to Sue. How many apples does he have left?",
            "word_problem",
        ),
        ("一本書原價 $120，打七折再減 $10，要俾幾多錢？", "word_problem"),
        ("幫我將呢段翻譯做英文：聽日下晝三點喺公司開會。", "translation"),
        ("Translate the following letter into French: Dear Sir,", "translation"),
        ("Proofread this email: I are writing to asks about the bill.", "rewriting"),
        ("幫我寫封求職信俾一間銀行", "writing"),
        ("Prove that the sum of two even numbers is even.", "maths"),
        ("A 60-year-old man presents with chest pain and sweating. What is the diagnosis?", "medicine"),
        ("食咗抗生素之後肚痛，要唔要睇醫生？", "medicine"),
        ("僱主炒咗我冇俾代通知金，法律上可以點做？", "law"),
        ("總結以下會議記錄，列出跟進事項：今日會議討論咗預算。", "summary"),
        ("早晨！今日好攰呀", "chat"),
        ("who played the joker in batman begins", "lookup"),
    ],
)
def test_domains(reader, text, domain):
    domains = reader.read(text, "en").domains
    assert domains[0][0] == domain, domains
    assert 0 < sum(share for _, share in domains) <= 1 + 1e-6
    assert list(domains) == sorted(domains, key=lambda pair: -pair[1])


def test_longer_and_harder(reader):
    easy = reader.read("Say hello to Amy.", "en")
    hard = reader.read("Prove that every continuous function on a compact set is uniformly continuous. " * 5, "en")
    assert easy.difficulty < hard.difficulty
    assert {easy.difficulty, hard.difficulty} <= set(range(5))


def test_what_is_harder_has_a_higher_difficulty(reader):
    looks = [reader.look(text, "en") for text in ("hi", "Why is the sky blue?", "Prove it. " * 100)]
    hardness = [traits.hardness for _, traits in looks]
    assert hardness == sorted(hardness)
    assert [prompt.difficulty for prompt, _ in looks] == sorted(prompt.difficulty for prompt, _ in looks)


def test_every_domain_has_a_family(reader):
    assert set(reader.families) == set(reader.domains) == set(EASE)
    assert {topic.partition("/")[0] for topic in reader.topics} == set(reader.domains)


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00" * 50, "a" * 200_000, "🙂" * 3000, "零" * 9000])
def test_anything_can_be_read(reader, text):
    prompt, traits = reader.look(text, "other")
    assert prompt.language == "other"
    assert 0 <= prompt.difficulty <= 4
    assert len(traits.to_bytes()) < 1000


def test_what_lies_between_the_ends_is_not_looked_at(reader):
    between = "a " * 5000 + "def f(): python" + "a " * 5000
    assert reader.look(between, "en") == reader.look("a " * 10007, "en")


def test_weights_of_another_kind_are_refused():
    facts, cells = unpacked(files("sampan.decide.estimate").joinpath("data", "reader.bin").read_bytes())
    for spoiled in ({**facts, "version": 9}, {**facts, "cues": ["length"]}):
        with pytest.raises(Corrupt, match="another version"):
            PromptReader(packed(spoiled, cells))
    with pytest.raises(Corrupt, match="another size"):
        PromptReader(packed(facts, cells[:-1]))
