"""The day of publication: the date lines that give it, those that do not, and what is told if it is not found."""

from datetime import date

import pytest

from summariser import summarise
from summariser.documents import Document
from summariser.documents.publication import find_date
from summariser.testing import FakeModel

DAY = date(2025, 3, 14)
STORIES = {
    "en": "The Harbour Board agreed on Tuesday to raise the pay of ferry crews by four per cent and to end the strike.",
    "fr": "Le conseil du port a accepté mardi d’augmenter les salaires des équipages et de mettre fin à la grève.",
    "de": "Die Hafenbehörde hat am Dienstag beschlossen, die Löhne zu erhöhen und den Streik zu beenden.",
    "es": "La autoridad portuaria acordó el martes subir los salarios de las tripulaciones y poner fin a la huelga.",
    "it": "L’autorità portuale ha deciso martedì di aumentare gli stipendi e di porre fine allo sciopero.",
    "pt": "A autoridade portuária decidiu na terça-feira aumentar os salários das tripulações e pôr fim à greve.",
    "ru": "Портовое управление решило во вторник повысить зарплату экипажам паромов и прекратить забастовку.",
    "pl": "Zarząd portu postanowił we wtorek podnieść płace załóg promów o cztery procent i zakończyć strajk.",
    "nl": "Het havenbestuur besloot dinsdag de lonen van de bemanningen te verhogen en de staking te beëindigen.",
    "uk": "Портове управління вирішило у вівторок підвищити зарплату екіпажам поромів на чотири відсотки.",
    "tr": "Liman idaresi salı günü feribot mürettebatının ücretlerini artırmaya ve grevi bitirmeye karar verdi.",
    "ar": "قررت هيئة الميناء يوم الثلاثاء رفع أجور أطقم العبارات بنسبة أربعة في المئة وإنهاء الإضراب.",
    "hi": "बंदरगाह बोर्ड ने मंगलवार को नौका कर्मचारियों का वेतन बढ़ाने और हड़ताल समाप्त करने का फैसला किया।",
    "zh": "港务局星期二决定将渡轮船员的工资提高百分之四，并结束罢工。",
    "ja": "港湾局は火曜日、フェリー乗組員の賃金を引き上げ、ストライキを終わらせることを決めた。",
    "th": "คณะกรรมการท่าเรือตกลงเมื่อวันอังคารที่จะขึ้นค่าจ้างลูกเรือเรือข้ามฟากร้อยละสี่และยุติการนัดหยุดงาน",
    "hu": "A kikötői hatóság kedden úgy döntött, hogy felemeli a kompok személyzetének bérét.",
    "vi": "Ban quản lý cảng hôm thứ Ba đã quyết định tăng lương cho thủy thủ đoàn phà và chấm dứt cuộc đình công.",
    "fa": "هیئت مدیره بندر روز سه‌شنبه با افزایش دستمزد خدمه کشتی‌ها و پایان دادن به اعتصاب موافقت کرد.",
    "ko": "항만청은 화요일 여객선 승무원의 임금을 4퍼센트 인상하고 파업을 끝내기로 결정했다.",
}


