import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { Citation, Sentence } from "../client";
import { useText } from "../i18n";
import { cx } from "../ui/cx";
import s from "./AnswerText.module.css";
import { type Block, type Known, markup, type Piece, type Run } from "./markup";
import { usePaced } from "./pace";
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

/** What every run is drawn by; the same object for as long as nothing of it changes. */
interface Scene {
  sentences: readonly Sentence[];
  known: ReadonlyMap<number, Citation>;
  open: number | null;
  hovered: number | null;
  onOpen(number: number): void;
  onHover(hovered: Hovered | null): void;
}

export function AnswerText({ text, markdown, writing, open, onOpen, ...told }: Props) {
  const shown = usePaced(text, writing);
  // They come all at once, and every line is drawn again with them: in pieces, between frames.
  const sentences = useDeferredValue(told.sentences);
  const citations = useDeferredValue(told.citations);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known of other sentences is of no use
  const lines = useMemo<Known>(() => new Map(), [sentences, markdown]);
  const blocks = useMemo(
    () => markup(shown, sentences, markdown, lines),
    [shown, sentences, markdown, lines],
  );
  const known = useMemo(() => new Map(citations.map((citation) => [citation.number, citation])), [citations]);
  const [hovered, onHover] = useState<Hovered | null>(null);
  const opening = useRef(onOpen);
  useEffect(() => {
    opening.current = onOpen;
  });
  const openIt = useCallback((number: number) => opening.current(number), []);
  const lit = hovered?.citation.number ?? null;
  const scene = useMemo<Scene>(
    () => ({ sentences, known, open, hovered: lit, onOpen: openIt, onHover }),
    [sentences, known, open, lit, openIt],
  );
  return (
    <div className={s.answer} dir="auto" data-writing={writing} aria-busy={writing}>
      {blocks.map((block) => (
        <Drawn key={block.at} block={block} scene={scene} />
      ))}
      {hovered && <QuoteCard citation={hovered.citation} at={hovered.at} />}
    </div>
  );
}

function Drawn({ block, scene }: { block: Block; scene: Scene }) {
  const draw = (runs: readonly Run[], marked = true) => <Line runs={runs} marked={marked} scene={scene} />;
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

interface LineProps {
  runs: readonly Run[];
  marked: boolean;
  scene: Scene;
}

/** A line that is finished is not drawn again while others are written. */
const Line = memo(function Line({ runs, marked, scene }: LineProps) {
  return runs.map((run) => (
    <Sentences
      key={run.pieces[0]?.start}
      run={run}
      sentence={marked && run.sentence !== null ? scene.sentences[run.sentence] : undefined}
      scene={scene}
    />
  ));
});

interface RunProps {
  run: Run;
  sentence: Sentence | undefined;
  scene: Scene;
}

function Sentences({ run, sentence, scene: { known, open, hovered, onOpen, onHover } }: RunProps) {
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
