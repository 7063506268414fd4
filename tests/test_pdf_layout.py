"""The layout of PDF pages as real files have it: what a person reads, in the order in which they read it."""

import re
from datetime import date
from textwrap import wrap

import pytest

from summariser.documents.document import Document
from summariser.documents.readers import read_bytes
from summariser.errors import InputError
from tests.formats import AGREED, Drawn, drawn, drawn_lines

PROSE = [
    "The harbour board of Marlow agreed on",
    "Tuesday to raise the pay of the ferry",
    "crews by four per cent after a strike",
    "of three weeks at the port of the town.",
    "The union will end its action, and the",
    "ferries will sail again from the first",
    "day of the next month on all its lines.",
]
READ = (
    "The harbour board of Marlow agreed on Tuesday to raise the pay of the ferry crews by four per cent after a strike "
    "of three weeks at the port of the town. The union will end its action, and the ferries will sail again from the "
    "first day of the next month on all its lines."
)
NEXT = [
    "A second vote will be held in the hall",
    "of the union on Friday, and the result",
    "will be told to the press on the steps",
    "of the town hall at noon on that day.",
]


def read(data: bytes) -> Document:
    return read_bytes(data, source="a.pdf")


def paragraphs(data: bytes) -> list[str]:
    return read(data).text.split("\n\n")


def test_fonts_of_one_size_and_of_different_heights_make_one_paragraph():
    lines = [(*line, "tall" if number % 2 else "plain") for number, line in enumerate(drawn_lines(50, 700, PROSE))]
    assert paragraphs(drawn([lines])) == [READ]  # type: ignore[list-item]  # the tuples have five items


def test_a_column_beside_a_listing_and_the_labels_of_a_figure_is_read_as_a_column():
    listing = drawn_lines(320, 700, ["for (i = 0;", "  if (x)", "    go;", "}"])
    labels: list[Drawn] = [(320, 620, "start"), (420, 612, "stop"), (350, 604, "loop edge"), (460, 600, "exit")]
    page = drawn_lines(50, 700, PROSE * 4) + listing + labels + drawn_lines(320, 560, PROSE + NEXT * 2)
    text = read(drawn([page])).text
    assert text.startswith(" ".join([READ] * 4)[: 2 * len(READ)])
    assert text.index("for (i = 0;") > text.rindex("on all its lines. The harbour")
    assert " | The" not in text


