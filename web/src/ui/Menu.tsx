import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cx } from "./cx";
import s from "./Menu.module.css";

export interface MenuItem {
  label: string;
  icon?: LucideIcon;
  danger?: boolean;
  disabled?: boolean;
  /** Of a choice among several. */
  checked?: boolean;
  act(): void;
}

interface Props {
  /** The menu's name. */
  label: string;
  items: readonly MenuItem[];
  /** What opens it. */
  trigger(props: TriggerProps): ReactNode;
}

export interface TriggerProps {
  id: string;
  onClick(): void;
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  "aria-controls": string | undefined;
}

const GAP = 4;

/** A menu as the ARIA practices describe it: arrows, Home and End move, Escape and Tab close. */
export function Menu({ label, items, trigger }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open || !menu.current || !root.current) return;
    menu.current.showPopover();
    place(menu.current, root.current.getBoundingClientRect());
    enabled(root.current)[0]?.focus();
    const outside = (event: Event) => {
      if (!(event.target instanceof Node) || !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("scroll", outside, true);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("scroll", outside, true);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    document.getElementById(id)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") setOpen(false);
    else if (move(root.current, event.key)) event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the items within it
    <div className={s.root} ref={root} onKeyDown={onKeyDown}>
      {trigger({
        id,
        onClick: () => setOpen(!open),
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": open ? `${id}-menu` : undefined,
      })}
      {open && (
        <div ref={menu} id={`${id}-menu`} role="menu" popover="manual" aria-label={label} className={s.menu}>
          {items.map((item) => (
            <Item key={item.label} item={item} close={close} />
          ))}
        </div>
      )}
    </div>
  );
}

function Item({ item, close }: { item: MenuItem; close(): void }) {
  const { icon: Icon, label, danger, disabled, checked, act } = item;
  const choice =
    checked === undefined
      ? { role: "menuitem" as const }
      : { role: "menuitemradio" as const, "aria-checked": checked };
  return (
    <button
      type="button"
      {...choice}
      tabIndex={-1}
      disabled={disabled}
      className={cx(s.item, danger && s.danger)}
      onClick={() => {
        close();
        act();
      }}
    >
      {Icon && <Icon size={15} aria-hidden />}
      <span dir="auto">{label}</span>
    </button>
  );
}

/** Below what opened it or, where there is no room, above; within the window. */
function place(menu: HTMLElement, from: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = from.bottom + GAP + height <= innerHeight;
  const start = getComputedStyle(menu).direction === "rtl" || from.left + width > innerWidth - GAP;
  menu.style.top = `${Math.max(GAP, below ? from.bottom + GAP : from.top - GAP - height)}px`;
  menu.style.left = `${Math.max(GAP, start ? from.right - width : from.left)}px`;
}

function enabled(root: HTMLElement | null): HTMLButtonElement[] {
  return [...(root?.querySelectorAll<HTMLButtonElement>('[role^="menuitem"]:enabled') ?? [])];
}

/** Whether the key moved the focus. */
function move(root: HTMLElement | null, key: string): boolean {
  const items = enabled(root);
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  const target = targets[key];
  if (target === undefined || !items.length) return false;
  items.at(target % items.length)?.focus();
  return true;
}
