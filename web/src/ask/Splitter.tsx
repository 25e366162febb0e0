import { useRef, useState } from "react";
import { remember, remembered } from "../app/storage";
import { useText } from "../i18n";
import { arrowStep, fromRight } from "../ui/direction";
import s from "./Splitter.module.css";

const LEAST = 30;
const MOST = 68;
const DEFAULT = 48;

/** Sets how wide the source is, by pointer or by arrow keys. */
export function Splitter() {
  const text = useText();
  const ref = useRef<HTMLHRElement>(null);
  const [percent, setPercent] = useState(() => Number(remembered("evidence")) || DEFAULT);

  const set = (wanted: number) => {
    const next = Math.min(MOST, Math.max(LEAST, Math.round(wanted)));
    remember("evidence", String(next));
    setPercent(next);
  };
  const drag = (event: React.PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const view = ref.current?.parentElement?.getBoundingClientRect();
    if (!view) return;
    const fromStart = ((event.clientX - view.left) / view.width) * 100;
    set(fromRight(event.currentTarget) ? fromStart : 100 - fromStart);
  };
  return (
    <>
      <style href={`evidence-${percent}`} precedence="low">{`:root { --evidence: ${percent}% }`}</style>
      <hr
        ref={ref}
        className={s.splitter}
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={text.evidence.resize}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        aria-valuenow={percent}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => set(DEFAULT)}
        onKeyDown={(event) => {
          const step = arrowStep(event);
          if (step === 0) return;
          event.preventDefault();
          set(percent - 3 * step);
        }}
      />
    </>
  );
}
