"""A question that asks several things, as the questions that it is made of.

"What were net revenues, and where is the head office?" has two answers in two places; asked as one, each place lacks
half of it. It is split only where each part stands on its own: one that says "it" needs the others.
"""

import re

from app.logic.evidence import terms
from app.logic.intent import read
from app.logic.sentences import sentences
from app.logic.stopwords import without_question_phrases

MOST = 3
_LEAST = 2
"""Words of its own that a part must have."""
_ASKING = (
    r"what|which|who|whom|whose|when|where|why|how|was|welche[rsnm]?|wer|wem|wen|wann|wo|warum|wie|que|quel(?:le)?s?|qui|"
    r"quand|où|pourquoi|comment|combien|qué|cuál(?:es)?|quién(?:es)?|cuándo|dónde|cómo|cuánt[oa]s?|che|quale|chi|dove|"
    r"come|quant[oaie]|quando|onde|quem|qual|wat|welke|wie|wanneer|waar|hoe|что|кто|когда|где|почему|как|сколько|"
    r"ما|من|متى|أين|لماذا|كيف|كم|क्या|कौन|कब|कहाँ|क्यों|कैसे|कितन\w+"
)
_AND = re.compile(
    rf"[,;،]?\s+(?:and|und|y|et|e|en|и|और)\s+(?=(?:{_ASKING})(?!\w))|[,;،]\s*و?(?=(?:{_ASKING})(?!\w))|[；;]\s*|"
    r"[，,](?:并且|而且|以及|还有)?(?=.*(?:什么|什麼|谁|誰|哪|多少|何|几|怎))",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"(?<!\w)(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|er|sie|ihn|ihm|ihr\w*|sein\w*|il|elle|"
    r"ils|elles|lui|leur|él|ella|ellos|ellas|su|sus|esso|essa|suo|sua|ele|ela|seu|hij|zij|zijn|он|она|оно|они|его|её|их|"
    r"هو|هي|هم|यह|वह|उस\w*|इस\w*|वे|ये)(?!\w)|[它他她其这這那]",
    re.IGNORECASE,
)


def parts(question: str, language: str | None) -> tuple[str, ...]:
    """Two or three questions, each of which stands alone; the question itself where it asks one thing."""
    core = read(question).core
    found = [piece.strip() for start, end in sentences(core) for piece in _AND.split(core[start:end]) if piece.strip()]
    alone = all(
        len(terms(without_question_phrases(piece), language)) >= _LEAST and not _POINTS_BACK.search(piece)
        for piece in found
    )
    return tuple(found) if 1 < len(found) <= MOST and alone else (question,)
