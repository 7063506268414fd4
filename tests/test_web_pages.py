"""Pages of the web: nothing of the article is lost, nothing around it is read, and its metadata are those it shows."""

from datetime import date

import pytest

from summariser.documents import Document
from summariser.documents.readers import read_bytes
from summariser.errors import InputError
from tests.formats import AGREED, OPPOSED, PLEDGED, WARNED

TITLE = "Board and union end the strike"
LEAD = "After three weeks without a ferry, the crews of the Marlow line go back to work on Monday morning."
OTHER = "Grain merchants warn that the bridge at Ester will not be mended before the harvest"
MORE = (
    "The mayor of Ester said that she would ask the county for a second ferry in the summer.",
    "Two of the seven crews still want a vote on the offer, and they will hold it in the canteen.",
    "A mediator whom both sides trust will look at the figures again in the last week of May.",
)


def document(
    body: str, *, head: str = f"<title>{TITLE} | Marlow Gazette</title>", html: str = '<html lang="en">'
) -> Document:
    return read_bytes(f"<!DOCTYPE html>{html}<head>{head}</head><body>{body}</body></html>".encode(), source="a.html")


def article(*inner: str, before: str = "", after: str = "") -> str:
    return f"{before}<article><h1>{TITLE}</h1>{''.join(inner)}</article>{after}"


def paragraphs(*texts: str, kind: str = "") -> str:
    return "".join(f"<p{kind and f' class={kind!r}'}>{text}</p>" for text in texts)


BODY = paragraphs(AGREED, PLEDGED, WARNED, OPPOSED)


def content(made: Document) -> list[str]:
    """The paragraphs of a document without its boilerplate."""
    kept: dict[int, list[str]] = {}
    for sentence in made.content:
        kept.setdefault(sentence.paragraph, []).append(sentence.text)
    return [" ".join(sentences) for sentences in kept.values()]


# ── what is lost ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lead", "head"),
    [
        (f'<div class="article-standfirst">{LEAD}</div>', ""),
        (f'<header><div class="ArticleLead">{LEAD}</div></header>', ""),
        (f'<div class="x1a">{LEAD}</div>', f'<meta property="og:description" content="{LEAD}">'),
        (f'<div class="x1a">{LEAD}</div>', f'<meta name="description" content="{LEAD[:60]}…">'),
    ],
)
def test_the_lead_between_headline_and_text_is_read(lead: str, head: str):
    page = f'<main><h1>{TITLE}</h1>{lead}<div class="entry-content">{BODY}</div></main>'
    made = document(page, head=f"<title>{TITLE}</title>{head}")
    assert content(made) == [TITLE, LEAD, AGREED, PLEDGED, WARNED, OPPOSED]


def test_what_stands_between_headline_and_text_is_no_lead_without_a_sign_of_it():
    note = "<div class='x1a'>Ferries of the line at the northern quay of Marlow on the second day of the strike</div>"
    made = document(f'<main><h1>{TITLE}</h1>{note}<div class="entry-content">{BODY}</div></main>')
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


def test_an_article_in_several_containers_is_read_whole_and_in_order():
    chunks = "".join(
        f'<div class="grid"><div class="body"><div class="inner">{paragraphs(*texts, kind="text")}</div></div></div>'
        f'<aside class="ad"><p class="text">{OTHER}, says an advertisement.</p></aside>'
        for texts in ((AGREED, PLEDGED, WARNED), (OPPOSED, MORE[0]), (MORE[1], MORE[2]))
    )
    made = document(f"<main><header><h1>{TITLE}</h1></header>{chunks}</main>")
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED, *MORE]


# ── what does not belong to the article ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "teaser",
    [
        f'<p><a href="/bridge">{OTHER}</a></p>',
        f'<p><strong><a href="/bridge">{OTHER}</a></strong></p>',
        f'<ul><li><a href="/bridge">{OTHER}</a></li><li><a href="/2">{OTHER}, again</a></li></ul>',
        f'<h3><a href="/bridge">{OTHER}</a></h3>',
        f'<p>READ MORE: <a href="/bridge">{OTHER}.</a></p>',
        f'<p><strong>Lesen Sie auch:</strong> <a href="/bridge">{OTHER}</a></p>',
    ],
)
def test_a_block_that_is_only_a_link_to_another_report_is_left_out(teaser: str):
    inner = paragraphs(AGREED, PLEDGED) + teaser + paragraphs(WARNED, OPPOSED)
    assert content(document(article(inner))) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


@pytest.mark.parametrize(
    "block",
    [
        f'<p><a href="/offer">{MORE[0]}</a></p>',  # a sentence that is a link
        '<h3><a href="#next">What the two sides do next</a></h3>',  # a heading with a mark on the same page
        '<p>Related: the board and <a href="/offer">the offer that it made on Monday</a> were not discussed.</p>',
        f'<p>{MORE[1]} <a href="/offer">The offer is here for all to read</a></p>',
    ],
)
def test_other_links_are_words_of_the_article(block: str):
    made = document(article(paragraphs(AGREED, PLEDGED) + block + paragraphs(WARNED, OPPOSED)))
    assert len(content(made)) == 6


def test_the_reports_that_follow_on_the_same_page_are_left_out():
    next_one = f"<article><h1>{OTHER}</h1>{paragraphs(*MORE)}</article>"
    made = document(article(BODY, after=f"<div>{next_one}{next_one}</div>"))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


def test_teasers_in_articles_of_their_own_do_not_make_the_report_a_further_one():
    teaser = f'<article><h2><a href="/bridge">{OTHER}</a></h2></article>'
    made = document(article(BODY, before=f"<div>{teaser}{teaser}</div>"))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


@pytest.mark.parametrize("name", ["visually-hidden", "sr-only", "link__screen-reader-text"])
def test_words_for_screen_readers_alone_are_left_out(name: str):
    link = f'<a href="/offer">offer<span class="{name}">opens in a new tab</span></a>'
    made = document(article(paragraphs(AGREED, PLEDGED, f"The {link} stands until May.", OPPOSED)))
    assert "The offer stands until May." in made.text
    assert "new tab" not in made.text


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Sign up for our weekly letter from the ports.", "notice"),
        ("This article is for subscribers; log in to read on.", "notice"),
        ("Il vous reste 40 % de cet article à lire.", "notice"),
        ("Tu suscripción se usa en otro dispositivo.", "notice"),
        ("この記事は会員限定です。", "notice"),
        ("Would you like to comment on this report?", "notice"),
        ("4 minute read", "notice"),
        ("Lesedauer: 4 Minuten", "notice"),
        ("05.09.2031 | 2:03 min", "notice"),
        ("-ENDS-", "notice"),
        ("press@marlow.example", "share"),
        ("Partager la page", "share"),
        ("Artikel teilen", "share"),
        ("Condividi su", "share"),
        ("Compartir esta noticia", "share"),
        ("Поделиться новостью", "share"),
        ("Reproduction is permitted provided that the source is named.", "notice"),
        ("Partager la ligne avec Ester coûterait deux bateaux, dit le comité.", None),
        ("Read more:", "menu"),
        ("Lesen Sie auch:", "menu"),
        ("Фото: Анна Белова", "credit"),
        ("“Sign up for the ferry service,” the board told the crews.", None),
        ("The union signs up for a third round of talks.", None),
        ("More ferries will sail in May, the board said.", None),
        ("The talks ended at 2:03 in the morning.", None),
    ],
)
def test_a_notice_of_the_page_is_told_from_the_report(line: str, kind: str | None):
    made = Document.from_text(f"{AGREED}\n\n{line}\n\n{PLEDGED}")
    assert [sentence.boilerplate for sentence in made.sentences if sentence.text in line] == [kind]


