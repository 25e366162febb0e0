"""Names of what financial reports tell: of statements and measures, as people ask for them and as reports print them.

The wordings are those of accounting standards and textbooks (IAS 1 and 7, US GAAP, and what they are called in other
countries), nobody's documents. Wordings are parted by semicolons; singular and plural in English count as one. Those in
capitals, or with "&", are abbreviations and must stand in the question just so: "dio" and "da" are words elsewhere.
"""

from dataclasses import dataclass

BALANCE, INCOME, CASH = "balance sheet", "income statement", "cash flow statement"

STATEMENTS: dict[str, str] = {
    BALANCE: "balance sheet; statement of financial position; bilanz; bilan comptable; balance general; "
    "estado de situación financiera; stato patrimoniale; balanço patrimonial; 资产负债表; 資產負債表; 貸借対照表; "
    "재무상태표; الميزانية العمومية; قائمة المركز المالي; तुलन पत्र; бухгалтерский баланс",
    INCOME: "income statement; statement of income; statement of operations; statement of earnings; "
    "profit and loss statement; profit and loss account; p&l; p&l statement; gewinn- und verlustrechnung; "
    "compte de résultat; estado de resultados; cuenta de resultados; conto economico; demonstração do resultado; "
    "利润表; 損益表; 損益計算書; 손익계산서; قائمة الدخل; लाभ और हानि खाता; отчет о прибылях и убытках",
    CASH: "cash flow statement; statement of cash flows; kapitalflussrechnung; tableau des flux de trésorerie; "
    "estado de flujos de efectivo; rendiconto finanziario; demonstração dos fluxos de caixa; 现金流量表; 現金流量表; "
    "キャッシュ・フロー計算書; 현금흐름표; قائمة التدفقات النقدية; नकदी प्रवाह विवरण; "
    "отчет о движении денежных средств",
}
"""Names of the primary statements; any one stands for the others."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: something that is asked for."""

    asked: str
    """Its wordings in English questions."""
    printed: str
    """What stands there where it is answered."""
    statements: tuple[str, ...]
    """That print it: keys of STATEMENTS."""
    abroad: str = ""
    """Its wordings in questions in other languages."""


