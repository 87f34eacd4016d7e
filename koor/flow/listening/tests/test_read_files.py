"""Files are read entry by entry: what is good comes through, what is not comes out broken with its reason."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koor.flow.listening.logic import clean, reading, table
from koor.flow.listening.logic.reading import FORMATS, UnreadableFile, read_again, read_file
from koor.ground.channels.contract import Broken, Incoming

GOOD = {"id": "1", "author": "Els", "text": "De pomp is stuk", "created_at": "2026-11-20T09:00:00+01:00"}


def read(content: str | bytes, form: str = "jsonl") -> list[Incoming | Broken]:
    return list(read_file(io.BytesIO(content.encode() if isinstance(content, str) else content), form))


def line(**changes: Any) -> str:
    return json.dumps({key: value for key, value in {**GOOD, **changes}.items() if value is not ...})


def one(content: str | bytes, form: str = "jsonl") -> Incoming:
    (entry,) = read(content, form)
    assert isinstance(entry, Incoming), entry
    return entry


def reasons(content: str | bytes, form: str = "jsonl") -> list[str]:
    return [entry.reason if isinstance(entry, Broken) else "" for entry in read(content, form)]


def test_a_line() -> None:
    extra = {"url": "https://x.example/1", "lang": "nl", "in_reply_to": 7, "handle": "@els@x.example"}
    entry = one(line(**extra))
    assert one(line(id=7)).external_id == "7"
    assert (entry.external_id, entry.author, entry.text) == ("1", "Els", "De pomp is stuk")
    assert entry.created_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert (entry.url, entry.language, entry.in_reply_to) == ("https://x.example/1", "nl", "7")
    assert (entry.kind, entry.handle) == ("reply", "@els@x.example")
    assert entry.raw["lang"] == "nl"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (line(id=...), "“id” is missing."),
        (line(id=None), "“id” is missing."),
        (line(id=True), "“id” is missing."),
        (line(id=" "), "The id is empty."),
        (line(author=...), "“author” is missing."),
        (line(text=...), "“text” is missing."),
        (line(text=["a"]), "“text” is missing."),
        (line(text=" \u0000 "), "The text is empty."),
        (line(text="a" * 100_001), "The text is longer than 100,000 characters."),
        (line(text="a" * 3_000_000), "This line is longer than 2 MB. Only its beginning is kept."),
        (line(created_at=...), "“created_at” is missing."),
        (line(created_at="yesterday"), "The date can't be read."),
        (line(created_at="0001-01-01T00:00:00+14:00"), "The date can't be read."),
        (line(created_at="9999-12-31T23:59:59-14:00"), "The date can't be read."),
        (line(created_at=1e300), "The date can't be read."),
        (line(created_at=True), "The date can't be read."),
        (line(created_at={}), "The date can't be read."),
        ("nope", "This is not JSON."),
        ('{"id": NaN}', "This is not JSON."),
        ('{"id": ' + "9" * 5000 + "}", "This is not JSON."),
        ("[1]", "This is JSON but not an object: it should begin with { and end with }."),
        ("[" * 100_000, "This is not JSON that can be read: too many brackets inside each other."),
        (b'{"id": "\xff"}', "This line is not UTF-8."),
    ],
)
def test_broken_lines_say_why_and_stop_nothing(content: str | bytes, reason: str) -> None:
    content = content.encode() if isinstance(content, str) else content
    before, broken, after = read(b"\n".join([line(id="a").encode(), content, line(id="b").encode()]))
    assert isinstance(before, Incoming)
    assert isinstance(after, Incoming)
    assert isinstance(broken, Broken)
    assert broken.reason == reason
    assert broken.external_id.startswith("sha256:")
    assert len(broken.raw) <= reading.LONGEST_RAW
    assert "\x00" not in broken.raw


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2015-02-24T11:35:52Z", "2015-02-24T11:35:52+00:00"),
        ("2015-02-24 11:35:52", "2015-02-24T11:35:52+00:00"),
        ("2015-02-24", "2015-02-24T00:00:00+00:00"),
        ("Tue Feb 24 11:35:52 +0100 2015", "2015-02-24T10:35:52+00:00"),
        ("Tue, 24 Feb 2015 11:35:52 +0100", "2015-02-24T10:35:52+00:00"),
        (1424777752, "2015-02-24T11:35:52+00:00"),
        (1424777752000, "2015-02-24T11:35:52+00:00"),
    ],
)
def test_dates(given: object, expected: str) -> None:
    assert clean.instant(given).isoformat() == expected


def test_what_is_no_good_beside_the_text_is_left_out() -> None:
    entry = one(line(url="javascript:alert(1)", lang="<b>", in_reply_to=" ", handle=None))
    assert (entry.url, entry.language, entry.in_reply_to, entry.kind) == ("", "", "", "mention")
    assert one(line(url="https://" + "a" * 2000, lang=5)).url == ""
    assert one(line(url="https://[::1", lang="dutch")).language == "nl"


def test_text_is_cleaned() -> None:
    entry = one('{"id":"1","author":" A\\n B ","text":"a\\u0000b\\r\\nc \\ud83d e\\u0301\\u0007","created_at":0}')
    assert (entry.author, entry.text) == ("A B", "ab\nc \ufffd é")


def test_long_ids_become_digests() -> None:
    entry = one(line(id="x" * 201, in_reply_to="y" * 500))
    assert entry.external_id.startswith("sha256:")
    assert entry.in_reply_to.startswith("sha256:")


def test_a_byte_order_mark_and_blank_lines_are_passed_over() -> None:
    assert len(read(b"\xef\xbb\xbf" + line().encode() + b"\n\n  \r\n")) == 1
    assert read("") == []


def test_what_was_broken_is_read_again_once_mended() -> None:
    (broken,) = read(line(created_at="soon"))
    assert isinstance(broken, Broken)
    mended = read_again(broken.raw.replace("soon", "2026-11-20"), "jsonl")
    assert isinstance(mended, Incoming)
    assert isinstance(read_again("still nothing", "jsonl"), Broken)


def test_a_table_with_names_of_others() -> None:
    entry = one(
        "Tweet ID,User,Tweet,Date,Permalink,Language\n5,Els,Stuk,2/20/2015 6:58,https://x.example/5,english\n", "csv"
    )
    assert (entry.external_id, entry.author, entry.text) == ("5", "Els", "Stuk")
    assert (entry.url, entry.language) == ("https://x.example/5", "en")
    assert entry.created_at == datetime(2015, 2, 20, 6, 58, tzinfo=UTC)
    assert entry.raw["Tweet ID"] == "5"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Kees &amp; Co, 15 &lt; 20 &quot;graden&quot;", 'Kees & Co, 15 < 20 "graden"'),
        ("schrijf &amp;amp; voor een en", "schrijf &amp; voor een en"),
        ("Kees & Co noemt het &amp;", "Kees & Co noemt het &amp;"),  # somebody says how it is written
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("?a=1&b=2", "?a=1&b=2"),
        ("&eacute;&amp;", "&eacute;&amp;"),
    ],
)
def test_what_was_written_out_for_html_is_read_where_that_is_certain(cell: str, text: str) -> None:
    assert clean.unescaped(cell) == text
    [entry] = read_file(
        io.BytesIO(f"text\n{json.dumps(cell).replace(chr(92) + chr(34), chr(34) * 2)}\n".encode()), "csv"
    )
    assert isinstance(entry, Incoming)
    assert entry.text == text


def test_only_the_text_is_necessary() -> None:
    first, second, third = read("text\nEen\nTwee\nEen\n", "csv")
    assert isinstance(first, Incoming)
    assert (first.author, first.created_at) == ("", None)
    assert first.external_id == third.external_id != second.external_id


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2/20/2015", "3/4/2015"], ["2015-02-20", "2015-03-04"]),
        (["20/2/2015", "3/4/2015"], ["2015-02-20", "2015-04-03"]),
        (["3/4/2015"], ["2015-03-04"]),
        (["3-4-2015 13:29"], ["2015-04-03"]),
        (["3.4.15 13:29:10"], ["2015-04-03"]),
        (["1424777752", "1424777752.5"], ["2015-02-24", "2015-02-24"]),
        (["2015-02-24T10:00:00Z"], ["2015-02-24"]),
    ],
)
def test_the_order_of_day_and_month_comes_from_the_file(cells: list[str], expected: list[str]) -> None:
    content = "text,date\n" + "".join(f"bericht {n},{cell}\n" for n, cell in enumerate(cells))
    dates = [entry.created_at for entry in read(content, "csv") if isinstance(entry, Incoming)]
    assert [date and date.date().isoformat() for date in dates] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('text;datum\n"a\nb";2026-01-01\n', [""]),
        ('text;datum\n5" buis;2026-01-01\n', [""]),
        ("text\tx\ncaf\u00e9\ty\n", [""]),
        ('text,x\nopen"""\n', ["This row has fewer cells than there are columns."]),
        ("text,x\na,b,c\n", ["This row has more cells than there are columns."]),
        ('text,x\n"a"b,c\n', ["A quotation mark in this row stands in the wrong place."]),
        ('text,x\n"open,1\ngoed,2\n', ["A quotation mark in this row is not closed.", ""]),
        ('text,x\n"' + "open\n" * 300 + 'x"\n', None),
        ("text,x\n," + "2\n", ["The text is empty."]),
        ("text,date\na,31/31/2015\n", ["The date can't be read."]),
        ("text\n" + "a" * 140_000 + "\n", ["This row is too long."]),
        ("text\n" + "a" * 900_000 + "\ngoed\n", ["This row is too long.", ""]),
    ],
)
def test_rows(content: str, expected: list[str] | None) -> None:
    found = reasons(content, "csv")
    if expected is None:
        assert found[0] == "A quotation mark in this row is not closed."
    else:
        assert found == expected


