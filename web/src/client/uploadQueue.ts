/** Files on their way to the server, a few at a time; it knows no framework. */
import type { DocuBotClient } from "./client";
import { DocuBotError, isAbort } from "./problem";
import { persistently } from "./send";
import { Store } from "./store";
import type { UploadedDocument } from "./types";

export interface UploadItem {
  key: string;
  filename: string;
  bytes: number;
  collection: string;
  /** The document that gets this file as its new version; null for a new document. */
  replaces: string | null;
  phase: "waiting" | "sending" | "stored" | "failed" | "cancelled";
  /** 0..1 of the bytes; at 1 the server is storing it. */
  share: number;
  /** The server could not be reached and is tried again. */
  reconnecting: boolean;
  error: DocuBotError | null;
  document: UploadedDocument | null;
}

export interface ToUpload {
  file: File;
  collection: string;
  /** The folder that it was dragged in with, as "reports/2024"; becomes the metadata key `folder`. */
  folder?: string;
  replaces?: string;
  password?: string;
}

interface Entry {
  item: UploadItem;
  given: ToUpload;
  control: AbortController;
}

/** Browsers open six connections to a server; the rest are for answers, pictures and progress. */
const AT_ONCE = 2;

export class UploadQueue {
  private readonly entries = new Map<string, Entry>();
  private readonly store = new Store<readonly UploadItem[]>([]);
  private running = 0;

  readonly items = this.store.get;
  readonly subscribe = this.store.subscribe;

  constructor(
    private readonly client: DocuBotClient,
    private readonly onStored: (item: UploadItem, document: UploadedDocument) => void = () => undefined,
  ) {}

  add(files: readonly ToUpload[]): void {
    for (const given of files) {
      const item: UploadItem = {
        key: crypto.randomUUID(),
        filename: given.file.name,
        bytes: given.file.size,
        collection: given.collection,
        replaces: given.replaces ?? null,
        phase: "waiting",
        share: 0,
        reconnecting: false,
        error: null,
        document: null,
      };
      this.entries.set(item.key, { item, given, control: new AbortController() });
    }
    this.tell(true);
    this.fill();
  }

  /** Send a failed or cancelled file again; `password` for one that is encrypted. */
  retry(key: string, password?: string): void {
    const entry = this.entries.get(key);
    if (!entry || entry.item.phase === "sending") return;
    entry.control = new AbortController();
    if (password) entry.given = { ...entry.given, password };
    this.change(entry, { phase: "waiting", share: 0, error: null, reconnecting: false }, true);
    this.fill();
  }

  cancel(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.control.abort();
    this.change(entry, { phase: "cancelled", reconnecting: false }, true);
  }

  /** Forget files that are done with, or the one of `key`. */
  dismiss(key?: string): void {
    for (const [known, { item }] of this.entries) {
      const over = item.phase !== "waiting" && item.phase !== "sending";
      if (over && (key === undefined || key === known)) this.entries.delete(known);
    }
    this.tell(true);
  }

  private fill(): void {
    for (const entry of this.entries.values()) {
      if (this.running >= AT_ONCE) return;
      if (entry.item.phase === "waiting") void this.run(entry);
    }
  }

  private async run(entry: Entry): Promise<void> {
    const { control } = entry;
    this.running += 1;
    this.change(entry, { phase: "sending" });
    try {
      const document = await this.send(entry);
      this.change(entry, { phase: "stored", share: 1, document, reconnecting: false }, true);
      this.onStored(entry.item, document);
    } catch (error) {
      // What was cancelled may be waiting for its second try by now.
      const current = entry.control === control;
      if (current && !isAbort(error))
        this.change(entry, { phase: "failed", error: asDocuBotError(error), reconnecting: false }, true);
    } finally {
      this.running -= 1;
      this.fill();
    }
  }

  private send(entry: Entry): Promise<UploadedDocument> {
    const { file, collection, folder, replaces, password } = entry.given;
    const { signal } = entry.control;
    const options = {
      collection,
      signal,
      onProgress: (share: number) => this.change(entry, { share, reconnecting: false }),
      ...(folder && { metadata: { folder } }),
      ...(password && { password }),
    };
    // A key a try by hand: what is retried by itself is the same request, with another password it is not.
    const idempotencyKey = crypto.randomUUID();
    const send = () =>
      replaces === undefined
        ? this.client.upload(file, { ...options, idempotencyKey })
        : this.client.replaceFile(replaces, file, options);
    return persistently(send, signal, () => this.change(entry, { share: 0, reconnecting: true }, true));
  }

  private change(entry: Entry, values: Partial<UploadItem>, now = false): void {
    entry.item = { ...entry.item, ...values };
    this.tell(now);
  }

  private tell(now = false): void {
    this.store.set(
      [...this.entries.values()].map(({ item }) => item),
      now,
    );
  }
}

function asDocuBotError(error: unknown): DocuBotError {
  if (error instanceof DocuBotError) return error;
  return new DocuBotError("bad_answer", error instanceof Error ? error.message : String(error));
}
