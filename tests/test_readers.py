"""Readers: files, standard input and strings become Documents, or one clear sentence."""

import io
import re
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

import pytest

from summariser.documents.document import Document
from summariser.documents.readers import plain_text, read, read_stdin
from summariser.documents.readers.encodings import Decoded, decode
from summariser.documents.readers.registry import About
from summariser.errors import InputError

TEXT = "Der Café-Verband sagte „nein“ – und blieb dabei."
WORDS = {
    "de": TEXT,
    "en": "The board’s chief executive said the café “will not” close this year, according to a report.",
    "fr": "Le conseil a décidé mardi d’augmenter les salaires des équipages, a déclaré le président.",
    "es": "El señor Muñoz declaró que la compañía no cerrará ningún servicio este año.",
    "ru": "Правление порта согласилось во вторник повысить зарплату.",
    "uk": "Уряд України погодився підвищити зарплату морякам, повідомив міністр.",
    "pl": "Rząd podpisał umowę z sąsiadem i obiecał zapłacić za most w przyszłym roku, żeby zakończyć spór.",
    "cs": "Vláda ve středu schválila zvýšení platů o čtyři procenta a slíbila, že nezruší žádné noční spoje.",
    "el": "Η κυβέρνηση συμφώνησε την Τρίτη να αυξήσει τους μισθούς των ναυτικών.",
    "tr": "Hükümet salı günü denizcilerin maaşlarını artırmayı kabul etti, dedi başkan Yılmaz Şahin.",
    "he": "הממשלה הסכימה ביום שלישי להעלות את שכר המלחים בארבעה אחוזים",
    "ar": "وافقت الحكومة يوم الثلاثاء على رفع أجور البحارة بنسبة أربعة في المائة",
    "zh": "港务局周二同意自七月一日起将渡轮船员的工资提高百分之四，结束了为期三周的罢工。",
    "ja": "港湾局は火曜日、フェリー乗組員の賃金を四パーセント引き上げることに合意した。",
    "ko": "항만 위원회는 화요일 선원들의 임금을 4퍼센트 인상하기로 합의했다.",
}


@pytest.mark.parametrize(
    ("language", "encoding", "guessed"),
    [
        ("de", "utf-8", None),
        ("de", "utf-8-sig", None),
        ("ru", "utf-16", None),
        ("ru", "utf-32", None),
        ("ja", "iso2022_jp", None),
        ("de", "utf-16-le", "UTF-16-LE"),
        ("de", "utf-16-be", "UTF-16-BE"),
        ("ru", "utf-16-le", "UTF-16-LE"),
        ("zh", "utf-16-be", "UTF-16-BE"),
        ("de", "cp1252", "Windows-1252"),
        ("en", "cp1252", "Windows-1252"),
        ("en", "mac_roman", "Mac Roman"),
        ("fr", "cp1252", "Windows-1252"),
        ("es", "latin-1", "Windows-1252"),
        ("ru", "cp1251", "Windows-1251"),
        ("ru", "koi8_r", "KOI8-R"),
        ("ru", "cp866", "CP866"),
        ("ru", "iso8859_5", "ISO 8859-5"),
        ("uk", "cp1251", "Windows-1251"),
        ("pl", "cp1250", "Windows-1250"),
        ("pl", "iso8859_2", "ISO 8859-2"),
        ("cs", "iso8859_2", "ISO 8859-2"),
        ("el", "cp1253", "Windows-1253"),
        ("tr", "cp1254", "Windows-1254"),
        ("he", "cp1255", "Windows-1255"),
        ("ar", "cp1256", "Windows-1256"),
        ("zh", "gbk", "GB 18030"),
        ("ja", "cp932", "Shift JIS"),
        ("ja", "euc_jp", "EUC-JP"),
        ("ko", "euc_kr", "EUC-KR"),
        ("ko", "johab", "Johab"),
        ("ko", "iso2022_kr", None),
        ("zh", "hz", None),
    ],
)
def test_each_known_encoding_is_read_and_a_guess_is_told(language: str, encoding: str, guessed: str | None):
    told = (("encoding_guessed", f"The encoding was guessed to be {guessed}."),) if guessed else ()
    assert decode(WORDS[language].encode(encoding), source="x") == Decoded(WORDS[language], told)


