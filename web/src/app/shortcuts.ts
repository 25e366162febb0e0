/** Keys that work anywhere on the page, unless something is being typed. */
import { useEffect, useRef } from "react";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

/** By the key's name, as `KeyboardEvent.key` has it. */
export function useShortcuts(shortcuts: Shortcuts, active = true): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return;
      if (event.key !== "Escape" && isForIts(event.target, event.key)) return;
      if (document.querySelector("dialog[open]")) return;
      const act = current.current[event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [active]);
}

/** Whether the key means something to the field that has the focus: any key where text is typed, arrows in choices. */
function isForIts(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const choice = target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type);
  if (choice) return key.startsWith("Arrow");
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