def test_columns_of_paragraphs_of_two_lines_are_columns():
    pairs = [["The harbour board of Marlow agreed on", f"the pay of the crews of boat number {n}."] for n in range(12)]
    page = [
        line
        for number, pair in enumerate(pairs)
        for line in drawn_lines(50 + 270 * (number // 6), 700 - 34 * (number % 6), pair)
    ]
    assert paragraphs(drawn([page])) == [" ".join(pair) for pair in pairs]


LONG = [
    "The harbour board of Marlow agreed on Tuesday to raise the pay of the",
    "ferry crews by four per cent after a strike of three weeks at the port.",
    "Its chairwoman said the union had promised to end its action before the",
    "summer season begins, and that she would publish the terms in ten days.",
    "The yard of Skerry warned that a further delay of the boats could put",
    "two hundred jobs at risk, and declined to say when it would be paid.",
]


def _beside(side: list[str], *, left: float, step: float, text: float) -> list[Drawn]:
    column = [(left, 703 - step * number, word, 8) for number, word in enumerate(side)]
    return [*drawn_lines(text, 700, LONG), *column, *drawn_lines(text, 628, LONG)]


@pytest.mark.parametrize("step", [11.0, 15.0, 17.5])
@pytest.mark.parametrize(("left", "text"), [(430.0, 50.0), (50.0, 140.0)])
@pytest.mark.parametrize(
    "side",
    [
        ["Ferries", "Harbours", "Yards", "Letters", "Archive"],
        ["Der Streik", "Die Werft", "Der Haushalt", "Leserbriefe"],
        ["Key facts", "1,240 crews", "36 boats", "14 islands"],
        ["Why the yard", "is late again", "Ten islands", "to see by boat", "A new market", "for the fish"],
    ],
)
def test_a_narrow_column_beside_the_text_is_no_part_of_its_sentences(
    side: list[str], left: float, text: float, step: float
):
    read_text = read(drawn([_beside(side, left=left, step=step, text=text)])).text
    assert " ".join(LONG * 2) in read_text
    assert all(word in read_text for word in side)


@pytest.mark.parametrize("number", range(3))
def test_the_labels_beside_the_texts_of_a_table_stay_in_their_rows(number: int):
    labels = ["Pay of crews", "New boats", "The yard", "Next talks"]
    cells = [LONG[:2], ["The board will buy two of them by June.", "They are built at the yard of Skerry."], LONG[2:4]]
    shift = [0.0, 0.0, 6.0][number]  # labels at the first line, or between both
    heads = labels if number else [label.upper() for label in labels]
    page = [
        line
        for row, label in enumerate(heads)
        for line in [(50.0, 700.0 - shift - 40 * row, label), *drawn_lines(150, 700 - 40 * row, cells[row % 3])]
    ]
    text = read(drawn([page])).text
    assert [text.index(label) for label in heads] == sorted(text.index(label) for label in heads)
    assert text.index(heads[1]) > text.index(cells[0][0])


def test_the_rows_of_a_table_over_both_columns_stay_rows():
    rows: list[Drawn] = [
        (left, 700 - 14 * number, cell)
        for number in range(6)
        for left, cell in ((50, f"Line {number}"), (150, "1,204"), (230, "17.5 to 19.25"), (330, "88"), (420, "3.1"))
    ]
    page = [*rows, *drawn_lines(50, 590, PROSE), *drawn_lines(320, 590, NEXT + PROSE)]
    made = paragraphs(drawn([page]))
    assert made[0].split("\n") == [f"Line {number} | 1,204 | 17.5 to 19.25 | 88 | 3.1" for number in range(6)]
    assert made[1].startswith("The harbour board of Marlow agreed on Tuesday")


def test_cells_that_stand_near_each_other_are_cells():
    rows: list[Drawn] = [
        (left, 700 - 12 * number, cell)
        for number, name in enumerate(("Ferries", "Crews of", "Harbours", "Lighters"))
        for left, cell in ((50, name), (105, f"{number + 10}"), (128, f"sold in May {number}"))
    ]
    assert paragraphs(drawn([rows]))[0].split("\n")[1] == "Crews of | 11 | sold in May 1"


def test_a_table_whose_cells_have_lines_of_text_is_read_by_rows():
    cells = [("Who will pay for the new boats?", "The board, out of its own means"), ("When?", "In the next year")] * 4
    page = [
        (left, 700 - 30 * number, cell)
        for number, row in enumerate(cells)
        for left, cell in zip((50, 320), row, strict=True)
    ]
    assert "Who will pay for the new boats? | The board, out of its own means\nWhen? | In" in read(drawn([page])).text


def test_a_footnote_follows_the_paragraph_that_it_interrupts():
    notes = drawn_lines(50, 90, ["1 The board has nine members, who are", "elected by the towns on the coast."], size=7)
    first = drawn_lines(50, 700, [*PROSE, "The board will also buy two new boats,"])
    second = drawn_lines(50, 700, ["which the yard at Skerry will build."])
    made = paragraphs(drawn([[*first, *notes], second]))
    assert made == [
        f"{READ} The board will also buy two new boats, which the yard at Skerry will build.",
        "1 The board has nine members, who are elected by the towns on the coast.",
    ]


def test_small_print_without_a_mark_that_interrupts_a_sentence_follows_it():
    first = drawn_lines(50, 700, [*PROSE, "The board will also buy two new boats,"])
    print_below = drawn_lines(50, 90, ["Copies for the press are free."], size=7)
    second = drawn_lines(50, 700, ["which the yard at Skerry will build."])
    assert paragraphs(drawn([[*first, *print_below], second])) == [
        f"{READ} The board will also buy two new boats, which the yard at Skerry will build.",
        "Copies for the press are free.",
    ]


@pytest.mark.parametrize(
    ("caption", "size", "font"),
    [
        (["The quay of Marlow last winter"], 8, "plain"),
        (["The quay of Marlow last winter, before", "the strike of the crews began."], 8, "plain"),
        (["“We will publish", "the full terms”"], 16, "bold"),
        (["Photo: Ana Belmar"], 7, "plain"),
        (["4 per cent more pay"], 20, "plain"),
        (["Le quai de Marlow en hiver"], 8, "bold"),
        (["Der Kai von Marlow im Winter"], 9, "bold"),
        (["Figure 3. Boats by year"], 8.5, "plain"),
    ],
)
@pytest.mark.parametrize("place", ["column", "next column", "next page"])
def test_a_caption_or_quotation_within_a_sentence_follows_the_paragraph(
    caption: list[str], size: float, font: str, place: str
):
    above, below = [*PROSE, "The board will also buy two new boats,"], ["which the yard at Skerry will build.", *PROSE]
    if place == "column":
        inside: list[Drawn] = [(50, 590 - 1.2 * size * n, line, size, font) for n, line in enumerate(caption)]
        pages = [[*drawn_lines(50, 700, above), *inside, *drawn_lines(50, 590 - 1.2 * size * len(caption) - 14, below)]]
    else:
        left = 320 if place == "next column" else 50
        top: list[Drawn] = [(left, 700 - 1.2 * size * n, line, size, font) for n, line in enumerate(caption)]
        rest = [*top, *drawn_lines(left, 700 - 1.2 * size * len(caption) - 14, below)]
        first = drawn_lines(50, 700, above)
        pages = [[*first, *rest]] if place == "next column" else [first, rest]
    text = read(drawn(pages)).text
    assert f"{READ} The board will also buy two new boats, which the yard at Skerry will build. {READ}" in text
    assert " ".join(caption) in text.replace("\n\n", " ")


def test_a_page_that_is_footnotes_for_the_most_part_has_footnotes():
    notes = [line for n in (1, 2) for line in drawn_lines(50, 500 - 60 * n, [f"{n} It is so.", *PROSE], size=5)]
    first = drawn_lines(50, 700, [*PROSE, "The board will also buy two new boats,"])
    made = paragraphs(drawn([[*first, *notes], drawn_lines(50, 700, ["which the yard at Skerry will build."])]))
    assert made[0] == f"{READ} The board will also buy two new boats, which the yard at Skerry will build."
    assert made[1].startswith("1 It is so.")


def test_the_number_of_a_note_is_raised_and_adds_no_digit_to_a_number():
    page: list[Drawn] = [(50, 700, "It met in 2006"), (120, 704, "12", 6), (130, 700, " and agreed.")]
    assert read(drawn([page])).text == "It met in 2006¹² and agreed."
    apart: list[Drawn] = [(50, 700, "It met in 2006"), (130, 700, "and agreed."), (120, 704, "12", 6)]
    assert read(drawn([apart])).text == "It met in 2006¹² and agreed."


def test_a_space_beside_an_index_is_a_space():
    page: list[Drawn] = [(50, 700, "The set R"), (95, 703, "n", 7), (101.5, 700, "is open in X"), (162, 697, "i", 7)]
    assert read(drawn([page])).text == "The set Rn is open in Xi"


@pytest.mark.parametrize("number", ["{}", "{}    MARLOW HARBOUR BOARD v. UNION", "Cite as: 7 H. R. 12 (2013)    {}"])
def test_a_running_head_that_stands_low_is_left_out_with_its_number(number: str):
    pages = []
    for page in range(4):
        head: list[Drawn] = [(50, 650, number.format(page + 11)), (50, 630, "Syllabus")]
        pages.append([*head, *drawn_lines(50, 600 - page, [f"On day {page} it met.", *PROSE])])
    made = read(drawn(pages))
    assert made.text.count("Syllabus") == 1  # the first may be a title
    assert "MARLOW" not in made.text and "Cite" not in made.text
    assert made.text.count("On day") == 4
    assert (
        "parts_left_out",
        "Left out of the PDF: running heads, running feet and page numbers (7 lines).",
    ) in made.notes


@pytest.mark.parametrize("step", [1, 2, 5])
@pytest.mark.parametrize("place", [20.0, 34.0, 560.0])
@pytest.mark.parametrize("count", [3, 5])
def test_the_numbers_of_lines_in_a_margin_are_left_out(step: int, place: float, count: int):
    lines = [f"{line} {number}" for number in range(count) for line in PROSE]
    numbers = [(place, 700 - 12 * number, f"{number + 1}") for number in range(len(lines)) if (number + 1) % step == 0]
    made = read(drawn([[*drawn_lines(50, 700, lines), *numbers]]))
    assert made.text == " ".join(lines)


def test_numbers_before_the_items_of_a_list_are_kept():
    items = ["Pay of the crews", "Boats for the islands", "Talks with the yard", "Next vote"]
    page: list[Drawn] = [(50, 700 - 14 * number, f"{number + 1}    {item}") for number, item in enumerate(items)]
    text = read(drawn([page])).text
    assert all(re.search(rf"{number}\W+{item}", text) for number, item in enumerate(items, 1))


@pytest.mark.parametrize("words", ["DRAFT", "CONFIDENTIAL", "ENTWURF", "Copie non officielle", "Только для чтения"])
@pytest.mark.parametrize("font", ["plain", "up"])
def test_a_watermark_over_the_text_is_left_out_and_told(words: str, font: str):
    mark = (120, 640, words, 40, font)
    made = read(drawn([[mark, *drawn_lines(50, 700, PROSE)]]))  # type: ignore[list-item]
    assert made.text == READ
    told = "Left out of the PDF: watermarks and words that are not upright."
    assert made.notes == (("parts_left_out", told),)


def test_a_large_heading_close_above_the_text_is_no_watermark():
    page: list[Drawn] = [(50, 714, "Ferry strike is over", 30), *drawn_lines(50, 700, PROSE)]
    assert read(drawn([page])).text.startswith("Ferry strike is over")


def test_the_words_of_a_justified_line_that_stand_far_apart_are_one_line():
    words = ["The", "board", "of", "the", "port", "met"]  # 145 of 190 points are free between the six words
    lefts = [50.0]
    for word in words[:-1]:
        lefts.append(lefts[-1] + 5 * len(word) + (5 * len(PROSE[0]) - 5 * sum(map(len, words))) / 5)
    row: list[Drawn] = [(place, 616.0, word) for place, word in zip(lefts, words, strict=True)]
    left = [*drawn_lines(50, 700, PROSE), *row, *drawn_lines(50, 604, [PROSE[0], *NEXT])]
    page = [*left, *drawn_lines(320, 700, PROSE * 2)]
    text = read(drawn([page])).text
    assert "The board of the port met" in text and " | " not in text


def test_text_outside_the_page_is_left_out():
    page = [*drawn_lines(100, 600, PROSE), (100, 30, "VerDate Sep 2014"), (560, 400, "R33"), (100, 780, "a.qxd 3:46")]
    assert paragraphs(drawn([page], crop=(60, 50, 550, 760))) == [READ]


def test_the_columns_of_a_page_that_is_turned_are_read_one_after_the_other():
    columns = [
        (100 + 12 * number, 50 + shift, line, 10, "up")
        for number in range(7)
        for shift, line in ((0, PROSE[number]), (300, (PROSE + NEXT)[number + 4]))
    ]
    text = read(drawn([columns], rotate=90)).text  # type: ignore[list-item]  # the tuples have five items
    assert text.startswith(READ)
    assert read(drawn([columns])).text == text  # type: ignore[list-item]  # the text is turned, and the page is not


def test_lines_from_top_to_bottom_are_read_from_the_right():
    lines = ["港務局は火曜日に賃金を", "引き上げることに合意した", "組合は争議を終える"]
    page = [(500 - 20 * n, 700 - 10 * m, c) for n, line in enumerate(lines) for m, c in enumerate(line)]
    assert read(drawn([page])).text.replace("\n", "") == "".join(lines)


@pytest.mark.parametrize("mark", "、。」，：")
def test_a_mark_that_stands_apart_in_a_vertical_line_has_no_space_beside_it(mark: str):
    lines = [f"港務局は火曜日{mark}賃金を", f"引き上げる{mark}ことに合意した"]
    page = [
        (500 - 20 * n, 700 - 14 * m + (5 if c == mark else 0), c)
        for n, line in enumerate(lines)
        for m, c in enumerate(line)
    ]
    assert read(drawn([page])).text.replace("\n", "") == "".join(lines)


def test_an_accent_that_is_drawn_over_a_letter_is_part_of_it():
    page: list[Drawn] = [(50, 700, "Die Br"), (80, 700, "¨"), (80, 700, "ucke und die Stra"), (165, 700, "ße")]
    assert read(drawn([page])).text == "Die Brücke und die Straße"
    beside: list[Drawn] = [(50, 700, "l´ete")]
    assert read(drawn([beside])).text == "l´ete"


ARABIC = ["وافقت الحكومة يوم الثلاثاء على رفع", "أجور البحارة بنسبة أربعة في المئة", "ووافق عليه الاتحاد أيضا"]


def _from_right(line: str, height: float, *, stored_from_right: bool) -> list[Drawn]:
    """A line whose glyphs run from the right edge, stored from the right or from the left."""
    places = [(550 - 5 * number, height, glyph) for number, glyph in enumerate(line)]
    return list(places if stored_from_right else reversed(places))


@pytest.mark.parametrize("stored_from_right", [True, False])
def test_right_to_left_lines_are_read_from_the_right_in_any_stored_order(stored_from_right: bool):
    lines = [
        each
        for number, line in enumerate(ARABIC)
        for each in _from_right(line, 700 - 12 * number, stored_from_right=stored_from_right)
    ]
    assert read(drawn([lines])).text == " ".join(ARABIC)


@pytest.mark.parametrize(
    "line",
    [
        "وافق المجلس على رفع أجور البحارة",
        "قال المتحدث باسم الوزارة (المكتب) إن القرار صدر",
        "أعلنت شركة Marlow Ferries قرارها في الميناء",
        "سيبدأ العمل في 14 مارس 2025.",
        "بلغت الكلفة 2,500 كراون، بحسب المعهد.",
        "وقالت المديرة «لن نقبل أي تأخير» خلال الاجتماع",
        "המועצה החליטה ביום שלישי להעלות את השכר.",
        "המחיר עלה ל-13.75 כתרים, לפי הדוח.",
        "השינוי בשנה היה -2.6 נקודות",
        "شورای بندر با افزایش دستمزد موافقت کرد.",
    ],
)
@pytest.mark.parametrize("turned", [0, 1, 2])
def test_right_to_left_words_are_read_by_the_places_of_their_letters(line: str, turned: int):
    from_right = re.sub(r"[A-Za-z]+(?: [A-Za-z]+)*|(?:(?<= )-)?\d+(?:[.,]\d+)*", lambda run: run[0][::-1], line)
    words: list[list[Drawn]] = [[]]
    for number, glyph in enumerate(from_right):
        if glyph == " ":
            words.append([])
        else:
            words[-1].append((550 - 5 * number, 700, glyph))
    stored = [each for number, word in enumerate(words) for each in (word[::-1] if number % 3 < turned else word)]
    assert read(drawn([stored])).text == line


def test_the_letters_of_a_right_to_left_ligature_are_in_order():
    line = [*"وافق عليه ا", "لا", *"تحاد وهو صاحب القرار"]
    page: list[Drawn] = [(550 - 5 * number, 700, [glyph]) for number, glyph in enumerate(line)]
    assert read(drawn([page])).text == "وافق عليه الاتحاد وهو صاحب القرار"


def test_a_running_head_of_right_to_left_pages_is_left_out():
    pages = [
        [
            *_from_right("تقرير المجلس السنوي", 770, stored_from_right=True),
            *_from_right(ARABIC[page], 600, stored_from_right=True),
            *_from_right(ARABIC[0], 588, stored_from_right=True),
        ]
        for page in range(3)
    ]
    made = read(drawn(pages))
    assert "السنوي" not in made.text
    assert ARABIC[2] in made.text


def test_bullets_of_fonts_of_symbols_begin_items():
    items = ["the pay of the crews", "the new boats", "a vote of all members"]
    page: list[Drawn] = [
        each
        for number, item in enumerate(items)
        for each in ((50.0, 700.0 - 12 * number, "\uf0fc"), (65.0, 700.0 - 12 * number, item))
    ]
    assert paragraphs(drawn([page])) == [f"• {item}" for item in items]


def test_the_entries_of_a_table_of_contents_are_rows():
    page = drawn_lines(50, 700, ["Why we met........................... 4", "What it will cost .............. 11"])
    assert paragraphs(drawn([page])) == ["Why we met | 4\nWhat it will cost | 11"]


def test_the_lines_of_an_address_and_a_bold_heading_stand_alone():
    address = ["Ms Dana Okafor", "Ferry Workers’ Union", "12 Quay Street", "Marlow"]
    page = [*drawn_lines(50, 750, address), (50, 640, "What the board will pay for the crews", 10, "bold")]
    page += drawn_lines(50, 628, PROSE)
    assert paragraphs(drawn([page])) == [*address, "What the board will pay for the crews", READ]  # type: ignore[list-item]


def test_lines_of_the_text_that_are_aligned_at_the_right_make_one_paragraph():
    page: list[Drawn] = [(400 - 5 * len(line), 700 - 12 * n, line) for n, line in enumerate(PROSE)]
    assert paragraphs(drawn([page])) == [READ]


def test_short_paragraphs_with_gaps_between_them_are_paragraphs():
    considering = ["CONSIDERING that the house at 12 Quay", "Street is old and has no further use;"]
    page = [line for number in range(4) for line in drawn_lines(50, 700 - 48 * number, considering)]
    assert paragraphs(drawn([page])) == [" ".join(considering)] * 4


def test_a_range_of_numbers_is_one_word_over_two_lines():
    page = drawn_lines(50, 700, ["The board cites the report of pages 91-", "95 of that year."])
    assert read(drawn([page])).text == "The board cites the report of pages 91-95 of that year."


def test_a_caption_at_the_top_of_a_page_does_not_run_on_from_the_text():
    first = drawn_lines(50, 700, [*PROSE, "The board will also buy new boats from"])
    second = drawn_lines(50, 700, ["Table 2. The boats of the board by year", "", *NEXT])
    assert "from\n\nTable 2." in read(drawn([first, second])).text


def _scans(stamps: list[str]) -> bytes:
    from fpdf import FPDF
    from PIL import Image

    made = FPDF()
    made.set_font("Times", size=10)
    for stamp in stamps:
        made.add_page()
        made.image(Image.new("L", (40, 60), 200), 0, 0, 210, 297)
        made.text(20, 150, stamp)
    return bytes(made.output())


def test_scanned_pages_with_a_stamp_are_scanned():
    with pytest.raises(InputError, match="has no text, as a scan has none; read it with OCR"):
        read(_scans(["Received 2 February", "Filed 9 February"]))
    made = read(_scans(["Received 2 February", f"{AGREED} {AGREED}".replace("’", "'")]))
    assert made.notes == (("parts_left_out", "Left out of the PDF: page 1, which may be scanned: read it with OCR."),)


# ── heads, bands, diagrams, letters ──────────────────────────────────────────────────────────────


def _body(number: int, top: float = 600) -> list[Drawn]:
    return drawn_lines(50, top, [f"On day {number} it met.", *PROSE])


def test_feet_that_stand_close_below_each_other_or_below_the_text_are_left_out():
    pages = [
        [*_body(n), (50, 60, f"{n + 40}"), (300, 56, "Not for sale"), (300, 46, "Fetched from the harbour library")]
        for n in range(4)
    ]
    text = read(drawn(pages)).text
    assert "Not for sale" not in text and "Fetched" not in text


def test_a_head_of_many_words_is_left_out_though_it_stands_higher_or_lower_on_some_pages():
    heads = [(50, 750 - 4 * n, f"Marlow Harbour Board – 3rd Meeting. Friday, 14 March 2025    {n}") for n in range(4)]
    pages = [
        [head, *drawn_lines(50, head[1] - 13, [f"On day {n} it met.", *(f"{line} {n}" for line in PROSE)])]
        for n, head in enumerate(heads)
    ]
    text = read(drawn(pages)).text  # type: ignore[arg-type]
    assert text.count("3rd Meeting") == 1  # the first may be a title
    assert text.count("On day") == 4


def test_the_day_in_the_running_heads_is_that_of_publication_if_the_text_states_none():
    pages = [[(50, 760, f"{n}    MARLOW GAZETTE – Friday, March 14, 2025"), *_body(n)] for n in range(4)]
    assert read(drawn(pages)).published == date(2025, 3, 14)
    dated = [[(50, 700, "2 March 2025"), *_body(9)], *pages[1:]]
    assert read(drawn(dated)).published == date(2025, 3, 2)
    printed = [[(50, 760, f"{n}    Board agrees    2025-03-17"), *_body(n)] for n in range(4)]
    assert read(drawn(printed)).published is None
    accounts = [[(50, 760, f"{n}    ACCOUNTS OF THE BOARD – June 30, 2025"), *_body(n)] for n in range(4)]
    assert read(drawn(accounts)).published is None


@pytest.mark.parametrize("head", ["(Ana Belmar)", "[Ana Belmar]", "Ana Belmar"])
def test_the_name_of_a_speaker_above_a_page_on_which_a_speech_goes_on_is_left_out(head: str):
    first = drawn_lines(50, 700, ["Ana Belmar: We will publish the review,", "and we will do so before the summer"])
    text = read(
        drawn([first, [(50, 740, head), *drawn_lines(50, 700, ["recess, as the board has asked of us."])]])
    ).text
    assert text.endswith("before the summer recess, as the board has asked of us.")


def test_the_title_is_the_first_large_heading_over_all_its_lines():
    page: list[Drawn] = [
        (50, 760, "Marlow Harbour Papers 7"),
        (50, 720, "How the board and the union of Marlow", 18),
        (50, 700, "settled the strike of the ferry crews", 18),
        *_body(1),
        (50, 450, "1 What the board had offered", 20),
        *_body(2, 420),
    ]
    assert read(drawn([page])).title == "How the board and the union of Marlow settled the strike of the ferry crews"


HEADLINE = "Marlow settles the strike of its ferry crews"


@pytest.mark.parametrize(
    ("above", "headline"),
    [
        ([("The Marlow Globe", 40), ("Friday, 14 March 2025 · No. 4,211", 10)], 22),
        ([("Ministry of Transport", 24)], 16),
        ([("PRESS RELEASE", 28)], 14),
        ([("Pressemitteilung Nr. 14", 26), ("Hafen 3, Marlow · Tel. 0123", 8)], 14),
        ([("COMUNICADO DE PRENSA", 20)], 15),
        ([("Valdria Transport", 30), ("Press office", 10), ("No. 14/2025", 10)], 12),
        ([("Union of Towns", 16)], 16),
        ([("Пресс-релиз", 24), ("№ 14", 10)], 14),
        ([("Harbour Papers 7", 10)], 18),
        ([("City of Marlow", 22), ("14 Harbour Street, Marlow", 9)], 14),
        ([("City of Marlow", 18)], 18),
        ([("CITY OF MARLOW", 17), ("OFFICE OF THE HARBOUR MASTER", 15)], 14),
        ([("UNITED STATES DISTRICT COURT", 18), ("DISTRICT OF VALDRIA", 15)], 14),
        ([("Verwaltungsgericht Marlow", 18)], 14),
        ([("County of Kall", 20)], 14),
        ([("Ville de Marlow", 20)], 14),
        ([("Ayuntamiento de Marlow", 20)], 14),
        ([("Coast and islands", 13)], 20),
    ],
)
def test_the_title_is_the_headline_below_the_name_of_a_publisher(above: list[tuple[str, float]], headline: float):
    page: list[Drawn] = [(50, 760 - 40 * number, text, size) for number, (text, size) in enumerate(above)]
    lines = ["Marlow settles the strike of its", "ferry crews"]
    page += [(50, 640 - 1.2 * headline * number, line, headline) for number, line in enumerate(lines)]
    assert read(drawn([[*page, *drawn_lines(50, 580, PROSE * 2)]])).title == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        "Ferry services review",
        "Marlow settles the strike",
        "The state of the harbours of the northern coast",
        "State of the Harbours",
        "City of the future",
    ],
)
def test_a_title_with_a_heading_below_it_stays_the_title(title: str):
    page: list[Drawn] = [(50, 760, title, 20), (50, 730, "What the islands have paid for their ferries", 13)]
    assert read(drawn([[*page, *drawn_lines(50, 700, PROSE * 2)]])).title == title


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        (f"{HEADLINE} - The Marlow Globe", HEADLINE),
        (f"{HEADLINE} | Globe", HEADLINE),
        (f"Microsoft Word - {HEADLINE}.docx", HEADLINE),
        (HEADLINE, HEADLINE),
        ("Microsoft Word - draft3.docx", "The strike is over"),
        ("untitled", "The strike is over"),
        ("Globe", "The strike is over"),
        ("", "The strike is over"),
    ],
)
def test_the_title_of_the_metadata_counts_if_the_page_has_it(stated: str, title: str):
    from fpdf import FPDF

    made = FPDF()
    made.set_title(stated)
    made.add_page()
    for top, size, text in [(20, 20, "The strike is over"), (30, 10, "Globe"), (35, 10, f"{HEADLINE}. {AGREED}")]:
        made.set_font("Times", size=size)
        made.text(20, top, text.replace("’", "'"))
    assert read(bytes(made.output())).title == title


