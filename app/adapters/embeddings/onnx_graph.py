"""The encoder as an ONNX graph: 8-bit matrices, activations quantized on the fly, float32 everywhere else.

One text a call. Inputs are word embeddings, so that the large vocabulary table stays out of the session; the output is
the mean of the last layer (not yet of unit length). A matrix has one scale per output. Its integers keep to 7 bits: on
x86 without VNNI, onnxruntime adds two products in 16 bits, which 8-bit weights overflow. The source has 4 bits anyway.

The operators are those that run fastest: SkipLayerNormalization takes eight times as long as LayerNormalization,
BiasGelu three times as long as Gelu. So the session must not fuse them either (see `e5`).
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from app.adapters.embeddings.e5_weights import Floats, Weights

INPUT, OUTPUT = "words", "mean"
MICROSOFT = "com.microsoft"
LARGEST = 63
OPSET, IR_VERSION = 20, 9  # 20 has Gelu


def encoder(weights: Weights) -> onnx.ModelProto:
    """From (1, tokens, hidden) word embeddings to (1, hidden)."""
    return _Encoder(weights).model()


def quantize(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """(inputs, outputs) to integers within ±63 and one scale per output: matrix is about integers * scales."""
    scales = np.abs(matrix).max(axis=0) / LARGEST
    scales[scales == 0] = 1
    return np.rint(matrix / scales).astype(np.int8), scales.astype(np.float32)


class _Encoder:
    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        hidden = self._embeddings()
        for layer in range(self.weights.layers):
            hidden = self._feed_forward(f"l{layer}.", self._attention(f"l{layer}.", hidden))
        self._node("ReduceMean", [hidden, self._constant("token_axis", np.array([1]))], OUTPUT, keepdims=0)
        size = self.weights.hidden
        graph = helper.make_graph(
            self.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "tokens", size])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, size])],
            self.constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)

    def _embeddings(self) -> str:
        tensors = self.weights.tensors
        positions = self._constant("positions", tensors["emb.pos"] + tensors["emb.type"][0])
        axis = self._constant("position_axis", np.array([0]))
        shape = self._node("Shape", [INPUT], "tokens", start=1, end=2)
        seen = self._node("Slice", [positions, axis, shape, axis], "positions_seen")
        summed = self._node("Add", [INPUT, seen], "embedded")
        return self._norm("emb.ln", summed)

    def _attention(self, layer: str, hidden: str) -> str:
        tensors = self.weights.tensors
        weight = np.concatenate([tensors[f"{layer}{part}.w"].T for part in "qkv"], axis=1)
        bias = np.concatenate([tensors[f"{layer}{part}.b"] for part in "qkv"])
        integers, scales = quantize(weight)
        quantized = [f"{layer}input", f"{layer}input_scale", f"{layer}input_zero"]
        self._node("DynamicQuantizeLinear", [hidden], quantized)
        inputs = [
            quantized[0],
            self._constant(f"{layer}qkv", integers),
            self._constant(f"{layer}qkv_bias", bias),
            quantized[1],
            self._constant(f"{layer}qkv_scale", scales),
            "",  # no mask: one text a call, nothing padded
            quantized[2],
            self._constant(f"{layer}qkv_zero", np.zeros(len(scales), np.int8)),
        ]
        context = self._node("QAttention", inputs, f"{layer}context", MICROSOFT, num_heads=self.weights.heads)
        return self._add_and_norm(f"{layer}aln", self._linear(f"{layer}ao", context), hidden)

    def _feed_forward(self, layer: str, hidden: str) -> str:
        active = self._node("Gelu", [self._linear(f"{layer}fi", hidden)], f"{layer}active")
        return self._add_and_norm(f"{layer}oln", self._linear(f"{layer}fo", active), hidden)

    def _linear(self, name: str, value: str) -> str:
        integers, scales = quantize(self.weights.tensors[f"{name}.w"].T)
        weight = [self._constant(f"{name}.int8", integers), self._constant(f"{name}.scale", scales)]
        no_zero_point = ""
        inputs = [value, *weight, no_zero_point, self._tensor(f"{name}.b")]
        return self._node("DynamicQuantizeMatMul", inputs, f"{name}.out", MICROSOFT)

    def _add_and_norm(self, norm: str, value: str, residual: str) -> str:
        return self._norm(norm, self._node("Add", [value, residual], f"{norm}.in"))

    def _norm(self, name: str, value: str) -> str:
        inputs = [value, self._tensor(f"{name}.w"), self._tensor(f"{name}.b")]
        return self._node("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=self.weights.epsilon)

    def _tensor(self, name: str) -> str:
        return self._constant(name, self.weights.tensors[name])

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(
        self, operator: str, inputs: list[str], outputs: str | list[str], domain: str = "", **attributes: Any
    ) -> str:
        names = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(helper.make_node(operator, inputs, names, names[0], domain=domain, **attributes))
        return names[0]