def test_a_broken_row_keeps_its_cells_and_can_be_mended() -> None:
    (broken,) = read("text,date,x\nStuk,gisteren,\n", "csv")
    assert isinstance(broken, Broken)
    assert json.loads(broken.raw) == {"text": "Stuk", "date": "gisteren", "x": ""}
    mended = read_again(broken.raw.replace("gisteren", "2026-11-20"), "csv")
    assert isinstance(mended, Incoming)
    assert mended.text == "Stuk"


def test_windows_encoding_and_columns_of_one_name() -> None:
    entry = one("text;x;x\ncafé;1;2\n".encode("cp1252"), "csv")
    assert entry.text == "café"
    assert entry.raw == {"text": "café", "x": "1", "x 2": "2"}


@pytest.mark.parametrize(
    ("content", "form", "message"),
    [
        (b"", "csv", "There is nothing in this file."),
        (b'{"id": 1}\n', "csv", "This is no table: it looks like JSON lines. Choose those."),
        (b'"text\n', "csv", "The first line can't be read as the names of columns."),
        (b"a," * 250 + b"text\n", "csv", "This table has more than 200 columns."),
        (b"nope", "rss", "This is not a feed."),
        (b"<rss>" + b" " * 10_000_001, "rss", "This feed is larger than 10 MB."),
    ],
)
def test_files_that_are_something_else_are_refused_whole(content: bytes, form: str, message: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(content, form)
    assert str(caught.value) == message


RSS = """<rss version="2.0"><channel><title>Borculo &amp;amp; omstreken</title>
<item><guid>1</guid><title>A &lt;b&gt;bold&lt;/b&gt; day</title><link>https://x.example/1</link>
<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</description>
<pubDate>Tue, 24 Feb 2015 11:35:52 +0100</pubDate></item>
<item><guid>2</guid><title>Only a title</title><link>javascript:alert(1)</link></item>
<item><guid>3</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>tag:x,1</id><title>Titel</title>
<author><name>Els</name></author><updated>2026-11-20T10:00:00Z</updated>
<content type="html">Titel en verder</content></entry></feed>"""


def test_a_feed() -> None:
    first, second, third = read(RSS, "rss")
    assert isinstance(first, Incoming)
    assert isinstance(second, Incoming)
    assert isinstance(third, Broken)
    assert (first.text, first.author) == ("A bold day\n\nOne\n\ntwo", "Borculo & omstreken")
    assert (first.external_id, first.url, first.kind) == ("1", "https://x.example/1", "article")
    assert first.created_at == datetime(2015, 2, 24, 10, 35, 52, tzinfo=UTC)
    assert (second.text, second.url, second.created_at) == ("Only a title", "", None)
    assert third.reason == "The text is empty."
    mended = json.loads(third.raw) | {"title": "Toch"}
    assert isinstance(read_again(json.dumps(mended), "rss"), Incoming)


def test_a_feed_that_spells_a_path_is_not_opened() -> None:
    with pytest.raises(UnreadableFile):
        read(b"/etc/passwd", "rss")


def test_a_feed_that_breaks_the_parser_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_args: object, **_options: object) -> None:
        raise AssertionError

    monkeypatch.setattr(reading.feedparser, "parse", fall_over)
    with pytest.raises(UnreadableFile):
        read(RSS, "rss")


