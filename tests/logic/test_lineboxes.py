from app.logic.lineboxes import merge
from app.models.domain import Box


def run(
    text: str, x: float, y: float, *, step: tuple[float, float] = (5, 0), size: tuple[float, float] = (5, 10)
) -> list[tuple[str, Box]]:
    boxes = ((x + step[0] * index, y + step[1] * index) for index in range(len(text)))
    return [(char, (left, top, left + size[0], top + size[1])) for char, (left, top) in zip(text, boxes, strict=True)]


def test_one_box_a_line() -> None:
    assert merge([*run("first\r\n", 10, 20), *run("second", 10, 34)]) == ((10, 20, 35, 30), (10, 34, 40, 44))


def test_white_space_and_empty_boxes_count_for_nothing() -> None:
    assert merge([(" ", (0, 0, 500, 500)), ("a", (1, 1, 1, 9)), *run("b", 10, 20), ("\n", (0, 0, 9, 9))]) == (
        (10, 20, 15, 30),
    )
    assert merge([]) == ()


def test_pieces_of_a_line_are_one_box_and_columns_are_two() -> None:
    assert merge([*run("one\r\n", 10, 20), *run("piece", 40, 20)]) == ((10, 20, 65, 30),)
    assert len(merge([*run("left\r\n", 10, 20), *run("right", 300, 20)])) == 2


def test_cells_of_a_row_are_one_box() -> None:
    assert merge([*run("Sales", 10, 20), *run("1,200", 300, 20)]) == ((10, 20, 325, 30),)


def test_a_hyphen_at_a_line_end_parts_two_boxes() -> None:
    assert len(merge([*run("exam\ufffe", 300, 20), *run("ple", 10, 34)])) == 2


def test_text_that_runs_upwards_is_one_box() -> None:
    assert merge(run("turned", 50, 200, step=(0, -5), size=(10, 5))) == ((50, 175, 60, 205),)


def test_small_letters_above_the_line_belong_to_it() -> None:
    assert len(merge([*run("note", 10, 20), ("1", (30, 18, 33, 24)), *run("goes on", 33, 20)])) == 1


def test_right_to_left_text_is_one_box() -> None:
    assert merge(run("مرحبا", 100, 20, step=(-5, 0))) == ((80, 20, 105, 30),)
