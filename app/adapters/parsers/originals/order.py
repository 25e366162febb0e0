"""Where a child belongs among the others: Office refuses properties that are out of order (ISO 29500-1, annex A)."""

from typing import Any

from docx.oxml.ns import qn

_ORDERS = {
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign "
    "rtl cs em lang eastAsianLayout specVanish oMath",
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "w:tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "w:sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings "
    "sectPrChange",
}
_RANKS = {
    qn(holder): {qn(f"w:{name}"): rank for rank, name in enumerate(names.split())} for holder, names in _ORDERS.items()
}


def place(holder: Any, child: Any) -> None:
    """Put `child` among the children of a w:rPr, w:pPr, w:tblPr or w:sectPr."""
    ranks = _RANKS[holder.tag]
    rank = ranks[child.tag]
    for index, other in enumerate(holder):
        if ranks.get(other.tag, len(ranks)) > rank:
            holder.insert(index, child)
            return
    holder.append(child)