@pytest.mark.parametrize(
    ("language", "encoding", "guessed"),
    [
        ("ru", "cp855", "CP855"),
        ("de", "cp273", "CP273"),
        ("fr", "mac_roman", "Mac Roman"),
        ("ru", "mac_cyrillic", "Mac Cyrillic"),
        ("el", "mac_greek", "Mac Greek"),
        ("el", "cp737", "CP737"),
        ("tr", "cp857", "CP857"),
        ("he", "cp862", "CP862"),
    ],
)
def test_encodings_of_other_systems_are_told_from_those_of_windows(language: str, encoding: str, guessed: str):
    data = WORDS[language].encode(encoding, "ignore")  # not all have typographic quotation marks
    told = (("encoding_guessed", f"The encoding was guessed to be {guessed}."),)
    assert decode(data, source="x") == Decoded(data.decode(encoding), told)


@pytest.mark.parametrize(
    ("declared", "encoding"), [("iso-8859-1", "cp1252"), ("gb2312", "gb18030"), ("KOI8-R", "koi8_r"), ("none", "utf-8")]
)
def test_a_declared_encoding_counts_in_its_usual_meaning(declared: str, encoding: str):
    words = {"gb18030": WORDS["zh"], "koi8_r": WORDS["ru"]}.get(encoding, WORDS["en"])
    assert decode(words.encode(encoding), source="x", declared=declared) == Decoded(words)


@pytest.mark.parametrize("declared", ["iso-2022-jp", None])
def test_mail_in_japanese_has_the_further_characters_of_windows(declared: str | None):
    letters = b"\x1b$B9A\x2d\x21\x1b(I\x31\x32\x1b(B end."
    assert decode(letters, source="x", declared=declared) == Decoded("港①ｱｲ end.")


def test_pairs_of_letters_are_not_taken_for_chinese():
    words = "Hamnstyrelsen beslutade på tisdagen att höja färjebesättningarnas löner. Facket är nöjt.\n" * 6
    assert decode(words.encode("mac_roman"), source="x").text == words


def test_german_of_dos_is_told_from_that_of_windows():
    words = "Die Hafenbehörde hat beschlossen, die Löhne der Fährleute zu erhöhen."
    assert decode(words.encode("cp850"), source="x").text == words


@pytest.mark.parametrize("words", ["André", "The café closed.", "Le café décide"])
def test_a_few_letters_show_no_rare_encoding(words: str):
    try:
        assert decode(words.encode("cp1252"), source="x").text == words
    except InputError as error:
        assert "cannot be decoded" in str(error)


def test_lines_of_utf_8_among_those_of_an_older_encoding_are_read():
    old, new = "Le café a été fermé mardi à midi.\n", "L’été – déjà fini.\n"
    found = decode(old.encode("cp1252") * 4 + new.encode() + old.encode("cp1252"), source="x")
    assert found.text == old * 4 + new + old
    assert found.notes[1] == ("encoding_guessed", "1 line is UTF-8, unlike the others.")


def test_the_mark_of_the_end_of_a_dos_file_is_no_binary_data():
    assert decode(b"It met.\r\n\x1a", source="x").text == "It met.\r\n"


def test_vietnamese_with_combining_marks_is_read():
    data = b"Ban qua\xd2n ly\xec ca\xd2ng h\xf4m th\xfd\xec Ba \xf0a\xde quy\xea\xect \xf0i\xf2nh."
    assert decode(data, source="x").notes == (("encoding_guessed", "The encoding was guessed to be Windows-1258."),)


def test_a_wrong_declaration_does_not_garble_utf_8_and_is_told():
    found = decode(WORDS["fr"].encode(), source="x", declared="iso-8859-1")
    assert found.text == WORDS["fr"]
    assert found.notes == (("encoding_guessed", "Windows-1252 is declared, but the encoding is UTF-8."),)


@pytest.mark.parametrize(
    ("data", "text", "places"),
    [
        (b"The crews\xe2\x80\x99 pay in the caf\xe9 rises", "The crews’ pay in the caf� rises", "1 place is"),
        ("naïve café – “x”".encode() + b" \xff and \xfe", "naïve café – “x” � and �", "2 places are"),
        ("Le café est fermé".encode()[:-1], "Le café est ferm�", "1 place is"),
    ],
)
def test_a_few_bad_bytes_are_replaced_in_utf_8_and_told(data: bytes, text: str, places: str):
    found = decode(data, source="x")
    assert found.text == text
    ((code, message),) = found.notes
    assert (code, message.startswith(f"{places} not UTF-8")) == ("bytes_replaced", True)


