import unicodedata

import pytest

from app.logic.bidi import by_direction
from app.models.domain import Box

WIDTH, HEIGHT = 5.0, 10.0


def printed(*visual: str) -> tuple[str, dict[int, Box]]:
    """Lines as they stand on paper, from left to right; marks stand over the letter that follows them there."""
    raw = "\r\n".join(visual)
    boxes: dict[int, Box] = {}
    x, top = 0.0, 0.0
    for index, character in enumerate(raw):
        if character == "\n":
            x, top = 0.0, top + 2 * HEIGHT
        width = 0.0 if unicodedata.combining(character) or character in "\r\n" else WIDTH
        at = x + WIDTH / 2 if unicodedata.combining(character) else x
        boxes[index] = (at, top, at + width, top + HEIGHT)
        x += width
    return raw, boxes


def read(*visual: str) -> str:
    raw, boxes = printed(*visual)
    made = by_direction(raw, boxes.__getitem__)
    return raw if made is None else made[0]


def on_paper(text: str) -> str:
    """A line of right-to-left words alone, as they look from the left."""
    return text[::-1]


@pytest.mark.parametrize("text", ["يمكن إرجاع البضائع خلال ثلاثين يومًا", "ניתן להחזיר סחורה תוך זמן קצר."])
def test_words_of_one_direction(text: str) -> None:
    assert read(on_paper(text)) == text


def test_numbers_keep_their_digits_and_find_their_place() -> None:
    assert read("םוי 1,250.50 ךות") == "תוך 1,250.50 יום"
    assert read("1,300 1,200 تاداريإلا") == "الإيرادات 1,200 1,300"
    assert read("%25 ةبسنب") == "بنسبة 25%"


def test_latin_words_stay_together() -> None:
    assert read("رادصإلا DocuBot Server 2.5 جمانرب") == "برنامج DocuBot Server 2.5 الإصدار"


def test_words_of_right_to_left_in_a_line_of_the_other_kind() -> None:
    assert read("A long line with ةيبرعلا ةغللا inside of it.") == "A long line with اللغة العربية inside of it."


def test_brackets_open_where_they_are_opened() -> None:
    assert read("המלש (הלמע) ימי", "1 (ףוס") == "ימי (עמלה) שלמה\r\nסוף) 1"
    assert read("Text (in brackets) with םולש.") == "Text (in brackets) with שלום."


def test_words_that_are_in_order_already_stay_so() -> None:
    raw, boxes = printed("שלום לך")
    turned = {index: boxes[len(raw) - 1 - index] for index in range(len(raw))}
    made = by_direction(raw, turned.__getitem__)
    assert made is not None
    assert made[0] == raw
    assert [index for character, index in zip(*made, strict=True) if character != " "] == [0, 1, 2, 3, 5, 6]


def test_each_character_can_be_traced_back() -> None:
    raw, boxes = printed("Before", "םולש 12", "After")
    made = by_direction(raw, boxes.__getitem__)
    assert made is not None
    text, order = made
    assert len(text) == len(order)
    assert all(raw[index] == character for character, index in zip(text, order, strict=True) if character != " ")


def test_other_text_is_left_alone() -> None:
    assert by_direction("Plain text", lambda _: (0.0, 0.0, 1.0, 1.0)) is None
    raw, _ = printed("םולש םולש")
    assert by_direction(raw, lambda _: (0.0, 0.0, 9.0, 9.0)) is None  # all in one place
