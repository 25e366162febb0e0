"""What kind of answer a question wants, told from its asking words (Li and Roth 2002, "Learning question classifiers").

The cues are those of the languages that DocuBot knows best; a question in another one wants ANYTHING.
"""

import re
from enum import Enum

from app.logic.folding import MARKS, normalize, strip_accents


class Asked(Enum):
    """What an answer must hold."""

    FREQUENCY = "frequency"
    DURATION = "duration"
    TIME = "time"
    NUMBER = "number"
    NAME = "name"
    REASON = "reason"
    LIST = "list"
    DEFINITION = "definition"
    YES_NO = "yes or no"
    ANYTHING = "anything"


# Question words of languages with spaces, then of those without; the first kind that is met counts.
_CUES = {
    Asked.FREQUENCY: (
        r"how (?:often|frequently|regularly)|at what intervals?|wie (?:oft|häufig)|in welchen abständen|"
        r"à quelle fréquence|tous les combien|combien de fois|con qué frecuencia|cada cuánto|cuántas veces|"
        r"con che frequenza|ogni quanto|com que frequência|de quanto em quanto|hoe vaak|как часто|كم مرة|كل كم|"
        r"कितनी बार|कितने अंतराल",
        "(?:多久|多長時間|多长时间).{0,6}一次|几次|幾次|频率|頻率|何回|どのくらいの頻度|얼마나 자주|บ่อยแค่ไหน|กี่ครั้ง",
    ),
    Asked.DURATION: (
        r"how long (?:do|does|did|has|have|had|will|would|can|could|should|may|must|was|were|after|before|until)|"
        r"how (?:many|much) (?:time|seconds|minutes|hours|days|weeks|months|years)|wie lange|"
        r"wie viele (?:stunden|tage|wochen|monate|jahre)|combien de temps|cuánto (?:tiempo|dura\w*|tarda\w*)|"
        r"quanto tempo|hoe lang|как долго|сколько времени|كم من الوقت|كم (?:مدة|يوما|سنة|عاما)|ما مدة|"
        r"कितने (?:समय|दिन|साल|घंटे)|कितनी देर",
        "多久|多长时间|多長時間|几天|幾天|何年間|何日間|どのくらいの期間|얼마 동안|얼마나 오래|นานแค่ไหน|นานเท่าใด",
    ),
    Asked.TIME: (
        r"^(?!(?:what|how|why|who|where|which) ).*when|"
        r"(?:what|which) (?:\w+ )?(?:years?|date|day|month|decade|century)|how long ago|wann|"
        r"(?:welche[smnr]?) (?:jahr\w*|tag|monat|datum)|quand|quelle (?:année|date)|cuándo|qué (?:año|fecha|día|siglo)|"
        r"quando|che anno|que ano|wanneer|когда|каком году|متى|أي (?:عام|سنة|تاريخ)|تاريخ|कब|किस (?:वर्ष|साल|दिन|तारीख)",
        "什么时候|什麼時候|何时|何時|哪一?年|几年|幾年|哪天|いつ|何年|何月|เมื่อ(?:ไหร่|ไร|ใด)|ปีใด|ปีไหน|언제",
    ),
    Asked.NUMBER: (
        r"how (?:many|much|old|long|far|high|large|big|tall|fast|heavy|wide|deep|thick)|"
        r"what (?:\w+ )?(?:percent|percentage|number|amount|share|price|cost|rate|population|total|size|length|height|"
        r"width|age|value|revenues?|income)|"
        r"wie ?(?:viele?|alt|hoch|groß|lang|weit)|welche[rn]? (?:anteil|prozentsatz|anzahl|höhe)|combien|"
        r"quel (?:pourcentage|nombre|montant)|cuánt[oa]s?|qué (?:porcentaje|número|cantidad)|quant[oaie]s?|hoeveel|"
        r"сколько|какой процент|كم|نسبة|عدد|कितन[^ ]*",
        "多少|几[个名位次种]|幾[個名位次種]|多[大长長高远遠]|百分之|いくつ|いくら|何[人個回%パ]|どのくらい|กี่|เท่า(?:ไหร่|ไร|ใด)|얼마|몇",
    ),
    Asked.NAME: (
        r"who|whom|whose|where|wer|wem|wen|wessen|wo|woher|wohin|qui|où|quién(?:es)?|dónde|chi|dove|quem|onde|wie is|"
        r"waar|кто|кого|кем|где|куда|أين|कौन|किस(?:ने|के|की|का)?|कहाँ",
        "谁|誰|哪[里裡儿個个位国國]|どこ|だれ|どの|ใคร|ที่ไหน|누구|어디",
    ),
    Asked.REASON: (
        r"why|how come|what (?:drove|drives|caused|causes|led to|leads to|explains)|"
        r"what (?:is|was|were|are) the (?:reasons?|causes?)|warum|wieso|weshalb|pourquoi|por qué|perché|"
        r"por que|waarom|почему|зачем|لماذا|لم|क्यों",
        "为什么|為什麼|为何|為何|なぜ|どうして|왜|ทำไม",
    ),
    Asked.LIST: (
        r"(?:list|enumerate|name) (?:all|the|every|each|some|its|their|two|three|four|five|\d+)|"
        r"(?:what|which) (?:\w+ ){0,2}(?:are|were) (?:all |some of )?(?:the|its|their|our|my) (?:\w+ ){0,3}\w+s|"
        r"what (?:all )?(?:do|does|did) (?:\w+ ){1,4}(?:contain|include|comprise|consist of|cover)|"
        r"nenne\w*|zähle\w*|liste\w*|welche \w+ (?:sind|waren|gehören|gibt)|"
        r"was (?:gehört|umfasst|umfassen|enthält|enthalten)|"
        r"quel(?:le)?s (?:sont|étaient|\w+ )|énumère\w*|citez|que contient|cuáles (?:son|eran|fueron)|enumer[ae]\w*|"
        r"qué (?:contiene|incluye|comprende)|quali (?:sono|erano)|elenca\w*|quais (?:são|eram|foram)|noem|opsomm\w+|"
        r"welke \w+ (?:zijn|waren|hebben)|какие|перечисли\w*|назовите|из чего состоит|اذكر|ما هي (?:ال)?\w+|"
        r"ماذا (?:يحتوي|تشمل|يشمل)|कौन[ -](?:कौन|से|सी)|क्या[ -]क्या|सूची",
        "哪些|[有包][括含]?什[么麼]|列[出举舉]|何が含|列挙|무엇이 있|나열|어떤 것들|อะไรบ้าง|ระบุรายการ",
    ),
    Asked.DEFINITION: (
        r"what (?:is|are) (?:an? )?\w+(?: \w+)?[^\w]*$|what does .{1,60} (?:mean|stand for)[^\w]*$|define|"
        r"definition of|"
        r"was (?:ist|sind|bedeutet)(?: (?:ein|eine))? \w+[^\w]*$|qu'?est[- ]ce que?|qué (?:es|son|significa)"
        r"(?: (?:un|una))? \w+[^\w]*$|cos'? ?è|что такое|ما معنى|ما المقصود",
        "什么是|什麼是|是什么意思|是什麼意思|とは何|とは[？?]|란 무엇|คืออะไร",
    ),
    Asked.YES_NO: (
        r"^[^\w]*(?:(?:is|are|were|do|does|did|can|could|will|would|should|may|must|has|have|had)|"
        r"was(?= (?:the|there|it|he|she|this|that|an?|any|your|our|his|her|their) )|"
        r"ist|sind|war|waren|hat|haben|kann|können|darf|dürfen|muss|müssen|soll|sollen|wird|werden|gibt es|"
        r"est-ce qu[e']|(?:est|sont|peut|doit|faut|a|y a)-(?:t-)?(?:il|elle|on|ils|elles|ce)|"
        r"es|son|está|están|hay|puede|pueden|debe|deben|tiene|tienen|se puede|è|può|possono|c'è|deve|devono|"
        r"é|são|pode|podem|há|tem|devem|zijn|mag|moet|heeft|hebben|wordt|worden|можно ли|есть ли|هل|क्या)|"
        r"\w+ ли",
        r"[吗嗎][？?]?\s*$|是否|是不是|有没有|有沒有|能不能|可不可以|(?:ます|です|でしょう)か[。？?]?\s*$|"
        r"(?:니까|나요|가요)[?]?\s*$|(?:หรือไม่|ไหม|มั้ย)[?]?\s*$",
    ),
}
_ASKED = {
    kind: re.compile(
        rf"(?<!\w)(?:{strip_accents(normalize(spaced))})(?![\w{MARKS}])|{strip_accents(normalize(unspaced))}"
    )
    for kind, (spaced, unspaced) in _CUES.items()
}


def asked(question: str) -> Asked:
    """The first kind, in the order of `Asked`, whose asking words stand in the question."""
    plain = strip_accents(normalize(question))
    return next((kind for kind, cue in _ASKED.items() if cue.search(plain)), Asked.ANYTHING)
