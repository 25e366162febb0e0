"""What kind of answer a question wants."""

import pytest

from app.logic.asked import Asked, asked


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (Asked.FREQUENCY, ["How often is it cleaned?", "多久清洗一次？", "कितनी बार?"]),
        (Asked.DURATION, ["How long does it last?", "Wie lange dauert es?", "Can you tell me how many days it takes?"]),
        (Asked.TIME, ["When was it built?", "何時に開きますか？", "متى بدأ البناء؟"]),
        (Asked.NUMBER, ["How heavy is the kit?", "How many steps are there?", "费用是多少？"]),
        (Asked.NAME, ["Who is on the list of members?", "Wer darf es benutzen?", "谁可以使用套件？"]),
        (Asked.REASON, ["Why did it fail?", "¿Por qué falló?", "为什么？"]),
        (
            Asked.LIST,
            [
                "What are the three business segments?",
                "Name all members of the board.",
                "What does the kit contain?",
                "Welche Schritte sind nötig?",
                "¿Cuáles son los riesgos?",
                "Quels sont les risques ?",
                "有哪些步骤？",
                "ما هي الخطوات؟",
                "किट में क्या-क्या है?",
            ],
        ),
        (Asked.DEFINITION, ["What is a pump?", "Was sind Aktien?", "什么是泵？"]),
        (
            Asked.YES_NO,
            [
                "May visitors use the kit?",
                "Was the bridge built in 1931?",
                "Darf man hier rauchen?",
                "¿Es gratis?",
                "Est-ce que la pompe est lourde ?",
                "Можно ли курить?",
                "هل يمكن للزوار الدخول؟",
                "क्या आगंतुक पंप छू सकते हैं?",
                "访客可以使用套件吗？",
                "これは無料ですか？",
                "무료입니까?",
            ],
        ),
        (
            Asked.ANYTHING,
            ["What is in the price list?", "What happens when the clock stops?", "आगंतुक क्या छूते हैं?", "Was kostet das?"],
        ),
    ],
)
def test_the_asking_words_tell(kind: Asked, questions: list[str]) -> None:
    assert [asked(question) for question in questions] == [kind] * len(questions)
