"""Where one paragraph ends and the next begins."""

import re

from app.logic.layout_lines import Sheet

_BULLET = re.compile(r"(?:[•▪◦●○■□➢✓·‣*–—-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\s")
_ENDS = tuple('.!?:;。！？：؟।॥။።"”»」)')
_MORE_LEADING = 1.3
_OTHER_SIZE = 0.1
_INDENT = 0.8
_SHORT = 0.12


def starts_paragraph(sheet: Sheet, start: int, index: int) -> bool:
    """Whether line `index` begins a new paragraph, given that the one before it began with line `start`."""
    before, line = sheet.lines[index - 1], sheet.lines[index]
    step = line.y0 - before.y0
    if _BULLET.match(sheet.line(index)):
        return True
    if abs(line.size - before.size) > _OTHER_SIZE * max(line.size, before.size):
        return True
    ended = sheet.line(index - 1).endswith(_ENDS)
    if step < -line.size:  # up to the next column
        return ended
    if step > _MORE_LEADING * max(sheet.leading, line.size):
        return True
    short = before.x1 < sheet.right - _SHORT * (sheet.right - sheet.left)
    indented = line.x0 - before.x0 > _INDENT * line.size and not _BULLET.match(sheet.line(start))
    return ended and (indented or (short and not sheet.line(index)[:1].islower()))
