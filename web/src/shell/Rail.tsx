import {
  CircleUser,
  Files,
  Keyboard,
  KeyRound,
  Languages,
  LogOut,
  MessageSquarePlus,
  ShieldCheck,
} from "lucide-react";
import { useState } from "react";
import { useSettings } from "../admin/queries";
import { useMe } from "../app/queries";
import { href, type Route } from "../app/routes";
import { useSession } from "../app/session";
import { useLibrary } from "../documents/library";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { CollectionSwitcher } from "./CollectionSwitcher";
import { History } from "./History";
import { OwnPasswordDialog } from "./OwnPasswordDialog";
import { Preferences } from "./Preferences";
import s from "./Rail.module.css";

interface Props {
  /** On narrow screens, where it lies over the page. */
  open: boolean;
  route: Route;
  onNew(): void;
  onKeys(): void;
}

export function Rail({ open, route, onNew, onKeys }: Props) {
  const text = useText();
  const { signedIn } = useSession();
  const { uploads } = useLibrary();
  const sending = uploads.items.filter(({ phase }) => phase === "sending" || phase === "waiting").length;
  const admin = useSettings();
  const inDocuments = route.view === "documents" || route.view === "document";
  const inTranslate = route.view === "translate" || route.view === "translation";
  return (
    <nav className={cx(s.rail, open && s.open)} aria-label={text.nav.main}>
      <div className={s.brand}>
        <img src="./favicon.svg" width={24} height={24} alt="" />
        DocuBot
      </div>
      <CollectionSwitcher />
      <Button kind="primary" icon={MessageSquarePlus} onClick={onNew} aria-keyshortcuts="n">
        {text.nav.newQuestion}
      </Button>
      <a
        className={s.link}
        href={href({ view: "documents" })}
        aria-current={inDocuments ? "page" : undefined}
        aria-keyshortcuts="d"
      >
        <Files size={16} aria-hidden />
        {text.nav.documents}
        {sending > 0 && <span className={s.badge}>{sending}</span>}
      </a>
      <a
        className={s.link}
        href={href({ view: "translate", tab: "text", item: null })}
        aria-current={inTranslate ? "page" : undefined}
        aria-keyshortcuts="t"
      >
        <Languages size={16} aria-hidden />
        {text.translate.nav}
      </a>
      {admin.isSuccess && (
        <a
          className={s.link}
          href={href({ view: "admin", tab: "usage", item: null })}
          aria-current={route.view === "admin" ? "page" : undefined}
        >
          <ShieldCheck size={16} aria-hidden />
          {text.admin.nav}
        </a>
      )}
      <History current={route.view === "ask" ? route.conversation : null} />
      {signedIn && <Person />}
      <div className={s.foot}>
        <Preferences />
        <IconButton icon={Keyboard} label={text.nav.shortcuts} shortcut="?" onClick={onKeys} />
      </div>
    </nav>
  );
}

/** Whom the page speaks for. */
function Person() {
  const words = useText().session;
  const { signOut, changePassword } = useSession();
  const { data } = useMe();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <div className={s.person}>
        <CircleUser size={16} aria-hidden />
        <span className={s.name} dir="auto" title={data && words.signedInAs(data.name)}>
          {data?.name}
        </span>
        {changePassword && (
          <IconButton icon={KeyRound} label={words.change} onClick={() => setChanging(true)} />
        )}
        <IconButton icon={LogOut} label={words.signOut} onClick={signOut} />
      </div>
      {changing && changePassword && data && (
        <OwnPasswordDialog username={data.name} change={changePassword} onClose={() => setChanging(false)} />
      )}
    </>
  );
}
