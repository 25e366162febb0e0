"""What stands on one page and where its translations are put: each in its own place, and none on another thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.adapters.parsers.originals.pdf_blocks import Cell, PdfBlock, look_of
from app.adapters.parsers.originals.pdf_setting import Fitted, Frame, Look, Setter
from app.models.domain import Box
from app.models.originals import TURNED

NOT_EDITABLE = "not_editable"
_TOUCH = 0.6
"""Points by which boxes may overlap."""
_AIR = 0.18
"""Of a box of type: above and below its letters."""
_SIDE = 8.0
_INSET = 2.0
_ANY_WIDTH = 10_000.0


@dataclass(slots=True)
class Sheet:
    cells: list[Cell]
    blocks: list[PdfBlock]
    drawings: list[Box]
    """Pictures, rules, frames and grounds."""
    upright: bool
    placed: list[tuple[PdfBlock, Fitted]] = field(default_factory=list)
    _taken: list[Box] = field(default_factory=list)

    def put(self, block: PdfBlock, text: str, setter: Setter) -> str | None:
        """Find a place for a block's translation; why there is none, or None."""
        if self.upright and block.turned:
            return TURNED
        if not self.upright or any(cell.fixed for cell in block.cells):
            return NOT_EDITABLE
        if not setter.covers(text):
            return "no_font"
        own = {id(cell) for cell in block.cells}
        others = [*(cell.box for cell in self.cells if id(cell) not in own), *self._walls(block.box)]
        around = [one for one in self.drawings if _inside(block.box, one)]
        look = look_of(block, content_box(self.cells), right_to_left=setter.right_to_left)
        frame = _within(_frame(block, others, content_box(self.cells), look), around, block.box)
        fitted = setter.fit(text, frame, look, lambda rect: _is_free(rect, [*others, *self._taken]))
        if fitted is None:
            return "no_room"
        self._taken.append(fitted.rect)
        self.placed.append((block, fitted))
        return None

    def redraw_neighbours(self, setter: Setter) -> None:
        """What one operator of the file draws together with a replaced text goes with it, and is drawn anew."""
        replaced = {id(cell) for block, _ in self.placed for cell in block.cells}
        gone = frozenset().union(*(cell.objects for block, _ in self.placed for cell in block.cells))
        for cell in self.cells:
            if id(cell) in replaced or not cell.objects & gone:
                continue
            x0, _, x1, y1 = cell.box
            look = Look(cell.size, cell.size, cell.bold, "left")
            narrow, wide = (Frame(x0, x1 + more, cell.baseline, y1) for more in (1.0, _ANY_WIDTH))
            fitted = setter.fit(cell.text, narrow, look, _anywhere) or setter.fit(cell.text, wide, look, _anywhere)
            if fitted is not None:
                self.placed.append((PdfBlock([cell], cell.text, cell.box), fitted))

    def _walls(self, box: Box) -> Iterator[Box]:
        """Drawings that the text does not stand on."""
        return (one for one in self.drawings if not _inside(box, one) and not _crosses(box, one))


def _anywhere(_: Box) -> bool:
    return True


def content_box(found: Sequence[Cell]) -> Box:
    """Where a page has text."""
    boxes = [cell.box for cell in found] or [(0.0, 0.0, 0.0, 0.0)]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _frame(block: PdfBlock, others: Sequence[Box], page: Box, look: Look) -> Frame:
    """A line's frame goes on to the right as far as nothing stands there, a paragraph's goes on below."""
    x0, y0, x1, y1 = block.box
    if look.align == "center":
        half = min((x0 + x1) / 2 - page[0], page[2] - (x0 + x1) / 2)
        x0, x1 = (x0 + x1) / 2 - half, (x0 + x1) / 2 + half
    elif len(block.cells) == 1:
        right = [box[0] - _SIDE for box in others if box[1] < y1 - _TOUCH and box[3] > y0 + _TOUCH and box[0] >= x1]
        x1 = max(x1, min([page[2], *right]))
    below = [box[1] for box in others if box[0] < x1 and box[2] > x0 and box[1] >= y1 - _TOUCH]
    return Frame(x0, x1 + _TOUCH, block.cells[0].baseline, max(y1, min([page[3], *below])))


def _within(frame: Frame, around: Sequence[Box], box: Box) -> Frame:
    """Text that stands in a frame, or on a ground of its own, does not leave it."""
    right = min([frame.x1, *(one[2] - _INSET for one in around)])
    bottom = min([frame.bottom, *(one[3] - _INSET for one in around)])
    left = max([frame.x0, *(one[0] + _INSET for one in around)])
    return Frame(min(left, box[0]), max(right, box[2] + _TOUCH), frame.baseline, max(bottom, box[3]))


def _crosses(box: Box, other: Box) -> bool:
    """Whether they share a place already, as words and what underlines them do."""
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def _is_free(rect: Box, others: Sequence[Box]) -> bool:
    return not any(
        rect[0] < box[2] - _TOUCH
        and rect[2] > box[0] + _TOUCH
        and rect[1] + _AIR * (rect[3] - rect[1]) / 2 < box[3] - _AIR * (box[3] - box[1])
        and rect[3] - _TOUCH > box[1] + _AIR * (box[3] - box[1])
        for box in others
    )


def _inside(box: Box, outer: Box) -> bool:
    return outer[0] - 1 <= box[0] and outer[1] - 1 <= box[1] and outer[2] + 1 >= box[2] and outer[3] + 1 >= box[3]
