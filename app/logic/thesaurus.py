"""What people ask for under one name and reports print under others: statements, measures, abbreviations.

A question about the quick ratio is answered by a balance sheet that never says "quick ratio". Each row of the tables
names such a thing in every wording that is known, and what a text that answers it prints instead. The wordings are
those of accounting standards and textbooks (IAS 1 and 7, US GAAP), nobody's documents.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.logic.tokens import STEM, analyze

_PLURAL = re.compile(r"(?<=\w\w[^\W_s])s(?= |$)")

BALANCE, INCOME, CASH = "balance sheet", "income statement", "cash flow statement"

_STATEMENTS: dict[str, str] = {
    BALANCE: "balance sheet; statement of financial position; bilanz; bilan comptable; balance general; "
    "estado de situación financiera; stato patrimoniale; balanço patrimonial; 资产负债表; 資產負債表; 貸借対照表; "
    "재무상태표; "
    "الميزانية العمومية; قائمة المركز المالي; तुलन पत्र; бухгалтерский баланс",
    INCOME: "income statement; statement of income; statement of operations; statement of earnings; "
    "profit and loss statement; profit and loss account; p&l; p&l statement; gewinn- und verlustrechnung; "
    "compte de résultat; estado de resultados; cuenta de resultados; conto economico; demonstração do resultado; "
    "利润表; 損益表; 損益計算書; 손익계산서; قائمة الدخل; लाभ और हानि खाता; отчет о прибылях и убытках",
    CASH: "cash flow statement; statement of cash flows; kapitalflussrechnung; tableau des flux de trésorerie; "
    "estado de flujos de efectivo; rendiconto finanziario; demonstração dos fluxos de caixa; 现金流量表; 現金流量表; "
    "キャッシュ・フロー計算書; 현금흐름표; قائمة التدفقات النقدية; नकदी प्रवाह विवरण; отчет о движении денежных средств",
}
"""Names of the primary statements; any one stands for the others."""

_MEASURES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # wordings in questions; what is printed where the answer stands; the statements that print it
    (
        "revenue; revenues; sales; turnover; top line",
        "revenue; net sales; net revenues; total revenues; sales",
        (INCOME,),
    ),
    (
        "gross margin; gross profit; gross profit margin",
        "gross profit; cost of sales; cost of revenue; net sales",
        (INCOME,),
    ),
    ("cogs; cost of goods sold", "cost of goods sold; cost of sales; cost of products sold", (INCOME,)),
    (
        "operating margin; operating income margin; operating profit",
        "operating income; earnings from operations",
        (INCOME,),
    ),
    ("net profit margin; net income margin; net margin", "net income; net earnings; net sales; revenue", (INCOME,)),
    ("net income; net earnings; net profit; bottom line", "net income; net earnings", (INCOME,)),
    ("effective tax rate", "provision for income taxes; income before income taxes; earnings before taxes", (INCOME,)),
    ("interest coverage; interest coverage ratio", "interest expense; operating income", (INCOME,)),
    ("earnings per share; eps", "earnings per share; diluted; basic", (INCOME,)),
    ("sg&a", "selling, general and administrative expenses", (INCOME,)),
    ("r&d", "research and development", (INCOME,)),
    ("ebit", "operating income; income from operations", (INCOME,)),
    ("ebitda", "ebitda; operating income; depreciation and amortization", (INCOME, CASH)),
    (
        "quick ratio; acid test",
        "current assets; current liabilities; cash and cash equivalents; receivables; inventories",
        (BALANCE,),
    ),
    (
        "current ratio; working capital; working capital ratio; liquidity ratio",
        "total current assets; total current liabilities",
        (BALANCE,),
    ),
    ("debt to equity; leverage ratio; debt ratio", "long-term debt; total equity; total liabilities", (BALANCE,)),
    ("net debt; total debt", "long-term debt; short-term debt; cash and cash equivalents", (BALANCE,)),
    ("ppe; pp&e; ppne; pp&ne; fixed assets", "property, plant and equipment; net", (BALANCE,)),
    ("accounts receivable; dso; days sales outstanding", "accounts receivable; receivables", (BALANCE,)),
    ("accounts payable; dpo; days payable outstanding", "accounts payable; trade payables", (BALANCE,)),
    ("inventory; inventories; dio; days inventory outstanding", "inventories; merchandise inventories", (BALANCE,)),
    (
        "inventory turnover; inventory turnover ratio",
        "cost of goods sold; cost of sales; inventories",
        (INCOME, BALANCE),
    ),
    ("cash conversion cycle", "accounts receivable; inventories; accounts payable; cost of sales", (BALANCE, INCOME)),
    (
        "fixed asset turnover; asset turnover",
        "net sales; revenue; property, plant and equipment; total assets",
        (INCOME, BALANCE),
    ),
    ("return on assets; roa", "net income; total assets", (INCOME, BALANCE)),
    ("return on equity; roe", "net income; shareholders equity", (INCOME, BALANCE)),
    (
        "capital intensive; capital intensity",
        "property, plant and equipment; purchases of property, plant and equipment; "
        "capital expenditures; total assets; net sales",
        (BALANCE, CASH, INCOME),
    ),
    (
        "capex; capital expenditure; capital expenditures",
        "purchases of property, plant and equipment; capital expenditures; additions to property",
        (CASH,),
    ),
    ("free cash flow; fcf", "net cash provided by operating activities; capital expenditures", (CASH,)),
    ("operating cash flow; cash from operations; cfo", "net cash provided by operating activities", (CASH,)),
    (
        "operating, investing and financing activities; operations, investing, and financing activities",
        "net cash; operating activities; investing activities; financing activities",
        (CASH,),
    ),
    ("dividends paid; cash dividends; dividend payout", "dividends paid; payments of dividends", (CASH,)),
    (
        "share repurchases; stock repurchases; share buyback; buybacks",
        "repurchase of common stock; treasury stock",
        (CASH,),
    ),
    ("d&a", "depreciation and amortization", (CASH,)),
    ("m&a", "mergers; acquisitions; divestitures", ()),
    ("fx", "foreign exchange; foreign currency", ()),
    ("ceo", "chief executive officer", ()),
    ("cfo", "chief financial officer", ()),
    ("annual report", "10-K; 20-F; fiscal year ended", ()),
    ("quarterly report", "10-Q; quarterly period ended", ()),
    ("legal battles; lawsuits; litigation", "legal proceedings; litigation; lawsuits; contingencies", ()),
)


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a question's wording adds to it."""

    phrases: tuple[str, ...] = ()
    """As texts that answer may print them."""
    statements: tuple[str, ...] = ()
    """Wordings of the names of the statements that the answer stands in."""


