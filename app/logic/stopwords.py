"""Words that a question asks with, and that say nothing of what it asks for."""

import re
from functools import cache

from app.logic.folding import normalize, strip_accents

_BY_LANGUAGE = {
    "en": "what which who whom whose when where why how many much is are was were be been do does did has have had "
    "can could would should will the a an of in on at to for from by with and or that this these those it its "
    "as there please tell me explain describe "
    "must might shall",
    "de": "was welche welcher welches welchen welchem wer wen wem wessen wann wo warum wieso wie viel viele ist sind "
    "war waren wird werden wurde wurden hat haben hatte der die das den dem des ein eine einer eines einem "
    "einen und oder in im an am auf zu zum zur von vom mit fur bei es sich nach als aus "
    "darf durfen kann konnen muss mussen soll sollen",
    "fr": "que quel quelle quels quelles qui quoi quand ou pourquoi comment combien est sont etait etaient a ont le "
    "la les un une des du de et en dans au aux par pour sur avec ce cette ces il elle se sa son "
    "peut peuvent doit doivent",
    "es": "que cual cuales quien quienes cuando donde por como cuanto cuanta cuantos cuantas es son era eran fue "
    "fueron ha han el la los las un una unos unas de del y o en al a para con se su sus lo "
    "puede pueden debe deben",
    "it": "che quale quali chi quando dove perche come quanto quanta quanti quante e sono era erano il lo la i gli "
    "le un una di del della dei delle in nel nella a al da per con si su "
    "puo possono deve devono",
    "pt": "que qual quais quem quando onde porque como quanto quanta quantos quantas e sao era eram foi foram o a os "
    "as um uma de do da dos das em no na nos nas para por com se ao "
    "pode podem deve devem",
    "nl": "wat welke wie wanneer waar waarom hoe hoeveel is zijn was waren de het een van en of in op te voor met door "
    "mag mogen kan kunnen moet moeten",
    "ru": "что какой какая какое какие каких кто кого кем когда где куда почему зачем как сколько чем чему это и в "
    "во на с со по из у от до за для был была было были есть ли не к о об "
    "может могут можно должен должна должны нужно",
    "el": "τι ποιος ποια ποιο ποιοι ποιες ποτε που γιατι πως ποσο ποσα ποσες ποσοι ειναι ηταν ο η το οι τα του της "
    "των τον την στο στη στην στον στα στις ενα μια και σε απο για με",
    "tr": "ne hangi kim kimin ne zaman nerede neden nicin nasil kac mi mu ve bir bu ile icin olan olarak",
    "ro": "ce care cine cand unde de cum cat cata cati cate este sunt era erau a au un o si in la pe cu din al ale",
    "vi": "gi nao ai khi o dau tai sao nhu the bao nhieu la co cua va trong cho mot cac nhung duoc da",
    "ar": "ما ماذا من متي اين لماذا كيف كم هل اي ايه هو هي في علي الي عن مع هذا هذه ذلك التي الذي كان كانت و",
    "hi": "क्या कौन कौनसा कौनसी किस किसे किसके किसकी किसका किसने किन कब कहां कहाँ क्यों कैसे कितना कितने कितनी है "
    "हैं था थी थे का के की को में से पर ने और या एक यह वह इस उस भी हो होता होती होते गया गई गए लिए",
    "pl": "co jaki jaka jakie kto kogo kiedy gdzie dlaczego jak ile jest sa byl byla bylo byly w we na z ze do i o od",
    "id": "apa siapa kapan mana mengapa bagaimana berapa adalah yang di ke dari dan",
    "fa": "چه که کي كي كجا چرا چگونه چند است بود در از به را و",
}

LANGUAGES = tuple(_BY_LANGUAGE)

EMPTY_CHARACTERS = frozenset(
    "的了是在和与與及为為以于於等有这這个個中上下之其对對而也被从從由并並或者不到后後时時来來用们們一所可会會要就他她它我你您"
    "のはをにがとでもしているたれなさかられりすこっんーまよくそうだあ"
)
"""Chinese and Japanese characters that nearly every text has: as single characters they find nothing, slowly."""

# In scripts without spaces the asking words are cut out of the question, so that no pair of characters spans them.
_UNSPACED = re.compile(
    "请问|請問|为什么|為什麼|什么|什麼|甚么|哪些|哪个|哪個|哪里|哪裡|哪儿|哪一|何时|何時|何地|为何|為何|如何|怎么样|怎么|怎麼|怎样|怎樣|"
    "多少|多大|多久|是否|谁|誰|哪|几|吗|嗎|呢|"
    "どのように|どのような|でしょうか|ですか|ますか|なぜ|いつ|どこ|どの|どれ|どんな|いくつ|いくら|何|とは|"
    "อะไร|ใคร|ที่ไหน|เมื่อไหร่|เมื่อไร|เมื่อใด|ทำไม|อย่างไร|เท่าไหร่|เท่าไร|เท่าใด|หรือไม่|กี่|"
    "무엇|누구|언제|어디|어떻게|얼마나|어떤|어느|인가요|입니까|습니까|은가요|나요"
)

_WANTS_A_LIST = re.compile(
    r"^\W*(?:please\s+)?(?:(?:list|enumerate|name|give|show)(?:\s+me)?\s+(?=(?:all|the|every|each|some|its|their|two|three)\b)|"
    r"(?:nennen?|zählen?|listen?)(?:\s+sie)?(?:\s+mir)?\s+|(?:citez|énumérez|listez)\s+|(?:enumera|enumere|nombra|lista)\s+|"
    r"(?:elenca|elencate)\s+|(?:перечисли(?:те)?|назови(?:те)?)\s+|اذكر\s+|列[出举舉]|列挙して)",
    re.IGNORECASE,
)


@cache
def stopwords(language: str | None) -> frozenset[str]:
    """The asking and the empty words of a language (ISO 639-1), as `logic.tokens` spells forms."""
    return frozenset(strip_accents(normalize(word)) for word in _BY_LANGUAGE.get(language or "", "").split())


def without_question_phrases(question: str) -> str:
    """Chinese, Japanese, Korean and Thai questions without the words that ask, and all without the verb that wants a
    list."""
    return _UNSPACED.sub(" ", _WANTS_A_LIST.sub("", question))