# ── words and sentences ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<span>Strike at Marlow</span><span>Crews go back</span>", "Strike at Marlow Crews go back"),
        ("<b>Is it over?</b><a href='/x'>Tell us what you think of it</a>", "Is it over? Tell us what you think of it"),
        ("the <i>i</i>Ferry app and the <b>Mac</b>Allister line", "the iFerry app and the MacAllister line"),
        ("the water, H<sub>2</sub>O, and the word <b>ferr</b>ies", "the water, H2O, and the word ferries"),
    ],
)
def test_elements_that_a_browser_sets_apart_do_not_run_together(markup: str, words: str):
    made = document(article(paragraphs(AGREED, PLEDGED, f"{markup} on Monday.", OPPOSED)))
    assert f"{words} on Monday." in made.text


def test_the_number_of_a_list_item_is_no_sentence():
    made = document(article("<h3>1. Pay</h3>", paragraphs(AGREED), "<h3>2. Rest days</h3>", paragraphs(PLEDGED)))
    assert {"1. Pay", "2. Rest days"} <= {sentence.text for sentence in made.sentences}


@pytest.mark.parametrize(
    "text",
    [
        "Le comité attend la réponse de M. Dorval depuis lundi.",
        "Mme. Dorval a signé l’accord avec MM. Arden et Quill.",
        "Port odwiedził dr. Nowak z Gdyni.",
    ],
)
def test_no_sentence_ends_at_the_title_of_a_person(text: str):
    made = Document.from_text(f"{text} {text}")
    assert [sentence.text for sentence in made.sentences] == [text, text]


@pytest.mark.parametrize(
    "unit",
    ["The board agreed to it. ", "彼は「行く。」と言った。", "word and word ", "Dr. No. ", "(", "«a. ", "a"],
    ids=["sentences", "Japanese", "no stop", "abbreviations", "brackets", "open quotes", "one word"],
)
def test_the_library_that_finds_sentences_sees_short_stretches_of_a_long_paragraph(
    unit: str, monkeypatch: pytest.MonkeyPatch
):
    import sentencex

    seen: list[int] = []
    find = sentencex.get_sentence_boundaries
    monkeypatch.setattr(
        sentencex, "get_sentence_boundaries", lambda language, text: seen.append(len(text)) or find(language, text)
    )
    made = Document.from_text("A " + unit * (60_000 // len(unit)))
    assert max(seen) <= 5_000
    assert sum(seen) < 4 * len(made.text)
    assert "".join(sentence.text for sentence in made.sentences).replace(" ", "") == made.text.replace(" ", "")
    assert all(made.text[each.start : each.end] == each.text for each in made.sentences)


def test_a_long_paragraph_has_the_sentences_that_it_has_in_short_ones():
    sentences = [f"On day {number} the board of Mr. Arden met at 10.30 a.m. in the hall." for number in range(400)]
    assert [each.text for each in Document.from_text(" ".join(sentences)).sentences] == sentences


# ── what a page says of itself ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{TITLE} | Marlow Gazette</title>",
        f"<title>{TITLE} - Gazette</title><meta property='og:site_name' content='Marlow Gazette'>",
        f"<title>Ferries: {TITLE}</title>",
        "<title>Strike: why the ferry crews of Marlow sail again</title>",
    ],
)
def test_the_headline_that_a_page_shows_is_its_title_and_stands_once(head: str):
    made = document(article(BODY), head=head)
    assert made.title == TITLE
    assert content(made)[:2] == [TITLE, AGREED]


def test_a_title_that_no_heading_shows_has_no_name_of_the_site():
    head = f"<title>{TITLE} – Gazette</title><link rel='canonical' href='https://www.gazette.example/a'>"
    assert document(f"<article>{BODY}</article>", head=head).title == TITLE


@pytest.mark.parametrize(
    "title", ["Strike - and how it ended", "Ester: bridge closed", "Crews vote | Board waits for the result"]
)
def test_a_title_with_a_mark_keeps_what_is_not_the_name_of_the_site(title: str):
    head = f"<title>{title}</title><meta property='og:site_name' content='Marlow Gazette'>"
    assert document(f"<article>{BODY}</article>", head=head).title == title


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Jo van der Quill-Azar"}, '
        '{"name": "Ines Falk"}], "datePublished": "2025-03-12T23:30:00-05:00"}',
        '[{"@type": "WebPage"}, {"@graph": [{"@type": ["Report", "NewsArticle"], "author": '
        '["Jo van der Quill-Azar", "Ines Falk", "Ines Falk"], "datePublished": "2025-03-12"}]}]',
    ],
)
def test_authors_and_day_are_those_of_the_structured_data(data: str):
    head = (
        f"<title>{TITLE}</title><meta name='author' content='Gazette Online Desk'>"
        f"<script type='application/ld+json'>{data}</script>"
    )
    made = document(article(BODY), head=head)
    assert (made.author, made.published) == ("Jo van der Quill-Azar; Ines Falk", date(2025, 3, 12))


@pytest.mark.parametrize("data", ["{", "[" * 100_000, "null", '{"@type": 3}', '{"@graph": {"@type": "NewsArticle"}}'])
def test_damaged_structured_data_are_no_harm(data: str):
    made = document(article(BODY), head=f"<title>{TITLE}</title><script type='application/ld+json'>{data}</script>")
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


@pytest.mark.parametrize(
    ("h1", "title"), [("Marlow Gazette", TITLE), ("Crews of the Marlow line sail", "Crews of the Marlow line sail")]
)
def test_the_name_of_the_site_in_a_main_heading_is_no_title(h1: str, title: str):
    made = document(f"<header><h1>{h1}</h1></header><div class='text'>{BODY}</div>", head=f"<title>{TITLE}</title>")
    assert made.title == title


