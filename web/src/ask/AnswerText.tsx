import { useMemo, useState } from "react";
import type { Citation, Sentence } from "../client";
import { useText } from "../i18n";
import { cx } from "../ui/cx";
import s from "./AnswerText.module.css";
import { type Block, markup, type Piece, type Run } from "./markup";
import { QuoteCard } from "./QuoteCard";
import { place } from "./sources";
import { type Support, supportOf } from "./support";

interface Props {
  text: string;
  citations: readonly Citation[];
  /** Empty while the answer is being written. */
  sentences: readonly Sentence[];
  markdown: boolean;
  writing: boolean;
  /** The citation whose page is open. */
  open: number | null;
  onOpen(number: number): void;
}

interface Hovered {
  citation: Citation;
  at: DOMRect;
}

export function AnswerText({ text, citations, sentences, markdown, writing, open, onOpen }: Props) {
  const blocks = useMemo(() => markup(text, sentences, markdown), [text, sentences, markdown]);
  const known = useMemo(() => new Map(citations.map((citation) => [citation.number, citation])), [citations]);
  const [hovered, setHovered] = useState<Hovered | null>(null);

  const drawRuns = (runs: readonly Run[], marked = true) =>
    runs.map((run) => (
      <Sentences
        key={run.pieces[0]?.start}
        run={run}
        sentence={marked && run.sentence !== null ? sentences[run.sentence] : undefined}
        known={known}
        open={open}
        onOpen={onOpen}
        onHover={setHovered}
        hovered={hovered?.citation.number ?? null}
      />
    ));
  return (
    <div className={s.answer} dir="auto" data-writing={writing} aria-busy={writing}>
      {blocks.map((block) => (
        <Drawn key={block.at} block={block} draw={drawRuns} />
      ))}
      {hovered && <QuoteCard citation={hovered.citation} at={hovered.at} />}
    </div>
  );
}

function Drawn({
  block,
  draw,
}: {
  block: Block;
  draw(runs: readonly Run[], marked?: boolean): React.ReactNode;
}) {
  switch (block.kind) {
    case "paragraph":
      return <p dir="auto">{draw(block.runs)}</p>;
    case "heading":
      return <h3 dir="auto">{draw(block.runs, false)}</h3>;
    case "code":
      return <pre dir="ltr">{block.text}</pre>;
    case "list": {
      const items = block.items.map((runs) => (
        <li key={runs[0]?.pieces[0]?.start} dir="auto">
          {draw(runs)}
        </li>
      ));
      return block.ordered ? <ol start={block.first}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table":
      return (
        <div className={s.wide}>
          <table dir="auto">
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={row[0]?.[0]?.pieces[0]?.start ?? index}>
                  {row.map((cell, column) => (
                    <td key={cell[0]?.pieces[0]?.start ?? `empty-${column}`}>{draw(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

interface RunProps {
  run: Run;
  sentence: Sentence | undefined;
  known: ReadonlyMap<number, Citation>;
  open: number | null;
  hovered: number | null;
  onOpen(number: number): void;
  onHover(hovered: Hovered | null): void;
}

function Sentences({ run, sentence, known, open, hovered, onOpen, onHover }: RunProps) {
  const said = run.pieces.map(({ text }) => text).join("");
  const support = sentence ? supportOf(sentence, said) : "full";
  // A chip that is doubted itself says as much.
  const doubted = support === "weak" && sentence?.citations.some((n) => known.get(n)?.verified === "none");
  const shown = open ?? hovered;
  const lit = shown !== null && sentence?.citations.includes(shown);
  return (
    <span className={cx(s.sentence, lit && s.lit)} data-support={support}>
      {run.pieces.map((piece) => {
        const citation = piece.cites === null ? undefined : known.get(piece.cites);
        if (!citation) return <Words key={piece.start} piece={piece} />;
        return (
          <Chip
            key={piece.start}
            citation={citation}
            open={open === citation.number}
            onOpen={() => onOpen(citation.number)}
            onHover={onHover}
          />
        );
      })}
      {run.last && support !== "full" && !doubted && <Flag kind={support} />}
      {run.last && sentence?.composed && support === "full" && <Flag kind="composed" />}
    </span>
  );
}

const TAGS = { plain: null, strong: "strong", em: "em", code: "code" } as const;

function Words({ piece }: { piece: Piece }) {
  const Tag = TAGS[piece.style];
  return Tag ? <Tag>{piece.text}</Tag> : piece.text;
}

function Flag({ kind }: { kind: Exclude<Support, "full"> | "composed" }) {
  const { ask } = useText();
  const [word, hint] = {
    weak: [ask.weak, ask.weakHint],
    none: [ask.unsupported, ask.unsupportedHint],
    composed: [ask.composed, ask.composedHint],
  }[kind];
  return (
    <span className={s.flag} data-flag={kind} title={hint}>
      {word}
    </span>
  );
}

interface ChipProps {
  citation: Citation;
  open: boolean;
  onOpen(): void;
  onHover(hovered: Hovered | null): void;
}

function Chip({ citation, open, onOpen, onHover }: ChipProps) {
  const text = useText();
  const show = (target: HTMLElement) => onHover({ citation, at: target.getBoundingClientRect() });
  const label = text.ask.citation(citation.number, place(citation, { page: text.ask.pageLong }));
  return (
    <button
      type="button"
      className={s.chip}
      data-verified={citation.verified}
      aria-label={label}
      aria-pressed={open}
      onClick={() => {
        onHover(null);
        onOpen();
      }}
      onPointerEnter={(event) => event.pointerType === "mouse" && show(event.currentTarget)}
      onPointerLeave={() => onHover(null)}
      onFocus={(event) => event.currentTarget.matches(":focus-visible") && show(event.currentTarget)}
      onBlur={() => onHover(null)}
    >
      {citation.number}
    </button>
  );
}
