import pytest

from app.logic.parts import parts


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        (
            "en",
            "What were net revenues and costs, and where is the head office of Aurora?",
            ("What were net revenues and costs", "where is the head office of Aurora?"),
        ),
        (
            "en",
            "Who designed the bridge? When was the harbour dug?",
            ("Who designed the bridge?", "When was the harbour dug?"),
        ),
        (
            "de",
            "Wer hat die Brücke entworfen und wann wurde der Hafen gegraben?",
            ("Wer hat die Brücke entworfen", "wann wurde der Hafen gegraben?"),
        ),
        (
            "es",
            "¿Quién diseñó el puente y cuándo abrió el puerto?",
            ("¿Quién diseñó el puente", "cuándo abrió el puerto?"),
        ),
        ("zh", "谁设计了这座大桥，以及港口什么时候建成？", ("谁设计了这座大桥，以及港口什么时候建成？",)),
        ("zh", "谁设计了瓦尔纳大桥，港口是什么时候建成的？", ("谁设计了瓦尔纳大桥", "港口是什么时候建成的？")),
        ("ar", "من صمم جسر فارنا؟ متى افتتح الميناء القديم؟", ("من صمم جسر فارنا؟", "متى افتتح الميناء القديم؟")),
        ("hi", "वर्ना पुल किसने बनाया? पुराना बंदरगाह कब खोला गया?", ("वर्ना पुल किसने बनाया?", "पुराना बंदरगाह कब खोला गया?")),
    ],
)
def test_each_part_is_a_question(language: str, question: str, expected: tuple[str, ...]) -> None:
    assert parts(question, language) == expected


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Who designed the bridge, and when did it open?"),
        ("en", "What are the duties of the board and the committee?"),
        ("en", "Who is who, and what is what?"),
        ("en", "Who dug the harbour, who built the bridge, who paid the builders, and who owns the ships?"),
        ("de", "Wer hat die Brücke entworfen und wann wurde sie gebaut?"),
        ("zh", "谁设计了这座大桥，它什么时候建成？"),
        ("en", ""),
        (None, "???"),
    ],
)
def test_what_does_not_stand_alone_stays_together(language: str | None, question: str) -> None:
    assert parts(question, language) == (question,)
