import { SearchX } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { useDocuments } from "../app/queries";
import { NEW_QUESTION, navigate } from "../app/routes";
import { useWorkspace } from "../app/workspace";
import { DocuBotError, type Document } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Trouble } from "../ui/Note";
import { DeleteDialog } from "./DeleteDialog";
import s from "./DocumentsView.module.css";
import { DocumentTable } from "./DocumentTable";
import { FirstDocuments } from "./FirstDocuments";
import { useLibrary } from "./library";
import { type Group, isActive, NEWEST_FIRST, rowsOf } from "./rows";
import { SelectionBar } from "./SelectionBar";
import { Toolbar } from "./Toolbar";
import { UploadSummary } from "./UploadSummary";

export function DocumentsView() {
  const text = useText();
  const { collection, limitTo } = useWorkspace();
  const { uploads, jobs, watch } = useLibrary();
  const { data, error, isPending, refetch } = useDocuments(collection);
  const [query, setQuery] = useState("");
  const [group, setGroup] = useState<Group>("all");
  const [sorting, setSorting] = useState(NEWEST_FIRST);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [removing, setRemoving] = useState<readonly Document[]>([]);
  const wanted = useDeferredValue(query);

  const documents = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const mine = useMemo(
    () => uploads.items.filter((item) => item.collection === collection),
    [uploads.items, collection],
  );
  const rows = useMemo(
    () => rowsOf(mine, documents, { query: wanted, group, sorting }),
    [mine, documents, wanted, group, sorting],
  );
  const chosen = useMemo(() => documents.filter(({ id }) => selected.has(id)), [documents, selected]);

  useEffect(() => {
    const active = documents.filter((document) => document.job_id && isActive(document, undefined));
    watch(active.map(({ id, job_id }) => ({ jobId: job_id ?? "", documentId: id })));
  }, [documents, watch]);

  const ask = (about: readonly Document[]) => {
    limitTo(about.map(({ id, filename }) => ({ id, filename })));
    navigate(NEW_QUESTION);
  };

  if (error && !data) {
    const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
    const again = (
      <Button small onClick={() => void refetch()}>
        {text.app.retry}
      </Button>
    );
    return (
      <div className={s.alone}>
        <Trouble code={known.code} message={known.message} requestId={known.requestId} actions={again} />
      </div>
    );
  }
  const empty = !isPending && documents.length === 0 && rows.length === 0;
  return (
    <div className={s.view}>
      <Toolbar
        shown={rows.length}
        all={documents.length + rows.filter(({ kind }) => kind === "upload").length}
        query={query}
        onQuery={setQuery}
        group={group}
        onGroup={setGroup}
        empty={empty}
      />
      <UploadSummary items={mine} onDismiss={uploads.dismiss} />
      {chosen.length > 0 && (
        <SelectionBar
          chosen={chosen}
          onAsk={() => ask(chosen)}
          onRemove={() => setRemoving(chosen)}
          onClear={() => setSelected(new Set())}
        />
      )}
      {empty && <FirstDocuments />}
      {!empty && rows.length > 0 && (
        <DocumentTable
          rows={rows}
          jobs={jobs}
          sorting={sorting}
          choice={`${group} ${wanted}`}
          onSort={setSorting}
          selected={selected}
          onSelect={setSelected}
          onAsk={(document) => ask([document])}
          onRemove={(document) => setRemoving([document])}
        />
      )}
      {!empty && !isPending && rows.length === 0 && (
        <div className={s.none}>
          <SearchX size={30} strokeWidth={1.5} aria-hidden />
          <h2>{text.documents.noMatchTitle}</h2>
          {query && <p dir="auto">{text.documents.noMatchText(query)}</p>}
          <Button
            onClick={() => {
              setQuery("");
              setGroup("all");
            }}
          >
            {text.documents.clearSearch}
          </Button>
        </div>
      )}
      {removing.length > 0 && (
        <DeleteDialog
          documents={removing}
          onClose={() => setRemoving([])}
          onGone={(id) => setSelected((all) => new Set([...all].filter((one) => one !== id)))}
        />
      )}
    </div>
  );
}