# ── boxes, lists, notes and dates ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("element", ["div", "section"])
def test_a_list_among_the_paragraphs_is_read(element: str):
    points = f"<{element} class='points'><ul>{''.join(f'<li>{text}</li>' for text in MORE)}</ul></{element}>"
    body = f'<div class="text">{paragraphs(AGREED, PLEDGED)}{points}{paragraphs(WARNED, OPPOSED)}</div>'
    sentences = [sentence.text for sentence in document(article(body)).content]
    assert sentences == [TITLE, AGREED, PLEDGED, *MORE, WARNED, OPPOSED]


def test_what_a_button_unfolds_is_read():
    button = '<button aria-expanded="false" aria-controls="more">The offer in short</button>'
    hidden = f'<div id="more" hidden>{paragraphs(*MORE)}</div>'
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{button}{hidden}{paragraphs(WARNED, OPPOSED)}</div>"))
    assert [text for text in content(made) if text in MORE] == list(MORE)


@pytest.mark.parametrize("label", ["<h3>{}</h3>", "<dt>{}</dt>"])
def test_a_question_whose_heading_is_a_button_is_read(label: str):
    button = '<button aria-expanded="false" aria-controls="more">What did the board offer?</button>'
    answer = f'<div id="more" hidden>{paragraphs(*MORE)}</div>'
    part = f"<dl>{label.format(button)}{answer}</dl>"
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{part}{paragraphs(WARNED, OPPOSED)}</div>"))
    expected = ["What did the board offer?", *MORE]
    assert [text for text in content(made) if text in expected] == expected


def test_a_small_box_that_has_a_notice_is_left_out_as_a_whole():
    offer = ("Sign up for the letter from the ports", "Every Friday you get the news of all the ferries of the county.")
    box = f"<div class='x'><div>{paragraphs(*offer)}</div></div>"
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{box}{paragraphs(WARNED, OPPOSED, *MORE)}</div>"))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED, *MORE]


def test_a_paragraph_with_links_is_one_block():
    parts = '<a href="/board">The board</a> will meet <a href="/crews">the crews</a> again on Friday in Ester.'
    made = document(article(f"<div>{AGREED}<br><br>{parts}<br><br>{PLEDGED}</div>{paragraphs(WARNED, OPPOSED)}"))
    assert "The board will meet the crews again on Friday in Ester." in [sentence.text for sentence in made.content]


def test_notes_and_the_marks_that_lead_to_them_are_left_out():
    marked = AGREED.removesuffix(".") + '.<sup id="r1"><a href="#n1">[1]</a></sup>'
    notes = '<h2>References</h2><ol><li id="n1"><a href="#r1">^</a> Ester Herald, 4 May 2031, page 3.</li></ol>'
    heading = '<h2>The offer<span>[<a href="/edit">edit</a>]</span></h2>'
    made = document(article(paragraphs(marked, PLEDGED), heading, paragraphs(WARNED, OPPOSED), notes))
    assert content(made) == [TITLE, AGREED, PLEDGED, "The offer", WARNED, OPPOSED]
    assert made.published is None


def test_a_kicker_in_the_headline_is_no_part_of_the_title():
    head = f'<title>{TITLE} | Marlow Gazette</title><meta property="og:title" content="{TITLE}">'
    made = document(f"<article><h1><span>Ferries</span> <span>{TITLE}</span></h1>{BODY}</article>", head=head)
    assert made.title == TITLE


def test_a_headline_that_only_ends_like_a_known_title_is_whole():
    head = f'<title>{TITLE} | Marlow Gazette</title><meta property="og:title" content="{TITLE}">'
    made = document(f"<article><h1>After three weeks: {TITLE}</h1>{BODY}</article>", head=head)
    assert made.title == f"After three weeks: {TITLE}"


def test_words_of_another_report_above_the_headline_are_left_out():
    other = f"<section><h5>Today</h5><p>{OTHER}.</p></section><ul><li>Home</li><li>Ports</li><li>Letters</li></ul>"
    made = document(f"<div>{other}<h1>{TITLE}</h1><div>{BODY}</div></div>")
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<p>Published on 5 May 2031, 10:30</p>", date(2031, 5, 5)),
        (
            "<div><time itemprop='datePublished' datetime='2031-05-05T10:30:00+01:00'>Monday</time></div>",
            date(2031, 5, 5),
        ),
        ("<div>Posted: May 5, 2031 9:27 AM | Last updated: May 5, 2031</div>", date(2031, 5, 5)),
        ("<table><tr><th>Founded</th><td>4 March 1962</td></tr><tr><th>Seat</th><td>Ester</td></tr></table>", None),
        ("<figure><figcaption>Quay of Ester | 3 March 2031</figcaption></figure>", None),
    ],
)
def test_the_day_of_publication_stands_beside_the_headline(line: str, day: date | None):
    made = document(f"<main><h1>{TITLE}</h1>{line}<div>{BODY}</div></main><footer><p>Ester, 1 June 2033</p></footer>")
    assert made.published == day


def test_a_day_of_the_last_change_below_a_page_is_no_day_of_publication():
    after = "<div>This page was last modified on 28 October 2031, at 10:15.</div>"
    assert document(article(BODY, after=after)).published is None


def test_a_line_that_only_gives_the_day_is_no_sentence():
    made = document(article("<p>5 May 2031, 10:30</p>", BODY))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]
    assert made.published == date(2031, 5, 5)


# ── pay walls and languages ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("article_data", "ending", "warned"),
    [
        ('"isAccessibleForFree": false, "wordCount": 900', "", True),
        ('"isAccessibleForFree": "False"', "<p>The mayor of Ester said that she …</p>", True),
        ('"isAccessibleForFree": false', "", False),
        ('"isAccessibleForFree": true, "wordCount": 900', "", False),
    ],
)
def test_an_article_of_which_a_pay_wall_shows_the_beginning_has_a_warning(article_data: str, ending: str, warned: bool):
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", {article_data}}}</script>'
    made = document(article(BODY, ending), head=f"<title>{TITLE}</title>{data}")
    assert [code for code, _ in made.notes] == ["parts_left_out"] * warned


def test_a_declared_language_counts_only_if_the_words_can_be_of_it():
    text = "Umeya wase-Ester uthe uzocela esinye isikebhe esizothwala abantu ngesikhathi sasehlobo. "
    more = "Abasebenzi abathathu bafuna ukuvota futhi ngaphambi kokuba babuyele emsebenzini ngoMsombuluko ekuseni. "
    made = document(article(paragraphs(text * 2, more * 2, text + more)))
    assert made.language is None


def test_a_box_of_facts_beside_the_paragraphs_is_read():
    box = f"<aside class='facts'><h2>The offer</h2>{paragraphs(*MORE)}</aside>"
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{box}{paragraphs(WARNED, OPPOSED)}</div>"))
    assert [text for text in content(made) if text in MORE] == list(MORE)


