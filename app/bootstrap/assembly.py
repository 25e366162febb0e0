"""The services, each given what it asks for."""

from app.adapters import embeddings
from app.adapters import webhooks as targets
from app.adapters.embeddings.tokenizer import Tokenizer
from app.bootstrap.engines import language_model, load, reranker, second_look
from app.bootstrap.entrance import open_entrance
from app.bootstrap.probes import probes
from app.bootstrap.signals import Signals
from app.core.config import Settings
from app.db.session import Database
from app.logic.forecast import Rates
from app.models.archives import ArchiveLimits
from app.models.jobs import JobKind
from app.ports import Embedder, Reranker, WebhookTargets
from app.services.administration import AdministrationService
from app.services.answer import AnswerService
from app.services.answer_cache import AnswerCache
from app.services.archives import ArchiveService
from app.services.audit import AuditService
from app.services.boxes import BoxFinder
from app.services.collections import CollectionService
from app.services.consistency import ConsistencyService
from app.services.container import Services
from app.services.conversations import ConversationService
from app.services.deletion import DeletionService
from app.services.document_translations import DocumentTranslationService
from app.services.documents import DocumentService
from app.services.embeddings import EmbeddingService
from app.services.estimates import EstimateService
from app.services.files import FileService
from app.services.glossaries import GlossaryService
from app.services.health import HealthService, Probe
from app.services.idempotency import IdempotencyService
from app.services.indexing import Indexer
from app.services.ingest import Engines, IngestRules, IngestService
from app.services.jobs import JobService
from app.services.likeness import Likeness
from app.services.llm import LLMService
from app.services.measures import Measures, Prices
from app.services.outcomes import Handler
from app.services.quotas import QuotaService
from app.services.quote_translations import QuoteTranslations
from app.services.reach import ReachService
from app.services.reindex import ReindexService
from app.services.retriever import Engines as SearchEngines
from app.services.retriever import RetrieverService
from app.services.second_opinion import SecondOpinion
from app.services.standalone import StandaloneService
from app.services.store_files import StoreFileService
from app.services.token_meter import TokenMeter
from app.services.translate import TranslateService
from app.services.translate_files import TranslateFileService
from app.services.translate_job import TranslateJob
from app.services.translate_originals import OriginalFiles
from app.services.translation_drafts import TranslationDrafts
from app.services.translator import Translator
from app.services.uploads import UploadService
from app.services.vector_stores import VectorStoreService
from app.services.webhook_sender import WebhookSender
from app.services.webhooks import WebhookService
from app.services.worker import Worker