def test_columns_begin_anew_below_a_heading_and_below_a_wide_gap():
    upper = [*drawn_lines(50, 700, PROSE[:5]), *drawn_lines(320, 700, [*PROSE[5:], *NEXT[:3]])]
    heading: list[Drawn] = [(50, 620, "What comes next", 14)]
    lower = [*drawn_lines(50, 598, NEXT * 2), *drawn_lines(320, 598, PROSE + NEXT[:1])]
    made = paragraphs(drawn([[*upper, *heading, *lower]]))
    assert made[0].startswith(READ) and made[1] == "What comes next"
    apart = paragraphs(drawn([[*upper, *lower]]))
    assert apart[0].startswith(READ)


def test_the_labels_of_the_axes_of_a_diagram_are_left_out_and_that_is_told():
    axis: list[Drawn] = [(60 - 5 * len(f"{v}"), 500 - 20 * n, f"{v}") for n, v in enumerate((200, 150, 100, 50, 0))]
    years: list[Drawn] = [(80 + 60 * n, 408, f"{2010 + n}") for n in range(5)]
    page = [*drawn_lines(50, 700, PROSE), (50, 520, "Figure 1. Passengers by year"), *axis, *years]
    assert paragraphs(drawn([page])) == [READ, "Figure 1. Passengers by year"]
    assert ("parts_left_out", "Left out of the PDF: labels of the axes of diagrams (10).") in read(drawn([page])).notes