def test_a_kicker_is_no_part_of_the_title_if_the_known_title_also_names_the_site():
    headline = f"<h1><span><time>5 May 2031</time></span> <span>{TITLE}</span></h1>"
    made = document(f"<article>{headline}{BODY}</article>", head=f"<title>{TITLE} - County Office</title>")
    assert made.title == TITLE


# ── tables ───────────────────────────────────────────────────────────────────────────────────────

ROWS = "".join(f"<tr><td>{year}</td><td>{text}</td></tr>" for year, text in zip((2029, 2030, 2031), MORE, strict=True))
HEADED = "".join(
    f"<tr><th scope=row>{year}</th><td><p>{text}</p></td></tr>"
    for year, text in zip((2029, 2030, 2031), MORE, strict=True)
)
DATED = [f"{year} | {text}" for year, text in zip((2029, 2030, 2031), MORE, strict=True)]


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (f"<table><tr><td>{' '.join(MORE)}</td></tr></table>", MORE),
        (
            f"<table border=0><tr><td><p>{MORE[0]}</p><p>{MORE[1]}</p><ul><li>{MORE[2]}</li></ul></td></tr></table>",
            MORE,
        ),
        (
            f"<table align=right><tr><td><font size=2>{MORE[0]}<br><br>{MORE[1]}<p>{MORE[2]}</font></td></tr></table>",
            MORE,
        ),
        (f"<table><tr><td>Was it long?</td><td>{MORE[0]}</td></tr></table>", ("Was it long?", MORE[0])),
        (f"<table><tr><td><p>{MORE[0]}</p></td><td><div>{MORE[1]}</div><div>{MORE[2]}</div></td></tr></table>", MORE),
        (f"<table class=times>{ROWS}</table>", DATED),
        (f"<figure class='wp-block-table'><table><tbody>{HEADED}</tbody></table></figure>", DATED),
        (
            f"<table bgcolor=black><tr><td><table><tr><td>{MORE[0]}</td></tr><tr><td>{MORE[1]}</td></tr></table>"
            f"</td></tr></table>",
            MORE[:2],
        ),
        (f"<table><tr><td><img src=a.jpg></td><td>{' '.join(MORE)}</td></tr></table>", MORE),
        (
            "<table><tr><th>Line</th><th>Crews</th></tr><tr><td>Marlow</td><td>7</td></tr></table>",
            ("Line | Crews", "Marlow | 7"),
        ),
        ("<table width=200><tr><td><img src=a.jpg></td></tr><tr><td>The quay at noon</td></tr></table>", ()),
    ],
)
@pytest.mark.parametrize("around", ["div", "aside"])
def test_sentences_in_the_cells_of_a_table_are_read_and_tables_of_data_are_rows(
    table: str, read: tuple[str, ...], around: str
):
    if around == "aside" and "<th>Line" in table:
        return
    inner = f"{paragraphs(AGREED, PLEDGED)}<{around}>{table}</{around}>{paragraphs(WARNED, OPPOSED)}"
    sentences = [sentence.text for sentence in document(article(f"<div>{inner}</div>")).content]
    assert sentences == [TITLE, AGREED, PLEDGED, *read, WARNED, OPPOSED]


def test_a_table_of_data_in_a_cell_with_sentences_is_rows():
    data = "<table><tr><th>Line</th><th>Crews</th></tr><tr><td>Marlow</td><td>7</td></tr></table>"
    cell = f"<p>{AGREED}</p><p>{PLEDGED}</p>{data}<p>{WARNED}</p><p>{OPPOSED}</p>{paragraphs(*MORE)}"
    made = document(f"<table><tr><td><h1>{TITLE}</h1>{cell}</td></tr></table>")
    expected = [TITLE, AGREED, PLEDGED, "Line | Crews", "Marlow | 7", WARNED, OPPOSED, *MORE]
    assert [sentence.text for sentence in made.content] == expected


def test_an_old_page_whose_article_stands_in_nested_tables_is_read():
    links = "".join(f"<a href=/{name}>{name}</a><br>" for name in ("Home", "Ports", "Archive"))
    cell = (
        f"<font size=5><b>{TITLE}</b></font><br><font size=2>{AGREED}<p>{PLEDGED}<p>{WARNED}<p>{' '.join(MORE)}</font>"
    )
    page = f"<table><tr><td>{links}</td><td><table><tr><td>{cell}</td></tr></table></td></tr></table>"
    made = document(page, head=f"<title>{TITLE} | Marlow Gazette</title>")
    assert [sentence.text for sentence in made.content] == [TITLE, AGREED, PLEDGED, WARNED, *MORE]
    assert made.title == TITLE


# ── what a page hides at first ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "hidden",
    [
        '<div class="rest" style="display: none">{}</div><button>Read the whole report</button>',
        '<a href="#" class="more">Show more</a><section hidden>{}</section>',
        '<p><a href="javascript:open()">Unfold</a></p><div style="display:none">{}</div>',
        '<input type="checkbox" id="c"><label for="c">More</label><div hidden>{}</div>',
        "<details><summary>The offer in short</summary>{}</details>",
    ],
)
def test_a_part_of_the_article_that_a_control_beside_it_shows_is_read(hidden: str):
    part = hidden.format(paragraphs(*MORE))
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{part}{paragraphs(WARNED, OPPOSED)}</div>"))
    assert [text for text in content(made) if text in MORE] == list(MORE)


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden>{}</div>",
        '<div style="display:none">{}</div>',
        '<button>Show comments</button><div class="comments" hidden>{}</div>',
    ],
)
def test_what_nothing_shows_is_left_out(hidden: str):
    part = hidden.format(paragraphs(*MORE))
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{part}{paragraphs(WARNED, OPPOSED)}</div>"))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


@pytest.mark.parametrize(
    "page",
    [
        f"<div id=app><p>Loading.</p></div><noscript>{article(BODY)}</noscript>",
        f"<x-story><template shadowrootmode=open><style>p{{}}</style>{article(BODY)}</template></x-story>",
    ],
)
def test_an_article_that_is_not_in_the_plain_tree_is_read(page: str):
    made = document(page)
    assert (made.title, content(made)) == (TITLE, [TITLE, AGREED, PLEDGED, WARNED, OPPOSED])


def test_words_for_browsers_without_scripts_that_the_page_has_are_read_once():
    made = document(article(BODY, after=f"<noscript>{BODY}</noscript>"))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


