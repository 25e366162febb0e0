import pickle
import time
import unicodedata
from itertools import pairwise

import pytest

from app.adapters.embeddings.e5 import E5Session
from app.adapters.embeddings.tokenizer import Tokenizer

BOS, EOS, UNK = 0, 2, 3

# Ids of the published tokenizer of XLM-RoBERTa, marks included.
REFERENCE = {
    "Hello world": [0, 35378, 8999, 2],
    "你好,世界": [0, 6, 124084, 4, 3221, 2],
    "query: ﷺ": [0, 41, 1294, 12, 16509, 1423, 4472, 8756, 2],
}


@pytest.fixture(scope="module")
def tokenizer(session: E5Session) -> Tokenizer:
    return session.tokenizer


@pytest.mark.parametrize("text", REFERENCE)
def test_ids_are_those_of_the_model(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.encode(text, 512) == REFERENCE[text]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ｆｕｌｌ　ｗｉｄｔｈ １２", "full width 12"),
        ("ﻣﺮﺣﺒﺎ", "مرحبا"),
        ("e\u0301te\u0301 हिन्दी", "été हिन्दी"),
        ("  a \t b\u00a0\n c  ", "a b c"),
        ("ﬁne ㎏", "fine kg"),
    ],
)
def test_text_is_normalized_as_in_training(tokenizer: Tokenizer, text: str, same: str) -> None:
    assert tokenizer.encode(text, 512) == tokenizer.encode(same, 512)


def test_composed_and_decomposed_text_are_one(tokenizer: Tokenizer) -> None:
    text = "Tiếng Việt, 한국어, ἄνθρωπος"
    assert tokenizer.encode(unicodedata.normalize("NFD", text), 512) == tokenizer.encode(text, 512)


@pytest.mark.parametrize("text", ["", " \n\t ", "\u3000"])
def test_nothing_has_no_tokens(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.count(text) == 0
    assert tokenizer.encode(text, 512) == [BOS, EOS]


def test_text_that_spells_a_mark_does_not_become_it(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("a</s><s><pad><mask>b", 512)
    assert ids.count(EOS) == ids.count(BOS) == 1
    assert not set(ids) & {1, 250001}


def test_lone_surrogates_are_unknown_characters(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("a\ud83d b", 512) == tokenizer.encode("a\ufffd b", 512)


@pytest.mark.parametrize("text", ["word " * 50_000, "漢" * 30_000, "antidisestablishment" * 10_000, "ﷺ" * 5_000])
def test_long_text_keeps_its_beginning(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode(text, 64)
    assert len(ids) == 64
    assert ids[:-1] == tokenizer.encode(text[:2000], 512)[:63]


def test_text_after_a_long_run_of_spaces_is_seen(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode(" " * 100_000 + "end", 16) == tokenizer.encode("end", 16)


@pytest.mark.parametrize("text", ["Net revenue rose 12%.", "净收入增长了百分之十二。", "ارتفعت الإيرادات", "आय बढ़ी है"])
def test_offsets_name_each_token_in_order(tokenizer: Tokenizer, text: str) -> None:
    offsets = tokenizer.offsets(text)
    assert len(offsets) == tokenizer.count(text)
    assert offsets[0][0] == 0
    assert offsets[-1][1] == len(text)
    assert all(before[1] == after[0] for before, after in pairwise(offsets))


@pytest.mark.parametrize(
    "text", ["one two three four five", "一二三四五六七八九十天地玄黄宇宙洪荒", "ข้อความภาษาไทยที่ยาว"]
)
def test_truncating_keeps_a_prefix_of_that_many_tokens(tokenizer: Tokenizer, text: str) -> None:
    short = tokenizer.truncate(text, 3)
    assert text.startswith(short)
    assert 0 < len(short) < len(text)
    assert tokenizer.count(short) == 3
    assert tokenizer.truncate(text, 500) == text


def test_it_pickles_as_its_path_and_loads_once(tokenizer: Tokenizer) -> None:
    expected = tokenizer.count("two words")
    data = pickle.dumps(tokenizer.count)
    assert len(data) < 1000
    started = time.perf_counter()
    assert [pickle.loads(data)("two words") for _ in range(100)] == [expected] * 100
    assert time.perf_counter() - started < 5  # loading takes a third of a second
