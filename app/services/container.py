"""All services together: what the routers and the command line see of them."""

from dataclasses import dataclass

from app.core.config import Settings
from app.ports import Board
from app.services.access import AccessService
from app.services.administration import AdministrationService
from app.services.answer import AnswerService
from app.services.audit import AuditService
from app.services.collections import CollectionService
from app.services.consistency import ConsistencyService
from app.services.conversations import ConversationService
from app.services.document_translations import DocumentTranslationService
from app.services.documents import DocumentService
from app.services.embeddings import EmbeddingService
from app.services.estimates import EstimateService
from app.services.files import FileService
from app.services.glossaries import GlossaryService
from app.services.health import HealthService
from app.services.idempotency import IdempotencyService
from app.services.jobs import JobService
from app.services.keys import KeyService
from app.services.rates import RateService
from app.services.reach import ReachService
from app.services.retriever import RetrieverService
from app.services.sign_in import SignInService
from app.services.store_files import StoreFileService
from app.services.translate import TranslateService
from app.services.translate_files import TranslateFileService
from app.services.uploads import UploadService
from app.services.users import UserService
from app.services.vector_stores import VectorStoreService
from app.services.webhooks import WebhookService


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    board: Board | None
    access: AccessService
    keys: KeyService
    users: UserService
    sign_in: SignInService
    audit: AuditService
    reach: ReachService
    rates: RateService
    uploads: UploadService
    estimates: EstimateService
    documents: DocumentService
    collections: CollectionService
    jobs: JobService
    conversations: ConversationService
    retriever: RetrieverService
    answers: AnswerService
    embeddings: EmbeddingService
    files: FileService
    stores: VectorStoreService
    store_files: StoreFileService
    translations: TranslateService
    translated_files: TranslateFileService
    document_translations: DocumentTranslationService
    glossaries: GlossaryService
    webhooks: WebhookService
    health: HealthService
    idempotency: IdempotencyService
    consistency: ConsistencyService
    administration: AdministrationService