def test_a_table_whose_numbers_fall_is_kept():
    rows: list[Drawn] = [
        (left, 500 - 14 * n, cell)
        for n in range(5)
        for left, cell in ((60, f"{500 - 100 * n}"), (110, f"boat {n}"), (180, f"{n + 3} crews"))
    ]
    assert paragraphs(drawn([rows]))[0].split("\n")[0] == "500 | boat 0 | 3 crews"
    last: list[Drawn] = [
        (left, 500 - 14 * n, cell)
        for n in range(5)
        for left, cell in ((60, f"Year {n}"), (140, f"{15 + n % 2}.9"), (220, f"{14 - 0.2 * n:.1f}"))
    ]
    assert paragraphs(drawn([last]))[0].split("\n")[4] == "Year 4 | 15.9 | 13.2"


def test_lines_that_are_drawn_with_characters_are_left_out():
    page: list[Drawn] = [
        (50, 700, "- - - - - - - -"),
        (50, 680, "Between the board and the union"),
        (50, 660, "......"),
    ]
    assert read(drawn([page])).text == "Between the board and the union"


def test_small_print_below_columns_does_not_cut_the_sentence_that_runs_on():
    columns = [*drawn_lines(50, 700, PROSE * 2), *drawn_lines(320, 700, [*PROSE, *NEXT, "The board will also buy two"])]
    small: list[Drawn] = [(50, 60, "Papers of the third meeting of harbour boards, Marlow and Skerry", 8)]
    second = drawn_lines(50, 700, ["new boats, which the yard will build.", *NEXT])
    assert "The board will also buy two new boats, which" in read(drawn([[*columns, *small], second])).text


