import s from "./Progress.module.css";

/** A thin bar; without a share it shows that something is going on. */
export function Progress({ share, label }: { share: number | null; label: string }) {
  const percent = share === null ? undefined : Math.round(share * 100);
  return (
    <div
      className={s.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-unknown={share === null}
    >
      <div style={{ inlineSize: `${percent ?? 30}%` }} />
    </div>
  );
}
