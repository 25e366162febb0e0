"""Rerankers by name; loaded when chosen."""

BACKENDS = {
    "linear": "app.adapters.rerank.linear:LinearReranker",
    "http": "app.adapters.rerank.http:HttpReranker",
    "onnx": "app.adapters.rerank.onnx:OnnxReranker",
}
