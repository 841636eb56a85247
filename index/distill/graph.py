"""BERT with mean pooling as an ONNX graph over the int8 weights in a safetensors file.

Layers multiply in int8. What goes into one is rounded to 8 bits by a scale of each token's own (as
ZeroQuant does it, Yao et al. 2022, arXiv:2206.01861), not one of the whole batch (as onnxruntime's
DynamicQuantizeLinear has it): so a text's vector does not depend on the texts beside it. Attention
with its queries, keys and values, which makes most of the error otherwise, normalisation and
activation are float32.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import onnx
from onnx import TensorProto, helper

from index.distill.weights import Stored, locate

MICROSOFT = "com.microsoft"
_TYPES = {"int8": TensorProto.INT8, "float16": TensorProto.FLOAT16}
_ZERO, _MOST = 128, 127
"""The code of 0 in 8 bits, and how far codes reach from it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The figures of a BERT's config.json that its graph depends on."""

    layers: int
    heads: int
    width: int
    epsilon: float


@dataclass(slots=True)
class Graph:
    """An ONNX graph being written. A value goes by its name; `add` returns its output's."""

    weights: Mapping[str, Stored]
    location: str
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def add(
        self,
        op: str,
        inputs: Sequence[str],
        domain: str = "",
        **attributes: int | float | list[int],
    ) -> str:
        """Add a node with one output."""
        output = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output

    def integers(self, name: str, shape: Sequence[int], values: Sequence[int]) -> str:
        """Add a constant of int64; one of the same name is not added again."""
        return self.constant(name, TensorProto.INT64, shape, values)

    def constant(self, name: str, kind: int, shape: Sequence[int], values: Sequence[float]) -> str:
        """Add a constant of an ONNX type; one of the same name is not added again."""
        self.constants.setdefault(name, helper.make_tensor(name, kind, shape, values))
        return name

    def stored(self, name: str) -> str:
        """Refer to a tensor of the weights file: the graph does not hold it."""
        if name not in self.constants:
            where = self.weights[name]
            tensor = TensorProto(
                name=name,
                data_type=_TYPES[where.dtype.name],
                dims=where.shape,
                data_location=TensorProto.EXTERNAL,
            )
            entries = {"location": self.location, "offset": where.offset, "length": where.length}
            for key, value in entries.items():
                tensor.external_data.add(key=key, value=str(value))
            self.constants[name] = tensor
        return name

    def wide(self, value: str) -> str:
        """`value` as float32."""
        return self.add("Cast", [value], to=TensorProto.FLOAT)

    def embedding(self, module: str, ids: str) -> str:
        """Rows of an int8 table, each times its scale."""
        rows = self.add("Gather", [self.stored(f"{module}.embedding_quantized"), ids])
        scales = self.add("Gather", [self.stored(f"{module}.embedding_scale"), ids])
        return self.add("Mul", [self.wide(rows), self.wide(scales)])

    def wide_linear(self, value: str, *modules: str) -> str:
        """`value` through one layer, or several side by side, in float32; no bias."""
        weight = self.wide(self.joined([f"{module}.weight" for module in modules]))
        scale = self.wide(self.joined([f"{module}.weight_scale" for module in modules]))
        columns = self.add("Transpose", [self.add("Mul", [weight, scale])], perm=[1, 0])
        return self.add("MatMul", [value, columns])

    def linear(self, value: str, module: str) -> str:
        """`value` (batch, length, n) through one layer, in 8 bits; no bias.

        scale = the largest of a token's |value| / 127, code = round(value / scale) + 128,
        result = ((code - 128) @ weights) * scales of the weights * scale, the product in integers.
        """
        columns = self.add("Transpose", [self.stored(f"{module}.weight")], perm=[1, 0])
        of_columns = self.wide(self.stored(f"{module}.weight_scale"))
        of_columns = self.add("Reshape", [of_columns, self.integers("all", [1], [-1])])
        width = self.weights[f"{module}.weight"].shape[1]
        rows = self.add("Reshape", [value, self.integers(f"rows_{width}", [2], [-1, width])])
        scale = self._largest(rows)
        zero = self.constant("zero_code", TensorProto.UINT8, [], [_ZERO])
        zeros = self.add("Expand", [zero, self.add("Shape", [scale])])
        codes = self.add("QuantizeLinear", [rows, scale, zeros], axis=0)
        one = self.constant("one_scale", TensorProto.FLOAT, [], [1.0])
        given = [codes, columns, one, of_columns, zero]
        product = self.add("MatMulIntegerToFloat", given, MICROSOFT)
        each = self.add("Unsqueeze", [scale, self.integers("axis", [1], [1])])
        shape = [self.add("Shape", [value], end=2), self.integers("all", [1], [-1])]
        result = self.add("Mul", [product, each])
        return self.add("Reshape", [result, self.add("Concat", shape, axis=0)])

    def _largest(self, rows: str) -> str:
        """A scale for each row (rows, n): its largest number, without sign, is to be 127."""
        most = self.add("ReduceMax", [rows], axes=[1], keepdims=0)
        least = self.add("Neg", [self.add("ReduceMin", [rows], axes=[1], keepdims=0)])
        tiny = self.constant("tiny", TensorProto.FLOAT, [], [1e-9])  # a row may be all zeros
        part = self.constant("part", TensorProto.FLOAT, [], [1 / _MOST])
        return self.add("Mul", [self.add("Max", [most, least, tiny]), part])

    def joined(self, names: Sequence[str]) -> str:
        """Stored tensors, one after the other along their first axis."""
        stored = [self.stored(name) for name in names]
        return self.add("Concat", stored, axis=0) if len(stored) > 1 else stored[0]

    def bias(self, *modules: str) -> str:
        """The biases of one layer, or of several side by side."""
        return self.wide(self.joined([f"{module}.bias" for module in modules]))

    def norm(self, module: str) -> tuple[str, str]:
        """A layer normalisation's weight and bias."""
        return self.wide(self.stored(f"{module}.weight")), self.bias(module)


