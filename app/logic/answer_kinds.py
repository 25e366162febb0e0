"""How well a sentence holds the kind of answer that a question wants, 0..1: a time, a number, a name, a list."""

import re
from collections.abc import Callable
from functools import lru_cache

from app.logic.asked import Asked
from app.logic.evidence import Unit, terms
from app.logic.folding import MARKS, normalize, strip_accents
from app.logic.intent import read
from app.logic.numbers import Number, find_numbers, missing
from app.logic.periods import periods
from app.logic.printed import printed_names
from app.logic.question import Question, names

_NAME = re.compile(r"(?<=[^\s.!?।。\"“]\s)[\"“(]?([A-ZÀ-ÞА-ЯΑ-Ω][^\W\d_]+)")
_LISTS = re.compile(r"[:：]\W*$|(?:[,;،؛、，；][^,;،؛、，；.!?。！？]{1,80}){2}|[、][^、。]{1,40}[、和及与與]")
_PERIODS = (
    "fiscal year quarter month annual end ended geschäftsjahr jahr quartal monat ende année exercice trimestre "
    "mois fin año ejercicio mes anno esercizio ano exercício mês boekjaar jaar kwartaal maand финансовый год "
    "квартал месяц конец 财年 财政年度 年度 季度 年 月 年末 会計年度 四半期 期末 "
    "회계연도 연도 분기 السنة المالية الربع العام نهاية वित्तीय वर्ष तिमाही"
)
"""Words that say with a number which time is meant."""
_OPEN = frozenset({Asked.ANYTHING, Asked.LIST})
"""Kinds that a question for a measure may be taken for: "What were the net sales?" asks for no list."""
_UNKNOWN, _UNLIKELY = 0.5, 0.25
_OPENING = 60
"""Characters within which a definition names what it defines."""


def _pattern(spaced: str, unspaced: str) -> re.Pattern[str]:
    spaced, unspaced = strip_accents(normalize(spaced)), strip_accents(normalize(unspaced))
    return re.compile(rf"(?<!\w)(?:{spaced})(?![\w{MARKS}])|{unspaced}")


_LASTING = _pattern(
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|decades?|centur(?:y|ies)|"
    r"sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|jahrzehnte?n?|"
    r"secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|"
    r"secondi|minuti|ore|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|dias?|mês|anos?|dagen|weken|maanden|jaar|jaren|"
    r"секунд\w*|минут\w*|час\w*|дн\w+|день|недел\w+|месяц\w*|год\w*|лет|"
    r"\w*(?:ثانية|ثوان|دقيقة|دقائق|ساعة|ساعات|يوما?|أيام|أسبوع|أسابيع|شهرا?|أشهر|شهور|سنة|سنوات|عاما?|أعوام)|"
    r"सेकंड|मिनट|घंटे|घंटा|दिन|दिनों|सप्ताह|महीने|महीना|माह|साल|वर्ष|वर्षों)",
    "[秒分时時天日周週月年]|小时|小時|星期|世纪|世紀|時間|分間|초|분|시간|일|주|개월|년|วินาที|นาที|ชั่วโมง|วัน|สัปดาห์|เดือน|ปี",
)
_OFTEN = _pattern(
    r"every|each|per|daily|hourly|weekly|monthly|quarterly|yearly|annual(?:ly)?|once|twice|times|always|never|"
    r"regularly|jede[nmrs]?|alle|pro|täglich|stündlich|wöchentlich|monatlich|vierteljährlich|jährlich|"
    r"einmal|zweimal|\w+mal|regelmäßig|chaque|tous les|toutes les|par|fois|quotidien\w*|hebdomadaire\w*|mensuel\w*|"
    r"annuel\w*|cada|todos los|todas las|veces|vez|diari\w+|semanal\w*|mensual\w*|anual\w*|ogni|volt[ae]|"
    r"giornalier\w+|settimanal\w+|mensil\w+|annual\w+|todos os|vezes|elke?|keer|dagelijks|wekelijks|maandelijks|"
    r"jaarlijks|кажд\w+|раз\w?|ежедневно|еженедельно|ежемесячно|ежегодно|كل|مرة|مرات|مرتين|يوميا|أسبوعيا|شهريا|سنويا|"
    r"हर|प्रत्येक|प्रति|बार|रोज|रोज़ाना|प्रतिदिन|साप्ताहिक|मासिक|वार्षिक",
    "每|一次|次|毎|ごと|おき|마다|매[일주월년]|번|ทุก|ครั้ง|ละครั้ง",
)
_BECAUSE = _pattern(
    r"because|since|due to|owing to|so that|in order to|as a result|therefore|caused?(?: by)?|causes|led to|leads to|"
    r"results? (?:in|from)|resulted (?:in|from)|reasons?|weil|da|denn|wegen|"
    r"damit|um|deshalb|aufgrund|grund|parce qu\w*|car|afin|en raison|puisque|pour|porque|debido a|ya que|puesto que|"
    r"para|a causa de|perché|poiché|a causa|per|pois|devido a|omdat|want|doordat|vanwege|потому|так как|из-за|чтобы|"
    r"поскольку|لأن\w*|بسبب|نظرا|لكي|حتى|من أجل|क्योंकि|कारण|ताकि|इसलिए|वजह|लिए",
    "因为|因為|由于|由於|所以|因此|为了|為了|から|ため|ので|때문|위해|เพราะ|เนื่องจาก|เพื่อ",
)
_IS = _pattern(
    r"is|are|means|refers to|denotes|stands for|ist|sind|bedeutet|heißt|bezeichnet|est|sont|désigne|signifie|es|son|"
    r"significa|è|sono|é|são|zijn|betekent|это|означает|является|هو|هي|يعني|تعني|है|हैं|अर्थ",
    "是|指|意为|意為|とは|である|です|이다|입니다|คือ|หมายถึง|—|–",
)


