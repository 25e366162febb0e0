import { useEffect, useRef } from "react";
import { href, type Route } from "../app/routes";
import s from "./Tabs.module.css";

interface Props<T extends string> {
  label: string;
  current: T;
  tabs: readonly T[];
  names: Record<T, string>;
  route(tab: T): Route;
}

/** Parts of a view that have addresses of their own. */
export function Tabs<T extends string>({ label, current, tabs, names, route }: Props<T>) {
  const ref = useRef<HTMLElement>(null);
  // On narrow screens they scroll sideways, and the current one may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is current
  useEffect(() => {
    ref.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <nav ref={ref} className={s.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab} href={href(route(tab))} aria-current={tab === current ? "page" : undefined}>
          {names[tab]}
        </a>
      ))}
    </nav>
  );
}
