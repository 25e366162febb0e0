import { useQueryClient } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, ExternalLink, X, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useState } from "react";
import { pageImage, useDocument } from "../app/queries";
import { href } from "../app/routes";
import { useDocuBot } from "../client";
import { useText } from "../i18n";
import { IconButton } from "../ui/Button";
import { Note } from "../ui/Note";
import { Scroller } from "../ui/Scroller";
import { Segments } from "../ui/Segments";
import s from "./EvidencePane.module.css";
import { PagePicture } from "./PagePicture";
import { PageText } from "./PageText";
import type { Target } from "./target";

interface Props {
  targets: readonly Target[];
  at: number;
  onMove(at: number): void;
  onClose(): void;
}

const ZOOMS = [100, 125, 150, 200];

/** The page that a citation stands on, beside the answer. */
export function EvidencePane({ targets, at, onMove, onClose }: Props) {
  const text = useText();
  const [zoom, setZoom] = useState(0);
  const [wantsText, setWantsText] = useState(false);
  const target = targets[at];
  usePreloaded(targets[at + 1]);
  if (!target) return null;
  const asText = wantsText || target.page === null;

  return (
    <section className={s.pane} data-evidence aria-label={text.evidence.title}>
      <header className={s.head}>
        <div className={s.steps}>
          <IconButton
            icon={ChevronLeft}
            label={text.evidence.previous}
            shortcut="k"
            disabled={at === 0}
            onClick={() => onMove(at - 1)}
          />
          <span>{text.evidence.position(at + 1, targets.length)}</span>
          <IconButton
            icon={ChevronRight}
            label={text.evidence.next}
            shortcut="j"
            disabled={at + 1 >= targets.length}
            onClick={() => onMove(at + 1)}
          />
        </div>
        <div className={s.tools}>
          {target.page !== null && (
            <Segments
              label={text.page.show}
              value={asText ? "text" : "picture"}
              choices={{ picture: text.page.picture, text: text.page.text }}
              onChoose={(choice) => setWantsText(choice === "text")}
            />
          )}
          {!asText && (
            <>
              <IconButton
                icon={ZoomOut}
                label={text.page.zoomOut}
                disabled={zoom === 0}
                onClick={() => setZoom(zoom - 1)}
              />
              <IconButton
                icon={ZoomIn}
                label={text.page.zoomIn}
                disabled={zoom + 1 === ZOOMS.length}
                onClick={() => setZoom(zoom + 1)}
              />
            </>
          )}
          <a
            className={s.link}
            href={href({ view: "document", id: target.documentId, page: target.page })}
            title={text.evidence.openDocument}
            aria-label={text.evidence.openDocument}
          >
            <ExternalLink size={16} aria-hidden />
          </a>
          <IconButton icon={X} label={text.evidence.close} shortcut="Escape" onClick={onClose} />
        </div>
      </header>
      <Where target={target} />
      <Scroller className={s.scroller} aria-label={where(text.page.label, target)}>
        <p className="visually-hidden" role="status">
          {text.page.passageLit(target.quote)}
        </p>
        {asText ? (
          <PageText
            documentId={target.documentId}
            version={target.version}
            number={target.text.number}
            mark={target.text}
          />
        ) : (
          <div style={{ inlineSize: `${ZOOMS[zoom]}%` }}>
            <PagePicture
              key={`${target.documentId} ${target.page} ${zoom}`}
              documentId={target.documentId}
              version={target.version}
              number={target.page ?? 1}
              filename={target.filename}
              boxes={target.boxes}
              lightKey={target.key}
            />
          </div>
        )}
      </Scroller>
    </section>
  );
}

function Where({ target }: { target: Target }) {
  const text = useText();
  const { data } = useDocument(target.documentId);
  const outdated = data && data.version > target.version;
  return (
    <div className={s.where}>
      <h2 dir="auto" title={target.filename}>
        {target.number !== null && <span className={s.number}>{target.number}</span>}
        {target.filename}
      </h2>
      <p dir="auto">{[where(text.page.label, target), target.section].filter(Boolean).join(" · ")}</p>
      {target.verified === "none" && <Note tone="warn">{text.ask.weakQuote}</Note>}
      {outdated && <Note tone="info">{text.evidence.outdated}</Note>}
    </div>
  );
}

function where(label: (page: string) => string, { page, pageLabel, locator }: Target): string {
  return page === null ? (locator ?? "") : label(pageLabel ?? String(page));
}

/** The next citation's page, so that going on is instant. */
function usePreloaded(target: Target | undefined): void {
  const client = useDocuBot();
  const cache = useQueryClient();
  useEffect(() => {
    if (!target || target.page === null) return;
    const shown = document.querySelector<HTMLImageElement>("[data-evidence] img");
    const scale = Number(shown?.dataset.scale) || 2;
    void cache.prefetchQuery(pageImage(client, target.documentId, target.page, scale, target.version));
  }, [cache, client, target]);
}
