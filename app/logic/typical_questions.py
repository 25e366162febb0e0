"""The same dozen everyday questions in many languages: what their vectors share is the language, not what is asked.

Written for this; in no measurement.
"""

_BY_LANGUAGE = {
    "ar": "متى تأسست الشركة؟ | من المسؤول عن هذا المشروع؟ | كم عدد سكان المدينة؟ | ما الغرض من الاتفاقية؟ | "
    "أين وقعت المعركة؟ | لماذا تأجل الاجتماع؟ | كم تبلغ تكلفة الخدمة؟ | ما الدول التي وقعت المعاهدة؟ | "
    "ماذا حدث بعد الحرب؟ | ما مدة الضمان؟ | ما الآثار الجانبية للدواء؟ | كيف يعمل المحرك؟",
    "bn": "কোম্পানিটি কবে প্রতিষ্ঠিত হয়েছিল? | এই প্রকল্পের দায়িত্বে কে আছেন? | "
    "শহরে কত মানুষ বাস করে? | চুক্তির উদ্দেশ্য কী? | "
    "যুদ্ধটি কোথায় হয়েছিল? | সভা কেন স্থগিত করা হয়েছিল? | "
    "পরিষেবার খরচ কত? | কোন দেশগুলি চুক্তিতে স্বাক্ষর করেছিল? | "
    "যুদ্ধের পরে কী ঘটেছিল? | ওয়ারেন্টি কতদিন থাকে? | ওষুধের পার্শ্বপ্রতিক্রিয়া কী কী? | ইঞ্জিন কীভাবে কাজ করে?",
    "cs": "Kdy byla společnost založena? | Kdo je za tento projekt odpovědný? | Kolik lidí žije ve městě? | "
    "Jaký je účel dohody? | Kde se bitva odehrála? | Proč byla schůze odložena? | Kolik služba stojí? | "
    "Které země smlouvu podepsaly? | Co se stalo po válce? | Jak dlouho platí záruka? | "
    "Jaké má lék vedlejší účinky? | Jak funguje motor?",
    "de": "Wann wurde das Unternehmen gegründet? | Wer ist für dieses Projekt verantwortlich? | "
    "Wie viele Menschen leben in der Stadt? | Was ist der Zweck der Vereinbarung? | Wo fand die Schlacht statt? | "
    "Warum wurde die Sitzung verschoben? | Wie viel kostet die Dienstleistung? | "
    "Welche Länder haben den Vertrag unterzeichnet? | Was geschah nach dem Krieg? | Wie lange gilt die Garantie? | "
    "Welche Nebenwirkungen hat das Medikament? | Wie funktioniert der Motor?",
    "el": "Πότε ιδρύθηκε η εταιρεία; | Ποιος είναι υπεύθυνος για αυτό το έργο; | Πόσοι άνθρωποι ζουν στην πόλη; | "
    "Ποιος είναι ο σκοπός της συμφωνίας; | Πού έγινε η μάχη; | Γιατί αναβλήθηκε η συνεδρίαση; | "
    "Πόσο κοστίζει η υπηρεσία; | Ποιες χώρες υπέγραψαν τη συνθήκη; | Τι συνέβη μετά τον πόλεμο; | "
    "Πόσο διαρκεί η εγγύηση; | Ποιες είναι οι παρενέργειες του φαρμάκου; | Πώς λειτουργεί ο κινητήρας;",
    "en": "When was the company founded? | Who is responsible for this project? | "
    "How many people live in the city? | "
    "What is the purpose of the agreement? | Where did the battle take place? | Why was the meeting postponed? | "
    "How much does the service cost? | Which countries signed the treaty? | What happened after the war? | "
    "How long does the guarantee last? | What are the side effects of the medicine? | How does the engine work?",
    "es": "¿Cuándo se fundó la empresa? | ¿Quién es responsable de este proyecto? | "
    "¿Cuántas personas viven en la ciudad? | ¿Cuál es el propósito del acuerdo? | ¿Dónde tuvo lugar la batalla? | "
    "¿Por qué se aplazó la reunión? | ¿Cuánto cuesta el servicio? | ¿Qué países firmaron el tratado? | "
    "¿Qué ocurrió después de la guerra? | ¿Cuánto dura la garantía? | "
    "¿Cuáles son los efectos secundarios del medicamento? | ¿Cómo funciona el motor?",
    "fa": "شرکت چه زمانی تأسیس شد؟ | چه کسی مسئول این پروژه است؟ | "
    "چند نفر در شهر زندگی می‌کنند؟ | هدف توافق‌نامه چیست؟ | "
    "نبرد کجا رخ داد؟ | چرا جلسه به تعویق افتاد؟ | هزینهٔ خدمات چقدر است؟ | کدام کشورها پیمان را امضا کردند؟ | "
    "پس از جنگ چه اتفاقی افتاد؟ | ضمانت چه مدت اعتبار دارد؟ | عوارض جانبی دارو چیست؟ | موتور چگونه کار می‌کند؟",
    "fr": "Quand l'entreprise a-t-elle été fondée ? | Qui est responsable de ce projet ? | "
    "Combien de personnes vivent dans la ville ? | Quel est l'objet de l'accord ? | "
    "Où la bataille a-t-elle eu lieu ? | "
    "Pourquoi la réunion a-t-elle été reportée ? | Combien coûte le service ? | Quels pays ont signé le traité ? | "
    "Que s'est-il passé après la guerre ? | Combien de temps dure la garantie ? | "
    "Quels sont les effets secondaires du médicament ? | Comment fonctionne le moteur ?",
    "he": "מתי נוסדה החברה? | מי אחראי לפרויקט הזה? | כמה אנשים גרים בעיר? | מה מטרת ההסכם? | היכן התרחש הקרב? | "
    "מדוע נדחתה הישיבה? | כמה עולה השירות? | אילו מדינות חתמו על האמנה? | מה קרה אחרי המלחמה? | "
    "כמה זמן נמשכת האחריות? | מהן תופעות הלוואי של התרופה? | איך פועל המנוע?",
    "hi": "कंपनी की स्थापना कब हुई थी? | इस परियोजना के लिए कौन जिम्मेदार है? | शहर में कितने लोग रहते हैं? | "
    "समझौते का उद्देश्य क्या है? | लड़ाई कहाँ हुई थी? | बैठक क्यों स्थगित की गई? | सेवा की लागत कितनी है? | "
    "किन देशों ने संधि पर हस्ताक्षर किए? | युद्ध के बाद क्या हुआ? | गारंटी कितने समय तक चलती है? | "
    "दवा के दुष्प्रभाव क्या हैं? | इंजन कैसे काम करता है?",
    "id": "Kapan perusahaan itu didirikan? | Siapa yang bertanggung jawab atas proyek ini? | "
    "Berapa banyak orang yang tinggal di kota itu? | Apa tujuan perjanjian tersebut? | "
    "Di mana pertempuran itu terjadi? | "
    "Mengapa rapat ditunda? | Berapa biaya layanan itu? | Negara mana saja yang menandatangani perjanjian itu? | "
    "Apa yang terjadi setelah perang? | Berapa lama garansi berlaku? | Apa efek samping obat itu? | "
    "Bagaimana cara kerja mesin?",
    "it": "Quando è stata fondata l'azienda? | Chi è responsabile di questo progetto? | "
    "Quante persone vivono nella città? | Qual è lo scopo dell'accordo? | Dove si è svolta la battaglia? | "
    "Perché la riunione è stata rinviata? | Quanto costa il servizio? | Quali paesi hanno firmato il trattato? | "
    "Che cosa è successo dopo la guerra? | Quanto dura la garanzia? | "
    "Quali sono gli effetti collaterali del farmaco? | Come funziona il motore?",
    "ja": "会社はいつ設立されましたか？ | このプロジェクトの責任者は誰ですか？ | "
    "その都市には何人が住んでいますか？ | "
    "この協定の目的は何ですか？ | 戦いはどこで行われましたか？ | 会議はなぜ延期されましたか？ | "
    "サービスの料金はいくらですか？ | どの国が条約に署名しましたか？ | 戦争の後、何が起こりましたか？ | "
    "保証期間はどのくらいですか？ | この薬の副作用は何ですか？ | エンジンはどのように動きますか？",
    "ko": "회사는 언제 설립되었습니까? | 이 프로젝트의 책임자는 누구입니까? | 그 도시에는 몇 명이 살고 있습니까? | "
    "협정의 목적은 무엇입니까? | 전투는 어디에서 일어났습니까? | "
    "회의는 왜 연기되었습니까? | 서비스 비용은 얼마입니까? | "
    "어느 나라들이 조약에 서명했습니까? | 전쟁 후에 무슨 일이 있었습니까? | 보증 기간은 얼마나 됩니까? | "
    "그 약의 부작용은 무엇입니까? | 엔진은 어떻게 작동합니까?",
    "nl": "Wanneer werd het bedrijf opgericht? | Wie is verantwoordelijk voor dit project? | "
    "Hoeveel mensen wonen er in de stad? | Wat is het doel van de overeenkomst? | Waar vond de slag plaats? | "
    "Waarom werd de vergadering uitgesteld? | Hoeveel kost de dienst? | Welke landen ondertekenden het verdrag? | "
    "Wat gebeurde er na de oorlog? | Hoe lang geldt de garantie? | "
    "Wat zijn de bijwerkingen van het medicijn? | Hoe werkt de motor?",
    "pl": "Kiedy założono firmę? | Kto odpowiada za ten projekt? | Ilu ludzi mieszka w mieście? | "
    "Jaki jest cel umowy? | Gdzie odbyła się bitwa? | "
    "Dlaczego spotkanie zostało przełożone? | Ile kosztuje usługa? | "
    "Które kraje podpisały traktat? | Co się stało po wojnie? | Jak długo trwa gwarancja? | "
    "Jakie są skutki uboczne leku? | Jak działa silnik?",
    "pt": "Quando a empresa foi fundada? | Quem é responsável por este projeto? | Quantas pessoas vivem na cidade? | "
    "Qual é o objetivo do acordo? | Onde ocorreu a batalha? | Por que a reunião foi adiada? | "
    "Quanto custa o serviço? | Quais países assinaram o tratado? | O que aconteceu depois da guerra? | "
    "Quanto tempo dura a garantia? | Quais são os efeitos colaterais do medicamento? | Como funciona o motor?",
    "ro": "Când a fost fondată compania? | Cine este responsabil de acest proiect? | Câți oameni locuiesc în oraș? | "
    "Care este scopul acordului? | Unde a avut loc bătălia? | De ce a fost amânată ședința? | "
    "Cât costă serviciul? | Ce țări au semnat tratatul? | Ce s-a întâmplat după război? | "
    "Cât durează garanția? | Care sunt efectele secundare ale medicamentului? | Cum funcționează motorul?",
    "ru": "Когда была основана компания? | Кто отвечает за этот проект? | Сколько людей живёт в городе? | "
    "Какова цель соглашения? | Где произошло сражение? | Почему собрание было отложено? | "
    "Сколько стоит услуга? | Какие страны подписали договор? | Что произошло после войны? | "
    "Как долго действует гарантия? | Каковы побочные эффекты лекарства? | Как работает двигатель?",
    "sv": "När grundades företaget? | Vem ansvarar för det här projektet? | Hur många människor bor i staden? | "
    "Vad är syftet med avtalet? | Var ägde slaget rum? | Varför sköts mötet upp? | Hur mycket kostar tjänsten? | "
    "Vilka länder undertecknade fördraget? | Vad hände efter kriget? | Hur länge gäller garantin? | "
    "Vilka biverkningar har läkemedlet? | Hur fungerar motorn?",
    "th": "บริษัทก่อตั้งขึ้นเมื่อใด | ใครเป็นผู้รับผิดชอบโครงการนี้ | "
    "มีคนอาศัยอยู่ในเมืองกี่คน | ข้อตกลงนี้มีวัตถุประสงค์อะไร | "
    "การรบเกิดขึ้นที่ไหน | ทำไมการประชุมจึงถูกเลื่อนออกไป | "
    "บริการนี้มีค่าใช้จ่ายเท่าไร | ประเทศใดบ้างที่ลงนามในสนธิสัญญา | "
    "เกิดอะไรขึ้นหลังสงคราม | การรับประกันมีระยะเวลานานเท่าใด | ยามีผลข้างเคียงอะไรบ้าง | เครื่องยนต์ทำงานอย่างไร",
    "tr": "Şirket ne zaman kuruldu? | Bu projeden kim sorumlu? | "
    "Şehirde kaç kişi yaşıyor? | Anlaşmanın amacı nedir? | "
    "Savaş nerede gerçekleşti? | Toplantı neden ertelendi? | Hizmetin ücreti ne kadar? | "
    "Antlaşmayı hangi ülkeler imzaladı? | Savaştan sonra ne oldu? | Garanti ne kadar sürüyor? | "
    "İlacın yan etkileri nelerdir? | Motor nasıl çalışır?",
    "uk": "Коли було засновано компанію? | Хто відповідає за цей проєкт? | Скільки людей живе в місті? | "
    "Яка мета угоди? | Де відбулася битва? | Чому збори було відкладено? | Скільки коштує послуга? | "
    "Які країни підписали договір? | Що сталося після війни? | Як довго діє гарантія? | "
    "Які побічні ефекти ліків? | Як працює двигун?",
    "vi": "Công ty được thành lập khi nào? | Ai chịu trách nhiệm về dự án này? | "
    "Có bao nhiêu người sống trong thành phố? | Mục đích của thỏa thuận là gì? | Trận chiến diễn ra ở đâu? | "
    "Tại sao cuộc họp bị hoãn? | Dịch vụ có giá bao nhiêu? | Những nước nào đã ký hiệp ước? | "
    "Điều gì đã xảy ra sau chiến tranh? | Thời hạn bảo hành là bao lâu? | Thuốc có tác dụng phụ gì? | "
    "Động cơ hoạt động như thế nào?",
    "zh": "这家公司是什么时候成立的？ | 谁负责这个项目？ | 这座城市有多少人口？ | "
    "该协议的目的是什么？ | 这场战役发生在哪里？ | "
    "会议为什么被推迟？ | 这项服务要多少钱？ | 哪些国家签署了该条约？ | 战争之后发生了什么？ | 保修期有多长？ | "
    "这种药有哪些副作用？ | 发动机是如何工作的？",
}


def typical_questions(language: str) -> tuple[str, ...]:
    """Of a language (ISO 639-1); none for languages that have none here."""
    joined = _BY_LANGUAGE.get(language)
    return tuple(joined.split(" | ")) if joined else ()
