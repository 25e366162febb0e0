"""The encoder once more, in plain numpy and float32, to hold the quantized graph against."""

import math

import numpy as np

from app.adapters.embeddings.e5_weights import Floats, Weights, unpack

erf = np.vectorize(math.erf, otypes=[np.float32])


def embed(weights: Weights, ids: list[int]) -> Floats:
    """Unit vector of the text with these ids."""
    tensors = weights.tensors
    hidden = unpack(weights.words[ids]) + tensors["emb.pos"][: len(ids)] + tensors["emb.type"][0]
    hidden = norm(weights, "emb.ln", hidden)
    for layer in range(weights.layers):
        name = f"l{layer}."
        context = attention(weights, name, hidden)
        hidden = norm(weights, f"{name}aln", hidden + linear(weights, f"{name}ao", context))
        wide = linear(weights, f"{name}fi", hidden)
        active = wide * (1 + erf(wide / math.sqrt(2))) / 2
        hidden = norm(weights, f"{name}oln", hidden + linear(weights, f"{name}fo", active))
    mean = hidden.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def attention(weights: Weights, layer: str, hidden: Floats) -> Floats:
    size = weights.hidden // weights.heads
    query, key, value = (
        linear(weights, layer + part, hidden).reshape(len(hidden), weights.heads, size).swapaxes(0, 1) for part in "qkv"
    )
    scores = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(size))
    context = scores / scores.sum(axis=-1, keepdims=True) @ value
    return np.asarray(context.swapaxes(0, 1).reshape(len(hidden), -1), np.float32)


def linear(weights: Weights, name: str, value: Floats) -> Floats:
    return np.asarray(value @ weights.tensors[f"{name}.w"].T + weights.tensors[f"{name}.b"], np.float32)


def norm(weights: Weights, name: str, value: Floats) -> Floats:
    centred = value - value.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + weights.epsilon)
    return np.asarray(centred / deviation * weights.tensors[f"{name}.w"] + weights.tensors[f"{name}.b"], np.float32)
