import { Menu as MenuIcon } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { NEW_QUESTION, navigate, useRoute } from "../app/routes";
import { useShortcuts } from "../app/shortcuts";
import { AskView } from "../ask/AskView";
import { useLiveAnswer } from "../ask/live";
import { DocumentsView } from "../documents/DocumentsView";
import { DropZone } from "../documents/DropZone";
import { useText } from "../i18n";
import { DocumentView } from "../page/DocumentView";
import { IconButton } from "../ui/Button";
import { KeysDialog } from "./KeysDialog";
import { Rail } from "./Rail";
import { ServerStatus } from "./ServerStatus";
import s from "./Shell.module.css";

// Not what most people came for: loaded when it is wanted.
const TranslateView = lazy(() => import("../translate/TranslateView"));
const TranslationView = lazy(() => import("../translate/TranslationView"));
const AdminView = lazy(() => import("../admin/AdminView"));

export function Shell() {
  const text = useText();
  const route = useRoute();
  const { clear, viewOf } = useLiveAnswer();
  const [menu, setMenu] = useState(false);
  const [keys, setKeys] = useState(false);
  const { view } = route;
  const place =
    view === "ask"
      ? route.conversation
      : view === "document"
        ? route.id
        : view === "admin"
          ? route.tab
          : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu has done its work once the place has changed
  useEffect(() => setMenu(false), [view, place]);

  const newQuestion = () => {
    clear();
    navigate(NEW_QUESTION);
    focusQuestion();
  };
  useShortcuts({
    "/": () => {
      if (view !== "ask") navigate(NEW_QUESTION);
      focusQuestion();
    },
    n: newQuestion,
    d: () => navigate({ view: "documents" }),
    t: () => navigate({ view: "translate", tab: "text", item: null }),
    "?": () => setKeys(true),
  });

  return (
    <div className={s.shell}>
      <button type="button" className={s.skip} onClick={() => document.getElementById("content")?.focus()}>
        {text.app.skip}
      </button>
      <div className={s.bar}>
        <IconButton
          icon={MenuIcon}
          label={text.app.menu}
          aria-expanded={menu}
          onClick={() => setMenu(!menu)}
          size={20}
        />
        <span className={s.name}>DocuBot</span>
      </div>
      {menu && (
        <button type="button" className={s.veil} aria-label={text.app.close} onClick={() => setMenu(false)} />
      )}
      <Rail open={menu} route={route} onNew={newQuestion} onKeys={() => setKeys(true)} />
      <main id="content" className={s.main} tabIndex={-1}>
        <ServerStatus />
        {view === "ask" && <AskView key={viewOf(route.conversation)} route={route} onNew={newQuestion} />}
        {view === "documents" && <DocumentsView />}
        {view === "document" && <DocumentView key={route.id} id={route.id} page={route.page} />}
        <Suspense fallback={<p className={s.loading}>{text.app.loading}</p>}>
          {view === "translate" && <TranslateView tab={route.tab} item={route.item} />}
          {view === "translation" && (
            <TranslationView key={route.id} documentId={route.document} id={route.id} />
          )}
          {view === "admin" && <AdminView tab={route.tab} item={route.item} />}
        </Suspense>
      </main>
      <DropZone />
      {keys && <KeysDialog onClose={() => setKeys(false)} />}
    </div>
  );
}

/** Once it is there: the view may have just been changed to the one that has it. */
function focusQuestion(): void {
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>("[data-question]")?.focus());
}