def published(language: str, line: str) -> date | None:
    """Return the day of publication of a story with a date line; a ¶ ends a paragraph, and @ is the story."""
    text = line.replace("¶", "\n\n").replace("@", "\n\n".join([STORIES[language]] * 2))
    document = Document.from_text(text if "@" in line else f"{text}\n\n{STORIES[language]}\n\n{STORIES[language]}")
    assert document.language == language
    return document.published


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Ferry strike ends¶The Evening Globe, 14 March 2025"),
        ("en", "Ferry strike ends¶Published 14 March 2025, 10:15"),
        ("en", "Ferry strike ends¶Published: March 14, 2025 at 10:15 a.m. EST"),
        ("en", "Ferry strike ends¶March 14, 2025 — MARLOW"),
        ("en", "March 14, 2025 — MARLOW — @"),
        ("en", "Ferry strike ends¶MARLOW, 14 March 2025 (Arlen Wire) – @"),
        ("en", "MARLOW, March 14, 2025 - @"),
        ("en", "Marlow, 14 March 2025 – @"),
        ("en", "Press briefing, 14 March 2025"),
        ("ko", "발행일 2025년 3월 14일"),
        ("ko", "발행일: 2025년 3월 14일"),
        ("ko", "등록일 2025.3.14."),
        ("ko", "배포일시 2025. 3. 14. 10:00"),
        ("ko", "회의는 2020.1.1. 서울에서 열렸다.¶발행일 2025년 3월 14일"),
        ("de", "Frankfurt am Main 14. März 2025"),
        ("de", "Frankfurt am Main, 14. März 2025"),
        ("de", "Brandenburg an der Havel, den 14. März 2025"),
        ("nl", "Bergen op Zoom 14 maart 2025"),
        ("en", "Memo: Harbour | Copy: 4\nDate: March 14, 2025 | Page: 1 of 3\nTo: all | From: board"),
        ("de", "Betreff: Hafen | Blatt 3\nDatum: 14. März 2025 | Az. 14"),
        ("fr", "Objet : port | Page 1\nDate de publication : 14 mars 2025 | Réf. 14"),
        ("pt", "Sexta-feira, 14 de março de 2025 Ano 12 - Edição 3.410"),
        ("ru", "от 14.03.2025 № 218"),
        ("fr", "Conseil municipal du 14 mars 2025"),
        ("en", "Ferry Services¶Volume 761: debated on Friday 14 March 2025"),
        ("en", "9999th meeting¶Friday, 14 March 2025, 10 a.m.¶Marlow"),
        ("en", "Harbour Committee¶14 March 2025, 3 pm"),
        ("en", "Ferry strike ends¶By Ana Belmar, 14 March 2025"),
        ("en", "Ferry strike ends¶By Ana Belmar | 14 March 2025 | Politics"),
        ("en", "Statement by the Minister for Ports, 14 March 2025"),
        ("en", "Date: 14 March 2025\nSubject: Ferries"),
        ("en", "**14 March 2025**"),
        ("en", "FOR IMMEDIATE RELEASE\n14 March 2025¶Ferry strike ends"),
        ("en", "Ferry strike ends¶2025-03-14"),
        ("en", "Ferry strike ends¶2025-03-14T10:15:00Z"),
        ("en", "Ferry strike ends¶Friday, March 14th, 2025"),
        ("en", "Ferry strike ends¶@¶First published on 14 March 2025"),
        ("en", "Fri 14 Mar 2025 10.15 GMT¶By Ana Belmar in Marlow"),
        ("en", "14-Mar-2025"),
        ("en", "EMBARGOED UNTIL 00:01 GMT FRIDAY 14 MARCH 2025"),
        ("es", "La huelga acaba¶Publicado el 14 de marzo de 2025"),
        ("es", "Marlo, 14 de marzo de 2025.- @"),
        ("es", "Marlo, 14 mar 2025 (Agencia).- @"),
        ("es", "Diario de Sesiones, sesión del viernes 14 de marzo de 2025"),
        ("fr", "La grève prend fin¶Publié le 14 mars 2025 à 10h15"),
        ("fr", "Séance du vendredi 14 mars 2025"),
        ("fr", "MARLO, 14 mars 2025 (Agence) - @"),
        ("fr", "Marlo, le 14 mars 2025"),
        ("fr", "Le Courrier, vendredi 14 mars 2025"),
        ("fr", "Rédigé par Ana Belmar le 14 mars 2025"),
        ("de", "Der Streik endet¶Veröffentlicht am 14. März 2025"),
        ("de", "Stand: 14.03.2025, 10:15 Uhr"),
        ("de", "Marlau, Freitag, den 14. März 2025"),
        ("de", "Marlau, 14. März 2025 – @"),
        ("de", "Pressemitteilung vom 14. März 2025"),
        ("it", "Lo sciopero finisce¶Pubblicato il 14 marzo 2025"),
        ("it", "Seduta di venerdì 14 marzo 2025"),
        ("it", "Marlo, lì 14 marzo 2025"),
        ("it", "Ultimo aggiornamento: 14 marzo 2025"),
        ("pt", "Publicado em 14 de março de 2025"),
        ("pt", "Marlo, 14 de março de 2025 – @"),
        ("ru", "Опубликовано 14 марта 2025"),
        ("ru", "14 марта 2025 г."),
        ("ru", "МАРЛОВ, 14 марта 2025 – @"),
        ("pl", "Opublikowano 14 marca 2025"),
        ("pl", "Warszawa, 14 marca 2025 r."),
        ("pl", "Aktualizacja: 15.03.2025 08:00 Publikacja: 14.03.2025 10:15"),
        ("nl", "14 maart 2025"),
        ("uk", "14 березня 2025 року"),
        ("tr", "14 Mart 2025"),
        ("ar", "تاريخ النشر: 14 مارس 2025"),
        ("ar", "١٤ مارس ٢٠٢٥"),
        ("ar", "14 آذار 2025"),
        ("hi", "प्रकाशित: 14 मार्च 2025"),
        ("hi", "१४ मार्च २०२५"),
        ("zh", "2025年3月14日"),
        ("zh", "发布时间：2025-03-14 10:15 来源：晨报"),
        ("zh", "晨报马洛2025年3月14日电 @"),
        ("zh", "２０２５年３月１４日"),
        ("zh", "二〇二五年三月十四日"),
        ("zh", "（2025年3月14日）"),
        ("zh", "日期：2025年3月14日"),
        ("ja", "2025年3月14日 10時15分"),
        ("ja", "令和7年3月14日"),
        ("ko", "2025년 3월 14일"),
        ("ko", "입력 2025.03.14 10:15"),
        ("en", "Ferry strike ends¶20250314"),
        ("de", "20250314¶Fährstreik endet"),
        ("en", "Date: 20250314"),
        ("zh", "发布日期：20250314"),
        ("en", "Ferry strike ends (14 March 2025)"),
        ("en", "Harbour board and union end ferry strike [14 March 2025]"),
        ("en", "Ferry strike ends after three weeks (Friday, 14 March 2025, 15:32 GMT)"),
        ("de", "Fährstreik in Marlau nach drei Wochen beendet (14. März 2025)"),
        ("fr", "La grève prend fin (14/03/2025)"),
        ("zh", "渡轮罢工在三周后结束（2025年3月14日）"),
        ("ja", "フェリーのストライキが三週間で終わる（2025年3月14日）"),
        ("en", "Date of publication: 14 March 2025"),
        ("de", "Veröffentlichungsdatum: 14.03.2025"),
        ("es", "Fecha: 14/03/2025"),
        ("de", "14.03.2025, 15:32 Uhr"),
        ("ja", "令和七年三月十四日"),
        ("ja", "掲載日：令和７年３月１４日（金曜日）"),
        ("ja", "R7.3.14"),
        ("ja", "2025年3月14日(金)"),
        ("zh", "中華民國114年3月14日"),
        ("zh", "中華民國一百一十四年三月十四日"),
        ("zh", "發布日期：114年3月14日"),
        ("th", "14 มีนาคม 2568"),
        ("th", "14 มี.ค. 2568 เวลา 15:32 น."),
        ("th", "วันศุกร์ที่ ๑๔ มีนาคม พ.ศ. ๒๕๖๘"),
        ("th", "เผยแพร่วันที่ 14 มีนาคม 2025"),
        ("th", "14/03/2568"),
        ("ar", "نشر في: ١٤/٠٣/٢٠٢٥"),
        ("ar", "تاريخ النشر: ٢٠٢٥/٠٣/١٤"),
        ("hi", "प्रकाशन तिथि: १४/०३/२०२५"),
        ("fa", "۱۴ مارس ۲۰۲۵"),
        ("hu", "2025. március 14."),
        ("vi", "14 tháng 3 năm 2025"),
        ("ko", "2025년 3월 14일(금)"),
        ("ko", "기사입력 2025.03.14 10:15 최종수정 2025.03.15 08:00"),
    ],
)
def test_a_date_line_of_a_usual_form_gives_the_day_of_publication(language: str, line: str):
    assert published(language, line) == DAY


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Fri 14 Mar 2025 15.32 GMT Last modified on Sat 15 Mar 2025 09.00 GMT"),
        ("fr", "Mis à jour le 15 mars 2025 à 15h32, publié le 14 mars 2025"),
        ("fr", "14 mars 2025 Mis à jour le 15 mars 2025"),
        ("fr", "Dernière mise à jour : 15 mars 2025¶Publié le 14 mars 2025"),
        ("es", "Última actualización: 15/03/2025¶Publicado: 14/03/2025"),
        ("pt", "14/03/2025 Atualizado em 15/03/2025"),
        ("th", "อัปเดต 15 มี.ค. 2568¶เผยแพร่ 14 มี.ค. 2568"),
        ("fr", "Mis à jour le 14 mars 2025 à 15h32"),
    ],
)
def test_the_day_of_a_change_counts_only_if_there_is_no_other_in_other_languages_too(language: str, line: str):
    assert published(language, line) == DAY