def held(unit: Unit, question: Question) -> float:
    """How well the sentence or row holds what the question asks for; .5 where its kind tells nothing."""
    if question.asked in _OPEN and _is_of_a_measure(question):
        return _number(unit, question)
    return _HELD[question.asked](unit, question)


def values(text: str) -> list[Number]:
    """The numbers that are no years."""
    return [number for number in find_numbers(text) if number.unit or not 1900 <= number.value < 2100]


def _name(unit: Unit, question: Question) -> float:
    """Scripts without capitals do not tell."""
    names = _NAME.findall(unit.text)
    return float(any(name not in question.text for name in names)) if names else _UNLIKELY


def _number(unit: Unit, question: Question) -> float:
    return float(bool(missing(values(unit.text), question.numbers)))


def _time(unit: Unit, question: Question) -> float:
    if periods(unit.text) - periods(question.text):
        return 1.0
    return _UNKNOWN if missing(find_numbers(unit.text), question.numbers) else 0.0


def _lasting(unit: Unit, question: Question) -> float:
    """ "How long" may ask for metres, too."""
    return 1.0 if _LASTING.search(_plain(unit)) else _UNKNOWN * _number(unit, question)


def _often(unit: Unit, question: Question) -> float:
    """ "every four years", "twice a day"; "daily" alone tells less, and a span of time alone is no frequency."""
    plain = _plain(unit)
    often = 0.75 * bool(_OFTEN.search(plain)) + 0.25 * bool(_LASTING.search(plain))
    return max(often, _UNKNOWN * _number(unit, question))


def _reason(unit: Unit, question: Question) -> float:
    return max(_UNLIKELY, float(bool(_BECAUSE.search(_plain(unit)))))


def _definition(unit: Unit, question: Question) -> float:
    """It opens with what is defined, and says what that is."""
    opening = terms(unit.text[:_OPENING], question.language)
    says = bool(_IS.search(_plain(unit)))
    return max(_UNLIKELY, float(says and bool(opening & question.terms(question.language))))


def _list(unit: Unit, question: Question) -> float:
    """It leads to a list, or holds one."""
    return 1.0 if _LISTS.search(unit.text) else _UNKNOWN


def _anything(unit: Unit, question: Question) -> float:
    return _UNKNOWN


@lru_cache(maxsize=64)  # asked for each sentence of the passages
def _is_of_a_measure(question: Question) -> bool:
    """Whether it names what reports print a figure for, and beside it nothing but somebody and a time."""
    if not read(question.text).numeric:
        return False
    spoken = " ".join([_PERIODS, *names(question.text), *read(question.text).expansion.wordings])
    known = terms(spoken, question.language).union(*printed_names(question, question.language))
    return all(term in known or _is_of_a_code(term) for term in question.terms(question.language))


def _is_of_a_code(term: str) -> bool:
    """As "2022" and "3m" are, and the "m" of the latter."""
    return any(map(str.isdigit, term)) or (len(term) == 1 and term.isascii())


def _plain(unit: Unit) -> str:
    return strip_accents(normalize(unit.text))


_HELD: dict[Asked, Callable[[Unit, Question], float]] = {
    Asked.FREQUENCY: _often,
    Asked.DURATION: _lasting,
    Asked.TIME: _time,
    Asked.NUMBER: _number,
    Asked.NAME: _name,
    Asked.REASON: _reason,
    Asked.LIST: _list,
    Asked.DEFINITION: _definition,
    Asked.YES_NO: _anything,
    Asked.ANYTHING: _anything,
}
