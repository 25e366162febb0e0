import { Fragment } from "react";
import type { AlignedBlock, AlignedPage, Document, Translation } from "../client";
import { useText } from "../i18n";
import { PagePicture } from "../page/PagePicture";
import s from "./AlignedPageRow.module.css";
import type { Layout } from "./TranslationView";

interface Props {
  document: Document;
  translation: Translation;
  page: AlignedPage;
  layout: Layout;
}

/** One page: its picture, or its text, beside what it says in the other language. */
export function AlignedPageRow({ document, translation, page, layout }: Props) {
  const text = useText();
  const label = text.page.label(String(page.number));
  const blocks = page.blocks.map((block, index) => ({ block, key: `${page.number}.${index}` }));
  if (layout === "text") {
    return (
      <section className={s.pairs} aria-label={label}>
        <h2 className={s.label}>{label}</h2>
        {blocks.map(({ block, key }) => (
          <Fragment key={key}>
            <div lang={translation.source ?? undefined} dir="auto">
              <Block block={block} side="source" />
            </div>
            <div lang={translation.target} dir="auto">
              <Block block={block} side="target" />
            </div>
          </Fragment>
        ))}
      </section>
    );
  }
  return (
    <section className={s.page} aria-label={label}>
      <h2 className={s.label}>{label}</h2>
      <div className={s.picture}>
        <PagePicture
          documentId={document.id}
          version={undefined}
          number={page.number}
          filename={document.filename}
        />
      </div>
      <div className={s.text} lang={translation.target} dir="auto">
        {blocks.map(({ block, key }) => (
          <Block key={key} block={block} side="target" />
        ))}
      </div>
    </section>
  );
}

function Block({ block, side }: { block: AlignedBlock; side: "source" | "target" }) {
  if (block.kind === "table") {
    return (
      <div className={s.wide}>
        <table>
          <tbody>
            {block.rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name and never move
              <tr key={index}>
                {row.map((cell, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same
                  <td key={at}>
                    <Words cell={cell} side={side} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  }
  const cell = block.rows[0]?.[0];
  if (!cell) return null;
  if (block.kind === "heading") {
    return (
      <p className={s.heading} data-level={Math.min(4, Math.max(1, block.level))}>
        <Words cell={cell} side={side} />
      </p>
    );
  }
  return (
    <p>
      {block.mark && <span className={s.mark}>{block.mark} </span>}
      <Words cell={cell} side={side} />
    </p>
  );
}

function Words({ cell, side }: { cell: AlignedBlock["rows"][number][number]; side: "source" | "target" }) {
  const text = useText();
  if (side === "source" || !cell.failed) return cell[side];
  return (
    <mark className={s.failed} title={text.translations.notTranslated}>
      {cell.target}
      <span className="visually-hidden"> ({text.translations.notTranslated})</span>
    </mark>
  );
}
