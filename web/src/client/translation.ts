/** Translation: texts as they are typed, whole documents by jobs, glossaries. */
import { DocuBotError, networkError } from "./problem";
import { readEvents } from "./sse";
import { enc, type ListOptions, type Transport } from "./transport";
import type * as wire from "./types";

export interface TextToTranslate {
  q: string;
  /** A code of `languages()`, or `auto`. */
  source: string;
  target: string;
  /** The name of a stored glossary. */
  glossary?: string | undefined;
}

/** Milliseconds without a byte after which the stream counts as dead; the server sends one every 15 s. */
const SILENCE = 45_000;

export class TranslationApi {
  constructor(private readonly http: Transport) {}

  languages(signal?: AbortSignal): Promise<wire.SupportedLanguage[]> {
    return this.http.json("/languages", { signal });
  }

  /** Best first. */
  detect(q: string, signal?: AbortSignal): Promise<wire.DetectedLanguage[]> {
    return this.http.json("/detect", { method: "POST", json: { q }, signal });
  }

  /** Segment by segment, then the whole; a segment that failed stands in it as it was. */
  async *text(text: TextToTranslate, signal: AbortSignal): AsyncGenerator<wire.TranslateEvent> {
    const response = await this.http.stream(
      "/translate",
      { method: "POST", json: { ...text, stream: true }, signal },
      null,
    );
    if (!response.body) throw networkError(null);
    for await (const { event, data } of readEvents(response.body, SILENCE)) {
      const read: unknown = JSON.parse(data);
      if (event === "segment") yield { type: "segment", segment: read as wire.TranslatedSegment };
      else if (event === "done") return yield { type: "done", answer: read as wire.TranslatedText };
      else if (event === "error") {
        const { code, error } = read as { code: string; error: string };
        throw new DocuBotError(code, error, 500);
      }
    }
    throw networkError(new Error("the stream broke off"));
  }

  // ---------------------------------------------------------------- documents

  start(documentId: string, wanted: wire.TranslateDocument): Promise<wire.Translation> {
    return this.http.json(`/documents/${enc(documentId)}/translate`, { method: "POST", json: wanted });
  }

  /** What it would cost; nothing is asked of the model. */
  estimate(documentId: string, wanted: wire.TranslateDocument): Promise<wire.TranslationEstimate> {
    const json = { ...wanted, dry_run: true };
    return this.http.json(`/documents/${enc(documentId)}/translate`, { method: "POST", json });
  }

  list(documentId: string, options: ListOptions = {}): Promise<wire.Page<wire.TranslationItem>> {
    return this.http.list(`/documents/${enc(documentId)}/translations`, options);
  }

  get(documentId: string, id: string, signal?: AbortSignal): Promise<wire.Translation> {
    return this.http.json(path(documentId, id), { signal });
  }

  /** Beside its source, page by page. */
  pages(documentId: string, id: string, options: ListOptions = {}): Promise<wire.Page<wire.AlignedPage>> {
    return this.http.list(`${path(documentId, id)}/pages`, options);
  }

  file(documentId: string, id: string): Promise<Blob> {
    return this.http.blob(`${path(documentId, id)}/file`, {});
  }

  /** Only what failed is asked again. */
  retry(documentId: string, id: string): Promise<wire.Translation> {
    return this.http.json(`${path(documentId, id)}/retry`, { method: "POST" });
  }

  async remove(documentId: string, id: string): Promise<void> {
    await this.http.call(path(documentId, id), { method: "DELETE" });
  }

  // ---------------------------------------------------------------- glossaries

  glossaries(options: ListOptions = {}): Promise<wire.Page<wire.Glossary>> {
    return this.http.list("/glossaries", options);
  }

  createGlossary(name: string, content: wire.GlossaryContent): Promise<wire.Glossary> {
    return this.http.json("/glossaries", { method: "POST", json: { name, ...content } });
  }

  replaceGlossary(name: string, content: wire.GlossaryContent): Promise<wire.Glossary> {
    return this.http.json(`/glossaries/${enc(name)}`, { method: "PUT", json: content });
  }

  async removeGlossary(name: string): Promise<void> {
    await this.http.call(`/glossaries/${enc(name)}`, { method: "DELETE" });
  }

  glossaryCsv(name: string): Promise<Blob> {
    return this.http.blob(`/glossaries/${enc(name)}/csv`, {});
  }

  importGlossary(name: string, csv: Blob): Promise<wire.Glossary> {
    const headers = { "Content-Type": "text/csv; charset=utf-8" };
    return this.http.json(`/glossaries/${enc(name)}/csv`, { method: "PUT", body: csv, headers });
  }
}

function path(documentId: string, id: string): string {
  return `/documents/${enc(documentId)}/translations/${enc(id)}`;
}
