/** The server counts characters as Python does, in code points; strings here count UTF-16 units. */
export function unitsOf(text: string): (codePoints: number) => number {
  // Without characters beyond the basic plane the two agree.
  if (!/[\u{10000}-\u{10FFFF}]/u.test(text)) return (codePoints) => Math.min(codePoints, text.length);
  const offsets: number[] = [];
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) offsets.push(at);
  return (codePoints) => offsets[codePoints] ?? text.length;
}
