import { FolderUp, Plus } from "lucide-react";
import { useRef } from "react";
import { useWorkspace } from "../app/workspace";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { useLibrary } from "./library";
import { readPicked } from "./readDrop";

/** Files, or a whole folder, by the browser's own dialogs. */
export function AddButtons() {
  const text = useText();
  const { collection } = useWorkspace();
  const { uploads } = useLibrary();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const picked = (input: HTMLInputElement) => {
    if (!input.files) return;
    uploads.add(readPicked(input.files).map((found) => ({ ...found, collection })));
    input.value = ""; // the same file may be picked again
  };
  const rest = {
    type: "file",
    hidden: true,
    multiple: true,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => picked(event.target),
  };
  return (
    <>
      <input ref={files} {...rest} data-files aria-label={text.documents.add} />
      <input ref={folder} {...rest} webkitdirectory="" aria-label={text.documents.addFolder} />
      <Button icon={FolderUp} onClick={() => folder.current?.click()}>
        {text.documents.addFolder}
      </Button>
      <Button kind="primary" icon={Plus} onClick={() => files.current?.click()}>
        {text.documents.add}
      </Button>
    </>
  );
}
