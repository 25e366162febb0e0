"""The encoder as an ONNX graph: 8-bit matrices, activations quantized on the fly, float32 everywhere else.

One text a call. Inputs are word embeddings, so that the large vocabulary table stays out of the session; the output is
the mean of the last layer (not yet of unit length). A matrix has one scale per output. Its integers keep to 7 bits: on
x86 without VNNI, onnxruntime adds two products in 16 bits, which 8-bit weights overflow. The source has 4 bits anyway.

A layer's feed-forward part has a few hidden units whose activations are ten times those of all others (LLM.int8(),
Dettmers et al. 2022, found such in larger models). One scale for all would make the others ten times as coarse, so
they go by a small float32 path of their own.

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
OUTLYING = 8
"""Hidden units of a feed-forward part that are computed in float32."""
_DEVIATIONS = 5
"""From its mean, within which a normalized value is taken to stay."""
OPSET, IR_VERSION = 20, 9  # 20 has Gelu


def encoder(weights: Weights) -> onnx.ModelProto:
    """From (1, tokens, hidden) word embeddings to (1, hidden)."""
    return _Encoder(weights).model()


def quantize(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """(inputs, outputs) to integers within ±63 and one scale per output: matrix is about integers * scales."""
    scales = np.abs(matrix).max(axis=0) / LARGEST
    scales[scales == 0] = 1
    return np.rint(matrix / scales).astype(np.int8), scales.astype(np.float32)


def outlying(matrix: Floats, bias: Floats, gain: Floats, shift: Floats) -> NDArray[np.intp]:
    """The OUTLYING outputs of `matrix` (outputs, inputs) that reach furthest, by what the layer normalization before it
    (`gain`, `shift`) lets in."""
    mean = matrix @ shift + bias
    deviation = np.linalg.norm(matrix * gain, axis=1)
    return np.sort(np.argsort(mean + _DEVIATIONS * deviation)[-OUTLYING:])


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
        mixed = self._integers(f"{layer}ao", context, tensors[f"{layer}ao.w"].T, tensors[f"{layer}ao.b"])
        return self._add_and_norm(f"{layer}aln", mixed, hidden)

    def _feed_forward(self, layer: str, hidden: str) -> str:
        tensors = self.weights.tensors
        first, bias, second = (tensors[f"{layer}{name}"] for name in ("fi.w", "fi.b", "fo.w"))
        apart = outlying(first, bias, tensors[f"{layer}aln.w"], tensors[f"{layer}aln.b"])
        kept = np.ones(len(bias), np.float32)
        kept[apart] = 0
        wide = self._integers(f"{layer}fi", hidden, first.T * kept, bias * kept)
        active = self._node("Gelu", [wide], f"{layer}active")
        most = self._integers(f"{layer}fo", active, second.T * kept[:, np.newaxis], tensors[f"{layer}fo.b"])
        few = self._matrix(f"{layer}few_in", hidden, first[apart].T)
        few = self._node("Add", [few, self._constant(f"{layer}few_bias", bias[apart])], f"{layer}few_wide")
        few = self._matrix(f"{layer}few_out", self._node("Gelu", [few], f"{layer}few_active"), second[:, apart].T)
        return self._add_and_norm(f"{layer}oln", most, self._node("Add", [hidden, few], f"{layer}with_few"))

    def _integers(self, name: str, value: str, matrix: Floats, bias: Floats) -> str:
        """(inputs, outputs) `matrix` by integers."""
        integers, scales = quantize(matrix)
        weight = [self._constant(f"{name}.int8", integers), self._constant(f"{name}.scale", scales)]
        no_zero_point = ""
        inputs = [value, *weight, no_zero_point, self._constant(f"{name}.b", bias)]
        return self._node("DynamicQuantizeMatMul", inputs, f"{name}.out", MICROSOFT)

    def _matrix(self, name: str, value: str, matrix: Floats) -> str:
        return self._node("MatMul", [value, self._constant(f"{name}.w", matrix)], f"{name}.out")

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
