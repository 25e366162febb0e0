"""PDFs written by hand, object by object, so that tests own every byte and need no font file."""

from collections.abc import Sequence
from dataclasses import dataclass, field

A4 = (595, 842)


@dataclass(frozen=True)
class Run:
    """A piece of text at (x, y) from the bottom left."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False


@dataclass
class Writer:
    """Objects in the order they are added, from number 1."""

    objects: list[bytes] = field(default_factory=list)

    def add(self, body: str | bytes) -> int:
        self.objects.append(body if isinstance(body, bytes) else body.encode("latin-1"))
        return len(self.objects)

    def stream(self, data: str | bytes, entries: str = "") -> int:
        raw = data if isinstance(data, bytes) else data.encode("latin-1")
        return self.add(f"<< /Length {len(raw)} {entries} >>\nstream\n".encode() + raw + b"\nendstream")

    def file(self, root: int, trailer: str = "") -> bytes:
        out = bytearray(b"%PDF-1.7\n")
        offsets = []
        for number, body in enumerate(self.objects, 1):
            offsets.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        start = len(out)
        out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
        size = len(offsets) + 1
        return bytes(
            out + f"trailer << /Size {size} /Root {root} 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
        )


def lines(*texts: str, x: float = 72, top: float = 770, size: float = 10, leading: float = 14) -> list[Run]:
    return [Run(x, top - index * leading, text, size) for index, text in enumerate(texts)]


def make(
    pages: Sequence[Sequence[Run]],
    *,
    page_entries: str = "",
    catalog: str = "",
    info: str = "",
    objects: Sequence[str] = (),
    picture: int = 0,
) -> bytes:
    """A PDF of these pages in any script: glyphs have no shapes, but codes, widths and a ToUnicode map.

    `objects` come first, so that `catalog` and `page_entries` can refer to them from number 1; the one numbered
    `picture` is drawn over every page.
    """
    writer = Writer()
    for body in objects:
        writer.add(body)
    alphabet = sorted({character for page in pages for run in page for character in run.text})
    fonts = f"/F1 {_font(writer, 'Plain', alphabet)} 0 R /F2 {_font(writer, 'Plain-Bold', alphabet)} 0 R"
    codes = {character: f"{code:04x}" for code, character in enumerate(alphabet, 1)}
    parent = len(writer.objects) + 2 * len(pages) + 1
    resources = f"/Font << {fonts} >> " + f"/XObject << /P {picture} 0 R >>" * bool(picture)
    kids = []
    for page in pages:
        content = "".join(
            f"BT /F{1 + run.bold} {run.size} Tf {run.x} {run.y} Td <{''.join(map(codes.get, run.text))}> Tj ET\n"
            for run in page
        )
        stream = writer.stream(f"q {A4[0]} 0 0 {A4[1]} 0 0 cm /P Do Q " * bool(picture) + content)
        kids.append(
            writer.add(
                f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] {page_entries} "
                f"/Resources << {resources} >> /Contents {stream} 0 R >>"
            )
        )
    tree = writer.add(f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    root = writer.add(f"<< /Type /Catalog /Pages {tree} 0 R {catalog} >>")
    return writer.file(root, f"/Info {writer.add(f'<< {info} >>')} 0 R" if info else "")


def _font(writer: Writer, name: str, alphabet: Sequence[str]) -> int:
    pairs = "".join(f"<{code:04x}> <{char.encode('utf-16-be').hex()}>\n" for code, char in enumerate(alphabet, 1))
    unicode_map = writer.stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(alphabet)} beginbfchar\n{pairs}endbfchar\nendcmap end end"
    )
    flags = 4 if "Bold" not in name else 4 | 1 << 18
    descriptor = writer.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [0 -200 1000 800] /ItalicAngle 0 "
        "/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    descendant = writer.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /FontDescriptor {descriptor} 0 R /DW 500 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    return writer.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>"
    )
