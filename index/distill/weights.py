"""A BERT checkpoint's weights as int8, in the layout that transformers and onnxruntime both read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import NotesError

Array = npt.NDArray[np.generic]
Arrays = dict[str, Array]

# transformers' quantiser for integer checkpoints with a scale a row: the one that needs neither a
# GPU nor another package. What it makes of `weight` in a linear and in an embedding module.
QUANTISATION = {
    "quant_method": "gemma",
    "num_bits": 8,
    "quantize_embeddings": True,
    "modules_to_not_convert": [],
}
_DTYPES: dict[str, type[np.generic]] = {
    "F32": np.float32,
    "F16": np.float16,
    "I8": np.int8,
    "I64": np.int64,  # position ids, which older checkpoints keep and nothing needs
}
_NAMES = {np.dtype(dtype).str: name for name, dtype in _DTYPES.items()}


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a tensor's bytes lie in a safetensors file."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    offset: int
    length: int


def locate(file: Path) -> dict[str, Stored]:
    """Read the header of a safetensors file (8 bytes of length, then JSON, then the data)."""
    with file.open("rb") as stream:
        size = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(size))
    header.pop("__metadata__", None)
    return {name: _stored(name, entry, 8 + size) for name, entry in header.items()}


def _stored(name: str, entry: Mapping[str, object], base: int) -> Stored:
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if dtype not in _DTYPES or not isinstance(shape, list) or not isinstance(offsets, list):
        raise NotesError(
            f"{name} is {dtype}, which the export does not read",
            "Save the checkpoint as float32 or float16 safetensors.",
        )
    first, last = offsets
    return Stored(np.dtype(_DTYPES[str(dtype)]), tuple(shape), base + first, last - first)


def read(file: Path) -> Arrays:
    """Read every tensor of a safetensors file; names lose the prefix "bert." if they have it."""
    data = file.read_bytes()
    return {
        name.removeprefix("bert."): np.frombuffer(
            data, where.dtype, where.length // where.dtype.itemsize, where.offset
        ).reshape(where.shape)
        for name, where in locate(file).items()
    }


def write(file: Path, arrays: Mapping[str, Array]) -> None:
    """Write a safetensors file; the same arrays give the same bytes."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, array in arrays.items():
        header[name] = {
            "dtype": _NAMES[array.dtype.str],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            stream.write(np.ascontiguousarray(array).tobytes())


def quantise(arrays: Mapping[str, Array]) -> Arrays:
    """Make every matrix int8 with a float16 scale a row; vectors become float16; no pooler.

    `weight` ≈ int8 · scale, where a row's scale is its largest magnitude / 127.
    """
    quantised: Arrays = {}
    off = np.zeros((), np.float16)
    for name, array in sorted(arrays.items()):
        if name.startswith("pooler.") or name.endswith("position_ids"):
            continue
        if array.ndim != 2:
            quantised[name] = array.astype(np.float16)
            continue
        values, scales = _rows_to_int8(array.astype(np.float32))
        module = name.removesuffix(".weight")
        if module.endswith("_embeddings"):
            quantised[f"{module}.embedding_quantized"] = values
            quantised[f"{module}.embedding_scale"] = scales
        else:
            quantised[name] = values
            quantised[f"{module}.weight_scale"] = scales
            # 0 = activations are not rounded; left out, transformers reports them as missing.
            quantised[f"{module}.input_activation_scale"] = off
            quantised[f"{module}.output_activation_scale"] = off
    return quantised


def _rows_to_int8(
    matrix: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    largest = np.abs(matrix).max(axis=1, keepdims=True)
    # A float16 may lie below the exact scale: clip, and keep rows of zeros from dividing by zero.
    scales = np.maximum(largest / 127, np.finfo(np.float16).tiny).astype(np.float16)
    values = np.rint(matrix / scales.astype(np.float32)).clip(-127, 127)
    return values.astype(np.int8), scales
