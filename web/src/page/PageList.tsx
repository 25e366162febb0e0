import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { usePage } from "../app/queries";
import type { Document } from "../client";
import { useText } from "../i18n";
import { Scroller } from "../ui/Scroller";
import { Segments } from "../ui/Segments";
import s from "./PageList.module.css";
import { PagePicture } from "./PagePicture";
import { PageText } from "./PageText";

interface Props {
  document: Document;
  /** To be scrolled to. */
  wanted: number | null;
  /** Told which page is at the top of the view. */
  onShown(page: number): void;
}

/** All pages one below the other; only those in view are drawn. */
export function PageList({ document, wanted, onShown }: Props) {
  const text = useText();
  const { id, version, filename, page_count } = document;
  const paged = document.media_type === "application/pdf" || document.media_type.startsWith("image/");
  const [asText, setAsText] = useState(!paged);
  const scroller = useRef<HTMLElement>(null);
  const { data: first } = usePage(id, 1, version);
  const guess = first?.width ? { width: first.width, height: first.height } : undefined;
  const virtual = useVirtualizer({
    count: page_count,
    getScrollElement: () => scroller.current,
    estimateSize: () => {
      const width = Math.min(820, (scroller.current?.clientWidth ?? 600) - 40);
      return (guess ? (width * guess.height) / guess.width : width * 1.41) + 56;
    },
    overscan: 1,
  });
  const top = virtual.range?.startIndex ?? 0;

  useEffect(() => {
    if (wanted !== null) virtual.scrollToIndex(wanted - 1, { align: "start" });
  }, [wanted, virtual]);
  useEffect(() => onShown(top + 1), [top, onShown]);

  return (
    <Scroller ref={scroller} className={s.scroller} aria-label={text.document.tabs.pages}>
      {paged && (
        <div className={s.choice}>
          <Segments
            label={text.page.show}
            value={asText ? "text" : "picture"}
            choices={{ picture: text.page.picture, text: text.page.text }}
            onChoose={(choice) => setAsText(choice === "text")}
          />
        </div>
      )}
      <div style={{ position: "relative", blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => (
          <figure
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            className={s.page}
            style={{ transform: `translateY(${start}px)` }}
          >
            <PageLabel id={id} number={index + 1} version={version} />
            {asText ? (
              <PageText documentId={id} version={version} number={index + 1} />
            ) : (
              <PagePicture
                documentId={id}
                version={version}
                number={index + 1}
                filename={filename}
                {...(guess && { guess })}
              />
            )}
          </figure>
        ))}
      </div>
    </Scroller>
  );
}

function PageLabel({ id, number, version }: { id: string; number: number; version: number }) {
  const text = useText();
  const { data } = usePage(id, number, version);
  const label = data?.label && data.label !== String(number) ? data.label : null;
  return (
    <figcaption className={s.label}>
      {data?.locator?.value ?? (label ? text.page.labelled(number, label) : text.page.label(String(number)))}
      {data && !data.has_text_layer && (
        <span className={s.none}>
          {data.ocr_confidence == null ? text.document.noTextLayer : text.document.readByOcr}
        </span>
      )}
    </figcaption>
  );
}
