import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, Plus, Trash2, Upload, X } from "lucide-react";
import { useRef, useState } from "react";
import { keys } from "../app/queries";
import { navigate } from "../app/routes";
import { saveAs } from "../app/save";
import { DocuBotError, type Glossary, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { Field } from "../ui/Field";
import { Note, Trouble } from "../ui/Note";
import { useToasts } from "../ui/Toasts";
import s from "./GlossaryEditor.module.css";
import { emptyRow, type Row, rowsOf, termsOf, twice } from "./terms";

/** Above this many terms they are found by writing. */
const SHOWN = 200;

export function GlossaryEditor({ glossary }: { glossary: Glossary }) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const { say } = useToasts();
  const [rows, setRows] = useState(() => rowsOf(glossary.terms));
  const [query, setQuery] = useState("");
  const { name, source, target } = glossary;
  const changed = JSON.stringify(termsOf(rows)) !== JSON.stringify(glossary.terms);
  const double = twice(rows);
  const save = useMutation({
    mutationFn: () => client.translation.replaceGlossary(name, { source, target, terms: termsOf(rows) }),
    onSuccess: (saved) => {
      say(text.glossary.saved);
      cache.setQueryData<Glossary[]>(keys.glossaries, (all) =>
        all?.map((one) => (one.name === name ? saved : one)),
      );
    },
  });
  const error = save.error instanceof DocuBotError ? save.error : null;
  const wanted = query.trim().toLowerCase();
  const found = rows
    .filter((row) => `${row.source} ${row.target}`.toLowerCase().includes(wanted))
    .slice(0, SHOWN);
  const change = (key: number, values: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...values } : row)));

  return (
    <section className={s.editor} aria-label={name}>
      <header className={s.head}>
        <h2 dir="auto">{name}</h2>
        <Tools glossary={glossary} />
      </header>
      {rows.length > 12 && (
        <Field
          label={text.glossary.filter}
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      )}
      <table className={s.terms}>
        <thead>
          <tr>
            <th scope="col">{text.glossary.term}</th>
            <th scope="col">{text.glossary.translation}</th>
            <th scope="col">{text.glossary.exactCase}</th>
            <th scope="col">
              <span className="visually-hidden">{text.app.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {found.map((row) => (
            <TermRow
              key={row.key}
              row={row}
              number={rows.indexOf(row) + 1}
              onChange={(values) => change(row.key, values)}
              onRemove={() => setRows(rows.filter(({ key }) => key !== row.key))}
            />
          ))}
        </tbody>
      </table>
      <div className={s.actions}>
        <Button icon={Plus} onClick={() => setRows([...rows, emptyRow()])}>
          {text.glossary.add}
        </Button>
        <span className={s.spring} />
        {changed && <small>{text.glossary.unsaved}</small>}
        {changed && <Button onClick={() => setRows(rowsOf(glossary.terms))}>{text.glossary.revert}</Button>}
        <Button
          kind="primary"
          disabled={!changed || double !== null || save.isPending}
          onClick={() => save.mutate()}
        >
          {text.glossary.save}
        </Button>
      </div>
      {double !== null && (
        <Note tone="warn" role="status">
          {text.glossary.twice(double)}
        </Note>
      )}
      {error && <Trouble code={error.code} message={error.message} />}
    </section>
  );
}

interface TermProps {
  row: Row;
  number: number;
  onChange(values: Partial<Row>): void;
  onRemove(): void;
}

function TermRow({ row, number, onChange, onRemove }: TermProps) {
  const text = useText();
  return (
    <tr>
      <td>
        <input
          dir="auto"
          aria-label={text.glossary.termNumber(number)}
          value={row.source}
          onChange={(event) => onChange({ source: event.target.value })}
        />
      </td>
      <td>
        <input
          dir="auto"
          aria-label={text.glossary.translationOf(number)}
          placeholder={text.glossary.keep}
          value={row.target}
          onChange={(event) => onChange({ target: event.target.value })}
        />
      </td>
      <td className={s.case}>
        <input
          type="checkbox"
          aria-label={text.glossary.exactCaseOf(row.source || String(number))}
          checked={row.caseSensitive}
          onChange={(event) => onChange({ caseSensitive: event.target.checked })}
        />
      </td>
      <td>
        <IconButton icon={X} size={14} label={text.glossary.removeTerm(number)} onClick={onRemove} />
      </td>
    </tr>
  );
}

function Tools({ glossary: { name } }: { glossary: Glossary }) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const { fail, say } = useToasts();
  const [removing, setRemoving] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const read = () => cache.invalidateQueries({ queryKey: keys.glossaries });
  const put = useMutation({
    mutationFn: (csv: Blob) => client.translation.importGlossary(name, csv),
    onSuccess: async () => {
      await read();
      say(text.glossary.saved);
    },
    onError: fail,
  });
  const remove = useMutation({
    mutationFn: () => client.translation.removeGlossary(name),
    onSuccess: async () => {
      navigate({ view: "translate", tab: "glossaries", item: null });
      await read();
    },
    onError: fail,
  });
  const save = () => client.translation.glossaryCsv(name).then((csv) => saveAs(csv, `${name}.csv`), fail);
  return (
    <div className={s.tools}>
      <input
        ref={file}
        type="file"
        accept=".csv,text/csv"
        hidden
        data-csv
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) put.mutate(chosen);
          event.target.value = "";
        }}
      />
      <Button small icon={Upload} onClick={() => file.current?.click()}>
        {text.glossary.importCsv}
      </Button>
      <Button small icon={Download} onClick={() => void save()}>
        {text.glossary.exportCsv}
      </Button>
      <IconButton icon={Trash2} label={text.glossary.remove} onClick={() => setRemoving(true)} />
      {removing && (
        <ConfirmDialog
          title={text.glossary.confirm}
          text={text.glossary.confirmText}
          go={text.nav.delete}
          pending={remove.isPending}
          onGo={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        />
      )}
    </div>
  );
}
