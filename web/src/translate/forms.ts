/** What a translation can be made into. */
import type { TranslateDocument } from "../client";

export type Form = NonNullable<TranslateDocument["output"]>;

const OFFICE = "application/vnd.openxmlformats-officedocument";
/** Files that stay what they are, with other text. */
const OWN: Record<string, Form> = {
  [`${OFFICE}.wordprocessingml.document`]: "docx",
  [`${OFFICE}.presentationml.presentation`]: "pptx",
  "application/pdf": "pdf",
};
const ALWAYS: readonly Form[] = ["markdown", "html", "bilingual_html"];

/** The forms that a document of a media type can have, its own first. */
export function formsOf(mediaType: string): readonly Form[] {
  const own = OWN[mediaType];
  return own ? [own, ...ALWAYS] : ALWAYS;
}
