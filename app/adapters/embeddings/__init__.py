"""Turns texts into vectors: everything that fills the port `Embedder`, or wraps what does."""

EMBEDDERS = {
    "local": "app.adapters.embeddings.local:LocalEmbedder",
    "openai": "app.adapters.embeddings.openai:OpenAIEmbedder",
    "remembering": "app.adapters.embeddings.remembering:RememberingEmbedder",
    "hashing": "app.adapters.embeddings.hashing:HashingEmbedder",
    "universal": "app.adapters.embeddings.universal:UniversalSentenceEncoder",
}
"""Name to `module:class`, loaded when it is chosen."""
