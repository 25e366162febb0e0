"""What a model is told to write in, and what is said without one, by ISO 639-1 code."""

NAMES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "ta": "Tamil", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_NOT_FOUND = {
    "ar": "لا تجيب الوثائق عن هذا السؤال.",
    "de": "Die Dokumente beantworten diese Frage nicht.",
    "en": "The documents do not answer this question.",
    "es": "Los documentos no responden a esta pregunta.",
    "fr": "Les documents ne répondent pas à cette question.",
    "hi": "दस्तावेज़ इस प्रश्न का उत्तर नहीं देते।",
    "it": "I documenti non rispondono a questa domanda.",
    "ja": "文書にはこの質問への答えがありません。",
    "ko": "문서에는 이 질문에 대한 답이 없습니다.",
    "nl": "De documenten beantwoorden deze vraag niet.",
    "pl": "Dokumenty nie odpowiadają na to pytanie.",
    "pt": "Os documentos não respondem a esta pergunta.",
    "ru": "В документах нет ответа на этот вопрос.",
    "th": "เอกสารไม่ได้ตอบคำถามนี้",
    "tr": "Belgeler bu soruyu yanıtlamıyor.",
    "vi": "Các tài liệu không trả lời câu hỏi này.",
    "zh": "文档没有回答这个问题。",
}


def not_found(language: str | None) -> str:
    """The sentence that says so, in English where we do not know the language's own."""
    return _NOT_FOUND.get(language or "en", _NOT_FOUND["en"])
