"""The adapters that the settings name, opened: files, parser, embeddings, indexes, language model."""

import asyncio
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog

from app.adapters import blobs, embeddings, keywords, llm, rerank, vectors
from app.adapters.compute import ProcessCompute
from app.adapters.embeddings import build
from app.adapters.embeddings.folder import model as folder_model
from app.adapters.embeddings.local import usable_cores
from app.adapters.embeddings.tokenizer import Tokenizer
from app.adapters.embeddings.worker import Model
from app.adapters.llm.openai import CallLimits
from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.kept_pictures import PictureKeepingParser
from app.adapters.parsers.sandbox import SandboxParser
from app.adapters.rerank.http import HttpReranker
from app.adapters.rerank.onnx import OnnxReranker
from app.core.config import Settings, libraries_environment
from app.core.errors import StartupError
from app.db.session import Database
from app.logic.language import detect
from app.logic.retry import RetryPolicy
from app.models.domain import OcrRules
from app.ports import BlobStore, Embedder, KeywordIndex, Reranker, VectorIndex
from app.services.close_calls import CloseCalls
from app.services.ingest import Engines
from app.services.llm import LLMService, Meter
from app.services.measures import Measures
from app.services.reranking import ModelReranker, SecondLook
from app.services.second_opinion import NONE, SecondOpinion

log = structlog.get_logger(__name__)


def load(table: dict[str, str], name: str) -> Any:
    """The class behind a name of an adapter package's table, imported now."""
    module, _, attribute = table[name].partition(":")
    return getattr(import_module(module), attribute)


def open_files(settings: Settings) -> BlobStore:
    """The stored bytes alone, for who only reads them: nothing of it is locked or changed."""
    files: BlobStore = _files(settings)
    return files


def _files(settings: Settings) -> Any:
    if settings.files_in_bucket:
        libraries_environment()  # which has the keys
        return load(blobs.BACKENDS, "s3")(settings.files_url, settings.files_folder)
    return load(blobs.BACKENDS, "local")(settings.files_folder)


async def open_engines(
    settings: Settings, database: Database, measures: Measures, embedder: Embedder | None, stack: AsyncExitStack
) -> tuple[Engines, Tokenizer]:
    folder = await asyncio.to_thread(build.ensure, settings.data_dir, log.info)
    embedder = embedder or await _open_embedder(settings, folder, measures)
    files = _files(settings)
    await files.sweep()
    parser = await _open_parser(settings, measures)
    await asyncio.to_thread(detect, "So that the first question need not wait for the language model's half second.")
    engines = Engines(
        blobs=load(blobs.BACKENDS, "telling")(files, parser.forget),
        parser=parser,
        compute=ProcessCompute(1),
        embedder=embedder,
        keywords=await _open_keywords(settings, database),
        vectors=_open_vectors(settings),
    )
    stack.push_async_callback(_close, engines)
    return engines, Tokenizer(folder / "tokenizer.model")


async def _close(engines: Engines) -> None:
    """At once: each waits for a process of its own."""
    parts = (engines.parser, engines.compute, engines.embedder, engines.keywords, engines.vectors)
    await asyncio.gather(*(part.close() for part in parts))


async def _open_parser(settings: Settings, measures: Measures) -> PictureKeepingParser:
    rules = OcrRules(settings.ocr_languages, settings.ocr_tessdata, settings.ocr_max_pages)
    parser = SandboxParser(_parse_limits(settings), pdf_parser=settings.pdf_parser, ocr=rules)
    await parser.start()
    folder, room = settings.data_dir / "pictures", settings.page_image_cache_mb
    return await asyncio.to_thread(PictureKeepingParser, parser, folder, room, measures.looked_up("picture"))


async def _open_embedder(settings: Settings, folder: Path, measures: Measures) -> Embedder:
    if settings.embedding_base_url:
        key = settings.embedding_api_key
        embedder = load(embeddings.EMBEDDERS, "openai")(
            model=settings.embedding_model,
            api_key=key.get_secret_value() if key else None,
            base_url=settings.embedding_base_url,
        )
    else:
        model = await asyncio.to_thread(_local_model, settings.embedding_model, folder)
        embedder = load(embeddings.EMBEDDERS, "local")(model, settings.embedding_workers)
    await embedder.start()
    remembering: Embedder = load(embeddings.EMBEDDERS, "remembering")(embedder, observe=measures.looked_up("question"))
    return remembering


