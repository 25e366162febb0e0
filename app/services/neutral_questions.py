"""Questions as vectors that do not tell their language, for passages and sentences of other languages.

All questions of a language share a part that says which language it is, and that is nearer to some texts than to
others whatever is asked. Without it, what is left compares more truly across languages (centering: Libovický, Rosa and
Fraser 2020, "On the Language Neutrality of Pre-trained Multilingual Representations"). Within a language it makes no
difference.
"""

import numpy as np
from numpy.typing import NDArray

from app.logic.language import detect
from app.logic.typical_questions import typical_questions
from app.ports import Embedder

_TAKEN_OUT = 0.6
"""Of the shared part; all of it would take some of the meaning too."""


class NeutralQuestions:
    """What a language shares is embedded once, when it is first asked in."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self._shared: dict[str, NDArray[np.float32]] = {}

    async def embed(self, question: str) -> NDArray[np.float32]:
        """Shape (dimension,), not of unit length; in a language that is not known, the question's own vector.

        Raises EmbeddingsUnavailable.
        """
        asked: NDArray[np.float32] = (await self.embedder.embed([question], "query"))[0]
        spoken = detect(question)
        typical = typical_questions(spoken[0]) if spoken else ()
        if not spoken or not typical:
            return asked
        if spoken[0] not in self._shared:
            self._shared[spoken[0]] = np.mean(await self.embedder.embed(typical, "query"), axis=0)
        return asked - np.float32(_TAKEN_OUT) * self._shared[spoken[0]]
