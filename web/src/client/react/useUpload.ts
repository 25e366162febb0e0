import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { UploadedDocument } from "../types";
import { type ToUpload, type UploadItem, UploadQueue } from "../uploadQueue";
import { useDocuBot } from "./context";

export interface Uploading {
  items: readonly UploadItem[];
  add(files: readonly ToUpload[]): void;
  retry(key: string, password?: string): void;
  cancel(key: string): void;
  dismiss(key?: string): void;
}

/** Files on their way, with progress each. `onStored` hears of each file that the server has taken. */
export function useUpload(onStored?: (item: UploadItem, document: UploadedDocument) => void): Uploading {
  const client = useDocuBot();
  const hear = useRef(onStored);
  useEffect(() => {
    hear.current = onStored;
  });
  const [queue] = useState(() => new UploadQueue(client, (item, stored) => hear.current?.(item, stored)));
  const items = useSyncExternalStore(queue.subscribe, queue.items);
  const [calls] = useState(() => ({
    add: queue.add.bind(queue),
    retry: queue.retry.bind(queue),
    cancel: queue.cancel.bind(queue),
    dismiss: queue.dismiss.bind(queue),
  }));
  return { items, ...calls };
}
