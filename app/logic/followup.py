"""Follow-up questions made to stand alone without a model: what was left out is carried over from the question before.

"And in 2021?" takes the last question with its year replaced; "and Siemens?" takes it with its name replaced; "when was
it founded?" keeps its own words and gets the names that "it" may mean.
"""

import re
from collections.abc import Sequence

from app.logic.evidence import terms
from app.logic.folding import MARKS, normalize
from app.logic.question import names
from app.logic.stopwords import without_question_phrases
from app.logic.tokens import STEM
from app.models.domain import Turn

_OPENING = re.compile(
    rf"^\s*[¿¡]?\s*(?:(?:and|but|or|also|what about|how about|und|aber|oder|et|mais|ou|y|pero|e|ma|en|maar|а|и|"
    rf"وماذا عن|ماذا عن|और|लेकिन)(?![\w{MARKS}])|و(?=في |ماذا |كم |من |متى |أين |هل |ال|\d)|那么?|那麼|还有|還有|以及|"
    r"それでは|では|じゃあ|แล้ว|그럼|그리고)\s*",
    re.IGNORECASE,
)
_REFERRING = re.compile(
    rf"(?<![\w{MARKS}])(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|the same|er|sie|es|"
    r"ihre?|ihren|ihrer|seine?|seinen|dessen|deren|dort|il|elle|ils|elles|son|sa|ses|leur|leurs|cela|su|sus|ello|ella|ellos|"
    r"suo|sua|suoi|loro|seu|seus|dele|dela|он|она|оно|они|его|её|ее|их|هو|هي|هم|هذا|هذه|ذلك|वह|यह|वे|इसका|इसके|इसकी|उसका|उसके|"
    rf"उसकी|उनका|उनके|उनकी)(?![\w{MARKS}])|它|他|她|这个|這個|那个|那個|其(?=[\u4e00-\u9fff])|それ|その|彼|มัน|เขา|그것|그의",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[१-९][०-९]{3}|[١-٩][٠-٩]{3}")
_QUARTER = re.compile(r"(?<![^\W_])[QqHh][1-4](?![^\W_])")
_LITTLE = 1
"""Words that say something, up to which a question cannot stand alone."""


def standalone(question: str, history: Sequence[Turn], language: str | None = None) -> str:
    """The question as it can be searched for alone; the same text when it needs nothing from `history`."""
    if not history:
        return question
    before = history[-1].standalone or history[-1].question
    opening = _OPENING.match(question)
    if opening is None and _REFERRING.search(question):
        carried = _carried(before, question, language)
        return f"{question} ({' '.join(carried)})" if carried else question
    rest = question[opening.end() :] if opening else question
    if opening or len(terms(without_question_phrases(rest), language)) <= _LITTLE:
        return _replaced(before, rest, language) or f"{before.rstrip(' ?？؟')} {rest}"
    return question


def _carried(before: str, question: str, language: str | None) -> list[str]:
    """The names of the question before, or all that it says where it has none."""
    found = [name for name in names(before) if name not in question]
    own = terms(question, language)
    return found or [word for word in before.split() if terms(word, language) - own]


def _replaced(before: str, rest: str, language: str | None) -> str | None:
    """The question before with its year, quarter or only name replaced by the rest's; None where that is not all."""
    text, left = before, rest
    for pattern in (_YEAR, _QUARTER):
        new = pattern.findall(rest)
        if len(new) == 1 and pattern.search(text):
            text = pattern.sub(new[0], text)
            left = pattern.sub(" ", left)
    if text == before:
        old = names(before)
        new = [name for name in names(f"- {rest}") if terms(name, language)]
        if len(old) == len(new) == 1:
            text, left = before.replace(old[0], new[0]), left.replace(new[0], " ")
    known = normalize(before)
    more = terms(without_question_phrases(left), language)
    return text if text != before and all(term.removeprefix(STEM) in known for term in more) else None