@pytest.mark.parametrize(
    "line",
    [
        "Updated 15 March 2025¶Published 14 March 2025",
        "Published 14 March 2025, updated 15 March 2025",
        "Updated 15 March 2025, first published 14 March 2025",
        "14 March 2025¶Last updated 15 March 2025",
        "Updated 14 March 2025",
    ],
)
def test_the_day_of_a_change_counts_only_if_there_is_no_other(line: str):
    assert published("en", line) == DAY


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "MARLOW, 14 March (Arlen Wire) - @"),
        ("en", "On 14 March 2025 the board met."),
        ("en", "Harbour to close on 1 May 2026"),
        ("en", "@¶The report was published on 14 March 2019."),
        ("en", "The bill was debated on 14 March 2019."),
        ("en", "Since Friday, 14 March 2025, nobody has sailed."),
        ("en", "@¶Ana Belmar was born in Marlow on 14 March 1961."),
        ("de", "Die Fähren fahren ab 1. Mai 2026 nicht mehr"),
        ("fr", "Le 14 mars 2025, le conseil a voté."),
        ("zh", "会议将于2025年5月1日举行。"),
        ("en", "Next meeting: 14 March 2026"),
        ("en", "From: Board | To: Press\nDate: March 14, 2026 | Time: 9 am"),
        ("de", "Betreff: Hafen | Blatt 3\nDatum: 14. März 2026 | Ort: Marlow"),
        ("en", "Boat: Anna | Crew: 4\nDate: March 14, 2025 | Fee: 2\nDate: March 15, 2025 | Fee: 3"),
        ("en", "Hearing: port | Room 4\nMeeting date: March 14, 2026 | Page 1"),
        ("de", "Konzert am Main, 14. März 2026"),
        ("de", "Der Kongress in Frankfurt am Main 14. März 2026"),
        ("ko", "생년월일 1961년 3월 14일"),
        ("ko", "행사일 2026년 3월 14일"),
        ("en", "Event date: 14 March 2026"),
        ("en", "Date of the hearing: 14 March 2026"),
        ("de", "Nächste Sitzung: 14. März 2026"),
        ("en", "20250314 passengers sailed"),
        ("en", "Case 20250314 ends"),
        ("en", "Tel. 20250314"),
        ("en", "Invoice #20250314"),
        ("en", "Deadline: 20250314"),
        ("en", "Meeting date: 14 March 2026"),
        ("en", "Date and time: 14 March 2026, 10:00"),
        ("fr", "Date limite : 14 mars 2025"),
        ("es", "Fecha de nacimiento: 14 de marzo de 1961"),
        ("it", "Data di scadenza: 14 marzo 2025"),
        ("pt", "Data de nascimento: 14/03/1961"),
        ("ru", "Дата заседания: 14.03.2026"),
        ("pl", "Data urodzenia: 14 marca 1961"),
        ("de", "Datum der Veranstaltung: 14.03.2026"),
        ("ja", "締切日：令和8年5月1日"),
        ("ja", "昭和36年3月14日生まれ"),
        ("ja", "平成37年3月14日"),
        ("th", "วันประชุม: 14 มีนาคม 2569"),
        ("en", "14 March 2568"),
        ("ar", "14 رمضان 1446 هـ"),
        ("ar", "١٤/٠٩/١٤٤٦"),
        ("fa", "۲۴ اسفند ۱۴۰۳"),
        ("fa", "۱۴۰۳/۱۲/۲۴"),
        ("en", "Ana Belmar of Marlow (14 March 1961)"),
        ("en", "The Ferry Treaty (14 March 1961)"),
        ("en", "Ferry sinks off Marlow with sixty on board (14 March 1961)¶In 1985 a book told the story. @"),
        ("en", "Public clean-up of the harbour (14 March 2025)¶It starts on 14 March at noon. @"),
        ("fr", "Journée portes ouvertes au port (14 mars 2025)¶Le 14 mars, le port ouvre ses portes. @"),
        ("de", "Tag der offenen Tür am Hafen (14.3.2025)¶Am 14. März öffnet der Hafen seine Tore. @"),
    ],
)
def test_a_date_of_the_story_is_not_the_day_of_publication(language: str, line: str):
    assert published(language, line) is None