def test_an_interjection_over_centred_lines_is_one_paragraph():
    page = drawn_lines(50, 700, [*PROSE])
    page += [(70, 604, "(Voices: Hear, hear! – Hugh Marden:"), (110, 592, "Not at all!)"), *drawn_lines(50, 580, NEXT)]
    assert "(Voices: Hear, hear! – Hugh Marden: Not at all!)" in paragraphs(drawn([page]))


def test_an_item_begins_at_a_bullet_that_stands_left_of_the_line_before_it():
    page: list[Drawn] = [
        (50, 700, "* Ferries sail every hour, but not on"),
        (60, 688, "days on which the harbour is shut"),
        (50, 676, "* Lighters sail twice a day"),
    ]
    assert len(paragraphs(drawn([page]))) == 2


def test_a_line_whose_beginning_is_set_smaller_runs_on():
    page: list[Drawn] = [
        (50, 700, "FOR MORE CONTACT:", 7),
        (115, 700, "Dana"),
        *drawn_lines(50, 688, ["Okafor, the speaker."]),
    ]
    assert read(drawn([page])).text == "FOR MORE CONTACT: Dana Okafor, the speaker."


@pytest.mark.parametrize(
    ("lines", "read_as"),
    [
        (["It has bought a state-", "of-the-art boat."], "It has bought a state-of-the-art boat."),
        (["See https://", "example.org for more."], "See https://example.org for more."),
    ],
)
def test_chains_of_hyphens_and_addresses_are_one_word_over_two_lines(lines: list[str], read_as: str):
    assert read(drawn([drawn_lines(50, 700, lines)])).text == read_as


