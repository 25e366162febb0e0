import { ArrowLeft, Download, MessageSquareText, Trash2 } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useDocument, useReport } from "../app/queries";
import { href, NEW_QUESTION, navigate } from "../app/routes";
import { useWorkspace } from "../app/workspace";
import { DocuBotError, type Document } from "../client";
import { DeleteDialog } from "../documents/DeleteDialog";
import { useLibrary } from "../documents/library";
import { isActive } from "../documents/rows";
import { StatusCell } from "../documents/StatusCell";
import { useDownload } from "../documents/useDownload";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Note, Trouble } from "../ui/Note";
import { Scroller } from "../ui/Scroller";
import { Segments } from "../ui/Segments";
import s from "./DocumentView.module.css";
import { PageList } from "./PageList";
import { PassageList } from "./PassageList";
import { Report } from "./Report";
import { Strip } from "./Strip";
import { VersionList } from "./VersionList";

const TranslationsPanel = lazy(() => import("../translate/TranslationsPanel"));

type Tab = "pages" | "passages" | "report" | "versions" | "translations";

export function DocumentView({ id, page }: { id: string; page: number | null }) {
  const text = useText();
  const { jobs, watch } = useLibrary();
  const { data: document, error } = useDocument(id);
  const job = jobs.get(document?.job_id ?? "");
  const active = document !== undefined && isActive(document, job);
  const read = document !== undefined && document.page_count > 0;
  const [wanted, setWanted] = useState<number | null>(null);
  // What is looked at: the version that answers, unless another was chosen.
  const version = wanted !== null && wanted !== document?.version ? wanted : undefined;
  const report = useReport(id, version, read);
  const [tab, setTab] = useState<Tab>("pages");
  const [shown, setShown] = useState(page ?? 1);
  const jobId = document?.job_id;

  useEffect(() => {
    if (active && jobId) watch([{ jobId, documentId: id }]);
  }, [active, jobId, id, watch]);

  const goTo = (number: number) => {
    setTab("pages");
    navigate({ view: "document", id, page: number }, true);
  };
  if (error) {
    const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
    return (
      <div className={s.alone}>
        <BackLink />
        <Trouble code={known.code} message={known.message} requestId={known.requestId} />
      </div>
    );
  }
  const look = (number: number) => {
    setWanted(number);
    setTab("pages");
  };
  if (!document) return <p className={s.alone}>{text.app.loading}</p>;
  return (
    <div className={s.view}>
      <header className={s.head}>
        <BackLink />
        <div className={s.title}>
          <h1 dir="auto" title={document.filename}>
            {document.title ?? document.filename}
          </h1>
          {document.title && document.title !== document.filename && <p dir="auto">{document.filename}</p>}
        </div>
        <div className={s.status}>
          <StatusCell status={document.status} job={job} active={active} />
        </div>
        <Actions document={document} />
      </header>
      {document.error && document.status === "failed" && (
        <Trouble code={document.error.code} message={document.error.message} />
      )}
      {read && report.data && <Strip report={report.data} current={shown} onGo={goTo} />}
      {read && (
        <div className={s.tabs}>
          <Segments<Tab>
            label={text.document.tabsLabel}
            value={tab}
            choices={text.document.tabs}
            onChoose={setTab}
          />
          {tab === "pages" && (
            <GoTo page={shown} pages={report.data?.page_count ?? document.page_count} onGo={goTo} />
          )}
        </div>
      )}
      {version !== undefined && (
        <Note
          tone="info"
          actions={
            <Button small onClick={() => setWanted(null)}>
              {text.versions.back}
            </Button>
          }
        >
          {text.versions.looking(version)}
        </Note>
      )}
      {!read && active && <p className={s.alone}>{text.document.notYet}</p>}
      {read && tab === "pages" && report.data && (
        <PageList
          key={report.data.version}
          document={{ ...document, version: report.data.version, page_count: report.data.page_count }}
          wanted={page}
          onShown={setShown}
        />
      )}
      {read && tab === "passages" && <PassageList id={id} onGo={goTo} />}
      {read && tab === "report" && report.data && (
        <Report document={document} report={report.data} onGo={goTo} />
      )}
      {read && tab === "versions" && (
        <VersionList document={document} shown={version ?? document.version} onLook={look} />
      )}
      {read && tab === "translations" && (
        <Scroller className={s.translations} aria-label={text.document.tabs.translations}>
          <Suspense fallback={<p>{text.app.loading}</p>}>
            <TranslationsPanel documentId={id} />
          </Suspense>
        </Scroller>
      )}
    </div>
  );
}

function BackLink() {
  const text = useText();
  return (
    <a
      className={s.back}
      href={href({ view: "documents" })}
      aria-label={text.document.back}
      title={text.document.back}
    >
      <ArrowLeft size={18} aria-hidden />
    </a>
  );
}

function Actions({ document }: { document: Document }) {
  const text = useText();
  const download = useDownload();
  const { limitTo } = useWorkspace();
  const [removing, setRemoving] = useState(false);
  const [gone, setGone] = useState(false);
  const { id, filename } = document;
  const ask = () => {
    limitTo([{ id, filename }]);
    navigate(NEW_QUESTION);
  };
  const close = () => {
    setRemoving(false);
    if (gone) navigate({ view: "documents" });
  };
  return (
    <div className={s.actions}>
      <Button icon={MessageSquareText} onClick={ask}>
        {text.documents.ask}
      </Button>
      <IconButton icon={Download} label={text.documents.download} onClick={() => download(document)} />
      <IconButton icon={Trash2} label={text.documents.remove} onClick={() => setRemoving(true)} />
      {removing && <DeleteDialog documents={[document]} onClose={close} onGone={() => setGone(true)} />}
    </div>
  );
}

interface GoToProps {
  page: number;
  pages: number;
  onGo(page: number): void;
}

function GoTo({ page, pages, onGo }: GoToProps) {
  const text = useText();
  return (
    <label className={s.goto}>
      {text.page.goTo}
      <input
        type="number"
        min={1}
        max={pages}
        key={page}
        defaultValue={page}
        onChange={(event) => {
          const wanted = event.target.valueAsNumber;
          if (wanted >= 1 && wanted <= pages) onGo(wanted);
        }}
      />
      {text.page.of(pages)}
    </label>
  );
}
