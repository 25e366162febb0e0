/** Files out of what was dropped or picked, folders opened, with the folder that each came in. */

export interface FoundFile {
  file: File;
  /** As "reports/2024"; empty for a file by itself. */
  folder: string;
}

/** Left behind by operating systems, not documents. */
const JUNK = /^(\.|Thumbs\.db$|desktop\.ini$|~\$)/i;

export async function readDrop(transfer: DataTransfer): Promise<FoundFile[]> {
  // Asked for before the first await: the browser empties the list afterwards.
  const dropped = [...transfer.items].map((item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const found = await Promise.all(
    dropped.map(({ entry, file }) => (entry ? readEntry(entry, "") : alone(file))),
  );
  return found.flat();
}

/** What another program hands over is no entry of a file system. */
function alone(file: File | null): FoundFile[] {
  return file ? [{ file, folder: "" }] : [];
}

export function readPicked(files: FileList): FoundFile[] {
  return [...files]
    .map((file) => ({ file, folder: file.webkitRelativePath.split("/").slice(0, -1).join("/") }))
    .filter(({ file, folder }) => ![...folder.split("/"), file.name].some((part) => JUNK.test(part)));
}

async function readEntry(entry: FileSystemEntry, folder: string): Promise<FoundFile[]> {
  if (JUNK.test(entry.name)) return [];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, folder }];
  }
  if (!isDirectory(entry)) return [];
  const inner = folder ? `${folder}/${entry.name}` : entry.name;
  const found: FoundFile[] = [];
  for (const child of await readFolder(entry)) found.push(...(await readEntry(child, inner)));
  return found;
}

/** A reader tells at most a hundred entries at a time, and an empty list at the end. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (!some.length) return all;
    all.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
