"""The engine: both ways of finding places agree, and no text makes it slow."""

import re
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.understand import patterns
from sampan.understand.detector import Detector
from sampan.understand.normalise import normalise
from sampan.understand.patterns import Engine, Pattern, Trigger, finding, pure_places
from sampan.understand.recognisers import BUILT_IN

ALPHABET = "A1b2@. -:/[]()_+%\\'\"=密碼電話é，\n\x1e９eyJskghp"
PATTERNS = [each for each in BUILT_IN if isinstance(each, Pattern)]
ENGINE = Engine(PATTERNS)


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from(ALPHABET), max_size=200))
def test_hyperscan_and_re_find_the_same_places(text):
    data = normalise(text).ascii
    assert ENGINE.places(data) == pure_places(PATTERNS, data)


@pytest.mark.parametrize("recogniser", PATTERNS, ids=lambda each: each.name)
def test_every_trigger_has_the_length_it_says(recogniser):
    for trigger in recogniser.triggers:
        assert re._parser.parse(trigger.pattern).getwidth() == (trigger.width, trigger.width)


def test_without_hyperscan_it_finds_the_same(monkeypatch):
    text = "HKID A123456(3), 9123 4567, chan@example.org, 密碼：hunter2"
    monkeypatch.setattr(patterns, "HYPERSCAN", None)
    assert Detector.patterns().detect(text) == Detector(BUILT_IN).detect(text)
    assert len(Detector.patterns().detect(text)) == 4


def test_a_pattern_can_be_used_alone():
    found = Pattern("x", "1", [Trigger("ab")], lambda text, at: finding(text, (at, at + 2), Kind.USER_TERM, 1.0))
    assert [each.start for each in found.find("ab-ab")] == [0, 3]


def test_many_threads_at_once():
    detector = Detector.patterns()
    wrong = []

    def work(number):
        text = f"HKID A123456(3) {'word ' * 2000} 9{number:03d} 4567"
        wrong.extend(number for _ in range(20) if len(detector.detect(text)) != 2)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


HARD = ["1", "[", "A1", "%", "%41", "a@", "@", "9123 4567 ", "4111 ", "+1 ", "://", "a://x?key=", "-----BEGIN ", "sk-a",
        "-----BEGIN PRIVATE KEY-----", "密碼:", "password=", "eyJ0eXAi.", "1.2.", "a:", "::1:", "\\u0041", "data:,",
        "data:text/plain;base64,", "DE89 ", "\u200b1", "（", "&#65;", "0 ", "(0", "token: ", "phone 9", "[ ", "[PERSON_",
        "Private-Lines: 1\n", "x@y.", "e-", "0000", "110101199003", "Bearer a", "passport,", "passport,x\n", ", passport, dob, account",
        "name,passport,dob\n" + "x,K12345678,1990-01-01\n" * 30, "護照1", "學 號 ", "account 123 456 ", "dob 1990-01-", "日生", "生日",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ", "1A1zP", "糖尿病", "佢有糖尿病", "car AB 123", "車", "粵B1", "22.31930 ", "22°1",
        "00:1A:2B:3C:", "case no 1/1/1 hospital ", "P<UTO<<<<<<<<", "A123456789 ", "sin 1", "密碼\n", "-u a:", "<password>",
        "openai_key=", "8Q~abcdefghi", "https://hooks.example.com/a/", "|passport|\n|---|\n",
        "dob|", "dob\n", "secret=", "架 AB", "a/c ", "bir ", "bearer a", "order no. 12345678, ", "1990年1月1日生", "pwd=a1b2c3d4 ",
        "https://h.example/a?token=abcdefgh12345 ", "INSERT INTO t (dob) VALUES ('1990-01-01'),", '{"phone":"91234567"},', "😀", "𝐀",
        "a\u200b", "一二三四", "dob\tname\tphone\n1990-01-01\tx\t91234567\n"]  # fmt: skip


@pytest.mark.parametrize("unit", HARD)
def test_time_grows_with_length_only(unit):
    detector = Detector.patterns(["PERSON:陳大文"])

    def cost(size):
        text = unit * (size // len(unit))
        best = 9.9
        for _ in range(2):
            start = time.process_time()
            detector.detect(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = cost(20_000), cost(100_000)
    assert large < 2.0
    assert large < 0.1 or large / max(small, 1e-4) < 12
