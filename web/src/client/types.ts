/** The wire's nouns by short names; the shapes themselves are generated from the server's OpenAPI document. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Answer = Schemas["Answer"];
export type Ask = Schemas["Ask"];
export type Chunk = Schemas["Chunk"];
export type Citation = Schemas["AnswerCitation"];
export type Collection = Schemas["Collection"];
export type Conversation = Schemas["Conversation"];
export type DeleteReceipt = Schemas["DeleteReceipt"];
export type Document = Schemas["Document"];
export type DocumentPage = Schemas["DocumentPage"];
export type DocumentStatus = Schemas["DocumentStatus"];
export type Entry = Schemas["Entry"];
export type Job = Schemas["Job"];
export type JobStatus = Schemas["JobStatus"];
export type Me = Schemas["Me"];
export type ParseReport = Schemas["ParseReport"];
export type Passage = Schemas["Passage"];
export type Problem = Schemas["Problem"];
export type Readiness = Schemas["Readiness"];
export type Sentence = Schemas["AnswerSentence"];
export type Tokens = Schemas["TokenOut"];
export type UploadedDocument = Schemas["UploadedDocument"];
export type Warning = Schemas["Warning"];

export type AlignedBlock = Schemas["AlignedBlock"];
export type AlignedPage = Schemas["AlignedPage"];
export type AuditAction = Schemas["Action"];
export type AuditEntry = Schemas["AuditEntry"];
export type CollectionUsage = Schemas["CollectionUsage"];
export type DefinedRole = Schemas["DefinedRole"];
export type DetectedLanguage = Schemas["DetectedLanguage"];
export type DocumentVersion = Schemas["DocumentVersion"];
export type EvaluationDetail = Schemas["EvaluationDetail"];
export type EvaluationRun = Schemas["EvaluationRun"];
export type Figure = Schemas["Figure"];
export type Glossary = Schemas["Glossary"];
export type GlossaryContent = Schemas["GlossaryContent"];
export type Key = Schemas["Key"];
export type KeyChange = Schemas["ChangedKey"];
export type QuotaLimits = Schemas["QuotaLimits"];
export type MadeKey = Schemas["MadeKey"];
export type NewKey = Schemas["NewKey"];
export type NewUser = Schemas["NewUser"];
export type Scope = Schemas["Scope"];
export type Setting = Schemas["Setting"];
export type SettingsInForce = Schemas["SettingsInForce"];
export type SupportedLanguage = Schemas["Supported"];
export type Term = Schemas["Term"];
export type Translation = Schemas["Translation"];
export type TranslationEstimate = Schemas["app__models__schemas_translations__Estimate"];
export type TranslationItem = Schemas["TranslationItem"];
export type TranslationReport = NonNullable<Schemas["Translation"]["report"]>;
export type User = Schemas["UserOut"];
export type UserChange = Schemas["UserChange"];
export type UsageDay = Schemas["UsageDay"];
export type UsageReport = Schemas["Usage"];

/** What has a default may be left out. */
export type TranslateDocument = Pick<Schemas["TranslateDocument"], "target"> &
  Partial<Omit<Schemas["TranslateDocument"], "target" | "dry_run">>;

/** One segment of a text on its way. */
export interface TranslatedSegment {
  start: number;
  end: number;
  outcome: "translated" | "from_memory" | "kept" | "failed";
  translation: string | null;
  /** Of a failed one: what was not translated. */
  source: string | null;
  reason: string | null;
}

/** The answer to one text, as `partial` gives it. */
export interface TranslatedText {
  translatedText: string;
  detectedLanguage?: DetectedLanguage;
  failed: { segment: string; reason: string }[];
  missed_terms?: { terms: string[] }[];
}

export type TranslateEvent =
  | { type: "segment"; segment: TranslatedSegment }
  | { type: "done"; answer: TranslatedText };

/** A stored turn; the server keeps the answer just as POST /ask gave it. */
export type Message = Omit<Schemas["ConversationMessage"], "answer"> & { answer: Answer };
export type ConversationDetail = Omit<Schemas["ConversationDetail"], "messages"> & { messages: Message[] };

/** One step of a job, as its event stream tells it. */
export interface JobEvent {
  /** From 1, without gaps. */
  number: number;
  /** queued, started, stage, progress, retrying or finished; others may come. */
  type: string;
  data: Record<string, unknown>;
  created_at: string;
}

/** One cursor page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** A question as callers give it: what has a default may be left out. */
export type Question = Pick<Ask, "question"> & Partial<Omit<Ask, "question" | "stream">>;

/** What an answer tells while it is made. The deltas' texts, joined, are the final answer's text. */
export type AskEvent =
  | { type: "started"; conversation_id: string | null; message_id: string; mode: Answer["mode"] }
  | { type: "passages"; passages: Passage[] }
  | { type: "delta"; text: string }
  | { type: "citation"; citation: Citation }
  | { type: "done"; answer: Answer };
