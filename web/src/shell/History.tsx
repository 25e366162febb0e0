import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { keys, useConversations } from "../app/queries";
import { href, NEW_QUESTION, navigate } from "../app/routes";
import { useWorkspace } from "../app/workspace";
import { useLiveAnswer } from "../ask/live";
import { type Conversation, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useToasts } from "../ui/Toasts";
import s from "./History.module.css";

/** The collection's conversations, newest first. */
export function History({ current }: { current: string | null }) {
  const text = useText();
  const { collection } = useWorkspace();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useConversations(collection);
  const [removing, setRemoving] = useState<Conversation | null>(null);
  const items = data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <section className={s.history} aria-label={text.nav.history}>
      <h2>{text.nav.history}</h2>
      {data && !items.length && <p className={s.none}>{text.nav.noHistory}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.id} className={s.item}>
            <a
              href={href({ ...NEW_QUESTION, conversation: item.id })}
              aria-current={item.id === current ? "page" : undefined}
              title={item.title}
              dir="auto"
            >
              {item.title}
            </a>
            <IconButton
              icon={Trash2}
              size={14}
              label={text.nav.deleteConversation(item.title)}
              onClick={() => setRemoving(item)}
            />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button kind="quiet" small disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {text.app.more}
        </Button>
      )}
      {removing && <Remove conversation={removing} current={current} onClose={() => setRemoving(null)} />}
    </section>
  );
}

interface RemoveProps {
  conversation: Conversation;
  current: string | null;
  onClose(): void;
}

function Remove({ conversation, current, onClose }: RemoveProps) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const live = useLiveAnswer();
  const { fail } = useToasts();
  const remove = useMutation({
    mutationFn: () => client.deleteConversation(conversation.id),
    onSuccess: () => {
      if (live.conversation === conversation.id) live.clear();
      if (current === conversation.id) navigate(NEW_QUESTION);
      cache.removeQueries({ queryKey: keys.conversation(conversation.id) });
      void cache.invalidateQueries({ queryKey: keys.conversations(conversation.collection) });
      onClose();
    },
    onError: fail,
  });
  return (
    <Dialog
      title={text.nav.confirmConversation}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button kind="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            {text.nav.delete}
          </Button>
        </>
      }
    >
      <p dir="auto">
        <strong>{conversation.title}</strong>
      </p>
      <p>{text.nav.confirmConversationText}</p>
    </Dialog>
  );
}