# ── what is told ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("", None),
        ("<nav><ul><li><a href=/>Home</a></li></ul></nav><script>var a = 1;</script>", None),
        ("<form><p>Write your name here to get the letter of the ports.</p></form>", None),
        ("<div class=comments><p>I have waited for three weeks and nobody told us.</p></div>", None),
        ("<figure><img src=a><figcaption>Photo: A. Belova</figcaption></figure>", None),
        ("<figure><img src=a><figcaption>The quay of Marlow at noon</figcaption></figure>", "1 caption of a picture"),
        (f"<p><a href=/b>{OTHER}</a></p><p>Read more: <a href=/b>{OTHER}.</a></p>", None),
        ("<div hidden><p>The board had once offered three per cent.</p></div>", "1 part that the page hides"),
        ("<div hidden class=modal><p>You may read two more reports in May.</p></div>", None),
        (
            "<div><p>Sign up for our letter from the ports.</p><p>It comes every Friday in the morning.</p></div>",
            "2 lines of notices and advertisements",
        ),
        ("<p class=bildunterschrift>The quay of Marlow at noon on Sunday.</p>", "1 caption of a picture"),
        ("<div class=x><p class=wp-caption-text>The quay of Marlow at noon.</p></div>", "1 caption of a picture"),
        ("<section class=autor-bio><p>Jo Quill has written about ferries since 2019.</p></section>", "1 other line"),
        ("<div class=author-bio><p>Jo Quill has written about ferries since 2019.</p></div>", "1 other line"),
    ],
)
def test_what_is_left_out_among_the_paragraphs_is_counted_by_kind(part: str, told: str | None):
    inner = f"<div>{paragraphs(AGREED, PLEDGED)}{part}{paragraphs(WARNED, OPPOSED, *MORE)}</div>"
    made = document(
        article(inner, before="<nav><a href=/>Home</a></nav>", after="<footer><p>The ports since 1901.</p></footer>")
    )
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED, *MORE]
    assert made.notes == ((("parts_left_out", f"Left out of the page: {told}."),) if told else ())


def test_notes_and_further_articles_are_counted():
    notes = "".join(f'<li id="n{n}"><a href="#r{n}">^</a> Ester Herald, page {n}.</li>' for n in (1, 2))
    marks = "".join(f'<sup><a href="#n{n}">[{n}]</a></sup>' for n in (1, 2))
    next_one = f"<article><h1>{OTHER}</h1>{paragraphs(*MORE)}</article>"
    made = document(article(paragraphs(AGREED + marks, PLEDGED, WARNED, OPPOSED), f"<ol>{notes}</ol>", after=next_one))
    assert made.notes == (("parts_left_out", "Left out of the page: 2 notes; 1 further article."),)


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("adv", "<span>Pubblicità</span>"),
        ("ad-slot", "<p>Advertisement</p>"),
        ("box anzeige", "<p>Anzeige</p>"),
        ("story__newsletter", "<h4>The letter</h4>"),
    ],
)
def test_a_small_box_that_is_named_an_advertisement_is_left_out_and_told(name: str, box: str):
    part = f"<div class='{name}'>{box}<p>New sails for your boat, at half the price until Sunday.</p></div>"
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{part}{paragraphs(WARNED, OPPOSED, *MORE)}</div>"))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED, *MORE]
    assert "advertisement" in made.notes[0][1]


@pytest.mark.parametrize("element", ["article", "div", "li"])
def test_an_overview_of_reports_is_told(element: str):
    headlines = ("Ferries sail again", "Bridge of Ester closed", "Ten boats for the county")
    teasers = "".join(
        f"<{element}><h2><a href=/{n}>{headline}</a></h2><p>{text}</p></{element}>"
        for n, (headline, text) in enumerate(zip(headlines, MORE, strict=True))
    )
    made = document(f"<main>{teasers}</main>", head="<title>Marlow Gazette</title>")
    assert [text for _, text in made.notes if "overview" in text] == [
        "a.html is an overview of 3 reports; each has a page of its own, which was not read."
    ]


def test_a_report_with_teasers_below_it_is_no_overview():
    teasers = "".join(f"<div><h2><a href=/{n}>Ferries sail on day {n}</a></h2><p>{MORE[n]}</p></div>" for n in range(3))
    made = document(f"<div><h1>{TITLE}</h1>{paragraphs(AGREED, PLEDGED)}{teasers}</div>")
    assert not [text for _, text in made.notes if "overview" in text]


def test_posts_of_a_live_report_with_headlines_of_their_own_are_no_overview():
    posts = "".join(
        f"<article class=post><time>{hour}:10</time><h2><a href='#p{hour}'>What was said at {hour}</a></h2>"
        f"<p>{text}</p></article>"
        for hour, text in zip((10, 11, 12), MORE, strict=True)
    )
    made = document(article(paragraphs(AGREED, PLEDGED), posts))
    assert not made.notes
    assert [text for text in content(made) if text in MORE] == list(MORE)


# ── further kinds of pages ───────────────────────────────────────────────────────────────────────


def test_the_heading_of_a_box_of_facts_is_read():
    box = f"<aside class='facts'><h3>The offer in short</h3>{paragraphs(*MORE)}</aside>"
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{box}{paragraphs(WARNED, OPPOSED)}</div>"))
    assert "The offer in short" in content(made)


@pytest.mark.parametrize(
    "title", [f"{TITLE} | Marlow Gazette", f"Marlow Gazette: {TITLE}", f"Gazette - {TITLE} - Ports"]
)
def test_the_part_of_a_title_that_a_line_of_the_page_repeats_is_the_title(title: str):
    made = document(f"<div><p><b>{TITLE}</b></p>{BODY}</div>", head=f"<title>{title}</title>")
    assert made.title == TITLE


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("", "asks for a login; what can be read without one may be only a part of the article (66 words)"),
        (
            paragraphs(
                *MORE, *(f"On day {n} the board met again, and {n} ferries sailed from Ester." for n in range(9))
            ),
            "",
        ),
    ],
)
def test_an_article_beside_a_login_is_read_and_told_if_it_is_short(extra: str, told: str):
    login = "<header><form action=/login><input name=user><input type=password></form></header>"
    made = document(article(BODY, extra, before=login))
    assert content(made)[:5] == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]
    assert [text for _, text in made.notes] == ([f"a.html {told}."] if told else [])


@pytest.mark.parametrize(
    "beginning",
    [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n',
        '<?xml version="1.0"?>\n<?xml-stylesheet href="a.css"?>\n',
        '<?xml version="1.0"?><!-- made > by hand -->\n',
        '\n<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">',
        '<?xml version="1.0"?><!DOCTYPE HTML PUBLIC "-//WAPFORUM//DTD XHTML Mobile 1.2//EN" "http://www.wap.org/x.dtd">',
    ],
)
def test_a_page_with_a_declaration_of_xml_is_a_page(beginning: str):
    head = f"<head><title>{TITLE}</title></head>"
    page = (
        f'{beginning}<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">{head}<body>{article(BODY)}</body></html>'
    )
    assert content(read_bytes(page.encode(), source="a")) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