def test_a_guessed_encoding_is_in_the_notes_of_the_document(tmp_path: Path):
    path = tmp_path / "old.txt"
    path.write_bytes(TEXT.encode("cp1252"))
    assert read(path).notes == (("encoding_guessed", "The encoding was guessed to be Windows-1252."),)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"GIF89a\x00\x01\x02\x03\x00\x00" * 20,
        b"\x7fELF\x02\x01\x01" + b"\0" * 60,
        b"\x01\x02\x03a" * 30,
    ],
)
def test_binary_data_is_refused(data):
    with pytest.raises(InputError, match="binary data"):
        decode(data, source="x.bin")


@pytest.mark.parametrize("data", [b"caf\xe9\x81", bytes(range(128, 256)) * 3])
def test_bytes_whose_encoding_cannot_be_told_are_refused_with_the_candidates(data: bytes):
    with pytest.raises(InputError, match=r"x cannot be decoded \(it may be .* or .*\); save it as UTF-8\."):
        decode(data, source="x")


UNMARKED = {
    **WORDS,
    "sv": "Hamnstyrelsen beslutade på tisdagen att höja färjebesättningarnas löner. Facket är nöjt.",
    "hi": "बंदरगाह बोर्ड ने मंगलवार को नौका कर्मचारियों का वेतन बढ़ाने का फैसला किया।",
    "th": "คณะกรรมการท่าเรือตกลงเมื่อวันอังคารที่จะขึ้นค่าจ้างลูกเรือเรือข้ามฟากร้อยละสี่",
    "ka": "პორტის საბჭომ სამშაბათს გადაწყვიტა ხელფასების გაზრდა.",
    "vi": "Ban quản lý cảng hôm thứ Ba đã quyết định tăng lương cho thủy thủ đoàn phà.",
    "zh-hk": "港務局星期二同意將渡輪船員的薪金提高百分之四，佢哋話會即刻復工，嘅嘢唔講。",
}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", UNMARKED)
def test_wide_encodings_without_a_mark_are_read_in_both_orders(language: str, encoding: str):
    told = (("encoding_guessed", f"The encoding was guessed to be {encoding.upper()}."),)
    assert decode(UNMARKED[language].encode(encoding), source="x") == Decoded(UNMARKED[language], told)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("words", ["Hamnstyrelse", "Le café", "Портовое", "Η κυβέρνηση", "คณะกรรมการ", "ממשלה", "OK"])
def test_short_texts_in_wide_encodings_without_a_mark_are_read(words: str, encoding: str):
    assert decode(words.encode(encoding), source="x").text == words


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_few_characters_of_chinese_that_may_be_wide_are_refused_with_the_candidate(encoding: str):
    with pytest.raises(InputError, match=rf"it may be {encoding.upper()}"):
        decode("港湾局は火曜日、フェリ".encode(encoding), source="x")


@pytest.mark.parametrize(
    "data",
    [
        "+bi9SoVxAVGhOjFQMYQ+B6k4DZwhOAGXljXdcBm4hj26COQ-",
        "The board+IBk-s chief said the caf+AOk +IBw-will not+IB0 close.",
        "Der Caf+AOk--Verband sagte +IB4-nein+IBw +IBM und blieb dabei.",
    ],
)
def test_utf_7_is_refused(data: str):
    with pytest.raises(InputError, match=r"x is in UTF-7, which is not read; save it as UTF-8\."):
        decode(data.encode(), source="x")
    with pytest.raises(InputError, match=r"x is in UTF-7"):
        decode(b"1 +- 2", source="x", declared="UTF-7")


@pytest.mark.parametrize(
    "words", ["a+b=c and 1+2=3", "+49 30 1234 +441234567 +49123456789", "C++, G+ or A+bcd- +abcd +efgh", "+1+2+3 +AAAA"]
)
def test_a_plus_sign_is_no_utf_7(words: str):
    assert decode(words.encode(), source="x") == Decoded(words)