def assemble(
    settings: Settings,
    database: Database,
    engines: Engines,
    tokenizer: Tokenizer,
    signals: Signals,
    measures: Measures,
    *,
    cross_encoder: Reranker | None,
    opinion: SecondOpinion,
) -> tuple[Services, Worker, WebhookSender, LLMService]:
    feed, jobs = signals.feed, signals.queue
    cache = AnswerCache(settings.answer_cache)
    quotas = QuotaService(database, feed)
    model = language_model(settings, measures, TokenMeter(database, quotas))
    # Half of the model's calls at once: questions need not wait behind a long translation.
    translator = Translator(
        database,
        model,
        concurrency=max(1, settings.llm_max_concurrency // 2),
        observe=measures.looked_up("translation"),
    )
    drafts = TranslationDrafts(engines.blobs, engines.parser, engines.compute)
    worker = Worker(
        database,
        jobs,
        feed,
        _handlers(settings, database, engines, tokenizer, cache, quotas)
        | {JobKind.TRANSLATE: TranslateJob(database, engines.blobs, drafts, translator)},
        concurrency=settings.ingest_workers,
        max_attempts=settings.job_max_attempts,
        observe=measures.job_ended,
    )
    collections = CollectionService(database, engines.embedder, jobs)
    uploads = UploadService(database, engines.blobs, jobs, collections, _archives(settings, engines), quotas=quotas)
    conversations = ConversationService(database)
    documents = DocumentService(database, engines.blobs, engines.parser, worker, jobs)
    job_service = JobService(database, feed, worker, jobs)
    files = FileService(database, engines.blobs, documents, quotas)
    entrance = open_entrance(settings, database)
    hooked: WebhookTargets = load(targets.BACKENDS, "http")(settings.callable_networks, settings.webhook_timeout)
    # Sentences that one question compares are compared by the next one, and by its answer.
    asking: Embedder = load(embeddings.EMBEDDERS, "remembering")(
        engines.embedder, kind="sentence", observe=measures.looked_up("sentence")
    )
    retriever = RetrieverService(
        database,
        SearchEngines(
            asking,
            engines.keywords,
            engines.vectors,
            reranker(asking),
            second_look(settings, model, cross_encoder),
            opinion,
        ),
        top_k=settings.top_k,
        score_floor=settings.score_floor,
        observe=measures.searched,
    )
    texts = TranslateService(database, translator, suggestions=settings.translate_suggestions)
    stores = VectorStoreService(database, collections, job_service, retriever, StandaloneService(model))
    store_files = StoreFileService(database, engines.blobs, uploads, documents, job_service, files=files, stores=stores)
    services = Services(
        settings=settings,
        board=signals.board,
        access=entrance.access,
        keys=entrance.keys,
        users=entrance.users,
        sign_in=entrance.sign_in,
        audit=AuditService(database),
        reach=ReachService(database),
        rates=entrance.rates,
        uploads=uploads,
        estimates=EstimateService(
            database,
            engines,
            uploads,
            tokenizer.count,
            rates=Rates(price=settings.embedding_price, chunk_tokens=settings.chunk_tokens),
            at_once=settings.ingest_workers,
        ),
        documents=documents,
        collections=collections,
        jobs=job_service,
        conversations=conversations,
        retriever=retriever,
        answers=AnswerService(
            retriever,
            conversations,
            model,
            BoxFinder(engines.parser, documents),
            likeness=Likeness(asking, opinion),
            cache=cache,
            prices=Prices(settings.llm_price_input, settings.llm_price_output),
            observe=measures.answered,
            quotes=QuoteTranslations(database, translator),
        ),
        embeddings=EmbeddingService(engines.embedder, tokenizer.count),
        files=files,
        stores=stores,
        store_files=store_files,
        translations=texts,
        translated_files=_translated_files(settings, database, engines, drafts, texts),
        document_translations=DocumentTranslationService(database, engines.blobs, drafts, translator, worker, jobs),
        glossaries=GlossaryService(database),
        webhooks=WebhookService(database, entrance.keyring, hooked, feed),
        health=HealthService(
            probes(settings, database, engines, signals.board) | {"access": Probe(entrance.access.door, required=False)}
        ),
        idempotency=IdempotencyService(database, shared=settings.scaled),
        consistency=ConsistencyService(database, engines.blobs, engines.keywords, engines.vectors, worker),
        administration=AdministrationService(database, settings),
    )
    return services, worker, WebhookSender(database, entrance.keyring, hooked, feed), model


def _handlers(
    settings: Settings,
    database: Database,
    engines: Engines,
    tokenizer: Tokenizer,
    cache: AnswerCache,
    quotas: QuotaService,
) -> dict[JobKind, Handler]:
    indexer = Indexer(database, engines.compute, engines.embedder, engines.keywords, engines.vectors)
    rules = IngestRules(settings.chunk_tokens, settings.version_retention_days)
    return {
        JobKind.INGEST: IngestService(database, engines, tokenizer.count, rules, quotas=quotas),
        JobKind.DELETE: DeletionService(
            database, engines.blobs, engines.keywords, engines.vectors, forget=cache.forget
        ),
        JobKind.REINDEX: ReindexService(database, indexer, engines.embedder, engines.keywords, engines.vectors),
    }


def _translated_files(
    settings: Settings, database: Database, engines: Engines, drafts: TranslationDrafts, texts: TranslateService
) -> TranslateFileService:
    most = settings.translate_max_characters
    at_once = settings.ingest_workers
    originals = OriginalFiles(engines.blobs, engines.parser, drafts, texts, at_once=at_once, most=most)
    return TranslateFileService(database, engines.blobs, engines.compute, texts, originals, most=most)


def _archives(settings: Settings, engines: Engines) -> ArchiveService:
    bounds = ArchiveLimits(settings.max_files_per_upload, settings.max_upload_bytes)
    return ArchiveService(engines.blobs, engines.parser, bounds)