def test_the_day_of_a_correction_is_no_day_of_publication():
    note = "<p>This report was amended on 4 June 2031 to correct the name of the union’s chair.</p>"
    assert document(article(BODY, note)).published is None


def test_the_page_whose_headline_is_in_its_title_is_read_where_several_articles_have_headlines():
    other = f"<article><h1>{OTHER}</h1>{paragraphs(*MORE)}</article>"
    made = document(f"<div>{other}</div>{article(BODY)}<div>{other}</div>")
    assert (made.title, content(made)) == (TITLE, [TITLE, AGREED, PLEDGED, WARNED, OPPOSED])
    assert made.notes == (("parts_left_out", "Left out of the page: 2 further articles."),)


@pytest.mark.parametrize(
    "lead",
    [
        f"<header><h1>{TITLE}</h1><p class='x1'>{LEAD}</p></header>",
        f"<header><div><h1>{TITLE}</h1></div><div><p>{LEAD}</p></div></header>",
        f"<hgroup><h1>{TITLE}</h1><h2>{LEAD}</h2></hgroup>",
        f"<div><h1>{TITLE}</h1><p>{LEAD}</p></div>",
    ],
)
def test_a_sentence_in_the_box_of_the_headline_is_the_lead(lead: str):
    made = document(f"<main>{lead}<div class='entry-content'>{BODY}</div></main>")
    assert content(made) == [TITLE, LEAD, AGREED, PLEDGED, WARNED, OPPOSED]


def test_paragraphs_before_those_that_are_found_are_read():
    texts = (AGREED, PLEDGED, WARNED, OPPOSED, *MORE)
    before = (
        f"<div><div class='text'>{paragraphs(*texts[:4], kind='t')}</div></div><div class='info'><p>The quay</p></div>"
    )
    found = f"<div class='entry-content'><div class='text'>{paragraphs(*texts[4:], kind='t')}</div></div>"
    made = document(f"<main><h1>{TITLE}</h1>{before}{found}</main>")
    assert [text for text in content(made) if text in texts] == list(texts)


def test_a_day_among_the_labels_below_the_lead_is_the_day_of_publication():
    from_whom = "<dt>From:</dt><dd><a href=/o>Harbour Office</a></dd>"
    labels = f"<dl class=metadata>{from_whom}<dt>Published</dt><dd>3 June 2031</dd></dl>"
    text = paragraphs(AGREED, PLEDGED, WARNED, OPPOSED, *MORE)
    made = document(f"<main><h1>{TITLE}</h1><p>{LEAD}</p>{labels}<div>{text}</div></main>")
    assert made.published == date(2031, 6, 3)


def test_a_page_that_its_scripts_write_is_refused_with_what_to_do():
    data = "<script id=__NEXT_DATA__ type='application/json'>{}</script>"
    with pytest.raises(InputError, match="has no text without its scripts; open it in a browser"):
        document(f"<div id=__next></div>{data}")


# ── marks within sentences ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "read", "struck"),
    [
        ("a rise of <del>3</del><ins>5</ins> per cent", "a rise of 5 per cent", 1),
        ("a rise of <s>3</s> 5 per cent", "a rise of 5 per cent", 1),
        ("the board <strike>agreed</strike> refused", "the board refused", 1),
        ("<del>two</del> three crews and <s>four</s> five boats", "three crews and five boats", 2),
        ("la paga sube un <del>3</del> 5 por ciento", "la paga sube un 5 por ciento", 1),
        ("eine Erhöhung um <s>drei</s> fünf Prozent", "eine Erhöhung um fünf Prozent", 1),
        ("<ins>added</ins> words", "added words", 0),
        ("10<sup>6</sup> crowns", "10⁶ crowns", 0),
        ("10<sup>-3</sup> grams", "10⁻³ grams", 0),
        ("40 m<sup>2</sup> of quay", "40 m² of quay", 0),
        ("the arrears<sup>12</sup> of May", "the arrears¹² of May", 0),
        ("the 1<sup>st</sup> of May", "the 1st of May", 0),
        ("le 1<sup>er</sup> mai", "le 1er mai", 0),
    ],
)
def test_struck_words_are_left_out_and_told_and_raised_numbers_stay_raised(written: str, read: str, struck: int):
    made = document(article(f"<p>The report tells of {written}, said the board.</p>", BODY))
    assert f"The report tells of {read}, said the board." in made.text
    told = [message for _, message in made.notes if "strikes out" in message]
    parts = "part that the page strikes out" if struck == 1 else "parts that the page strikes out"
    assert told == ([f"Left out of the page: {struck} {parts}."] if struck else [])


@pytest.mark.parametrize(
    "inner",
    [
        "<template><p>Nobody sees this sentence of a template.</p></template>",
        "<noscript><p>Please turn scripts on to see this picture.</p></noscript>",
        "<noscript><img src=a.png></noscript>",
        "<noscript><iframe src=a.html></iframe></noscript><template><li>Row</li></template>",
    ],
)
@pytest.mark.parametrize("texts", [(AGREED, PLEDGED), (AGREED, PLEDGED, WARNED, OPPOSED, *MORE)])
def test_what_only_scripts_show_or_replace_is_not_read_also_in_short_articles(inner: str, texts: tuple[str, ...]):
    made = document(article(paragraphs(texts[0]), inner, paragraphs(*texts[1:])))
    assert content(made) == [TITLE, *texts]


# ── lists, notices and captions around an article ────────────────────────────────────────────────

HEADLINES = ("Grain merchants warn of the bridge at Ester", "Ten boats for the county", "Ester opens a new school")


@pytest.mark.parametrize(
    "line",
    [
        "<li><span>1{n}.03</span> <a href=/{n}>{text}</a></li>",
        "<li>03-1{n} <a href=/{n}>{text}</a></li>",
        "<li><a href=/{n}>{text}</a> <em>2031-03-1{n}</em></li>",
        "<li>1{n}.03.2031 – <a href=/{n}>{text}</a></li>",
        "<div><a href=/{n}>{text}</a><span>2031-03-1{n}</span></div>",
        "<div><a href=/{n}>{text}</a> 1{n} comments</div>",
        "<p>10:3{n} <a href=/{n}>{text}</a></p>",
        "<div><h4><a href=/{n}>{text}</a></h4><div><span>2031-03-1{n} 15:05</span> <a href=/t>Ports</a></div></div>",
    ],
)
@pytest.mark.parametrize("heading", ["Recent reports", "小编最近文章", "Последние новости"])
def test_a_list_of_links_and_dates_after_an_article_is_left_out_with_its_heading(line: str, heading: str):
    lines = "".join(line.format(n=n, text=text) for n, text in enumerate(HEADLINES))
    box = f"<p>Editor: Jo Quill</p><div><h4>{heading}</h4><ul>{lines}</ul></div>"
    made = document(f"<div><h3>{TITLE}</h3><div class='all-txt'>{BODY}</div>{box}</div>")
    assert [text for text in content(made) if text != "Editor: Jo Quill"] == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]