def _local_model(name: str, built: Path) -> Model:
    if name == build.MODEL:
        return build.model(built)
    if Path(name).is_dir():
        return folder_model(Path(name))
    raise StartupError(
        f"EMBEDDING_MODEL={name} is neither {build.MODEL} nor a folder with model.onnx and tokenizer.json. "
        "For a model that a server provides, set EMBEDDING_BASE_URL as well."
    )


async def _open_keywords(settings: Settings, database: Database) -> KeywordIndex:
    if settings.keywords_in_postgres:
        table = load(keywords.BACKENDS, "postgres")(database)
        await table.start()
        shared: KeywordIndex = table
        return shared
    embedded: KeywordIndex = load(keywords.BACKENDS, "tantivy")(settings.data_dir / "keyword")
    return embedded


def _open_vectors(settings: Settings) -> VectorIndex:
    if settings.chroma_url:
        servers = {url: load(vectors.BACKENDS, "chroma_http")(url) for url in settings.chroma_urls}
        spread: VectorIndex = load(vectors.BACKENDS, "spread")(servers)
        return next(iter(servers.values())) if len(servers) == 1 else spread
    embedded: VectorIndex = load(vectors.BACKENDS, "chroma")(settings.data_dir / "chroma")
    return embedded


def _parse_limits(settings: Settings) -> ParseLimits:
    return ParseLimits(
        memory_mb=settings.parse_memory_mb,
        cpu_seconds=int(settings.parse_timeout) + 1,
        seconds=settings.parse_timeout,
        pages=settings.max_pages,
        characters=settings.max_characters,
    )


async def open_cross_encoder(settings: Settings, stack: AsyncExitStack) -> Reranker | None:
    """What is to look once more at the best passages, where it is no language model. Raises StartupError."""
    opener = _CROSS_ENCODERS.get(settings.reranker)
    return None if opener is None else await opener(settings, stack)


async def _cross_encoder_by_http(settings: Settings, stack: AsyncExitStack) -> Reranker:
    key = settings.rerank_api_key
    by_http: HttpReranker = load(rerank.BACKENDS, "http")(
        base_url=settings.rerank_base_url,
        wire=settings.rerank_wire,
        model=settings.rerank_model,
        api_key=key.get_secret_value() if key else None,
        timeout=settings.rerank_timeout,
    )
    stack.push_async_callback(by_http.close)
    return by_http


async def _cross_encoder_here(settings: Settings, stack: AsyncExitStack) -> Reranker:
    cores = usable_cores()
    here: OnnxReranker = load(rerank.BACKENDS, "onnx")(
        Path(settings.rerank_model),
        ProcessCompute(cores, niceness=0),  # its own: a question waits for it
        workers=cores,
        timeout=settings.rerank_timeout,
    )
    stack.push_async_callback(here.close)
    await here.start()
    return here


_CROSS_ENCODERS = {"http": _cross_encoder_by_http, "onnx": _cross_encoder_here}


def second_opinion(embedder: Embedder, measures: Measures, stack: AsyncExitStack) -> SecondOpinion:
    """Beside the model that its weights were found with, and no other."""
    if embedder.model != build.MODEL:
        return NONE
    encoder = load(embeddings.EMBEDDERS, "universal")(ProcessCompute(1, niceness=0))
    stack.push_async_callback(encoder.close)
    remembering = load(embeddings.EMBEDDERS, "remembering")(
        encoder, kind="sentence", observe=measures.looked_up("sentence")
    )
    return SecondOpinion(remembering, encoder.languages)


def reranker(embedder: Embedder) -> Reranker:
    return CloseCalls(load(rerank.BACKENDS, "linear")(), embedder)


def second_look(settings: Settings, model: LLMService, cross_encoder: Reranker | None) -> Reranker | None:
    """What the settings name beside the embedded reranker."""
    better = ModelReranker(model, timeout=settings.rerank_timeout) if settings.reranker == "llm" else cross_encoder
    return SecondLook(better, depth=settings.rerank_depth) if better else None


def language_model(settings: Settings, measures: Measures, meter: Meter) -> LLMService:
    model = None
    if settings.llm_configured:
        key = settings.openai_api_key
        model = load(llm.BACKENDS, "openai")(
            model=settings.llm_model,
            api_key=key.get_secret_value() if key else None,
            base_url=settings.openai_base_url or None,
            limits=CallLimits(timeout=settings.llm_timeout, concurrency=settings.llm_max_concurrency),
            retry=RetryPolicy(retries=settings.llm_max_retries),
        )
    return LLMService(
        model,
        max_tokens=settings.llm_max_tokens,
        context_tokens=settings.llm_context_tokens,
        observe=measures.called,
        meter=meter,
    )