def build(weights: Path, shape: Shape) -> onnx.ModelProto:
    """Write the graph over `weights`, a file as `index.distill.weights` makes it.

    Inputs `input_ids` and `attention_mask`, (batch, length) int64; outputs `sentence_embedding`,
    (batch, width) float32, unit vectors, and of each token `token_embeddings`, what the last layer
    makes of it in its text, and `word_embeddings`, what it is before the first layer, both
    (batch, length, width) float32. onnxruntime only: attention, activation and integer products are
    operators of its own.
    """
    graph = Graph(locate(weights), weights.name)
    mask = graph.add("Cast", ["attention_mask"], to=TensorProto.INT32)
    hidden = words = _embeddings(graph, shape)
    for layer in range(shape.layers):
        hidden = _layer(graph, shape, f"encoder.layer.{layer}", hidden, mask)
    outputs = {
        "sentence_embedding": (_mean(graph, hidden), ["batch", shape.width]),
        "token_embeddings": (hidden, ["batch", "length", shape.width]),
        "word_embeddings": (words, ["batch", "length", shape.width]),
    }
    for name, (value, _) in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [value], [name]))
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "bert_mean_pooled",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
                for name in ("input_ids", "attention_mask")
            ],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, dimensions)
                for name, (_, dimensions) in outputs.items()
            ],
            list(graph.constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=8,
    )


def _embeddings(graph: Graph, shape: Shape) -> str:
    zero, one = graph.integers("zero", [], [0]), graph.integers("one", [], [1])
    length = graph.add("Gather", [graph.add("Shape", ["input_ids"]), one])
    words = graph.embedding("embeddings.word_embeddings", "input_ids")
    positions = graph.add("Range", [zero, length, one])
    places = graph.embedding("embeddings.position_embeddings", positions)
    kind = graph.embedding("embeddings.token_type_embeddings", zero)
    total = graph.add("Add", [words, graph.add("Add", [places, kind])])
    norm = graph.norm("embeddings.LayerNorm")
    return graph.add("LayerNormalization", [total, *norm], axis=-1, epsilon=shape.epsilon)


def _layer(graph: Graph, shape: Shape, name: str, hidden: str, mask: str) -> str:
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    split = [f"{part}_out" for part in parts]
    graph.nodes.append(
        helper.make_node("Split", [graph.wide_linear(hidden, *parts)], split, axis=-1)
    )
    attended = graph.add(
        "MultiHeadAttention", [*split, graph.bias(*parts), mask], MICROSOFT, num_heads=shape.heads
    )
    hidden = _added(graph, shape, f"{name}.attention.output", attended, hidden)
    dense = f"{name}.intermediate.dense"
    inner = graph.add("BiasGelu", [graph.linear(hidden, dense), graph.bias(dense)], MICROSOFT)
    return _added(graph, shape, f"{name}.output", inner, hidden)


def _added(graph: Graph, shape: Shape, name: str, value: str, residual: str) -> str:
    """A block's last layer, added to what went into the block, normalised.

    In steps: onnxruntime's SkipLayerNormalization takes five times as long (1.32, AVX-512).
    """
    dense = f"{name}.dense"
    added = graph.add("Add", [graph.linear(value, dense), graph.bias(dense)])
    total = graph.add("Add", [added, residual])
    norm = graph.norm(f"{name}.LayerNorm")
    return graph.add("LayerNormalization", [total, *norm], axis=-1, epsilon=shape.epsilon)


def _mean(graph: Graph, hidden: str) -> str:
    """The unit vector along the mean of the tokens: the length divides itself away."""
    axis = graph.integers("axis", [1], [1])
    row = graph.add("Unsqueeze", [graph.wide("attention_mask"), axis])
    summed = graph.add("Squeeze", [graph.add("MatMul", [row, hidden]), axis])
    return graph.add("LpNormalization", [summed], axis=-1, p=2)
