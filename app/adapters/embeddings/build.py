"""Makes the folder that `e5` runs from, once: encoder, word table, tokenizer, and a manifest of their hashes.

`python -m app.adapters.embeddings.build DATA_DIR` does it ahead of the first start. A folder is made under another name
and renamed when whole; a lock lets one process build while others wait; a file whose hash is wrong is built anew.
"""

import fcntl
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TextIO

from app.adapters.embeddings import e5_weights
from app.adapters.embeddings.worker import Model
from app.core.errors import DocubotError, StartupError

BUILD = "2"
"""Count up whenever the files would come out differently."""
FOLDER = f"multilingual-e5-small-int8-{BUILD}"
ENCODER, MATRICES, WORDS, TOKENIZER = "encoder.onnx", "encoder.bin", "words.q4", "tokenizer.model"
FILES = (ENCODER, MATRICES, WORDS, TOKENIZER)
MANIFEST = "manifest.json"

MODEL = "multilingual-e5-small"
DIMENSION = 384
POSITIONS = 512
MAX_TOKENS = 507
"""Of a text's own tokens: what is left beside the longest prefix (3) and the marks of begin and end."""


def model(folder: Path) -> Model:
    """Of a folder that `ensure` gave, for `LocalEmbedder`. Imports nothing of what runs it."""
    return Model(MODEL, "app.adapters.embeddings.e5:E5Session", folder, DIMENSION, MAX_TOKENS)


def ensure(data_dir: Path, report: Callable[[str], None]) -> Path:
    """The whole, verified folder; built first where it is not. Blocks: 0.1 s to verify, seconds to build.

    The work is done in a child process, because it needs ten times the memory that serving does.
    """
    models = data_dir / "models"
    folder = models / FOLDER
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _lock(models):
            if not is_whole(folder):
                _build_in_child(models, folder, report)
    except (OSError, BrokenProcessPool) as error:
        raise StartupError(
            f"The embedding model cannot be prepared in {models}: {error}. It takes 80 MB there and 300 MB of memory."
        ) from error
    return folder


def _build_in_child(models: Path, folder: Path, report: Callable[[str], None]) -> None:
    report(f"Preparing the embedding model {MODEL} (once, some seconds) ...")
    started = time.monotonic()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        child.submit(_build, models, folder).result()
    report(f"The embedding model is ready in {folder} ({time.monotonic() - started:.1f} s).")


def is_whole(folder: Path) -> bool:
    """Whether every file has the bytes that the manifest tells."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return all(manifest["files"][name] == _sha256(folder / name) for name in FILES)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _build(models: Path, folder: Path) -> None:
    # Imported here: only a build needs protobuf and onnx, 60 MB of them.
    import onnx

    from app.adapters.embeddings.onnx_graph import encoder
    from app.adapters.embeddings.sentencepiece_model import model_file

    weights = e5_weights.read(e5_weights.find(models))
    for leftover in models.glob(f"{FOLDER}.*.tmp"):
        shutil.rmtree(leftover)
    made = Path(tempfile.mkdtemp(prefix=f"{FOLDER}.", suffix=".tmp", dir=models))
    # The matrices apart, because onnxruntime maps such a file instead of copying it: 15 MB less in every process.
    onnx.save(encoder(weights), made / ENCODER, save_as_external_data=True, location=MATRICES)
    (made / WORDS).write_bytes(weights.words.tobytes())
    (made / TOKENIZER).write_bytes(model_file(weights.vocabulary))
    manifest = {"source": e5_weights.SHA256, "files": {name: _sha256(made / name) for name in FILES}}
    (made / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    _publish(made, folder)


def _publish(made: Path, folder: Path) -> None:
    made.chmod(0o755)
    for file in made.iterdir():
        file.chmod(0o644)  # an image is built by root and run by somebody else
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _lock(models: Path) -> Iterator[None]:
    """Held by the operating system: a killed builder leaves nothing locked."""
    with (models / f"{FOLDER}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(stream: TextIO, line: str) -> None:
    stream.write(f"{line}\n")
    stream.flush()


def main(arguments: list[str]) -> int:
    try:
        ensure(Path(arguments[0]), lambda line: _write(sys.stdout, line))
    except DocubotError as error:
        _write(sys.stderr, error.detail)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