# ── day and month in either order ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "line", "day"),
    [
        ("en", "14/03/2025", DAY),
        ("en", "03/14/2025", DAY),
        ("fr", "04/03/2025", date(2025, 3, 4)),
        ("pt", "04/03/2025 10h15", date(2025, 3, 4)),
        ("en", "04/03/2025¶LONDON – @", date(2025, 3, 4)),
        ("en", "03/04/2025¶WASHINGTON – @", date(2025, 3, 4)),
        ("en", "04/03/2025¶The ferries have stood still since 28/02/2025. @", date(2025, 3, 4)),
    ],
)
def test_the_language_the_place_or_another_date_settles_the_order_of_day_and_month(language: str, line: str, day: date):
    assert published(language, line) == day


def test_a_date_that_may_be_either_of_two_days_is_told_and_not_guessed():
    document = Document.from_text(f"Ferry strike ends\n\n03/04/2025\n\n{STORIES['en']}")
    assert document.published is None
    message = "The date 03/04/2025 may be either of two days, so no day of publication was taken from it."
    assert document.notes == (("publication_unclear", message),)


def test_an_unclear_date_is_not_told_if_another_line_gives_the_day():
    document = Document.from_text(f"Published 14 March 2025\n\n03/04/2025\n\n{STORIES['en']}")
    assert (document.published, document.notes) == (DAY, ())