def test_glyphs_without_letters_are_the_ligatures_that_make_words():
    lines = [
        "The o\x1fcial report con\x1erms that the bene\x1et is",
        "signi\x1ecant, and that the \x1ereworks are o\x1d.",
    ]
    made = read(drawn([drawn_lines(50, 700, lines)]))
    assert made.text == (
        "The official report confirms that the benefit is significant, and that the fireworks are off."
    )
    assert [code for code, _ in made.notes] == ["bytes_replaced"]


def test_words_that_lack_the_f_of_a_ligature_are_mended_if_many_do():
    lacking = ["The irst report was speciic and oicial.", "We ind it diicult to deine the beneit.", *NEXT]
    made = read(drawn([drawn_lines(50, 780, lacking * 10, size=6)] * 2))
    assert "The first report was specific" in made.text and "difficult to define the benefit" in made.text
    assert read(drawn([drawn_lines(50, 780, ["The irst report.", *PROSE])])).text.startswith("The irst report.")


SPOILT = [
    "The official report of the finance office confirms",
    "that the benefit is significant, and the officials",
    "had sufficient staff for the traffic of the ferries.",
    "They define the final figures in the attached letter.",
]
LIGATURES = ("ffi", "ff", "fi", "tt", "Th")


@pytest.mark.parametrize(
    "letters",
    [
        ("\ue000", "\ue001", "\ue002", "\ue003", "\ue004"),
        ("\uf001", "\uf002", "\uf003", "\uf004", "\uf005"),
        ("\x1e", "\x1d", "\x1c", "tt", "Th"),
        ("\ue100", "ff", "\ue101", "tt", "Th"),
        ("\uf8f1", "\uf8f2", "fi", "tt", "\uf8f3"),
        ("ffi", "ff", "\ue0a0", "\ue0a1", "Th"),
        ("\ufffd", "ff", "\ufffd", "tt", "Th"),
        ("ffi", "ff", "fi", "\ufffd", "Th"),
        ("ffi", "ff", "fi", "tt", "T"),
    ],
)
def test_letters_that_a_font_does_not_give_for_ligatures_are_found_by_words(letters: tuple[str, ...]):
    table, pattern = dict(zip(LIGATURES, letters, strict=True)), "|".join(LIGATURES)
    lines = [re.sub(pattern, lambda found: table[found[0]], line) for line in SPOILT]
    filler = [re.sub(pattern, lambda found: table[found[0]], line) for line in LONG]
    made = read(drawn([drawn_lines(50, 780, (lines + filler) * 6, size=7)]))
    text = made.text.replace("\n\n", " ")
    assert [word for word in " ".join(SPOILT).split() if word not in text] == []
    assert {code for code, _ in made.notes} == {"bytes_replaced"}


@pytest.mark.parametrize("lost", ["", "h"])
def test_a_text_without_any_th_at_the_beginning_of_sentences_is_told(lost: str):
    lines = [line.replace("Th", lost) for line in [*PROSE, "The crews will vote on the terms", "next week."] * 10]
    made = read(drawn([drawn_lines(50, 780, lines, size=6)]))
    assert made.notes[-1][1].startswith("No word of the PDF begins with Th, and some sentences begin")
    whole = read(drawn([drawn_lines(50, 780, [*PROSE, "The crews will vote on the terms", "next week."] * 10, size=6)]))
    assert whole.notes == ()


def test_the_arrows_of_a_font_of_symbols_are_arrows():
    assert read(drawn([[(50, 700, "All 14 voted for it \uf0e0 agreed")]])).text == "All 14 voted for it → agreed"


def test_the_second_line_of_an_entry_of_a_table_of_contents_belongs_to_it():
    page = drawn_lines(
        50, 700, ["1 What the board and the union of", "ferry crews agreed...... 4", "2 What it costs....... 7"]
    )
    assert paragraphs(drawn([page]))[0].startswith("1 What the board and the union of ferry crews agreed | 4\n")


# ── web pages that are printed to a PDF ──────────────────────────────────────────────────────────

BROWSERS = [
    (["14.03.25, 15:32    Board agrees – Marlow Bote"], ["https://bote.example/hafen-123.html", "1/1"]),
    (["3/14/25, 3:32 PM    Board agrees"], ["https://globe.example/…/ferries", "1/4"]),
    (["Board agrees | The Globe    https://globe.example/ferries"], ["1 of 1", "16/03/2025, 09:12"]),
    ([], ["https://globe.example/2025/ferries", "16/03/2025, 09:12  Page 1 of 2"]),
    (["2025-03-14 15:32    Zgoda"], ["file:///C:/Users/ana/zgoda.html", "Strona 1 z 2"]),
    (["14/03/2025 15:32    Accord au port"], ["https://quai.example/accord", "Page 1 sur 3"]),
    (["14.03.2025, 15:32    Согласие"], ["https://port.example/1", "1 из 2"]),
    (["https://globe.example/ferries"], ["Seite 1 von 1"]),
]


