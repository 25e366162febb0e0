import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { keys, useReadiness } from "../app/queries";
import { useText } from "../i18n";
import { Note } from "../ui/Note";
import s from "./ServerStatus.module.css";

/** Speaks up only when the server is away or something that it needs is down. */
export function ServerStatus() {
  const text = useText();
  const cache = useQueryClient();
  const { data, isError } = useReadiness();
  const away = useRef(false);

  useEffect(() => {
    // What failed while the server was away is read anew once it is back.
    if (away.current && !isError) {
      void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.ready[0] });
    }
    away.current = isError;
  }, [cache, isError]);

  if (isError) {
    return (
      <div className={s.status}>
        <Note tone="bad" role="status">
          {text.app.unreachable}
        </Note>
      </div>
    );
  }
  const down = data?.dependencies.filter(({ ok }) => !ok) ?? [];
  if (!down.length) return null;
  return (
    <div className={s.status}>
      <Note tone={data?.status === "not_ready" ? "bad" : "warn"} role="status">
        {data?.status === "not_ready" ? text.app.notReady : text.app.degraded}{" "}
        {down.map(({ name, reason }) => (reason ? `${name} (${reason})` : name)).join(", ")}
      </Note>
    </div>
  );
}
