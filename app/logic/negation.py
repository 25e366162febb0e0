"""Whether a sentence denies what it speaks of, in the languages that DocuBot knows best."""

import re
from functools import lru_cache

from app.logic.folding import WORD, normalize, strip_accents

_WORDS = (
    "not no never none neither nor without cannot failed unable "
    "nicht kein keine keinen keinem keiner keines nie niemals weder ohne "
    "ne pas jamais aucun aucune ni sans non nunca ningun ninguna ninguno jamas sin tampoco nao nenhum nenhuma sem "
    "mai nessun nessuno nessuna senza niet geen nooit zonder "
    "не нет ни никогда без нельзя değil yok hicbir nie bez "
    "لا لم لن ليس ليست ليسوا غير دون بدون بلا नहीं नही न मत बिना कभी tidak bukan tanpa khong chua"
)
_UNSPACED = re.compile(
    "不(?![同断斷仅僅但过過少久])|没|沒|[无無](?![线線论論限])|未(?![来來])|ない|なかっ|ません|ไม่(?!เพียง)|มิได้|ไร้|않|없|못|아니"
)
_WORD = re.compile(rf"{WORD}(?:'{WORD})*")
_NEGATIONS = frozenset(strip_accents(normalize(word)) for word in _WORDS.split())


@lru_cache(maxsize=1 << 12)
def denies(text: str) -> bool:
    """True for an odd number of negations: "not without" affirms."""
    plain = _plain(text)
    return (sum(map(_negates, _WORD.findall(plain))) + len(_UNSPACED.findall(plain))) % 2 == 1


def without_negations(text: str) -> str:
    """The text, normalized, without the words that deny."""
    return _UNSPACED.sub(" ", _WORD.sub(lambda match: "" if _negates(match.group()) else match.group(), _plain(text)))


def _plain(text: str) -> str:
    return normalize(text).replace("’", "'")


def _negates(word: str) -> bool:
    return strip_accents(word) in _NEGATIONS or word.endswith("n't")
