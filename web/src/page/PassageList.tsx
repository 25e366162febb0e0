import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { keys } from "../app/queries";
import { type Chunk, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Scroller } from "../ui/Scroller";
import s from "./PassageList.module.css";

/** What is searched: the passages that the document was cut into, in the order of its text. */
export function PassageList({ id, onGo }: { id: string; onGo(page: number): void }) {
  const text = useText();
  const client = useDocuBot();
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: keys.chunks(id),
    queryFn: ({ pageParam, signal }) => client.listChunks(id, { cursor: pageParam, limit: 50, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });
  const chunks = data?.pages.flatMap((page) => page.items) ?? [];
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: chunks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 190,
    getItemKey: (index) => chunks[index]?.id ?? index,
    overscan: 4,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasNextPage && !isFetching && last > chunks.length - 20) void fetchNextPage();
  }, [hasNextPage, isFetching, last, chunks.length, fetchNextPage]);

  return (
    <Scroller ref={scroller} className={s.scroller} aria-label={text.document.tabs.passages}>
      <ol style={{ position: "relative", blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const chunk = chunks[index];
          if (!chunk) return null;
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className={s.item}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Passage chunk={chunk} onGo={onGo} />
            </li>
          );
        })}
      </ol>
    </Scroller>
  );
}

function Passage({ chunk, onGo }: { chunk: Chunk; onGo(page: number): void }) {
  const text = useText();
  const page = chunk.spans[0]?.page;
  return (
    <article className={s.passage}>
      <header className={s.head}>
        <span className={s.ordinal}>{chunk.ordinal + 1}</span>
        <span className={s.headings} dir="auto">
          {chunk.headings.join(" › ")}
        </span>
        {chunk.kind !== "text" && <span>{text.document.kinds[chunk.kind]}</span>}
        <span>{text.document.tokens(chunk.tokens)}</span>
        {page !== undefined && (
          <button type="button" onClick={() => onGo(page)}>
            {text.page.label(String(page))}
          </button>
        )}
      </header>
      <p dir="auto">{chunk.text}</p>
    </article>
  );
}
