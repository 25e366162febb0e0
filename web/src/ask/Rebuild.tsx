import { useMutation } from "@tanstack/react-query";
import { useWorkspace } from "../app/workspace";
import { useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { useToasts } from "../ui/Toasts";

/** What mends a collection that another embedding model made. */
export function Rebuild() {
  const text = useText();
  const client = useDocuBot();
  const { collection } = useWorkspace();
  const { say, fail } = useToasts();
  const rebuild = useMutation({
    mutationFn: () => client.reindexCollection(collection),
    onSuccess: () => say(text.collections.rebuildStarted),
    onError: fail,
  });
  return (
    <Button small disabled={rebuild.isPending || rebuild.isSuccess} onClick={() => rebuild.mutate()}>
      {text.collections.rebuild}
    </Button>
  );
}