def test_days_and_numbers_beside_links_in_an_article_are_read():
    items = "<li>10 March: <a href=/b>The board</a> met the crews in Ester.</li><li>11 March: no ferry sailed.</li>"
    table = "".join(f"<tr><td><a href=/{n}>Line {n}</a></td><td>{n}3/16</td></tr>" for n in (1, 2, 3))
    inner = f"{paragraphs(AGREED, PLEDGED)}<ul>{items}</ul><table>{table}</table>"
    text = document(article(f"<div>{inner}{paragraphs(WARNED, OPPOSED)}</div>")).text
    assert all(words in text for words in ("met the crews in Ester", "no ferry sailed", "Line 3 | 33/16"))


@pytest.mark.parametrize(
    "notice",
    [
        "<p>Mark the text and press Ctrl+Enter to report an error.</p>",
        "<div>Если вы заметили ошибку, выделите текст и нажмите Ctrl+Enter.</div>",
        "<p>Якщо ви знайшли помилку, виділіть її та натисніть Ctrl + Enter</p>",
        "<p>Zaznacz tekst i naciśnij Ctrl+Enter, aby zgłosić błąd.</p>",
        "<p>Seleccione el texto y pulse Ctrl+Enter para informar de un error.</p>",
        "<p>Wenn Sie einen Fehler gefunden haben, markieren Sie ihn und drücken Sie Strg+Eingabe.</p>",
        "<div><h4>Port letter</h4><form><input type=email></form><div class=ok>Good, you will get it soon.</div></div>",
        "<p>Support our work with a gift.</p><p>PayPal: paypal.me/gazette</p><p>Facebook: fb.example/gazette</p>",
        "<div><p>Unterstützen Sie unsere Arbeit.</p><p>IBAN: DE12 3456 7890 1234 5678 90</p></div>",
        "<div style='color:#999'>Comments that insult others or praise a product will be deleted.</div>",
        "<div style='x'><b>Rules for comments</b><br>Please stay polite.<br>Posts with links are checked.</div>",
        "<p class=permalink><a href=/x>Permalink</a> for this report of the Marlow Gazette.</p>",
        f"<div class=next_article><h3>Read more</h3><p>{OTHER}, and so does the mayor of the town.</p></div>",
        "<div>Soutenez notre journal : faites un don.</div>",
    ],
)
def test_a_notice_after_an_article_is_no_content(notice: str):
    made = document(f"<div class=page><h1>{TITLE}</h1>{BODY}{paragraphs(*MORE)}{notice}</div>")
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED, *MORE]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ctrl+Enter prints the ticket in the new app, the board said.",
        "Comments that the mayor made on Monday angered the crews.",
        "Encontrou um erro nas contas, disse a autarca.",
        "PayPal: the board does not accept it, and the crews do not want it.",
        "Subscribers only pay half the fare from May onwards.",
    ],
)
def test_a_sentence_with_words_of_notices_is_content(sentence: str):
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED, sentence, WARNED, OPPOSED)}</div>"))
    assert sentence in [each.text for each in made.content]


@pytest.mark.parametrize(
    "box",
    [
        "<div class=box><h4>Pros</h4>{0}<h4>Cons</h4>{1}</div>",
        "<div><div><strong>Advantages</strong>{0}</div><div><strong>Disadvantages</strong>{1}</div></div>",
        "<aside><h3>For</h3>{0}<h3>Against</h3>{1}</aside>",
        "<section><h3>Vorteile</h3>{0}<h3>Nachteile</h3>{1}</section>",
        "<div><p>Les plus :</p>{0}<p>Les moins :</p>{1}</div>",
        "<div><p>+ Lo mejor</p>{0}<p>– Lo peor</p>{1}</div>",
        "<div><h4>Достоинства</h4>{0}<h4>Недостатки</h4>{1}</div>",
        "<div><h4>优点</h4>{0}<h4>缺点</h4>{1}</div>",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_list_of_advantages_and_disadvantages_is_read(box: str, inside: bool):
    points = ("Quiet engine at full speed", "Room for thirty bicycles", "No shelter from the rain", "Slow in a current")
    lists = [f"<ul><li>{first}</li><li>{second}</li></ul>" for first, second in (points[:2], points[2:])]
    part = box.format(*lists)
    before, within = ("", part) if inside else (part, "")
    text = f"<div class=text>{paragraphs(AGREED, PLEDGED)}{within}{paragraphs(WARNED, OPPOSED, *MORE)}</div>"
    made = document(f"<div><h1>{TITLE}</h1>{before}{text}</div>")
    assert [line for line in made.text.split("\n") if line in points] == list(points)


def test_bare_text_after_a_box_with_a_picture_is_read():
    box = (
        f"<div><img src=a><br><small>The quay at noon</small></div>{MORE[0]}<br><br>{MORE[1]}<br><ul><li>Two.</li></ul>"
    )
    made = document(
        f"<div><h1>{TITLE}</h1><div class=text>{paragraphs(AGREED)}{box}{paragraphs(PLEDGED, WARNED)}</div></div>"
    )
    assert [text for text in content(made) if text in MORE] == list(MORE[:2])


@pytest.mark.parametrize(
    "post",
    [
        "<div class=embed-twitter><blockquote class=twitter-tweet><p>{}</p>— Crews</blockquote></div>",
        "<div class=embed-twitter><blockquote><p>{}</p></blockquote></div>",
        "<blockquote class=twitter-tweet><p>{}</p></blockquote>",
        "<div class=social-embed><blockquote class=instagram-media><p>{}</p></blockquote></div>",
        "<figure class=wp-block-embed><div class=wp-block-embed__wrapper><blockquote class=twitter-tweet><p>{}</p>"
        "</blockquote></div></figure>",
        "<div class=social><blockquote class=mastodon-embed><p>{}</p></blockquote></div>",
        "<div class='tweet-embed'><blockquote>{}</blockquote></div>",
        "<section class=social-facebook><blockquote cite=/f><p>{}</p></blockquote></section>",
    ],
)
def test_a_post_that_an_article_shows_is_read(post: str):
    said = "We sail again on Tuesday, all nine of us, with the old timetable."
    inner = paragraphs(AGREED, PLEDGED) + post.format(said) + paragraphs(WARNED, OPPOSED, *MORE)
    assert said in document(article(f"<div>{inner}</div>")).text


@pytest.mark.parametrize(
    "caption",
    [
        "<p>- {}. REUTERS/Ana Belova -</p>",
        "<p>{} (REUTERS/Ana Belova)</p>",
        "<p>{}. [Ana Belova/Reuters]</p>",
        "<p>{}. AFP/Ana Belova</p>",
        "<p class=content-media__description>{}.</p>",
        "<div class=photo-desc><p>{}.</p></div>",
        "<div class=pic><img src=a><small>{}.</small></div>",
        "<p><img src=a><br><small>{}.</small></p>",
        "<p><img src=a></p><p><small>{}.</small></p>",
        "<div><img src=a></div><small>{}.</small>",
        "<p><img src=a><span class=media-legend>{}.</span></p>",
    ],
)
def test_a_caption_without_its_element_is_left_out_and_told(caption: str):
    box = caption.format("The quay of Marlow on the second day of the strike")
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{box}{paragraphs(WARNED, OPPOSED, *MORE)}</div>"))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED, *MORE]
    assert made.notes == (("parts_left_out", "Left out of the page: 1 caption of a picture."),)


@pytest.mark.parametrize(
    "block",
    [
        "<p>The ferry was late. (Reuters/Ana Belova)</p>",
        "<p><small>The ferry was late again, the crews said.</small></p>",
    ],
)
def test_the_author_of_an_agency_and_small_print_without_a_picture_make_no_caption(block: str):
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED, WARNED, OPPOSED)}{block}</div>"))
    assert "The ferry was late" in made.text