@lru_cache(maxsize=1024)
def expand(question: str) -> Expansion:
    """The rows whose wording occurs in a question, as words in sequence, singular or plural."""
    asked = words(question)
    phrases: dict[str, None] = {}
    statements: dict[str, None] = {}
    for wording, printed, where in _rows():
        if contains(asked, wording):
            phrases |= dict.fromkeys(printed)
            statements |= dict.fromkeys(where)
    return Expansion(tuple(phrases), tuple(statements))


def contains(text: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of a phrase stand in a text, in sequence."""
    size = len(phrase)
    if not size or phrase[0] not in text:
        return False
    wanted = tuple(phrase)
    return any(tuple(text[i : i + size]) == wanted for i in range(len(text) - size + 1) if text[i] == wanted[0])


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """A text's forms in order, as `contains` compares them."""
    return tuple(fold(" ".join(form for form in analyze(text, None) if not form.startswith(STEM))).split())


def fold(forms: str) -> str:
    """Forms with spaces between, English plurals folded, which alone tell most wordings of one name apart."""
    return _PLURAL.sub("", forms)


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]:
    """(words of one wording, what is printed, names of statements)."""
    return tuple(_all_rows())


def _all_rows() -> Iterator[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    names = {key: _split(wordings) for key, wordings in _STATEMENTS.items()}
    for wordings in names.values():
        for wording in wordings:
            yield words(wording), (), wordings
    for asked, printed, where in _MEASURES:
        for wording in _split(asked):
            yield words(wording), _split(printed), tuple(name for key in where for name in names[key])


def _split(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";"))
