"""Turns texts into vectors: what fills the ports `Embedder` and `SentenceEncoder`, or wraps what does."""

EMBEDDERS = {
    "local": "app.adapters.embeddings.local:LocalEmbedder",
    "openai": "app.adapters.embeddings.openai:OpenAIEmbedder",
    "remembering": "app.adapters.embeddings.remembering:RememberingEmbedder",
    "hashing": "app.adapters.embeddings.hashing:HashingEmbedder",
}
SENTENCE_ENCODERS = {"universal": "app.adapters.embeddings.universal:UniversalSentenceEncoder"}
"""Names to `module:class`, loaded when chosen."""