# ── the beginning of an article ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<div class=breadcrumb><h1>Marlow Gazette</h1></div>", f"{TITLE} | Marlow Gazette"),
        ("<div class=breadcrumbs><h1>Ports and ferries of the county</h1></div>", "Ports and ferries of the county"),
        ("<div class=breadcrumb><h1>News from the ports and quays</h1></div>", "Marlow Gazette"),
        (
            "<ol class=breadcrumb><li><h1>Gazette, the paper of the ports</h1></li></ol>",
            "Gazette, the paper of the ports",
        ),
        ("<div id=breadcrumb><h1><a href=/>Marlow Gazette</a></h1></div>", ""),
    ],
)
def test_a_heading_in_a_trail_of_links_is_not_the_headline(heading: str, title: str):
    header = f"<header><h2>{TITLE}</h2><div class=content__intro>{LEAD}</div></header>"
    made = document(f"{heading}{header}<div class=body>{BODY}</div>", head=f"<title>{title}</title>")
    assert (made.title, content(made)) == (TITLE, [TITLE, LEAD, AGREED, PLEDGED, WARNED, OPPOSED])


def test_a_line_that_is_the_title_counts_before_the_name_of_a_magazine_in_the_main_heading():
    head = f"<meta property=og:title content='{TITLE}'>"
    made = document(f"<article><h1>Marlow Monthly</h1><div class=headline>{TITLE}</div>{BODY}</article>", head=head)
    assert made.title == TITLE


def test_a_headline_that_is_repeated_among_the_paragraphs_is_read_once():
    column = f"<column><div class=author>Jo Quill</div><p class=summary-art>{LEAD}</p></column>"
    text = f"<p>{AGREED}</p><h2>{TITLE}</h2>{paragraphs(PLEDGED, WARNED, OPPOSED)}"
    made = document(f"<div><header><h1>{TITLE}</h1></header>{column}<div class=content>{text}</div></div>")
    assert content(made) == [TITLE, LEAD, AGREED, PLEDGED, WARNED, OPPOSED]


# ── what is told of captions, quotations and pay walls ───────────────────────────────────────────

WALL = "a.html says that the article is for subscribers; what it shows may be only a part of it"


@pytest.mark.parametrize(
    "words",
    [
        "この記事は会員限定です",
        "Cet article est réservé aux abonnés",
        "This content is for subscribers",
        "Nur für Abonnenten",
        "Subscribe to continue reading",
        "Contenido solo para suscriptores",
        "Articolo riservato agli abbonati",
        "Материал доступен только подписчикам",
        "本文仅限会员阅读",
    ],
)
@pytest.mark.parametrize(
    ("within", "after"),
    [("<div><b>{}</b></div>", ""), ("<button>{}</button>", ""), ("<p>{}</p>", ""), ("", "<aside><h3>{}</h3></aside>")],
)
def test_words_that_an_article_is_for_subscribers_are_told_and_no_content(words: str, within: str, after: str):
    made = document(article(f"<div>{BODY}{within.format(words)}</div>", after=after.format(words)))
    assert content(made) == [TITLE, AGREED, PLEDGED, WARNED, OPPOSED]
    assert any(text.startswith(WALL) for _, text in made.notes)


@pytest.mark.parametrize(
    "part",
    [
        f"<div><a href=/x><h3>{OTHER}</h3><span>Nur für Abonnenten</span></a></div>",
        "<p>The ferry card for subscribers only costs ten crowns more, the board said.</p>",
        "<footer><p>For subscribers only</p></footer>",
    ],
)
def test_words_on_subscribers_elsewhere_are_no_pay_wall(part: str):
    assert not any(text.startswith(WALL) for _, text in document(article(BODY, part)).notes)


@pytest.mark.parametrize(
    ("before", "between", "told"),
    [
        ("", "<figure><figcaption>{}</figcaption></figure>", "1 caption of a picture"),
        ("<div><figure><figcaption>{}</figcaption></figure></div>", "", "1 caption of a picture"),
        ("", "<div><p class=caption>{}</p></div>", "1 caption of a picture"),
        ("", "<aside class=pull-quote>{}.</aside>", None),
    ],
)
def test_captions_outside_the_box_of_an_article_are_told(before: str, between: str, told: str | None):
    caption = "The quay of Marlow on the second day of the strike"
    text = f"<div class=text>{BODY}{paragraphs(*MORE)}</div>"
    made = document(f"<main>{before.format(caption)}<h1>{TITLE}</h1>{between.format(caption)}{text}</main>")
    assert made.notes == ((("parts_left_out", f"Left out of the page: {told}."),) if told else ())


def test_a_quotation_that_is_set_apart_and_left_out_is_told():
    aside = "<aside class=pull-quote>“We will not sail a boat that nobody has looked at”</aside>"
    made = document(article(f"<div>{paragraphs(AGREED, PLEDGED)}{aside}{paragraphs(WARNED, OPPOSED, *MORE)}</div>"))
    assert made.notes == (("parts_left_out", "Left out of the page: 1 quotation that is set apart."),)


def test_captions_of_teasers_are_not_told():
    teasers = "".join(
        f"<li><figure><figcaption>{text}, from above</figcaption></figure><h3><a href=/{n}>{text}</a></h3></li>"
        for n, text in enumerate(HEADLINES)
    )
    made = document(article(f"<div class=text>{BODY}<ul>{teasers}</ul>{paragraphs(*MORE)}</div>"))
    assert not made.notes
