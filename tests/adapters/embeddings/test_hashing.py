import numpy as np
import pytest

from app.adapters.embeddings.hashing import HashingEmbedder

pytestmark = pytest.mark.anyio


async def test_rows_are_unit_float32_and_the_same_each_time() -> None:
    texts = ["net revenue", "", "   ", "净收入", "\ud800", "🙂"]
    first, again = [await HashingEmbedder(64).embed(texts, "passage") for _ in range(2)]
    assert first.shape == (6, 64)
    assert first.dtype == np.float32
    assert np.allclose(np.linalg.norm(first, axis=1), 1)
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("What was the net revenue?", "Net revenue was 5 million.", "The cat sat on a mat."),
        ("净收入是多少？", "公司净收入为五百万元。", "猫坐在垫子上。"),
        ("ما هي الإيرادات؟", "بلغت الإيرادات خمسة ملايين.", "جلست القطة على السجادة."),
        ("शुद्ध आय कितनी थी?", "शुद्ध आय पचास लाख थी।", "बिल्ली चटाई पर बैठी।"),
        ("รายได้สุทธิเท่าไร", "รายได้สุทธิห้าล้าน", "แมวนั่งบนเสื่อ"),
    ],
)
async def test_texts_that_share_words_are_nearer(question: str, near: str, far: str) -> None:
    embedder = HashingEmbedder()
    asked = (await embedder.embed([question], "query"))[0]
    similar = await embedder.embed([near, far], "passage") @ asked
    assert similar[0] > similar[1] + 0.1


async def test_no_texts_give_no_rows() -> None:
    assert (await HashingEmbedder(8).embed([], "query")).shape == (0, 8)
