"""Letters as phones and programs really write them, and as nobody should."""

from email.message import EmailMessage

import pytest

from koor.kernel import letters
from koor.kernel.letters import Unreadable, proven, read

JPEG = b"\xff\xd8\xff\xe0 a photo"


def letter(subject: str = "", text: str = "", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Henk Oonk <Henk@Reurslag.example>", "show+abc@koor.example"
    made["Message-ID"], made["Subject"] = "<1@phone>", subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_a_photo_from_an_iphone() -> None:
    made = letter("", "\nThe new board is in. \n\nVerstuurd vanaf mijn iPhone\n")
    made.add_attachment(b"\x00\x00\x00\x18ftypheic", "image", "heic", filename="IMG_0042.HEIC")
    made.add_attachment(b"\x00\x00\x00\x18ftypqt  ", "video", "quicktime", filename="IMG_0043.MOV")
    found = read(made.as_bytes())
    assert (found.sender, found.to) == ("henk@reurslag.example", ("show+abc@koor.example",))
    assert (found.subject, found.words) == ("", "The new board is in.")
    assert [file.name for file in found.files] == ["IMG_0042.HEIC", "IMG_0043.MOV"]
    assert not found.automatic


def test_outlook_with_a_picture_in_the_text_and_a_logo() -> None:
    made = letter("IMG_2041", "")
    made.clear_content()
    made.set_content("[cid:image001.jpg]\r\n\r\nTwo cabinets.\r\n\r\nMet vriendelijke groet,\r\nHenk\r\n")
    made.add_alternative("<html><head><style>p{}</style></head><body><p>Two cabinets.</p></body></html>", "html")
    page = made.get_payload()[1]
    for cid, content in (("<logo>", JPEG), ("<i1>", JPEG + bytes(letters.LOGO_BYTES))):
        page.add_related(content, "image", "jpeg", cid=cid, filename=f"{cid[1:-1]}.jpg", disposition="inline")  # type: ignore
    made.make_mixed()
    made.add_attachment(JPEG, "image", "jpeg", filename="photo.jpg")
    found = read(made.as_bytes())
    assert (found.subject, found.words) == ("", "Two cabinets.")
    assert [file.name for file in found.files] == ["i1.jpg", "photo.jpg"]


def test_a_letter_in_a_letter() -> None:
    inner = letter("Inside", "x")
    inner.add_attachment(JPEG, "image", "jpeg", filename="../../etc/passwd.jpg")
    made = letter("Fwd: Re: On the roof", "see below")
    made.add_attachment(inner)
    found = read(made.as_bytes())
    assert (found.subject, found.words) == ("On the roof", "see below")
    assert [file.name for file in found.files] == ["passwd.jpg"]


def test_words_without_a_signature_or_what_was_quoted() -> None:
    for text in (
        "> quoted\n",
        "On Monday Els wrote:\n> hi\n",
        "-- \nHenk\n",
        "Groetjes,\nHenk",
        "Sent from my Galaxy\n",
    ):
        assert read(letter("", text).as_bytes()).words == ""
    html = letter("(no subject)", "")
    html.clear_content()
    html.set_content("<p>Kast &amp; <b>zol</b>der</p><script>x</script><blockquote>old</blockquote>", "html")
    assert read(html.as_bytes()).words == "Kast & zolder"
    assert len(read(letter("a" * 5000, "b " * 5000).as_bytes()).words) <= letters.WORDS
    assert len(read(letter("a" * 5000).as_bytes()).subject) <= letters.WORDS


def test_a_paragraph_that_was_wrapped_is_one_sentence_without_its_greeting() -> None:
    text = "Hoi Marloes,\n\nDe eerste kast is klaar, en zonder\nhulp van Bram.\n\nTot morgen!\n\nGroeten Henk\n"
    assert read(letter("Foto's", text).as_bytes()).words == "De eerste kast is klaar, en zonder hulp van Bram."


def test_what_outlook_packed_is_said() -> None:
    made = letter("Photos")
    made.add_attachment(b"\x78\x9f\x3e\x22 rest", "application", "ms-tnef", filename="winmail.dat")
    found = read(made.as_bytes())
    assert (found.packed, found.files) == (True, ())


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<x.example>"}, {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
)  # fmt: skip
def test_nobody_waits_for_an_answer(headers: dict[str, str]) -> None:
    assert read(letter("Away", "x", **headers).as_bytes()).automatic
    assert not read(letter("Here", "x", Auto_Submitted="no").as_bytes()).automatic


def test_two_senders_are_nobody() -> None:
    raw = letter("x").as_bytes().replace(b"From: ", b"From: els@reurslag.example, ", 1)
    found = read(raw)
    assert (found.sender, found.automatic) == ("", True)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00" * 1000, b"Subject: =?utf-8?b?////?=\n\nx", b"From: <<<>>>@\nTo: @@\n\n",
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: image/jpeg\n"
        b"Content-Transfer-Encoding: base64\n\n!!!!",
        b"Content-Type: text/plain; charset=nonsense-8\n\nHoi", b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Disposition: attachment; filename*=utf-9''%ff%00\n\nx", b"Message-ID: <\xff\xfe>\n\nx",
        b"Content-Type: text/plain" + b"; a=b" * 100_000 + b"\n\nx",
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nx",
        b"From: " + b"(" * 100_000 + b"\n\nx", b"Content-Type: text/html\n\n" + b"<div>" * 40_000,
    ],
)  # fmt: skip
def test_what_breaks_every_rule_is_read_or_refused(raw: bytes) -> None:
    try:
        read(raw)
    except Unreadable:
        pass


def test_too_many_parts_and_too_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    many = letter("x", "x")
    for _ in range(250):
        many.add_attachment(b"x", "image", "jpeg", filename="a.jpg")
    with pytest.raises(Unreadable):
        read(many.as_bytes())
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    with pytest.raises(Unreadable):
        read(deep)
    monkeypatch.setattr(letters, "MOST_BYTES", 10)
    with pytest.raises(Unreadable):
        read(b"x" * 11)


GMAIL = "mx.example.net; dkim=pass header.i=@reurslag.example (good); dmarc=pass (p=NONE) header.from=reurslag.example"


@pytest.mark.parametrize(
    ("result", "good"),
    [
        (GMAIL, True),
        ("MX.example.net 1; dmarc=pass header.from=reurslag.example", True),
        ("mx.example.net; dkim=pass header.d=reurslag.example", True),
        ("mx.example.net; dkim=pass header.d=elsewhere.example", False),
        ("mx.example.net; dmarc=fail header.from=reurslag.example", False),
        ("mx.example.net; dmarc=pass header.from=elsewhere.example", False),
        ("mx.example.net; spf=pass smtp.mailfrom=reurslag.example", False),
        ("mx.example.net; none (dmarc=pass header.from=reurslag.example)", False),
        ("evil.example; dmarc=pass header.from=reurslag.example", False),
        ("", False),
    ],
)
def test_only_the_own_server_says_whose_letter_it_is(result: str, good: bool) -> None:
    found = read(letter("x", "x", Authentication_Results=result).as_bytes())
    assert proven(found, "mx.example.net") is good
    assert not proven(found, "")


def test_a_word_of_the_server_that_came_along_does_not_count() -> None:
    raw = b"Authentication-Results: mx.example.net; dmarc=fail\n"
    raw += letter("x", "x", Authentication_Results=GMAIL).as_bytes()
    assert not proven(read(raw), "mx.example.net")
