/** DocuBot's API for browsers. No dependencies; every failure is a DocuBotError. */
import { AdminApi } from "./admin";
import { askEvents } from "./ask";
import { AuthApi } from "./auth";
import { DocuBotError, problemIn } from "./problem";
import { resumable } from "./resume";
import { TranslationApi } from "./translation";
import { type ClientOptions, enc, failure, type ListOptions, NEVER, Transport } from "./transport";
import type * as wire from "./types";

export interface UploadOptions {
  collection?: string;
  metadata?: Record<string, string | number | boolean>;
  language?: string;
  password?: string;
  /** The same key makes it safe to send again. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  onProgress?(share: number): void;
}

export interface PictureOptions {
  /** 1 is 72 dpi. */
  scale?: number;
  version?: number | undefined;
  /** Boxes, as citations have them, to be marked in the picture. */
  highlight?: readonly (readonly number[])[];
  signal?: AbortSignal;
}

export class DocuBotClient {
  private readonly http: Transport;
  /** Texts, documents and glossaries. */
  readonly translation: TranslationApi;
  /** What needs the scope `admin`. */
  readonly admin: AdminApi;
  /** Getting in and out. */
  readonly auth: AuthApi;

  constructor(options: ClientOptions = {}) {
    this.http = new Transport(options);
    this.translation = new TranslationApi(this.http);
    this.admin = new AdminApi(this.http);
    this.auth = new AuthApi(this.http);
  }

  // ---------------------------------------------------------------- documents

  listDocuments(
    options: ListOptions & { status?: wire.DocumentStatus } = {},
  ): Promise<wire.Page<wire.Document>> {
    return this.http.list("/documents", options, { status: options.status });
  }

  getDocument(id: string, signal?: AbortSignal): Promise<wire.Document> {
    return this.http.json(`/documents/${enc(id)}`, { signal });
  }

  deleteDocument(id: string): Promise<wire.DeleteReceipt> {
    return this.http.json(`/documents/${enc(id)}`, { method: "DELETE" });
  }

  retryDocument(id: string): Promise<wire.Job> {
    return this.http.json(`/documents/${enc(id)}/retry`, { method: "POST" });
  }

  getReport(id: string, version?: number, signal?: AbortSignal): Promise<wire.ParseReport> {
    return this.http.json(`/documents/${enc(id)}/report`, { query: { version }, signal });
  }

  listChunks(id: string, options: ListOptions = {}): Promise<wire.Page<wire.Chunk>> {
    return this.http.list(`/documents/${enc(id)}/chunks`, options);
  }

  getPage(id: string, number: number, version?: number, signal?: AbortSignal): Promise<wire.DocumentPage> {
    return this.http.json(`/documents/${enc(id)}/pages/${number}`, { query: { version }, signal });
  }

  /** How a page looks. An `img` cannot ask by itself: it sends no key. */
  pageImage(id: string, number: number, options: PictureOptions = {}): Promise<Blob> {
    const { scale = 2, version, highlight = [], signal } = options;
    const query = { scale, version, highlight: highlight.map((box) => box.join()) };
    return this.http.blob(`/documents/${enc(id)}/pages/${number}/image`, { query, signal });
  }

  /** Newest first. */
  listVersions(id: string, options: ListOptions = {}): Promise<wire.Page<wire.DocumentVersion>> {
    return this.http.list(`/documents/${enc(id)}/versions`, options);
  }

  /** The file as it was uploaded. */
  getFile(id: string, version?: number, signal?: AbortSignal): Promise<Blob> {
    return this.http.blob(`/documents/${enc(id)}/file`, { query: { version }, signal });
  }

  // ---------------------------------------------------------------- uploads

  /** One file; resolves when it is stored and its job is queued. A refused file rejects. */
  async upload(file: File, options: UploadOptions = {}): Promise<wire.UploadedDocument> {
    const answer = await this.sendFile<{ documents: wire.UploadedDocument[] }>(
      "POST",
      "/upload",
      file,
      options,
    );
    const [stored] = answer.documents;
    if (!stored) throw new DocuBotError("bad_answer", "The server's answer names no document.");
    if (stored.error) throw problemIn(stored.error);
    return stored;
  }

