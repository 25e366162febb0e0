"""What must not change goes through masks and checks in 12 languages: nothing of it is seen, and a loss is noticed."""

import re

import pytest

from app.logic.translation_checks import fault
from app.logic.translation_masks import restore, segment
from app.models.translation import Pair

SENTENCES = {
    "ar": "افتح {} أو شغّل {} قبل {} وادفع {}؛ انظر {} في {}.",
    "de": "Öffnen Sie {} oder starten Sie {} vor {} und zahlen Sie {}; siehe {} in {}.",
    "en": "Open {} or run {} before {} and pay {}; see {} in {}.",
    "es": "Abra {} o ejecute {} antes de {} y pague {}; vea {} en {}.",
    "fr": "Ouvrez {} ou lancez {} avant {} et payez {} ; voir {} dans {}.",
    "he": "פתחו את {} או הריצו {} לפני {} ושלמו {}; ראו {} ב {}.",
    "hi": "{} खोलें या {} चलाएँ {} से पहले और {} दें; {} में {} देखें।",
    "ja": "{} を開くか {} を実行し、{} までに {} を払う。{} の {} を参照。",
    "ko": "{} 를 열거나 {} 를 실행하고 {} 전에 {} 를 내세요; {} 의 {} 참조.",
    "ru": "Откройте {} или запустите {} до {} и заплатите {}; см. {} в {}.",
    "th": "เปิด {} หรือรัน {} ก่อน {} แล้วจ่าย {} ดู {} ใน {}",
    "zh-Hans": "打开 {} 或运行 {}，在 {} 之前支付 {}；见 {} 的 {}。",
}
THINGS = ("https://example.org/a?b=1", "`rm -rf /tmp/x`", "2026-03-01", "€1,250.50", "<b>12 kg</b>", "port@example.org")


@pytest.mark.parametrize("language", SENTENCES)
def test_things_are_kept_and_their_loss_is_told(language: str) -> None:
    piece = segment(SENTENCES[language].format(*THINGS))
    pair = Pair(language, "de" if language == "en" else "en")
    assert restore(piece, piece.text) == piece.raw
    assert "".join(kept for (kept,) in piece.kept) == "".join(THINGS[:4]) + "<b>12 kg</b>" + THINGS[5]
    marks = re.findall(r"<x\d+/>", piece.text)
    assert len(marks) == 8
    assert not re.search(r"\d", re.sub(r"<x\d+/>", "", piece.text))
    for mark in marks:
        assert fault(piece, piece.text.replace(mark, "", 1), pair) == "marks_changed"
        assert fault(piece, piece.text.replace(mark, mark * 2, 1), pair) == "marks_changed"


@pytest.mark.parametrize("language", SENTENCES)
def test_figures_in_words_are_kept_or_their_loss_is_told(language: str) -> None:
    """The model sees these: 1,742 may become 1.742, ١٧٤٢ or १७४२, and nothing else."""
    piece = segment(SENTENCES[language].format("A1", "B2", "1,742", "3", "C4", "58"))
    pair = Pair(language, "de" if language == "en" else "en")
    assert piece.kept == ()
    for said in ("1.742", "1 742", "١٬٧٤٢", "१,७४२"):
        assert fault(piece, piece.text.replace("1,742", said), pair) != "numbers_changed"
    for said in ("", "1,743", "1,742 1,742", "17,42,0"):
        assert fault(piece, piece.text.replace("1,742", said), pair) == "numbers_changed"
