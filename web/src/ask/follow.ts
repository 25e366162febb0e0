/** Whoever scrolls to the end of an answer stays there while it is written. */
import { type RefObject, useEffect } from "react";

/** Pixels, some lines: the end moves on while a person aims at it. */
const NEAR = 100;

/** `active`: while the content of `scroller`, its first child, grows at its end. */
export function useFollow(scroller: RefObject<HTMLElement | null>, active: boolean): void {
  useEffect(() => {
    const view = scroller.current;
    if (!view?.firstElementChild || !active) return;
    let following = false;
    let top = view.scrollTop;
    const onScroll = () => {
      const left = view.scrollHeight - view.clientHeight - view.scrollTop;
      if (view.scrollTop > top) following = left < NEAR;
      else if (view.scrollTop < top) following &&= left < 1;
      top = view.scrollTop;
    };
    // Told after layout and before painting, so that scrolling costs no layout of its own.
    const growth = new ResizeObserver(() => {
      if (!following) return;
      view.scrollTop = view.scrollHeight;
      top = view.scrollTop;
    });
    growth.observe(view.firstElementChild);
    view.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      growth.disconnect();
      view.removeEventListener("scroll", onScroll);
      // With the next frame, whose layout it then needs not do on its own.
      if (following) requestAnimationFrame(() => view.scrollTo({ top: view.scrollHeight }));
    };
  }, [scroller, active]);
}