@pytest.mark.parametrize(
    ("words", "encoding", "guessed"),
    [
        ("Autoritatea portuară a hotărât marţi să mărească salariile echipajelor şi să pună capăt grevei.", "iso8859_2",
         "Windows-1250"),
        ("Zarząd portu zgodził się we wtorek podnieść płace załóg „promów” i zakończyć strajk.", "iso8859_16",
         "ISO 8859-16"),
        ("A kikötői hatóság kedden úgy döntött, hogy őszintén véget vet a sztrájknak.", "iso8859_2", "Windows-1250"),
        ("Уряд України погодився підвищити зарплату морякам, повідомив міністр.", "koi8_u", "KOI8-U"),
        ("Ostas pārvalde otrdien nolēma paaugstināt prāmju apkalpju algas par četriem procentiem.", "iso8859_4",
         "ISO 8859-4"),
        ("港務局週二同意自七月一日起將渡輪船員的工資提高百分之四，並承諾保留夜間航班。", "big5", "Big5"),
        (UNMARKED["zh-hk"], "big5hkscs", "Big5"),
        (UNMARKED["th"], "cp874", "TIS-620"),
    ],
)  # fmt: skip
def test_further_encodings_are_told_from_their_neighbours(words: str, encoding: str, guessed: str):
    told = (("encoding_guessed", f"The encoding was guessed to be {guessed}."),)
    assert decode(words.encode(encoding), source="x") == Decoded(words, told)


def test_euc_tw_is_refused_and_not_read_as_another_encoding():
    data = bytes.fromhex("e0abd9adc9fde2cec4a8c7d1e3f4d9f2e0aeefc6dcf3d4dfcefbc4d6e6f1dfc8d8edc8cbc5a1c4e6c6be")
    with pytest.raises(InputError, match="x cannot be decoded"):
        decode(data, source="x")


def test_characters_of_half_the_width_are_read_in_shift_jis_and_euc_jp():
    words = "東京港ﾌｪﾘｰの職員は､賃金が四ﾊﾟｰｾﾝﾄ上がると述べた｡ｽﾄﾗｲｷは終わった｡"
    for encoding, name in (("cp932", "Shift JIS"), ("euc_jp", "EUC-JP")):
        told = (("encoding_guessed", f"The encoding was guessed to be {name}."),)
        assert decode(words.encode(encoding), source="x") == Decoded(words, told)


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("de", "cp1252"), ("fr", "cp1252"), ("es", "latin-1"), ("en", "latin-1"), ("ru", "cp1251"), ("ru", "latin-1"),
        ("uk", "cp1251"), ("pl", "cp1250"), ("cs", "cp1251"), ("el", "latin-1"), ("tr", "cp1252"), ("zh", "latin-1"),
        ("ja", "mac_roman"), ("ar", "cp850"), ("ko", "cp437"), ("fr", "mac_roman"), ("de", "cp437"), ("ru", "koi8_r"),
    ],
)  # fmt: skip
def test_a_text_that_was_encoded_twice_is_repaired_and_this_is_told(language: str, encoding: str):
    words = WORDS[language]
    found = decode(words.encode().decode(encoding).encode(), source="x")
    assert found.text == words
    ((code, message),) = found.notes
    assert code == "encoding_guessed"
    assert re.fullmatch(r"The text was UTF-8 that had been read as .* and encoded again; this was undone\.", message)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Il est Ã  Paris, oÃ¹ lâ€™Ã©tÃ© fut Ã  son tour beau.", "Il est à Paris, où l’été fut à son tour beau."),
        ("The cafÃ© â€œwill notâ€\ufffd close, it said â€“ so.", "The café “will not” close, it said – so."),
        ('<meta charset="utf-8"><p>The crewsâ€™ pay</p>', '<meta charset="utf-8"><p>The crews’ pay</p>'),
    ],
)
def test_a_text_that_was_encoded_twice_is_repaired_also_in_markup_and_where_a_space_was_lost(data: str, text: str):
    found = decode(data.encode(), source="x")
    assert (found.text, [code for code, _ in found.notes]) == (text, ["encoding_guessed"])