MEASURES = (
    Measure(
        "revenue; revenues; sales; turnover; top line",
        "revenue; net sales; net revenues; total revenues; sales",
        (INCOME,),
        "umsatz; gesamtumsatz; umsatzerlöse; nettoumsatz; chiffre d'affaires; ventes nettes; ingresos totales; "
        "ingresos netos; los ingresos; ventas netas; las ventas; facturación; ricavi; fatturato; receita; receitas; "
        "faturamento; omzet; выручка; выручки; выручку; 营收; 营业收入; 总收入; 年收入; 的收入; 營收; 销售额; "
        "銷售額; 売上; 売上高; 매출; 매출액; الإيرادات; إيرادات; المبيعات; مبيعات; राजस्व; बिक्री",
    ),
    Measure(
        "gross margin; gross profit; gross profit margin",
        "gross profit; cost of sales; cost of revenue; net sales",
        (INCOME,),
        "bruttomarge; bruttogewinn; bruttoergebnis; rohertrag; marge brute; marge bénéficiaire brute; margen bruto; "
        "beneficio bruto; utilidad bruta; margine lordo; utile lordo; margem bruta; lucro bruto; brutomarge; "
        "brutowinst; валовая прибыль; валовой прибыли; валовая маржа; 毛利; 毛利率; 売上総利益; 粗利; 매출총이익; "
        "هامش الربح الإجمالي; إجمالي الربح; सकल लाभ; सकल मार्जिन",
    ),
    Measure(
        "cogs; cost of goods sold",
        "cost of goods sold; cost of sales; cost of products sold",
        (INCOME,),
        "herstellungskosten; umsatzkosten; coût des ventes; coût des marchandises vendues; costo de ventas; "
        "coste de ventas; costo de los bienes vendidos; costo del venduto; custo das vendas; kostprijs van de omzet; "
        "себестоимость; себестоимость продаж; 销售成本; 营业成本; 銷售成本; 売上原価; 매출원가; تكلفة المبيعات; "
        "बिक्री की लागत",
    ),
    Measure(
        "operating margin; operating income margin; operating profit",
        "operating income; earnings from operations",
        (INCOME,),
        "betriebsergebnis; betriebsgewinn; operatives ergebnis; operativer gewinn; operative marge; "
        "résultat opérationnel; résultat d'exploitation; marge opérationnelle; resultado operativo; "
        "ingreso operativo; utilidad operativa; beneficio operativo; margen operativo; utile operativo; "
        "risultato operativo; margine operativo; lucro operacional; margem operacional; bedrijfsresultaat; "
        "операционная прибыль; операционной прибыли; 营业利润; 營業利潤; 营业利润率; 営業利益; 営業利益率; 영업이익; "
        "영업이익률; الدخل التشغيلي; الربح التشغيلي; परिचालन लाभ; परिचालन आय",
    ),
    Measure(
        "net profit margin; net income margin; net margin",
        "net income; net earnings; net sales; revenue",
        (INCOME,),
        "nettomarge; umsatzrendite; marge nette; margen neto; margen de beneficio neto; margine netto; "
        "margem líquida; 净利率; 净利润率; 淨利率; 純利益率; 순이익률; هامش صافي الربح; शुद्ध लाभ मार्जिन",
    ),
    Measure(
        "net income; net earnings; net profit; bottom line",
        "net income; net earnings",
        (INCOME,),
        "nettogewinn; nettoergebnis; jahresüberschuss; reingewinn; konzernergebnis; résultat net; bénéfice net; "
        "beneficio neto; utilidad neta; ingreso neto; ganancia neta; resultado neto; utile netto; lucro líquido; "
        "nettowinst; чистая прибыль; чистой прибыли; чистую прибыль; 净利润; 净收入; 淨利; 淨利潤; 纯利; 純利益; "
        "당기순이익; 순이익; صافي الدخل; صافي الربح; صافي الأرباح; शुद्ध आय; शुद्ध लाभ",
    ),
    Measure(
        "effective tax rate",
        "provision for income taxes; income before income taxes; earnings before taxes",
        (INCOME,),
        "effektiver steuersatz; effektive steuerquote; effektive steuersatz; taux d'imposition effectif; "
        "taux effectif d'imposition; tasa impositiva efectiva; tipo impositivo efectivo; tasa efectiva de impuestos; "
        "aliquota fiscale effettiva; taxa efetiva de imposto; effectief belastingtarief; "
        "эффективная налоговая ставка; 有效税率; 实际税率; 有效稅率; 実効税率; 유효세율; معدل الضريبة الفعلي; "
        "प्रभावी कर दर",
    ),
    Measure(
        "interest coverage; interest coverage ratio",
        "interest expense; operating income",
        (INCOME,),
        "zinsdeckungsgrad; couverture des intérêts; cobertura de intereses; copertura degli interessi; "
        "cobertura de juros; 利息保障倍数; 利息保障倍數; インタレスト・カバレッジ; 이자보상배율; تغطية الفوائد",
    ),
    Measure(
        "earnings per share; eps",
        "earnings per share; diluted; basic",
        (INCOME,),
        "ergebnis je aktie; gewinn je aktie; gewinn pro aktie; bénéfice par action; résultat par action; "
        "beneficio por acción; ganancia por acción; utilidad por acción; utile per azione; lucro por ação; "
        "winst per aandeel; прибыль на акцию; прибыли на акцию; 每股收益; 每股盈利; 每股盈餘; 1株当たり利益; "
        "주당순이익; ربحية السهم; ربح السهم; प्रति शेयर आय",
    ),
    Measure(
        "sg&a",
        "selling, general and administrative expenses",
        (INCOME,),
        "vertriebs- und verwaltungskosten; frais commerciaux et administratifs; gastos de venta y administración; "
        "gastos generales y administrativos; spese generali e amministrative; despesas gerais e administrativas; "
        "销售及管理费用; 销售和管理费用; 管理费用; 販売費及び一般管理費; 판매비와관리비; المصاريف البيعية والإدارية",
    ),
    Measure(
        "r&d",
        "research and development",
        (INCOME,),
        "forschung und entwicklung; forschungs- und entwicklungskosten; recherche et développement; "
        "investigación y desarrollo; ricerca e sviluppo; pesquisa e desenvolvimento; onderzoek en ontwikkeling; "
        "исследования и разработки; 研发; 研发费用; 研究与开发; 研發; 研究開発費; 연구개발비; البحث والتطوير; "
        "अनुसंधान और विकास",
    ),
    Measure("ebit", "operating income; income from operations", (INCOME,)),
    Measure("ebitda", "ebitda; operating income; depreciation and amortization", (INCOME, CASH)),
    Measure(
        "quick ratio; acid test",
        "current assets; current liabilities; cash and cash equivalents; receivables; inventories",
        (BALANCE,),
        "liquidität 2. grades; ratio de liquidité réduite; prueba ácida; indice di liquidità immediata; "
        "liquidez seca; коэффициент быстрой ликвидности; 速动比率; 速動比率; 当座比率; 당좌비율; "
        "نسبة السيولة السريعة; त्वरित अनुपात",
    ),
    Measure(
        "current ratio; working capital; working capital ratio; liquidity ratio",
        "total current assets; total current liabilities",
        (BALANCE,),
        "betriebskapital; nettoumlaufvermögen; fonds de roulement; besoin en fonds de roulement; capital de trabajo; "
        "capital circulante; ratio de liquidez; razón corriente; capitale circolante; capital de giro; werkkapitaal; "
        "оборотный капитал; оборотного капитала; 流动比率; 流動比率; 营运资金; 营运资本; 營運資金; 運転資本; "
        "운전자본; 유동비율; رأس المال العامل; कार्यशील पूंजी; चालू अनुपात",
    ),
    Measure(
        "total assets",
        "total assets",
        (BALANCE,),
        "bilanzsumme; gesamtvermögen; total de l'actif; total des actifs; activos totales; activo total; "
        "totale attivo; ativo total; totale activa; активы; всего активов; 总资产; 資產總額; 總資產; 資産合計; "
        "총자산; 자산총계; إجمالي الأصول; कुल संपत्ति; कुल परिसंपत्ति",
    ),
    Measure(
        "total liabilities",
        "total liabilities",
        (BALANCE,),
        "gesamtverbindlichkeiten; total du passif; pasivos totales; pasivo total; passività totali; passivo total; "
        "обязательства; 总负债; 負債總額; 總負債; 負債合計; 부채총계; إجمالي الخصوم; إجمالي المطلوبات; कुल देनदारियां",
    ),
    Measure(
        "shareholders equity; stockholders equity",
        "total equity; shareholders equity; stockholders equity",
        (BALANCE,),
        "eigenkapital; capitaux propres; patrimonio neto; patrimonio; patrimonio netto; patrimônio líquido; "
        "eigen vermogen; собственный капитал; собственного капитала; 股东权益; 所有者权益; 股東權益; 純資産; "
        "자본총계; حقوق المساهمين; حقوق الملكية; शेयरधारकों की इक्विटी",
    ),
    Measure(
        "cash and cash equivalents",
        "cash and cash equivalents",
        (BALANCE,),
        "zahlungsmittel; liquide mittel; trésorerie et équivalents de trésorerie; liquidités; "
        "efectivo y equivalentes de efectivo; efectivo y equivalentes al efectivo; disponibilità liquide; "
        "caixa e equivalentes de caixa; geldmiddelen; денежные средства; денежных средств; 现金及现金等价物; "
        "现金和现金等价物; 現金及約當現金; 現金及び現金同等物; 현금및현금성자산; النقد وما يعادله; "
        "النقدية وما في حكمها; नकद और नकद समकक्ष",
    ),
    Measure(
        "debt to equity; leverage ratio; debt ratio",
        "long-term debt; total equity; total liabilities",
        (BALANCE,),
        "verschuldungsgrad; ratio d'endettement; taux d'endettement; ratio de endeudamiento; "
        "rapporto di indebitamento; índice de endividamento; schuldgraad; 资产负债率; 负债率; 負債比率; "
        "負債資本比率; 부채비율; نسبة الدين; ऋण अनुपात",
    ),
    Measure(
        "net debt; total debt",
        "long-term debt; short-term debt; cash and cash equivalents",
        (BALANCE,),
        "nettoverschuldung; gesamtverschuldung; finanzschulden; dette nette; endettement net; deuda neta; "
        "deuda total; debito netto; indebitamento netto; dívida líquida; nettoschuld; чистый долг; 净债务; 总债务; "
        "淨債務; 純有利子負債; 순차입금; صافي الدين; إجمالي الدين; शुद्ध ऋण; कुल ऋण",
    ),
    Measure(
        "ppe; pp&e; ppne; pp&ne; fixed assets; property, plant and equipment",
        "property, plant and equipment; property, plant and equipment, net",
        (BALANCE,),
        "sachanlagen; sachanlagevermögen; anlagevermögen; netto-sachanlagen; nettosachanlagevermögen; "
        "immobilisations corporelles; propiedades, planta y equipo; propiedad, planta y equipo; "
        "inmovilizado material; immobilizzazioni materiali; immobili, impianti e macchinari; ativo imobilizado; "
        "imobilizado; materiële vaste activa; основные средства; основных средств; 固定资产; 固定資產; "
        "物业、厂房及设备; 不動產、廠房及設備; 有形固定資産; 유형자산; الممتلكات والمصانع والمعدات; الأصول الثابتة; "
        "संपत्ति, संयंत्र और उपकरण; अचल संपत्ति",
    ),
    Measure(
        "accounts receivable; DSO; days sales outstanding",
        "accounts receivable; receivables",
        (BALANCE,),
        "forderungen; forderungen aus lieferungen und leistungen; créances clients; cuentas por cobrar; "
        "crediti commerciali; contas a receber; debiteuren; дебиторская задолженность; дебиторской задолженности; "
        "应收账款; 應收帳款; 売掛金; 매출채권; الذمم المدينة; حسابات القبض; प्राप्य खाते",
    ),
    Measure(
        "accounts payable; DPO; days payable outstanding",
        "accounts payable; trade payables",
        (BALANCE,),
        "verbindlichkeiten aus lieferungen und leistungen; dettes fournisseurs; cuentas por pagar; "
        "debiti commerciali; contas a pagar; crediteuren; кредиторская задолженность; кредиторской задолженности; "
        "应付账款; 應付帳款; 買掛金; 매입채무; الذمم الدائنة; حسابات الدفع; देय खाते",
    ),
    Measure(
        "inventory; inventories; DIO; days inventory outstanding",
        "inventories; merchandise inventories",
        (BALANCE,),
        "vorräte; vorratsvermögen; warenvorräte; warenbestand; warenbestände; lagerbestand; lagerbestände; stocks; "
        "inventario; inventarios; las existencias; rimanenze; scorte; estoque; estoques; voorraden; запасы; запасов; "
        "库存; 存货; 存貨; 棚卸資産; 재고자산; المخزون; इन्वेंटरी",
    ),
    Measure(
        "inventory turnover; inventory turnover ratio",
        "cost of goods sold; cost of sales; inventories",
        (INCOME, BALANCE),
        "lagerumschlag; rotation des stocks; rotación de inventarios; rotación de inventario; "
        "rotazione del magazzino; giro de estoque; 存货周转率; 存貨周轉率; 棚卸資産回転率; 재고자산회전율; "
        "معدل دوران المخزون",
    ),
    Measure(
        "cash conversion cycle", "accounts receivable; inventories; accounts payable; cost of sales", (BALANCE, INCOME)
    ),
    Measure(
        "fixed asset turnover; asset turnover",
        "net sales; revenue; property, plant and equipment; total assets",
        (INCOME, BALANCE),
        "kapitalumschlag; rotation des actifs; rotación de activos; rotazione degli attivi; giro do ativo; "
        "资产周转率; 固定资产周转率; 資產周轉率; 総資産回転率; 총자산회전율; معدل دوران الأصول",
    ),
    Measure(
        "return on assets; ROA",
        "net income; total assets",
        (INCOME, BALANCE),
        "gesamtkapitalrendite; rendement des actifs; rentabilidad sobre activos; retorno sobre activos; "
        "redditività del capitale; retorno sobre ativos; 资产回报率; 资产收益率; 資產報酬率; 総資産利益率; "
        "총자산이익률; العائد على الأصول",
    ),
    Measure(
        "return on equity; ROE",
        "net income; shareholders equity",
        (INCOME, BALANCE),
        "eigenkapitalrendite; rendement des capitaux propres; rentabilidad sobre el patrimonio; "
        "retorno sobre el patrimonio; redditività del patrimonio netto; retorno sobre patrimônio líquido; "
        "净资产收益率; 股本回报率; 股東權益報酬率; 自己資本利益率; 자기자본이익률; العائد على حقوق المساهمين",
    ),
    Measure(
        "capital intensive; capital intensity",
        "property, plant and equipment; purchases of property, plant and equipment; capital expenditures; "
        "total assets; net sales",
        (BALANCE, CASH, INCOME),
        "kapitalintensiv; kapitalintensives; kapitalintensität; intensité capitalistique; intensidad de capital; "
        "intensivo en capital; intensiva en capital; ad alta intensità di capitale; intensivo em capital; 资本密集; "
        "资本密集型; 資本密集; 資本集約; 자본집약; كثيفة رأس المال",
    ),
    Measure(
        "capex; capital expenditure; capital expenditures",
        "purchases of property, plant and equipment; capital expenditures; additions to property",
        (CASH,),
        "investitionsausgaben; sachinvestitionen; investitionen in sachanlagen; kapitalaufwand; kapitalausgaben; "
        "dépenses d'investissement; dépenses en capital; investissements corporels; gasto de capital; "
        "gastos de capital; inversiones de capital; gasto en capital; inversión en activo fijo; "
        "spese in conto capitale; investimenti in conto capitale; despesas de capital; investimentos em imobilizado; "
        "kapitaaluitgaven; капитальные затраты; капитальных затрат; капитальные вложения; 资本支出; 资本开支; "
        "資本支出; 資本的支出; 設備投資; 자본적지출; 설비투자; النفقات الرأسمالية; الإنفاق الرأسمالي; पूंजीगत व्यय",
    ),
    Measure(
        "free cash flow; FCF",
        "net cash provided by operating activities; capital expenditures",
        (CASH,),
        "freier cashflow; free cashflow; flux de trésorerie disponible; flujo de caja libre; "
        "flujo de efectivo libre; flusso di cassa libero; fluxo de caixa livre; vrije kasstroom; "
        "свободный денежный поток; 自由现金流; 自由現金流; フリー・キャッシュ・フロー; フリーキャッシュフロー; "
        "잉여현금흐름; التدفق النقدي الحر; मुक्त नकदी प्रवाह",
    ),
    Measure(
        "operating cash flow; cash from operations; cfo",
        "net cash provided by operating activities",
        (CASH,),
        "operativer cashflow; cashflow aus laufender geschäftstätigkeit; flux de trésorerie d'exploitation; "
        "flujo de caja operativo; flujo de efectivo de operaciones; flusso di cassa operativo; "
        "fluxo de caixa operacional; operationele kasstroom; операционный денежный поток; 经营现金流; "
        "经营活动现金流; 經營現金流; 営業キャッシュ・フロー; 営業キャッシュフロー; 영업현금흐름; "
        "التدفق النقدي التشغيلي; परिचालन नकदी प्रवाह",
    ),
    Measure(
        "operating, investing and financing activities; operations, investing, and financing activities",
        "net cash; operating activities; investing activities; financing activities",
        (CASH,),
    ),
    Measure(
        "dividends paid; cash dividends; dividend payout",
        "dividends paid; payments of dividends",
        (CASH,),
        "gezahlte dividenden; dividendenzahlung; dividendenzahlungen; dividendes versés; dividendos pagados; "
        "dividendi pagati; dividendos pagos; betaalde dividenden; выплаченные дивиденды; 股息支付; 支付的股息; 派息; "
        "已付股利; 配当金の支払; 배당금 지급; توزيعات الأرباح المدفوعة; भुगतान किए गए लाभांश",
    ),
    Measure(
        "share repurchases; stock repurchases; share buyback; buybacks",
        "repurchase of common stock; treasury stock",
        (CASH,),
        "aktienrückkauf; aktienrückkäufe; rachat d'actions; rachats d'actions; recompra de acciones; "
        "recompras de acciones; riacquisto di azioni; recompra de ações; aandeleninkoop; обратный выкуп акций; "
        "выкуп акций; 股票回购; 股份回购; 回购; 股票回購; 自社株買い; 자사주 매입; إعادة شراء الأسهم; "
        "शेयर पुनर्खरीद; शेयर बायबैक",
    ),
    Measure(
        "d&a",
        "depreciation and amortization",
        (CASH,),
        "abschreibungen; amortissements; depreciación y amortización; ammortamenti; depreciação e amortização; "
        "afschrijvingen; амортизация; амортизации; 折旧; 折旧和摊销; 折旧与摊销; 折舊; 減価償却費; 감가상각비; "
        "الاستهلاك والإطفاء; मूल्यह्रास",
    ),
    Measure("m&a", "mergers; acquisitions; divestitures", ()),
    Measure("fx", "foreign exchange; foreign currency", ()),
    Measure(
        "ceo",
        "chief executive officer",
        (),
        "vorstandsvorsitzende; vorstandsvorsitzender; vorstandsvorsitzenden; geschäftsführer; directeur général; "
        "directrice générale; pdg; director ejecutivo; directora ejecutiva; director general; "
        "amministratore delegato; diretor executivo; diretora executiva; генеральный директор; "
        "генерального директора; генеральным директором; 首席执行官; 首席執行官; 執行長; 最高経営責任者; 최고경영자; "
        "الرئيس التنفيذي; मुख्य कार्यकारी अधिकारी",
    ),
    Measure(
        "cfo",
        "chief financial officer",
        (),
        "finanzvorstand; directeur financier; directrice financière; director financiero; directora financiera; "
        "direttore finanziario; diretor financeiro; diretora financeira; финансовый директор; 首席财务官; 財務長; "
        "最高財務責任者; 최고재무책임자; المدير المالي; मुख्य वित्तीय अधिकारी",
    ),
    Measure("annual report", "10-K; 20-F; fiscal year ended", ()),
    Measure("quarterly report", "10-Q; quarterly period ended", ()),
    Measure(
        "legal battles; lawsuits; litigation",
        "legal proceedings; litigation; lawsuits; contingencies",
        (),
        "rechtsstreit; rechtsstreitigkeiten; klagen; gerichtsverfahren; litiges; procès; litigios; "
        "demandas judiciales; cause legali; contenzioso; processos judiciais; rechtszaken; судебные разбирательства; "
        "судебные иски; 诉讼; 訴訟; 法律诉讼; 소송; الدعاوى القضائية; مقاضاة; मुकदमे; मुकदमेबाजी",
    ),
    Measure(
        "employees; headcount; workforce",
        "employees; employed; full-time equivalents; human capital",
        (),
        "mitarbeiter; mitarbeiterinnen; personalbestand; salariés; effectifs; effectif; empleados; empleadas; "
        "plantilla; personas empleaba; personas emplea; dipendenti; funcionários; empregados; werknemers; "
        "сотрудников; сотрудники; работников; 员工; 雇员; 雇用了; 僱員; 員工; 従業員; 직원; 임직원; الموظفين; "
        "الموظفون; عدد الموظفين; कर्मचारी; कर्मचारियों",
    ),
)