  /** A new version; the old one goes on answering until the new one is ready. */
  replaceFile(id: string, file: File, options: UploadOptions = {}): Promise<wire.UploadedDocument> {
    return this.sendFile("PUT", `/documents/${enc(id)}/file`, file, options);
  }

  // ---------------------------------------------------------------- jobs

  getJob(id: string, signal?: AbortSignal): Promise<wire.Job> {
    return this.http.json(`/jobs/${enc(id)}`, { signal });
  }

  listJobs(options: ListOptions & { status?: wire.JobStatus } = {}): Promise<wire.Page<wire.Job>> {
    return this.http.list("/jobs", options, { status: options.status });
  }

  cancelJob(id: string): Promise<wire.Job> {
    return this.http.json(`/jobs/${enc(id)}/cancel`, { method: "POST" });
  }

  /** Every event of a job, from its first to its last. */
  async *followJob(id: string, signal: AbortSignal = NEVER): AsyncGenerator<wire.JobEvent> {
    const events = resumable({
      open: (lastEventId, inner) =>
        this.http.stream(`/jobs/${enc(id)}/events`, { signal: inner }, lastEventId),
      isLast: (event) => event.event === "finished",
      signal,
    });
    for await (const event of events) yield JSON.parse(event.data) as wire.JobEvent;
  }

  // ---------------------------------------------------------------- collections

  listCollections(options: ListOptions = {}): Promise<wire.Page<wire.Collection>> {
    return this.http.list("/collections", options);
  }

  createCollection(name: string, description = ""): Promise<wire.Collection> {
    return this.http.json("/collections", { method: "POST", json: { name, description } });
  }

  deleteCollection(name: string): Promise<wire.Job> {
    return this.http.json(`/collections/${enc(name)}`, { method: "DELETE" });
  }

  reindexCollection(name: string): Promise<wire.Job> {
    return this.http.json(`/collections/${enc(name)}/reindex`, { method: "POST" });
  }

  // ---------------------------------------------------------------- answers

  /** The answer as it is made. Drops of the connection are bridged; `onDrop` is told of them. */
  ask(
    question: wire.Question,
    signal: AbortSignal = NEVER,
    onDrop?: () => void,
  ): AsyncGenerator<wire.AskEvent> {
    const open = (lastEventId: string | null, inner: AbortSignal) =>
      this.http.stream(
        "/ask",
        { method: "POST", json: { ...question, stream: true }, signal: inner },
        lastEventId,
      );
    return askEvents({ open, storedAnswer: (...ids) => this.storedAnswer(...ids), signal, onDrop });
  }

  listConversations(options: ListOptions = {}): Promise<wire.Page<wire.Conversation>> {
    return this.http.list("/conversations", options);
  }

  getConversation(id: string, signal?: AbortSignal): Promise<wire.ConversationDetail> {
    return this.http.json(`/conversations/${enc(id)}`, { signal });
  }

  async deleteConversation(id: string): Promise<void> {
    await this.http.call(`/conversations/${enc(id)}`, { method: "DELETE" });
  }

  async rate(messageId: string, rating: "up" | "down", note?: string): Promise<void> {
    const json = { rating, note: note || null };
    await this.http.call(`/messages/${enc(messageId)}/feedback`, { method: "POST", json });
  }

  /** Never rejects for a server that is there: a server that is not ready says so in the answer. */
  async ready(signal?: AbortSignal): Promise<wire.Readiness> {
    const response = await this.http.fetch("/health/ready", { signal });
    if (response.ok || response.status === 503) return (await response.json()) as wire.Readiness;
    throw await failure(response);
  }

  private async storedAnswer(conversationId: string, messageId: string): Promise<wire.Answer | null> {
    try {
      const { messages } = await this.getConversation(conversationId);
      return messages.find((message) => message.id === messageId)?.answer ?? null;
    } catch {
      return null; // whatever went wrong, the question can be asked again
    }
  }

  private sendFile<T>(method: "POST" | "PUT", path: string, file: File, options: UploadOptions): Promise<T> {
    const { collection, language, password, metadata, idempotencyKey, onProgress, signal } = options;
    return this.http.sendFile(path, file, {
      method,
      fields: { collection, language, password, ...(metadata && { metadata: JSON.stringify(metadata) }) },
      headers: idempotencyKey ? { "Idempotency-Key": idempotencyKey } : {},
      onProgress,
      signal,
    });
  }
}