def test_words_that_end_like_a_lost_space_are_left():
    assert decode("AMANHÃ E MANHÃ SÃO".encode(), source="x").notes == ()
    assert decode("MANHÃ OU AMANHÃ CEDO".encode(), source="x").text == "MANHÃ OU AMANHÃ CEDO"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_text_that_is_cut_within_a_character_is_read_and_this_is_told(encoding: str):
    found = decode("Le café est fermé mardi.".encode(encoding)[:-1], source="x")
    assert found.text == "Le café est fermé mardi\ufffd"
    assert [code for code, _ in found.notes] == ["encoding_guessed", "bytes_replaced"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_zero_bytes_with_which_a_file_is_filled_are_no_text(encoding: str):
    assert decode(WORDS["fr"].encode(encoding) + b"\0" * 99, source="x").text == WORDS["fr"]


def test_characters_that_are_written_as_two_halves_are_read():
    data = "Prêt – ".encode() + b"\xed\xa0\xbd\xed\xb8\x80" + " été".encode()
    told = (("encoding_guessed", "The encoding was guessed to be CESU-8."),)
    assert decode(data, source="x") == Decoded("Prêt – 😀 été", told)


def test_a_text_that_was_encoded_three_times_is_repaired():
    words = "L’été fut déjà très doux."
    again = words.encode().decode("latin-1").encode().decode("latin-1")
    assert decode(again.encode(), source="x").text == words


@pytest.mark.parametrize(
    "words",
    [
        "The page showed “cafÃ©” instead of café.",
        'The word "cafÃ©" stood on the sign of the bar, and "Ã¼ber" on another.',
        "Ã© and â€™ show that the encoding of a page is wrong.",
        "CafÃ© closed.",
        "Er sagte: „NÃ¤he“ – falsch.",
        "© 2025 Météo",
        "Été déjà là",
        "«CAFÉ»",
        "Ελλάδα",
        "Правление",
    ],
)
def test_a_text_in_which_only_a_part_may_have_been_encoded_twice_is_left(words: str):
    assert decode(words.encode(), source="x") == Decoded(words)


def test_a_missing_file_is_one_sentence(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.txt does not exist; check the name\.$"):
        read(tmp_path / "none.txt")


def test_a_directory_is_one_sentence(tmp_path: Path):
    with pytest.raises(InputError, match="is a directory"):
        read(tmp_path)


def test_an_empty_file_is_one_sentence(tmp_path: Path):
    path = tmp_path / "empty.txt"
    path.touch()
    with pytest.raises(InputError, match="is empty"):
        read(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match=r"too long \(50,000,000 bytes.*SUMMARISER_MAX_CHARACTERS"):
        read(path, max_characters=2_000_000)


def test_a_long_string_is_refused_by_the_same_limit():
    with pytest.raises(InputError, match="limit is 10"):
        read("a text of more than ten", max_characters=10)


def test_a_string_is_the_text_itself():
    assert read("The council met.").text == "The council met."


def test_a_string_that_names_a_file_is_refused_with_both_cures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("The council met.")
    with pytest.raises(InputError, match=r"'a\.txt' is the name of a file; pass Path\('a\.txt'\).*Document\.from_text"):
        read("a.txt")
    for text in ("a.txt\nand more", "b.txt", "a.txt ", "x" * 10_000, "nul\0"):
        assert read(text).text
    assert read(Path("a.txt")).text == "The council met."


@pytest.mark.parametrize("source", [b"bytes", None, 7, ["a list"]])
def test_a_source_of_another_type_is_one_sentence(source: object):
    with pytest.raises(InputError, match=rf"of the type {type(source).__name__}; pass a text as str, a file as Path"):
        read(source)  # type: ignore[arg-type]  # what a script may do


@pytest.mark.parametrize("published", [datetime(2024, 6, 19), "2024-06-19", 0])  # a day has no zone
def test_a_day_of_another_type_is_one_sentence(published: object):
    with pytest.raises(InputError, match=r"published is of the type \w+; pass a day as datetime\.date"):
        read("The council met.", published=published)  # type: ignore[arg-type]  # what a script may do


def test_a_string_that_is_an_address_is_refused_with_the_cure():
    with pytest.raises(InputError, match=r"'https://example\.org/a' is an address; pass read_address\('https:"):
        read("https://example.org/a")
    assert read("See https://example.org/a for more.").text


def test_a_document_stays_as_it_is():
    made = Document.from_text("The council met.")
    assert read(made) is made


def test_standard_input_is_bytes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Le café.".encode("utf-16"))))
    made = read_stdin()
    assert (made.source, made.text) == ("-", "Le café.")


# ── pages of plain text ──────────────────────────────────────────────────────────────────────────


def paged(*pages: str, first: int = 9) -> str:
    """Return a text as programs write it that read PDF: each page with its number and a running head."""
    head = "{}\n\nPort Board of Marlow – 3 June 2024\n\n"
    return "".join(head.format(number) + page for number, page in enumerate(pages, first))


def test_numbers_and_running_heads_of_pages_are_left_out_and_this_is_told():
    filler = "".join(f"The board heard harbour master number {number} on the night ferries.\n\n" for number in range(9))
    one, other = "The board will keep the ferries of the island and", "the fares of this year. The board pays."
    pages = (f"{filler}{one}\n\n", f"{other}\n\n{filler}", filler, filler)
    document = Document.from_reading(plain_text.read(paged(*pages).encode(), About(source="a.txt")), source="a.txt")
    assert f"{one}\nthe fares of this year." in [sentence.text for sentence in document.sentences]
    assert not any(sentence.text.startswith(("Port Board of", "10", "12")) for sentence in document.sentences)
    assert document.notes == (("parts_left_out", "Left out of the text: running heads and page numbers (8 lines)."),)


@pytest.mark.parametrize(
    "text",
    [
        paged("We pay.\n\n", "We build.\n\n", "We sail.\n\n"),  # too few
        paged(*["We pay.\n\n"] * 6),  # too near
        "".join(f"{year}\n\n{'We pay and build.' * 3}\n\n" * 9 for year in (1990, 1995, 2000, 2005)),  # no sequence
    ],
)
def test_numbers_that_are_no_page_numbers_stay(text: str):
    assert plain_text.read(text.encode(), About(source="a.txt")).text == text


def test_lines_of_chinese_that_are_wrapped_are_one_sentence():
    line = "港務局在星期五宣布將會在夏天之前公布有關渡輪服務的報告並且會在明年把票價降低一半以協助"
    text = f"{line}\n島上的居民。我們會保留夜間渡輪。\n\nThe board will keep the night ferries on all of its routes.\n"
    sentences = [sentence.text for sentence in Document.from_text(text * 3).sentences]
    assert sentences[:2] == [f"{line}\n島上的居民。", "我們會保留夜間渡輪。"]


# ── text that a program read out of a PDF ────────────────────────────────────────────────────────


def columns(*sides: str, gap: int = 3) -> str:
    """Return the lines of texts side by side, as programs write columns that keep the layout of a page."""
    rows = list(zip_longest(*(side.split("\n") for side in sides), fillvalue=""))
    widths = [max(len(line) for line in side.split("\n")) + gap for side in sides]
    return "\n".join("".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)


LEFT = """The board of Marlow agreed on
Tuesday to pay the crews more
from July. The union pledged to
end its strike if the board pays
by Friday, and the mayor of the
town welcomed that. Officers"""
RIGHT = """warned that the pier could fall
without new piles. The islanders
rejected the fares, which they
find too high, and said so at a
meeting in the town hall. Nobody
was hurt. The ferries sail."""
ROWS = f"{LEFT}\n{RIGHT}".split("\n")
SECOND = "Officers warned that the pier could fall without new piles."
READ_IN_TURN = ("order_changed", "Columns that stand side by side were read one after the other.")
HEAD = "Board of Marlow          Annual report 2025"


def told(heads: int = 0, numbers: int = 0) -> tuple[str, str]:
    parts = [f"running heads and page numbers ({heads} line{'s' if heads > 1 else ''})"] if heads else []
    parts += [f"the numbers of {numbers} lines"] if numbers else []
    return "parts_left_out", f"Left out of the text: {'; '.join(parts)}."


BEHIND = ("order_changed", "Footnotes that stood within sentences follow the text.")


@pytest.mark.parametrize(
    ("text", "sentence", "notes"),
    [
        (columns(LEFT, RIGHT), SECOND, (READ_IN_TURN,)),
        (columns(LEFT, RIGHT, gap=2), SECOND, (READ_IN_TURN,)),
        (f"{'A headline in the middle of the page':^60}\n\n{columns(LEFT, RIGHT)}", SECOND, (READ_IN_TURN,)),
        (columns(LEFT, RIGHT, LEFT.replace("Officers", "They sail.")), SECOND, (READ_IN_TURN,)),
        (columns(LEFT.replace("Officers", "Offi-"), f"cers {RIGHT}"), SECOND, (READ_IN_TURN,)),
        (f"{HEAD}\n\n{LEFT}\n\n   1\n\f{HEAD}\n\n{RIGHT}\n\n   2\n\f", SECOND, (told(3),)),
        (f"{LEFT}\n\n1\n\n\f{RIGHT}\n\n2\n\n\f", SECOND, (told(2),)),
        (f"{LEFT}\n\n- 7 -\n\f{RIGHT}\n\n- 8 -\n", SECOND, (told(2),)),
        (f"{LEFT}\n\f{RIGHT}\n", SECOND, ()),
        (f"{LEFT}\n\nReport | Page 1 of 2\n\n{RIGHT}\n\nReport | Page 2 of 2\n", SECOND, (told(2),)),
        (f"{LEFT}\n\nSeite 1 von 2\n\n{RIGHT}\n\nSeite 2 von 2\n", SECOND, (told(2),)),
        (f"{LEFT}\n12 Mar 2025 : Column 311\n{RIGHT}\n", SECOND, (told(1),)),
        (f"{LEFT}\n\nColumn 311WH\n\n{RIGHT}\n", SECOND, (told(1),)),
        (f"{LEFT}\n\n1 As of 3 March.\n\n2 In the town.\n\f{RIGHT}\n", SECOND, (BEHIND,)),
        (f"{LEFT}\n\n* As of 3 March.\n\f{RIGHT}\n", SECOND, (BEHIND,)),
        (
            "\n".join(f"{number:>2}  {line}" for number, line in enumerate(ROWS, 1)),
            SECOND,
            (told(numbers=12),),
        ),
        (
            "\n".join(
                f"{number} {line}".rstrip() for number, line in enumerate(f"A title\n\n{LEFT}\n{RIGHT}".split("\n"))
            ),
            SECOND,
            (told(numbers=14),),
        ),
        (f"{LEFT}\n{RIGHT}".replace("\n", "\n\n"), SECOND, ()),
        ("The board paid the indus\u00ad\ntrial crews on time, and it\nthanked them for their work.", None, ()),
        ("The board paid the indus¬\ntrial crews on time, and it\nthanked them for their work.", None, ()),
    ],
)
def test_text_out_of_a_pdf_is_read_in_order_without_what_stands_around_it(
    text: str, sentence: str | None, notes: object
):
    document = Document.from_reading(plain_text.read(text.encode(), About(source="a.txt")), source="a.txt")
    wanted = sentence or "The board paid the industrial crews on time, and it thanked them for their work."
    assert wanted in [" ".join(each.text.split()) for each in document.sentences]
    assert document.notes == notes


@pytest.mark.parametrize(
    "text",
    [
        columns("Item\nFerry\nPier\nQuay\nBoat\nRope", "Cost\n300\n4,000\n12\n90\n7"),
        columns("New ferry\nold pier\nsmall quay\nred boat\nlong rope", "paid in May\npaid late\nnot paid\nfree\nsold"),
        columns(
            "Ana Belmar:\n\n\nJoao Pell:\n\n",
            "We will pay the crews\nfrom July.\n\nI see that as\nright and good.\n",
        ),
        "1 We pay the crews.\n2 We build a pier.\n3 We sail at night.\n4 We sell boats.\n5 We ask for help.\n6 We go.",
        "2019 was a good year,\n2020 was not, as it had to close\n2021 and the rest were\n2022 better.\nIt sails.",
        "Ferries\n\nPiers\n\nBoats\n\nThe board sails.\n\nIt pays.\n\nIt builds.\n\nIt rests.",
        "The board refers to\nPage 3 of 9\nof its own report and to\nPage 2 of 7\nof the other one.",
        "Chapter 1\n\nWe sail.\n\fChapter 2\n\nWe pay.\n\f",
    ],
)
def test_tables_lists_and_headings_are_no_columns_and_no_furniture(text: str):
    read = plain_text.read(text.encode(), About(source="a.txt"))
    assert [line.strip() for line in read.text.split("\n") if line.strip()] == [
        line.strip() for line in text.replace("\f", "\n").split("\n") if line.strip()
    ]
    assert read.notes == ()
