import { useCallback } from "react";
import { saveAs } from "../app/save";
import { useDocuBot } from "../client";
import { useToasts } from "../ui/Toasts";

/** Saves a document's file, of the version that answers unless another is given. */
export function useDownload(): (document: { id: string; filename: string }, version?: number) => void {
  const client = useDocuBot();
  const { fail } = useToasts();
  return useCallback(
    ({ id, filename }, version) => {
      client.getFile(id, version).then((file) => saveAs(file, filename), fail);
    },
    [client, fail],
  );
}