@pytest.mark.parametrize(("above", "below"), BROWSERS)
def test_the_lines_that_a_browser_prints_around_a_page_are_left_out(above: list[str], below: list[str]):
    heads: list[Drawn] = [(50, 775, text, 8) for text in above]
    feet: list[Drawn] = [(50 + 380 * number, 20, text, 8) for number, text in enumerate(below)]
    made = read(drawn([[*heads, *drawn_lines(50, 700, PROSE), *feet]]))
    assert made.text == READ
    told = made.notes[0][1]
    assert told.startswith("Left out of the PDF: running heads, running feet and page numbers (")


@pytest.mark.parametrize("line", ["14.03.2025, 15:32 Uhr", "https://globe.example/ferries", "Room 1 of 2", "No. 3/25"])
def test_a_line_with_one_mark_of_a_browser_is_kept(line: str):
    assert read(drawn([[*drawn_lines(50, 775, [line], size=8), *drawn_lines(50, 700, PROSE)]])).text.startswith(line)


@pytest.mark.parametrize(
    "menu",
    [
        ["Home   World   Politics   Business   Sport"],
        ["Home | Nachrichten | Politik | Kultur"],
        ["Accueil · Monde · Politique · Culture"],
        ["Share   Tweet   Email   Print   Copy link"],
        ["Facebook", "WhatsApp", "Telegram"],
        ["Privacy policy   Terms of use   Cookies   Imprint"],
        ["Главная   Новости   Политика   Экономика"],
        ["Home › News › The coast › Marlow"],
        ["Startseite > Politik > Häfen"],
        ["Related articles", "Ferry runs aground", "Why the yard is late"],
        ["Lire aussi :", "Un port sans bateaux", "Le chantier en retard"],
        ["READ MORE", "A new market for fish"],
        ["Share   Post   LinkedIn   Email   Print"],
        ["Teilen   Twittern   E-Mail   Drucken"],
        ["f Share", "Tweet", "in Linkedin", "Email", "Print"],
        ["Home / News & Events / Harbour safety"],
        ["← Home / Ferries / Ferry safety"],
        ["1. Home  2. News & Events  3. Ferries"],
        ["Resources for You", "Ferry passengers", "Crews and unions"],
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_menus_and_links_of_a_printed_web_page_are_left_out_and_told(menu: list[str], is_above: bool):
    lines: list[Drawn] = [(50, (600 if is_above else 400) - 14 * number, text) for number, text in enumerate(menu)]
    made = read(drawn([[*lines, *drawn_lines(50, 500, PROSE)]]))
    assert made.text == READ
    counted = "1 line" if len(menu) == 1 else f"{len(menu)} lines"
    assert made.notes == (("parts_left_out", f"Left out of the PDF: menus and links of a web page ({counted})."),)


@pytest.mark.parametrize(
    "lines",
    [
        ["Politics and business", *PROSE],
        ["World news", *PROSE],
        ["Sport"],
        ["Business as usual in the world of sport"],
        ["The politics of sport, culture and health"],
        ["Costs > 5 per cent"],
        ["Read more books, says the board"],
        ["Home / work balance of the crews"],
        ["Costs / benefits / risks of the plan"],
        ["Home / care / school: who pays?"],
    ],
)
def test_headings_with_the_words_of_menus_are_kept(lines: list[str]):
    page = [*drawn_lines(50, 700, lines[:1]), *drawn_lines(50, 660, PROSE)]
    assert read(drawn([page])).text.startswith(lines[0])


def _rows(rows: list[str], top: float) -> list[Drawn]:
    cells = [row.split(" | ") for row in rows]
    return [(50 + 180 * x, top - 14 * y, cell) for y, row in enumerate(cells) for x, cell in enumerate(row)]


LINKS = ["About us | Ferries | Follow us", "Jobs | Timetables | Newsletter", "Contact us | Fares | Facebook"]


@pytest.mark.parametrize(
    "rows", [LINKS, [*LINKS, "Visit the port | Harbour map | YouTube"], ["Kontakt | Preise", *LINKS]]
)
def test_rows_of_links_at_the_foot_of_a_page_are_left_out_and_told(rows: list[str]):
    made = read(drawn([[*drawn_lines(50, 500, PROSE), *_rows(rows, 300)]]))
    told = f"Left out of the PDF: menus and links of a web page ({len(rows)} lines)."
    assert (made.text, made.notes) == (READ, (("parts_left_out", told),))


@pytest.mark.parametrize(
    "rows",
    [
        ["Harbour | Boats", "Marlow | Anna", "Kall | Mira"],
        ["Year | Jobs | Sport", "2024 | 14 | 3", "2025 | 15 | 4"],
        ["Topic | Who answers", "Jobs | Ana Belmar", "Ferries | Mira Holt", "Boats | Piet Azar"],
    ],
)
def test_tables_at_the_foot_of_a_page_are_kept(rows: list[str]):
    assert read(drawn([[*drawn_lines(50, 500, PROSE), *_rows(rows, 300)]])).text == "\n\n".join([READ, "\n".join(rows)])


def test_a_side_column_of_links_is_left_out_and_told():
    menu = ["Home", "World", "Politics", "Jobs at the Globe", "Sport", "Weather"]
    made = read(drawn([_beside(menu, left=430, step=15, text=50)]))
    assert made.text == " ".join(LONG * 2)
    assert made.notes == (("parts_left_out", "Left out of the PDF: menus and links of a web page (6 lines)."),)


# ── lines of Korean ──────────────────────────────────────────────────────────────────────────────

KOREAN = (
    "항만청은 화요일 여객선 승무원의 임금을 4퍼센트 인상하고 파업을 끝내기로 결정했다고 밝혔다. "
    "이번 합의에 따라 여객선은 다음 달 첫날부터 모든 노선에서 다시 운항하게 되며 노동조합은 금요일에 "
    "두 번째 투표를 2025년 항구의 강당에서 진행할 예정이라고 덧붙였다."
)
REPEATED = " ".join([KOREAN] * 3)


def _wrapped_within_words(width: int) -> list[str]:
    """Return lines of a width; a space that does not fit ends its line."""
    lines: list[str] = []
    rest = REPEATED
    while rest:
        end = width + (rest[width : width + 1] == " ")
        lines.append(rest[:end])
        rest = rest[end:]
    return lines


@pytest.mark.parametrize("width", [24, 26, 27, 28, 29, 30, 31, 33, 35])
def test_korean_lines_that_end_within_words_are_joined_if_the_others_store_a_space(width: int):
    assert read(drawn([drawn_lines(50, 700, _wrapped_within_words(width))])).text == REPEATED


@pytest.mark.parametrize("end", ["", " "])
def test_korean_lines_that_end_with_words_are_joined_with_a_space(end: str):
    lines = [f"{line}{end}" for line in wrap(REPEATED, 30)]
    assert read(drawn([drawn_lines(50, 700, lines)])).text == REPEATED


# ── fields of forms and boxes over the page ──────────────────────────────────────────────────────


def _with_annotations(annotations: list[str], *, form: bool = True) -> bytes:
    """Return a page with two labels and annotations."""
    page = drawn([drawn_lines(50, 700, ["Harbour:", "Ferries:"]) + drawn_lines(50, 500, PROSE)])
    listed = " ".join(f"<< /Type /Annot /DA (/Helv 10 Tf 0 g) {each} >>" for each in annotations)
    font = "/DR << /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    catalog = f" /AcroForm << /Fields [] /DA (/Helv 10 Tf 0 g) {font} >>" if form else ""
    page = page.replace(b"/Type /Catalog", f"/Type /Catalog{catalog}".encode())
    return page.replace(b"/Type /Page /Parent", f"/Type /Page /Annots [{listed}] /Parent".encode())


def _field(top: float, rest: str, *, flags: int = 4) -> str:
    return f"/Subtype /Widget /Rect [100 {top - 4} 300 {top + 12}] /F {flags} /T (f{top}) {rest}"


@pytest.mark.parametrize(
    ("annotations", "text"),
    [
        ([_field(700, "/FT /Tx /V (Marlow)"), _field(686, "/FT /Tx /V (14)")], "Harbour: Marlow\n\nFerries: 14"),
        ([_field(700, "/FT /Tx /V (Marlow)")], "Harbour: Marlow\n\nFerries:"),
        ([_field(700, "/FT /Ch /V (Marlow) /Opt [(Marlow) (Kall)] /Ff 131072")], "Harbour: Marlow\n\nFerries:"),
        ([_field(700, "/FT /Tx /V (Marlow)", flags=2)], "Harbour:\n\nFerries:"),
        ([_field(700, "/FT /Tx")], "Harbour:\n\nFerries:"),
        ([_field(700, "/FT /Btn /Ff 65536 /MK << /CA (Print) >>")], "Harbour:\n\nFerries:"),
        (["/Subtype /Text /Contents (Ask Ana) /Rect [100 700 120 720] /F 4"], "Harbour:\n\nFerries:"),
        (
            ["/Subtype /FreeText /Contents (The strike is over.) /Rect [50 600 300 616] /F 4"],
            "Harbour:\n\nFerries:\n\nThe strike is over.",
        ),
    ],
)
def test_the_values_of_fields_and_the_words_of_boxes_are_read_in_their_places(annotations: list[str], text: str):
    made = read(_with_annotations(annotations))
    assert made.text == f"{text}\n\n{READ}"
    assert made.notes == ()


def test_a_box_without_a_shape_is_told():
    box = "/Subtype /FreeText /Contents (The strike is over.) /Rect [50 600 300 616] /F 4"
    made = read(_with_annotations([box], form=False))
    told = "Left out of the PDF: fields or boxes over the page that have no shape (1)."
    assert (made.text, made.notes) == (f"Harbour:\n\nFerries:\n\n{READ}", (("parts_left_out", told),))


# ── headings and wide lines ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("font", ["tall", "bold"])
@pytest.mark.parametrize("heading", ["(1) 조사 개요", "(2) 조사 결과와 그 의미", "가. 조사 개요", "① 조사 개요"])
@pytest.mark.parametrize("last", ["다음 달부터 모든 노선에서 운항하게 된다.", "다음 달부터 운항하게 되는 바"])
def test_a_numbered_heading_in_another_font_stands_alone(font: str, heading: str, last: str):
    above = ["항만청은 화요일 여객선 승무원의 임금을 인상하고 파업을", last]
    below = ["노동조합은 금요일에 두 번째 투표를 강당에서 진행할 것이", "예정이라고 덧붙였다."]
    texts = [*above, heading, *below]
    lines = [(*line, font if line[2] == heading else "plain") for line in drawn_lines(50, 700, texts)]
    made = paragraphs(drawn([lines]))  # type: ignore[list-item]  # the tuples have five items
    assert made == [" ".join(above), heading, " ".join(below)]


@pytest.mark.parametrize("font", ["tall", "bold"])
def test_the_number_of_a_rule_within_a_sentence_begins_no_heading(font: str):
    lines = ["The board acts in the manner that rule", "(1) of the port of the town sets out for", "Marlow."]
    page = [(*line, font if line[2].startswith("(") else "plain") for line in drawn_lines(50, 700, lines)]
    assert paragraphs(drawn([page]))[0].startswith(" ".join(lines[:2]))  # type: ignore[list-item]  # as above


def test_a_number_in_brackets_begins_an_item_below_the_end_of_a_sentence():
    lines = ["The board agreed on the points below:", "(1) the pay of the crews is raised,", "(2) the ferries sail."]
    assert paragraphs(drawn([drawn_lines(50, 700, lines)])) == lines


@pytest.mark.parametrize("step", [15, 17, 18, 19, 20])
def test_wide_lines_of_prose_on_a_page_of_close_lines_are_one_paragraph(step: int):
    close = drawn_lines(50, 760, [f"Item {number} is a boat of the board." for number in range(25)])
    wide = [line[:1].upper() + line[1:] for line in PROSE]  # so that only the distance of lines says what they are
    page = close + [(50, 440 - step * number, line) for number, line in enumerate(wide)]
    assert paragraphs(drawn([page]))[-1] == " ".join(wide)


def test_lines_that_stand_apart_and_end_sentences_are_paragraphs():
    close = drawn_lines(50, 760, [f"Item {number} is a boat of the board." for number in range(25)])
    apart = [f"The ferry number {number} will sail soon." for number in range(6)]
    page = close + [(50, 440 - 18 * number, line) for number, line in enumerate(apart)]
    assert paragraphs(drawn([page]))[-6:] == apart


@pytest.mark.parametrize(
    ("right", "up"), [(1, -1), (3, -3), (5, -5), (8, -4), (4, 4), (-4, -4), (0, 5), (9, 0), (2, -5.5)]
)
def test_the_shadow_of_words_is_no_text(right: float, up: float):
    page = [(50, 740, "Marlow settles the strike", 18), *drawn_lines(50, 700, PROSE)]
    shadows = [(left + right, height + up, *rest) for left, height, *rest in page]
    made = read(drawn([[each for pair in zip(page, shadows, strict=True) for each in pair]]))  # type: ignore[misc, list-item]  # the tuples have four items
    assert made.text == read(drawn([page])).text


def test_equal_words_below_or_beside_each_other_are_kept():
    assert read(drawn([drawn_lines(50, 700, ["No answer.", "No answer.", "ha ha ha"])])).text.count("No answer.") == 2