# ── deadlines without a date ─────────────────────────────────────────────────────────────────────


def summary_of(deadline: str, text: str = STORIES["en"], day: date | None = None):
    """Return the Summary of a text in which one commitment has a deadline."""
    commitment = {"by": ["Harbour Board"], "to": [], "action": "raise the pay of ferry crews", "status": "agreed"}
    commitment |= {"condition": None, "deadline": deadline, "said_by": None, "words": text, "sentences": [1]}
    answer = {"headline": "", "overview": "", "parties": [], "commitments": [commitment], "reactions": [], "risks": []}
    return summarise(text, model=FakeModel(answer), prompt="brief", published=day)


@pytest.mark.parametrize("deadline", ["by Friday", "by 30 June", "tomorrow", "by the end of June"])
def test_a_deadline_that_needs_the_day_of_publication_is_told(deadline: str):
    told = [w.message for w in summary_of(deadline).warnings if w.code == "publication_unknown"]
    assert told == ["The day of publication is not known, so the deadline of C1 has no date; it can be given."]
    assert all(w.code != "publication_unknown" for w in summary_of(deadline, day=DAY).warnings)


@pytest.mark.parametrize("deadline", ["by 30 June 2025", "within 90 days", "soon"])
def test_a_deadline_that_does_not_need_it_is_not_told(deadline: str):
    assert all(w.code != "publication_unknown" for w in summary_of(deadline).warnings)


@pytest.mark.parametrize(
    "line",
    [
        "Monday, March 14",
        "Monday, March 14, 2:30 p.m.",
        "14 March 1030 hours",
        "14 March 1830 hours",
        "Thursday, 9th June 1430 GMT",
        "14 mars 1830 h",
        "14. März 1830 Uhr",
        "March 14, 2300 members",
        "14 March\n2024 fares",
    ],
)
def test_a_date_without_a_year_gives_no_day(line: str):
    assert Document.from_text(f"{line}\n\nThe board met. The chair said that it would pay.").published is None


def test_a_turkish_month_in_capitals_is_read():
    assert find_date("30 HAZİRAN 2025", "tr") == date(2025, 6, 30)
