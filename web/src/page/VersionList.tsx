import { useQuery } from "@tanstack/react-query";
import { Download, Eye } from "lucide-react";
import { keys } from "../app/queries";
import { type Document, type DocumentVersion, useDocuBot } from "../client";
import { useDownload } from "../documents/useDownload";
import { useFormat, useText } from "../i18n";
import { Badge } from "../ui/Badge";
import { Button, IconButton } from "../ui/Button";
import { Scroller } from "../ui/Scroller";
import s from "./VersionList.module.css";

interface Props {
  document: Document;
  /** The one whose pages are looked at. */
  shown: number;
  onLook(version: number): void;
}

/** A document's files, newest first: which one answers, and what the others hold. */
export function VersionList({ document, shown, onLook }: Props) {
  const text = useText();
  const client = useDocuBot();
  const { data } = useQuery({
    queryKey: [...keys.versions(document.id), document.version, document.latest_version],
    queryFn: ({ signal }) => client.listVersions(document.id, { signal }),
  });
  return (
    <Scroller className={s.scroller} aria-label={text.document.tabs.versions}>
      <div className={s.versions}>
        <p className={s.note}>{text.versions.note}</p>
        <ol className={s.list}>
          {data?.items.map((version) => (
            <li key={version.number} className={s.item} data-live={version.live}>
              <Version
                document={document}
                version={version}
                shown={version.number === shown}
                onLook={onLook}
              />
            </li>
          ))}
        </ol>
      </div>
    </Scroller>
  );
}

interface VersionProps {
  document: Document;
  version: DocumentVersion;
  shown: boolean;
  onLook(version: number): void;
}

function Version({ document, version, shown, onLook }: VersionProps) {
  const text = useText();
  const format = useFormat();
  const download = useDownload();
  const { number, live, filename, bytes, page_count, created_at, sha256, warnings, character_count } =
    version;
  const read = page_count > 0;
  const state = live
    ? text.versions.live
    : number > document.version || !read
      ? text.versions.reading
      : text.versions.earlier;
  const names = text.document.facts;
  const facts = [
    `${names.pages}: ${format.number(page_count)}`,
    `${names.characters}: ${format.number(character_count)}`,
    format.bytes(bytes),
    `${text.document.warnings}: ${format.number(warnings.length)}`,
  ];
  return (
    <>
      <div className={s.head}>
        <strong>{text.versions.version(number)}</strong>
        <Badge tone={live ? "good" : "none"}>{state}</Badge>
        <span className={s.when} title={format.time(created_at)}>
          {format.ago(created_at)}
        </span>
        <span className={s.tools}>
          {read && (
            <Button small icon={Eye} disabled={shown && !live} onClick={() => onLook(number)}>
              {text.versions.look}
            </Button>
          )}
          <IconButton
            icon={Download}
            label={`${text.versions.download}: ${text.versions.version(number)}`}
            onClick={() => download({ id: document.id, filename }, number)}
          />
        </span>
      </div>
      <p dir="auto">{filename}</p>
      <p className={s.facts}>{facts.join(" · ")}</p>
      <code className={s.hash} title={names.sha256}>
        {sha256}
      </code>
    </>
  );
}
