/** Whether an element's text runs from the right: then what is on its left comes after. */
export function fromRight(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}

/** 1 for the arrow that goes on, -1 for the one that goes back, as the element's text runs; 0 for any other key. */
export function arrowStep({ key, currentTarget }: { key: string; currentTarget: Element }): -1 | 0 | 1 {
  if (key !== "ArrowLeft" && key !== "ArrowRight") return 0;
  return (key === "ArrowRight") === fromRight(currentTarget) ? -1 : 1;
}
