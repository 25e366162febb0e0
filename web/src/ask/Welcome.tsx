import { FilePlus2 } from "lucide-react";
import type { ReactNode } from "react";
import { useCollections } from "../app/queries";
import { navigate } from "../app/routes";
import { useWorkspace } from "../app/workspace";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import s from "./Welcome.module.css";

/** The first thing that a person sees: where to ask, and what to do when there is nothing to ask yet. */
export function Welcome({ children }: { children: ReactNode }) {
  const text = useText();
  const { collection } = useWorkspace();
  const { data } = useCollections();
  const documents = data?.find(({ name }) => name === collection)?.documents ?? 0;
  return (
    <div className={s.welcome}>
      <div className={s.middle}>
        <h1>{text.ask.title}</h1>
        <p>{text.ask.intro}</p>
        {children}
        {data && !documents && (
          <div className={s.empty}>
            <span>{text.ask.emptyCollection}</span>
            <Button icon={FilePlus2} onClick={() => navigate({ view: "documents" })}>
              {text.ask.emptyCollectionAct}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
