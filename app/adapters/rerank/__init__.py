"""Rerankers by name; loaded when chosen."""

BACKENDS = {
    "linear": "app.adapters.rerank.linear:LinearReranker",
    "http": "app.adapters.rerank.http:HttpReranker",
}
