import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowLeft, Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useDocument } from "../app/queries";
import { href } from "../app/routes";
import { saveAs } from "../app/save";
import { DocuBotError, type Document, type Translation, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { IconButton } from "../ui/Button";
import { Note, Trouble } from "../ui/Note";
import { Scroller } from "../ui/Scroller";
import { Segments } from "../ui/Segments";
import { useToasts } from "../ui/Toasts";
import { AlignedPageRow } from "./AlignedPageRow";
import { useAligned, useTranslation } from "./queries";
import s from "./TranslationView.module.css";

export type Layout = "page" | "text";

/** A translation beside its original: each page is a row, so that both sides scroll as one. */
export default function TranslationView({ documentId, id }: { documentId: string; id: string }) {
  const text = useText();
  const { data: document, error: missing } = useDocument(documentId);
  const { data: translation, error: gone } = useTranslation(documentId, id);
  const error = missing ?? gone;
  if (error) {
    const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
    return (
      <div className={s.alone}>
        <Trouble code={known.code} message={known.message} requestId={known.requestId} />
      </div>
    );
  }
  if (!document || !translation) return <p className={s.alone}>{text.app.loading}</p>;
  return <Beside document={document} translation={translation} />;
}

function Beside({ document, translation }: { document: Document; translation: Translation }) {
  const text = useText();
  const format = useFormat();
  const client = useDocuBot();
  const { fail } = useToasts();
  const finished = translation.finished_at !== null;
  const paged = document.media_type === "application/pdf" || document.media_type.startsWith("image/");
  const [layout, setLayout] = useState<Layout>(paged ? "page" : "text");
  const download = () =>
    client.translation
      .file(document.id, translation.id)
      .then((file) => saveAs(file, translation.filename), fail);
  return (
    <div className={s.view}>
      <header className={s.head}>
        <a
          className={s.back}
          href={href({ view: "translate", tab: "documents", item: document.id })}
          aria-label={text.translations.title}
          title={text.translations.title}
        >
          <ArrowLeft size={18} aria-hidden />
        </a>
        <h1 dir="auto" title={document.filename}>
          {document.title ?? document.filename}
        </h1>
        {paged && (
          <Segments<Layout>
            label={text.translations.layout}
            value={layout}
            choices={text.translations.layouts}
            onChoose={setLayout}
          />
        )}
        {finished && (
          <IconButton icon={Download} label={text.translations.download} onClick={() => void download()} />
        )}
      </header>
      <div className={s.sides} aria-hidden>
        <span>
          {text.translations.original}
          {translation.source && ` · ${format.language(translation.source)}`}
        </span>
        <span>
          {text.translations.translated} · {format.language(translation.target)}
        </span>
      </div>
      {finished ? (
        <Pages document={document} translation={translation} layout={layout} />
      ) : (
        <div className={s.alone}>
          <Note tone="info">{text.translations.notReady}</Note>
        </div>
      )}
    </div>
  );
}

interface PagesProps {
  document: Document;
  translation: Translation;
  layout: Layout;
}

function Pages({ document, translation, layout }: PagesProps) {
  const text = useText();
  const aligned = useAligned(document.id, translation.id, true);
  const pages = aligned.data?.pages.flatMap(({ items }) => items) ?? [];
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: pages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 900,
    getItemKey: (index) => `${layout} ${pages[index]?.number ?? index}`,
    overscan: 1,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, fetchNextPage } = aligned;
  useEffect(() => {
    if (hasNextPage && !isFetching && last > pages.length - 5) void fetchNextPage();
  }, [hasNextPage, isFetching, last, pages.length, fetchNextPage]);

  return (
    <Scroller ref={scroller} className={s.scroller} aria-label={text.translations.read}>
      {aligned.isPending && <p className={s.alone}>{text.app.loading}</p>}
      {aligned.isSuccess && !pages.length && <p className={s.alone}>{text.translations.nothingOnPage}</p>}
      <div style={{ position: "relative", blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const page = pages[index];
          if (!page) return null;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className={s.row}
              style={{ insetBlockStart: start }}
            >
              <AlignedPageRow document={document} translation={translation} page={page} layout={layout} />
            </div>
          );
        })}
      </div>
      {aligned.isSuccess && !hasNextPage && pages.length > 0 && (
        <p className={s.end}>{text.translations.end(pages.length)}</p>
      )}
    </Scroller>
  );
}
