/** What went wrong, by the server's code: a plain sentence, and what to do. What is not here is told in its words. */
export const errors: Record<string, { what: string; todo: string }> & {
  unknown: { what: string; todo: string };
} = {
  unknown: { what: "Something went wrong.", todo: "Try again." },
  network_error: {
    what: "The server cannot be reached.",
    todo: "Check that DocuBot is running and that you are connected, then try again.",
  },
  internal_error: {
    what: "Something went wrong on the server.",
    todo: "Try again, and pass on the request number if it stays.",
  },
  unsupported_media_type: {
    what: "This kind of file cannot be read.",
    todo: "Export it as PDF, or as another of the kinds that the start page names.",
  },
  empty_file: { what: "The file is empty.", todo: "Check that it was saved, then add it again." },
  unreadable_document: {
    what: "The file is damaged or not what its name says.",
    todo: "Open it in its program, export it anew and add that.",
  },
  password_required: {
    what: "The document is locked with a password.",
    todo: "Enter the password to unlock it.",
  },
  document_too_large: {
    what: "The document is larger than this server takes.",
    todo: "Split it into parts, or ask whoever runs the server to raise the limits.",
  },
  payload_too_large: {
    what: "The file is larger than this server takes.",
    todo: "Split it into parts, or ask whoever runs the server to raise the limit.",
  },
  archive_too_large: {
    what: "The ZIP unpacks to more than one upload may have.",
    todo: "Split it, or add its files by themselves.",
  },
  ocr_not_installed: {
    what: "Pictures are read by OCR, which the server does not have.",
    todo: 'Ask whoever runs it to install it: pip install "docubot[ocr]".',
  },
  font_missing: {
    what: "The server has no font for that language.",
    todo: 'Ask whoever runs it to install it: pip install "docubot[cjk]".',
  },
  parser_timeout: {
    what: "Reading the document took too long.",
    todo: "Split it into parts, or ask whoever runs the server to raise the limit.",
  },
  parser_crashed: {
    what: "The document could not be read; something in it breaks the reader.",
    todo: "Export it anew (for example, print it to PDF) and add that.",
  },
  quota_exceeded: {
    what: "The key's quota is used up.",
    todo: "Delete some of its documents, or ask whoever runs the server for more.",
  },
  token_quota_exceeded: {
    what: "Today's tokens of the key are used up.",
    todo: "Wait until midnight UTC, or ask for answers in the documents' own words.",
  },
  shutting_down: {
    what: "The server is restarting.",
    todo: "Try again in a moment.",
  },
  storage_unavailable: {
    what: "The server's disk is full.",
    todo: "Free some space on the server, then try again.",
  },
  embedding_mismatch: {
    what: "The collection was made with another embedding model.",
    todo: "Rebuild the collection.",
  },
  embeddings_unavailable: { what: "The embedding model does not answer.", todo: "Try again in a moment." },
  vector_index_unavailable: {
    what: "The vector index does not answer.",
    todo: "Search by words goes on; try again later.",
  },
  llm_unavailable: { what: "The language model does not answer.", todo: "Try again in a moment." },
  llm_not_configured: {
    what: "No language model is configured.",
    todo: "Ask whoever runs the server to set one up.",
  },
  collection_exists: { what: "There is a collection of this name already.", todo: "Choose another name." },
  collection_not_found: { what: "This collection does not exist any more.", todo: "Choose another one." },
  document_not_found: { what: "This document does not exist any more.", todo: "Go back to the list." },
  conversation_not_found: { what: "This conversation does not exist any more.", todo: "Ask a new question." },
  not_retryable: {
    what: "There is nothing to try again.",
    todo: "Only what failed or was cancelled can be.",
  },
  origin_not_allowed: {
    what: "The server does not accept changes from this page's address.",
    todo: "Add the address to CORS_ORIGINS on the server.",
  },
  interrupted: {
    what: "The work was interrupted again and again.",
    todo: "Try again to go on where it was.",
  },
  invalid_grant: {
    what: "Name or password are wrong, or the user is disabled.",
    todo: "Check both; whoever runs the server can set a new password.",
  },
  unauthorized: { what: "The server wants to know who you are.", todo: "Sign in." },
  invalid_credentials: {
    what: "The server does not know this key, or it has expired.",
    todo: "Check that it was copied whole, or ask for another.",
  },
  forbidden: { what: "You may not do this.", todo: "Ask whoever runs the server." },
  scope_missing: {
    what: "What you signed in with does not allow this.",
    todo: "Ask whoever runs the server for another role or key.",
  },
  collection_not_allowed: {
    what: "You may not add anything to this collection.",
    todo: "Choose another one, or ask whoever runs the server.",
  },
  rate_limited: { what: "Too many tries in a short time.", todo: "Wait a moment, then try again." },
  issuer_unavailable: {
    what: "Your organization's sign-in cannot be checked right now.",
    todo: "Try again in a moment.",
  },
  unprocessable: {
    what: "Something that was entered is not as it should be.",
    todo: "Check the fields and try again.",
  },
  user_exists: {
    what: "There is a user of this name already.",
    todo: "Choose another name; capitals do not tell two apart.",
  },
  user_not_found: { what: "This user does not exist any more.", todo: "Go back to the list." },
  key_not_found: { what: "This key does not exist any more.", todo: "Go back to the list." },
  glossary_exists: { what: "There is a glossary of this name already.", todo: "Choose another name." },
  glossary_not_found: { what: "This glossary does not exist any more.", todo: "Choose another one." },
  translation_not_found: {
    what: "This translation does not exist any more.",
    todo: "Go back to the document.",
  },
  translation_not_ready: {
    what: "This translation is not finished yet.",
    todo: "Wait until it is, then try again.",
  },
  translation_failed: {
    what: "The model's reply could not be used as a translation.",
    todo: "Try again, or try another model.",
  },
  output_not_possible: {
    what: "This document cannot be translated into that format.",
    todo: "Choose Markdown or a web page instead.",
  },
  language_not_supported: { what: "This language is not supported.", todo: "Choose another one." },
  issuer_refused: {
    what: "The organization's sign-in did not let you in.",
    todo: "Try again; if it stays, ask whoever runs the server.",
  },
  issuer_unreachable: {
    what: "The organization's sign-in cannot be reached from this page.",
    todo: "Try again in a moment; if it stays, it has to let this page's address in (CORS).",
  },
  issuer_token_refused: {
    what: "You are known there, but this server does not accept what it says of you.",
    todo: "Ask whoever runs the server to compare OIDC_AUDIENCE and OIDC_PAGE_TOKEN with the issuer's settings.",
  },
  issuer_needs_https: {
    what: "Signing in there needs a page that came by https.",
    todo: "Open this page by its https address.",
  },
};
