import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { DocuBotError } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { NewPassword, SHORTEST } from "../ui/NewPassword";
import { Note, Trouble } from "../ui/Note";
import { useToasts } from "../ui/Toasts";

interface Props {
  username: string;
  change(username: string, present: string, next: string): Promise<void>;
  onClose(): void;
}

export function OwnPasswordDialog({ username, change, onClose }: Props) {
  const text = useText();
  const words = text.session;
  const { say } = useToasts();
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const save = useMutation({
    mutationFn: () => change(username, present, next),
    onSuccess: () => {
      say(words.changed);
      onClose();
    },
  });
  return (
    <Dialog
      title={words.change}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button
            kind="primary"
            disabled={!present || next.length < SHORTEST || save.isPending}
            onClick={() => save.mutate()}
          >
            {text.admin.users.save}
          </Button>
        </>
      }
    >
      {/* So that password managers know whose it is. */}
      <input type="text" autoComplete="username" value={username} readOnly hidden />
      <Field
        label={words.present}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={present}
        onChange={(event) => setPresent(event.target.value)}
      />
      <NewPassword label={words.next} value={next} onChange={setNext} />
      {save.error instanceof DocuBotError &&
        (save.error.code === "invalid_grant" ? (
          <Note tone="bad" role="alert">
            {words.wrongPresent}
          </Note>
        ) : (
          <Trouble code={save.error.code} message={save.error.message} />
        ))}
    </Dialog>
  );
}
