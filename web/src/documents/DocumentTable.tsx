import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import type { Document, JobState } from "../client";
import { useText } from "../i18n";
import { cx } from "../ui/cx";
import { DocumentRow } from "./DocumentRow";
import s from "./DocumentTable.module.css";
import type { Column, Row, Sorting } from "./rows";
import { UploadRow } from "./UploadRow";

interface Props {
  rows: readonly Row[];
  jobs: ReadonlyMap<string, JobState>;
  sorting: Sorting;
  /** Tells one choice of rows, by search or group, from the next. */
  choice: string;
  onSort(sorting: Sorting): void;
  selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
  onAsk(document: Document): void;
  onRemove(document: Document): void;
}

const COLUMNS: readonly Column[] = ["name", "status", "pages", "size", "language", "added"];
/** Columns whose first click shows the largest or newest first. */
const LARGEST_FIRST = new Set<Column>(["pages", "size", "added"]);
const ROW_HEIGHT = 57;

/** Draws only the rows in view: a collection may have thousands. */
export function DocumentTable({
  rows,
  jobs,
  sorting,
  choice,
  onSort,
  selected,
  onSelect,
  onAsk,
  onRemove,
}: Props) {
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });
  const { scrollToOffset } = virtual;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order or choice of rows is read from its top
  useEffect(() => scrollToOffset(0), [sorting, choice, scrollToOffset]);
  const listed = rows.flatMap((row) => (row.kind === "document" ? [row.document.id] : []));
  const allSelected = listed.length > 0 && listed.every((id) => selected.has(id));

  const current = useRef(selected);
  current.current = selected;
  const toggle = useCallback(
    (id: string) => {
      const next = new Set(current.current);
      if (!next.delete(id)) next.add(id);
      onSelect(next);
    },
    [onSelect],
  );

  return (
    <div className={s.table} role="table" aria-label={text.documents.title} aria-rowcount={rows.length + 1}>
      <div role="rowgroup">
        <div role="row" className={cx(s.row, s.head)}>
          <span role="columnheader" className={s.check}>
            <input
              type="checkbox"
              aria-label={text.documents.selectAll}
              checked={allSelected}
              onChange={() => onSelect(allSelected ? new Set() : new Set(listed))}
            />
          </span>
          {COLUMNS.map((column) => (
            <HeadCell key={column} column={column} sorting={sorting} onSort={onSort} />
          ))}
          <span role="columnheader">
            <span className="visually-hidden">{text.app.actions}</span>
          </span>
        </div>
      </div>
      <div ref={scroller} className={s.scroller} role="rowgroup">
        <div role="presentation" style={{ blockSize: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="row"
                aria-rowindex={item.index + 2}
                className={cx(s.row, s.data)}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row.kind === "upload" ? (
                  <UploadRow item={row.item} />
                ) : (
                  <DocumentRow
                    document={row.document}
                    job={jobs.get(row.document.job_id ?? "")}
                    selected={selected.has(row.document.id)}
                    onToggle={toggle}
                    onAsk={onAsk}
                    onRemove={onRemove}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface HeadProps {
  column: Column;
  sorting: Sorting;
  onSort(sorting: Sorting): void;
}

function HeadCell({ column, sorting, onSort }: HeadProps) {
  const text = useText();
  const active = sorting.column === column;
  const descending = active ? !sorting.descending : LARGEST_FIRST.has(column);
  const Arrow = sorting.descending ? ArrowDown : ArrowUp;
  const order = sorting.descending ? "descending" : "ascending";
  return (
    <span role="columnheader" aria-sort={active ? order : undefined} className={s[column]}>
      <button
        type="button"
        title={text.documents.sortBy(text.documents.columns[column])}
        onClick={() => onSort({ column, descending })}
      >
        {text.documents.columns[column]}
        {active && <Arrow size={12} aria-hidden />}
      </button>
    </span>
  );
}
