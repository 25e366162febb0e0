"""Vector indexes by name; loaded only when chosen, as chromadb alone takes a second to import."""

BACKENDS = {
    "spread": "app.adapters.vectors.spread:SpreadIndex",
    "chroma": "app.adapters.vectors.chroma:ChromaIndex",
    "chroma_http": "app.adapters.vectors.chroma_http:ChromaServerIndex",
    "exact": "app.adapters.vectors.exact:ExactIndex",
}