def test_atom() -> None:
    entry = one(ATOM, "rss")
    assert (entry.external_id, entry.author, entry.text) == ("tag:x,1", "Els", "Titel en verder")


def test_entities_do_not_explode() -> None:
    levels = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{levels}]>' + RSS.replace("Only", "&j;")
    found = read(bomb, "rss")
    assert (len(found), "aaaaaaaaaa" * 2 in str(found)) == (3, False)


def test_deep_json_is_cut() -> None:
    deep: Any = "bodem"
    for _ in range(30):
        deep = [deep]
    assert "bodem" not in json.dumps(clean.clean_json({"a": deep}))
    assert clean.clean_json([float("inf"), float("nan"), 1.5, None]) == [None, None, 1.5, None]


def test_a_bad_time_in_a_feed_is_no_time() -> None:
    assert reading._moment((0, 0, 0, 0, 0, 0)) == ""


def test_only_a_piece_of_a_table_is_looked_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_LOOKED_AT_MOST", 10)
    stream = io.BytesIO(b"text\n" + b"een twee drie\n" * 1000)
    entries = read_file(stream, "csv")
    next(entries)
    assert sum(1 for _ in entries) == 999


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(FORMATS))
def test_any_bytes_are_survived(content: bytes, form: str) -> None:
    try:
        entries = read(content, form)
    except UnreadableFile:
        return
    for entry in entries:
        text = entry.text if isinstance(entry, Incoming) else entry.raw
        text.encode()
        assert "\x00" not in text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(alphabet='a",;\n\té', max_size=6), min_size=2, max_size=3), max_size=6))
def test_any_table_is_survived(rows: list[list[str]]) -> None:
    content = "text,x\n" + "\n".join(",".join(cells) for cells in rows)
    read(content, "csv")
