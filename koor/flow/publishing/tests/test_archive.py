"""What was said before comes in once, with its pictures, private until somebody chooses; hostile archives do not."""

import gzip
import io
import json
import os
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koor.flow.hub.models import Medium, Rendition
from koor.flow.publishing import actions
from koor.flow.publishing.actions import archiving
from koor.flow.publishing.logic import exports, tars, zips
from koor.flow.publishing.models import Archive, Post, PostMedium, Said, SaidMedium, Target, Unread
from koor.flow.publishing.tests import exports as made
from koor.ground.people.models import House, Person
from koor.kernel import resumable
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.files import store
from koor.kernel.models import StoredFile

Visit = Callable[[Person | None], Client]


def brought(by: Person, path: Path) -> Archive:
    archive, _new = actions.bring_in(by=by, path=path, name=path.name)
    actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    archive.refresh_from_db()
    return archive


def test_x(noon: datetime, house: House, marloes: Person, tmp_path: Path) -> None:
    archive = brought(marloes, made.of_x(tmp_path / "x.zip"))
    assert (archive.platform, archive.handle, archive.state) == ("x", "@reurslag", "ready")
    assert (archive.total, archive.done, archive.left_out, archive.file) == (3, 3, 2, None)
    said = Said.objects.get()
    assert said.text == "Nieuwe ketel & frisse lucht https://reurslag.example/ketel"
    assert said.at == datetime(2014, 3, 5, 9, 30, tzinfo=UTC)
    assert (said.url, said.shown_at) == ("https://x.com/i/web/status/101", None)
    medium = SaidMedium.objects.get().medium
    assert medium.alt == "Een ketel"
    assert {one.format for one in medium.renditions.all()} >= {"webp", "jpeg"}
    assert not any(one.file.public for one in medium.renditions.select_related("file"))


@pytest.mark.parametrize(
    ("make", "platform", "texts", "pictures", "unread"),
    [
        (made.of_mastodon, "mastodon", ["Op het dak\n\nmet zon"], 1, 1),
        (made.of_linkedin, "linkedin", ["Eerste regel\nTweede regel\n\nhttps://reurslag.example/a"], 0, 0),
        (made.of_facebook, "facebook", ["Café in de wijk"], 1, 0),
        (made.of_google_plus, "google_plus", ["Onze eerste pomp\ndraait", "Van een pagina"], 1, 0),
    ],
)
def test_each_platform(
    noon: datetime, house: House, marloes: Person, tmp_path: Path,
    make: Callable[[Path], Path], platform: str, texts: list[str], pictures: int, unread: int,
) -> None:  # fmt: skip
    archive = brought(marloes, make(tmp_path / "a.zip"))
    assert (archive.state, archive.platform) == ("ready", platform)
    assert [one.text for one in Said.objects.order_by("-at")] == texts
    assert (SaidMedium.objects.count(), Unread.objects.count()) == (pictures, unread)


def test_pages_of_google_plus(tmp_path: Path) -> None:
    page = '<a href="https://plus.google.com/1/posts/g">2012-01-02 03:04:05+0100</a>'
    page += '<div class="main-content">Van een pagina</div>'
    opened = zips.Zip(made.zipped(tmp_path / "g.zip", {"Takeout/Google+ Stream/Posts/3.html": page}))
    [entry] = exports.read(opened).found
    assert isinstance(entry, exports.Entry)
    assert (entry.text, entry.at.year) == ("Van een pagina", 2012)


def test_both_forms_of_one_post_of_google_plus_are_one_post(tmp_path: Path) -> None:
    """Also where only its data says that it was not for everybody."""
    folder, files = "Takeout/Google+ Stream/Posts", dict[str, bytes | str]()
    url, when = "https://plus.google.com/1/posts/", "2012-01-02 03:04:05+0100"
    page = f'<a href="{url}{{0}}">{when}</a><div class="main-content">{{0}}</div>'
    post = {"url": f"{url}both", "creationTime": when, "content": "both"}
    for name, acl in (("both", {"isPublic": True}), ("circle", {"collectionAcl": {}})):
        files[f"{folder}/{name}.json"] = json.dumps(post | {"postAcl": acl})
    for name in ("both", "circle", "page"):
        files[f"{folder}/{name}.html"] = page.format(name)
    found = exports.read(zips.Zip(made.zipped(tmp_path / "g.zip", files))).found
    assert [one.text for one in found if isinstance(one, exports.Entry)] == ["both", "page"]
    assert len(found) == 3


def test_the_same_twice_stores_nothing_twice(noon: datetime, house: House, marloes: Person, tmp_path: Path) -> None:
    first = brought(marloes, made.of_x(tmp_path / "x.zip"))
    again, new = actions.bring_in(by=marloes, path=tmp_path / "x.zip", name="x.zip")
    assert (again, new) == (first, False)
    later = brought(marloes, made.of_x(tmp_path / "y.zip", made.tweet("104", "Er kwam iets bij")))
    assert (later.known, Said.objects.count(), SaidMedium.objects.count()) == (1, 2, 1)


def test_killed_halfway_it_goes_on(
    transactional_db: None, noon: datetime, house: House, marloes: Person, tmp_path: Path, child: Callable[..., object]
) -> None:
    archive, _new = actions.bring_in(by=marloes, path=made.of_x(tmp_path / "x.zip"), name="x.zip")
    killed = child(lambda: actions.read_archive(by=SYSTEM, archive_id=archive.pk), "publishing.during_archive")
    assert killed.wait() < 0  # type: ignore[attr-defined]
    archive.refresh_from_db()
    assert (archive.state, archive.done) == ("reading", 1)
    actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.known, Said.objects.count(), SaidMedium.objects.count()) == ("ready", 0, 1, 1)


def test_a_picture_that_is_none_stops_nothing(noon: datetime, house: House, marloes: Person, tmp_path: Path) -> None:
    path = made.zipped(
        tmp_path / "x.zip",
        {"data/tweets.js": "window.YTD.tweets.part0 = " + json.dumps([made.tweet("1", "Hallo"), {"tweet": {}}]),
         "data/tweets_media/1-a.jpg": b"\x00 no picture"},
    )  # fmt: skip
    assert brought(marloes, path).state == "ready"
    assert Said.objects.get().text == "Hallo"
    assert sorted(Unread.objects.values_list("why", flat=True)) == ["entry", "medium"]


def test_what_stands_in_exports_as_it_should_not(tmp_path: Path) -> None:
    """Each post by itself: what has no year of ours or no form that we know is set aside, and what was not for
    everybody is left out."""
    kinds: dict[str, tuple[dict[str, bytes | str], list[str]]] = {
        "x": ({"data/tweets.js": "window.YTD.tweets.part0 = " + json.dumps(
            [made.tweet("1", "Vroeg", created_at="Wed Mar 05 09:30:00 +0000 1814"), made.tweet("2", "Op tijd")]
        )}, ["Unread", "Op tijd"]),
        "linkedin": ({"Shares.csv": "Date,ShareLink,ShareCommentary,SharedUrl,Visibility\r\n"
            "2021-02-03 10:11:12,,,,MEMBER_NETWORK\r\n2021-02-03 10:11:12,,Dag,,MEMBER_NETWORK\r\n"},
            ["LeftOut", "Dag"]),
        "facebook": ({"posts/your_posts_1.json": json.dumps([{
            "timestamp": 1400000000, "data": [{"post": "Voor € 5"}],
            "attachments": [{"data": [{"external_context": {"url": "https://reurslag.example/a"}}]}],
        }])}, ["Voor € 5\n\nhttps://reurslag.example/a"]),
    }  # fmt: skip
    for platform, (files, said) in kinds.items():
        found = exports.read(zips.Zip(made.zipped(tmp_path / f"{platform}.zip", files)))
        assert [getattr(one, "text", type(one).__name__) for one in found.found] == said
        assert found.platform == platform


def test_pages_and_posts_of_google_plus_that_tell_too_little(tmp_path: Path) -> None:
    folder = "Takeout/Google+ Stream/Posts"
    head = '<a href="https://plus.google.com/1/posts/{}">{}</a><div class="main-content">Dag</div>'
    files: dict[str, bytes | str] = {
        f"{folder}/2.html": b"\xff",
        f"{folder}/3.html": '<div class="visibility">Shared with: Els Bos</div>' + head.format("a", "x"),
        f"{folder}/4.html": head.format("b", "gisteren"),
        f"{folder}/5.html": head.format("c", "Apr 5, 2013, 1:02:03 PM"),
    }
    found = exports.read(zips.Zip(made.zipped(tmp_path / "a.zip", files))).found
    assert sorted(type(one).__name__ for one in found) == ["Entry", "LeftOut", "Unread", "Unread"]
    assert [one.at for one in found if isinstance(one, exports.Entry)] == [datetime(2013, 4, 5, 13, 2, 3, tzinfo=UTC)]
    broken = made.zipped(tmp_path / "b.zip", {f"{folder}/1.json": "{"})
    assert exports.read(zips.Zip(broken)).found == (exports.Unread(f"{folder}/1.json", "entry"),)


@pytest.mark.parametrize(
    ("files", "code"),
    [({"brief.txt": "dag"}, "unknown"), ({"Shares.csv": b"Date,ShareLink,ShareCommentary\r\n\xff\r\n"}, "broken")],
)
def test_what_is_no_export_is_refused(tmp_path: Path, files: dict[str, bytes | str], code: str) -> None:
    with pytest.raises(zips.Hostile) as refused:
        exports.read(zips.Zip(made.zipped(tmp_path / "a.zip", files)))
    assert refused.value.code == code


# ── Hostile archives ─────────────────────────────────────────────────────────────────────────────────────────────────


def _slip(path: Path) -> None:
    made.zipped(path, {"data/tweets.js": "[]", "../../etc/cron.d/x": "x"})


def _windows_slip(path: Path) -> None:
    made.zipped(path, {"C:\\x": "x"})


def _link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("data/tweets_media/1-a.jpg")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")


def _bomb(path: Path) -> None:
    made.zipped(path, {"data/tweets.js": b"0" * 30_000_000})


def _overlapping(path: Path) -> None:
    """Two names for the same bytes."""
    made.zipped(path, {"a.js": os.urandom(40_000), "b.js": os.urandom(40_000)})
    content = bytearray(path.read_bytes())
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)


def _nested(path: Path) -> None:
    made.zipped(path, {"inside.zip": b"PK"})


def _many(path: Path) -> None:
    made.zipped(path, {"a": "a"})
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    content[end + 8 : end + 12] = struct.pack("<HH", 0xFFFE, 0xFFFE)
    path.write_bytes(content)


def _many_in_the_large_record(path: Path) -> None:
    """The small record says one file, the large one before it many; Python believes the large one."""
    made.zipped(path, {"a": "a"})
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    count, size, at = 70_000, *struct.unpack("<LL", content[end + 12 : end + 20])
    large = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    path.write_bytes(content[:end] + large + locator + content[end:])


def _large_record_elsewhere(path: Path) -> None:
    """Its locator points at bytes that are no record, while Python reads the one right before it."""
    _many_in_the_large_record(path)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x06\x07")
    content[at + 8 : at + 16] = struct.pack("<Q", 0)
    path.write_bytes(content)


def _no_large_record(path: Path) -> None:
    _large_record_elsewhere(path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\x06\x06", b"PK\x06\x05"))


def _large_record_before_a_comment(path: Path) -> None:
    """A comment so long that the locator lies before what is read of the end."""
    _many_in_the_large_record(path)
    content = path.read_bytes()
    path.write_bytes(content[:-2] + struct.pack("<H", 0xFFFF) + b" " * 0xFFFF)


def _locked(path: Path) -> None:
    made.zipped(path, {"data/tweets.js": "[]"})
    content = bytearray(path.read_bytes())
    central = content.find(b"PK\x01\x02")
    content[central + 8] |= 1
    path.write_bytes(content)


def _asks_for_memory(path: Path) -> None:
    """Packed in a way in which the archive says how much memory it takes to unpack it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("data/tweets.js", "window.YTD.tweets.part0 = []")


def _no_zip(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7 " * 100)


def _headed(path: Path, kind: bytes, *sizes: int) -> None:
    """A tar with headers that say this much about what comes after them."""
    with gzip.open(path, "wb") as file:
        for number, size in enumerate(sizes):
            info = _member("pax", kind)
            info.size = size
            record = f"{size} comment={'a' * (size - len(str(size)) - 10)}\n".encode()
            file.write(info.tobuf(tarfile.USTAR_FORMAT) + record + b"\0" * (-size % 512))
            file.write(_member(f"{number}.json", tarfile.REGTYPE).tobuf())
        file.write(b"\0" * 1024)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_slip, "slip"), (_windows_slip, "slip"), (_link, "link"), (_bomb, "bomb"), (_overlapping, "bomb"),
        (_nested, "nested"), (_many, "many"), (_many_in_the_large_record, "many"), (_large_record_elsewhere, "many"),
        (_no_large_record, "broken"), (_large_record_before_a_comment, "many"), (_locked, "locked"),
        (_no_zip, "not_zip"), (_asks_for_memory, "packed"),
    ],
)  # fmt: skip
def test_hostile_archives_are_refused_at_once(
    noon: datetime, house: House, marloes: Person, tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    make(tmp_path / "a.zip")
    with pytest.raises(Refused) as refused:
        actions.bring_in(by=marloes, path=tmp_path / "a.zip", name="a.zip")
    assert refused.value.code == code
    assert not Archive.objects.exists()


# ── The older kind of Mastodon: tar.gz ───────────────────────────────────────────────────────────────────────────────


def _tar(path: Path, files: dict[str, bytes], *more: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in more:
            archive.addfile(info)
    return path


def _member(name: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def test_an_older_export_of_mastodon(noon: datetime, house: House, marloes: Person, tmp_path: Path) -> None:
    with zipfile.ZipFile(made.of_mastodon(tmp_path / "m.zip")) as archive:
        files = {f"./{name}": archive.read(name) for name in archive.namelist()}
    path = _tar(tmp_path / "archive-20190506.tar.gz", files, _member("media_attachments", tarfile.DIRTYPE))
    archive, new = actions.bring_in(by=marloes, path=path, name=path.name)
    assert new
    actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    assert (Said.objects.count(), SaidMedium.objects.count()) == (1, 1)
    assert not actions.bring_in(by=marloes, path=path, name="again.tar.gz")[1]


def _long_name(path: Path) -> None:
    """A name of 300 MB stands before a file, packed into nothing."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 300_000_000
    with gzip.open(path, "wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT) + b"a" * 3_000_000)


def _cut_off(path: Path) -> None:
    _tar(path, {"outbox.json": os.urandom(50_000)})
    path.write_bytes(path.read_bytes()[:20_000])


def _cut_off_before_it_was_packed(path: Path) -> None:
    _tar(path, {"outbox.json": os.urandom(50_000)})
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:20_000]))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: _tar(path, {"outbox.json": b"{}", "../../etc/cron.d/x": b"x"}), "slip"),
        (lambda path: _tar(path, {"/etc/passwd": b"x"}), "slip"),
        (lambda path: _tar(path, {"a.json": b"{}"}, _member("b.jpg")), "link"),
        (lambda path: _tar(path, {"a.json": b"{}"}, _member("b.jpg", tarfile.LNKTYPE)), "link"),
        (lambda path: _tar(path, {"a.json": b"{}"}, _member("b", tarfile.FIFOTYPE)), "link"),
        (lambda path: _tar(path, {"a.json": b"{}"}, _member("b", tarfile.CHRTYPE)), "link"),
        (lambda path: _tar(path, {"outbox.json": b"0" * 30_000_000}), "bomb"),
        (lambda path: _tar(path, {"inside.tar.gz": b"x"}), "nested"),
        (lambda path: _tar(path, {"a.json": b"1", "./a.json": b"2"}), "lying"),
        (lambda path: _tar(path, {}), "empty"),
        (lambda path: path.write_bytes(b"\x1f\x8b" + os.urandom(2000)), "broken"),
        (lambda path: path.write_bytes(gzip.compress(b"no archive at all")), "broken"),
        (_long_name, "bomb"), (_cut_off, "broken"), (_cut_off_before_it_was_packed, "broken"),
        (lambda path: _headed(path, tarfile.XGLTYPE, 40), "broken"),  # kept, and read again for each file after it
        (lambda path: _headed(path, tarfile.XHDTYPE, 20_000), "bomb"),
        (lambda path: _tar(path, {"a.json": b"{}"}, _member("b", tarfile.GNUTYPE_SPARSE)), "broken"),
    ],
)  # fmt: skip
def test_hostile_tars_are_refused_at_once(
    noon: datetime, house: House, marloes: Person, tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    make(tmp_path / "a.tar.gz")
    with pytest.raises(Refused) as refused:
        actions.bring_in(by=marloes, path=tmp_path / "a.tar.gz", name="a.tar.gz")
    assert refused.value.code == code
    assert not Archive.objects.exists()


def test_what_headers_say_together_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _headed(tmp_path / "a.tar.gz", tarfile.XHDTYPE, 40, 40, 40)
    with tars.as_zip(tmp_path / "a.tar.gz") as path, zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["0.json", "1.json", "2.json"]
    monkeypatch.setattr(tars, "MOST_SAID", 100)
    with pytest.raises(zips.Hostile, match="bomb"), tars.as_zip(tmp_path / "a.tar.gz"):
        pass


def test_a_hundred_thousand_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    with pytest.raises(zips.Hostile, match="many"):
        zips.Zip(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("at", "said", "code"),
    [
        (0, b"PK\0\0", "broken"),  # no list of files where it should begin
        (20, struct.pack("<L", 2_000_000), "lying"),  # more bytes than the whole archive has
        (24, struct.pack("<L", 2_000_000_000), "bomb"),  # more than can come out of so few
    ],
)
def test_a_list_of_files_that_lies_is_refused_at_once(tmp_path: Path, at: int, said: bytes, code: str) -> None:
    path = made.zipped(tmp_path / "a.zip", {"data/tweets.js": "[]"})
    content = bytearray(path.read_bytes())
    central = content.find(b"PK\x01\x02") + at
    content[central : central + len(said)] = said
    path.write_bytes(content)
    with pytest.raises(zips.Hostile) as refused:
        zips.Zip(path)
    assert refused.value.code == code


def test_lying_headers(noon: datetime, house: House, marloes: Person, tmp_path: Path) -> None:
    path = made.zipped(tmp_path / "a.zip", {"data/tweets.js": b"window.YTD.tweets.part0 = []" + b" " * 500})
    content = bytearray(path.read_bytes())
    central = content.find(b"PK\x01\x02")
    content[central + 24 : central + 28] = struct.pack("<L", 30)  # it says that it is smaller
    path.write_bytes(content)
    archive = brought(marloes, path)
    assert (archive.state, archive.because) == ("refused", "lying")
    client = Client()
    client.force_login(marloes)
    assert "kept</p>" not in client.get("/posts/archive/").text, "of what was refused no number is told"


@pytest.mark.parametrize("content", ["[" * 100_000, "window.YTD.tweets.part0 = {", "", '[1, null, "x"]', "{}"])
def test_posts_that_are_no_posts(noon: datetime, house: House, marloes: Person, tmp_path: Path, content: str) -> None:
    archive = brought(marloes, made.zipped(tmp_path / "a.zip", {"data/tweets.js": content, "readme.txt": "x" * 100}))
    assert archive.state in ("refused", "ready")
    assert not Said.objects.exists()


# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_private_until_chosen(noon: datetime, house: House, marloes: Person, tmp_path: Path, visit: Visit) -> None:
    archive = brought(marloes, made.of_google_plus(tmp_path / "g.zip"))
    said = Said.objects.get(text__startswith="Onze")
    page = f"/newsroom/archive/{said.pk}/"
    assert visit(None).get(page).status_code == 404
    assert "Onze" not in visit(None).get("/newsroom/archive/").content.decode()
    assert actions.show_said(by=marloes, archive=archive, year=2011) == 0
    assert actions.show_said(by=marloes, archive=archive, year=2013) == 1
    shown = visit(None).get(page).content.decode()
    assert "Google+" in shown
    assert "2019" in shown, "a dead platform is shown as such"
    assert "plus.google.com" not in shown, "nobody can follow that any more"
    assert "Onze" in visit(None).get("/newsroom/archive/?year=2013").content.decode()
    picture = SaidMedium.objects.get().medium.renditions.select_related("file")
    assert all(one.file.public for one in picture)
    assert actions.hide_said(by=marloes, archive=archive, only=[said.pk]) == 1
    assert visit(None).get(page).status_code == 404
    assert not any(one.file.public for one in picture.all())


def test_everything_that_was_said(
    noon: datetime, house: House, marloes: Person, tmp_path: Path, visit: Visit, released: Callable[..., Target],
    news: object,
) -> None:  # fmt: skip
    from koor.flow.publishing.actions.deliver import deliver

    deliver(released("Acht lokalen hebben frisse lucht.", news).pk)
    actions.show_said(by=marloes, archive=brought(marloes, made.of_x(tmp_path / "x.zip")))
    page = visit(None).get("/newsroom/archive/").content.decode()
    assert page.index("Acht lokalen") < page.index("Nieuwe ketel")
    assert "2014" in page


def test_only_who_may(noon: datetime, house: House, bram: Person, henk: Person, tmp_path: Path, visit: Visit) -> None:
    with pytest.raises(Forbidden):
        actions.bring_in(by=henk, path=made.of_x(tmp_path / "x.zip"), name="x.zip")
    assert visit(henk).get("/posts/archive/").status_code == 403


def test_thrown_away_with_its_pictures(
    noon: datetime,
    house: House,
    marloes: Person,
    tmp_path: Path,
    django_assert_max_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    archive = brought(marloes, made.of_x(tmp_path / "x.zip"))
    said = Said.objects.first()
    for number in range(20):
        medium = Medium.objects.create()
        for width in (1, 2):
            file = store(f"{number} {width}".encode(), mime="image/jpeg")
            Rendition.objects.create(medium=medium, file=file, format="jpeg", width=width, height=1)
        SaidMedium.objects.create(said=said, medium=medium, order=number + 9)
    shown = PostMedium.objects.create(
        post=Post.objects.create(by=marloes, made_at=noon, changed_at=noon), medium=medium, order=0
    )
    paths = list(StoredFile.objects.exclude(pk__in=medium.renditions.values("file")).values_list("path", flat=True))
    with django_assert_max_num_queries(300), django_capture_on_commit_callbacks(execute=True):
        actions.drop_archive(by=marloes, archive=archive)
    assert [shown.medium] == list(Medium.objects.all()), "a post shows it"
    assert StoredFile.objects.count() == 2
    assert not any(map(default_storage.exists, paths))
    for rows in (Said, SaidMedium):
        assert not rows.objects.exists()


def test_half_a_sign_and_what_can_not_be_kept_stop_nothing_else(
    noon: datetime, house: House, marloes: Person, tmp_path: Path
) -> None:
    odd = [
        made.tweet("104", "half een gezicht \ud83d ."),
        made.tweet("1\x005", "Een nul"),
        made.tweet("106", "Daarna."),
    ]
    archive = brought(marloes, made.of_x(tmp_path / "x.zip", *odd))
    assert archive.state == "ready"
    assert set(Said.objects.values_list("text", flat=True)) >= {"half een gezicht \ufffd .", "Daarna."}
    assert archive.unread.count() == 1


def test_one_that_stands_still_is_gone_on_with_and_can_be_thrown_away(
    noon: datetime, house: House, marloes: Person, tmp_path: Path, visit: Visit
) -> None:
    archive, _new = actions.bring_in(by=marloes, path=made.of_x(tmp_path / "x.zip"), name="x.zip")
    Archive.objects.filter(pk=archive.pk).update(state="reading")
    assert archiving.sweep_archives() == 1
    assert f"/posts/archive/{archive.pk}/drop/" in visit(marloes).get(f"/posts/archive/{archive.pk}/").content.decode()
    actions.drop_archive(by=marloes, archive=archive)
    actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    assert (archiving.sweep_archives(), Said.objects.count()) == (0, 0)


def test_ones_own_threads_come_whole(noon: datetime, house: House, marloes: Person, tmp_path: Path) -> None:
    ours = {"in_reply_to_status_id_str": "101", "in_reply_to_screen_name": "Reurslag"}
    parts = made.tweet("104", "Deel twee.", **ours), made.tweet("105", "@klant en jij?", **ours)
    brought(marloes, made.of_x(tmp_path / "x.zip", *parts))
    actor, note = "https://social.example/users/r", "https://social.example/users/r/statuses/1"
    mention = {"tag": [{"type": "Mention", "name": "@k@elders.example"}]}
    rows = [
        {"type": "Create", "actor": actor, "object": {
            "id": f"{actor}/statuses/{number}", "content": text, "published": "2019-05-06T07:08:09Z",
            "to": ["as:Public"], "inReplyTo": note} | more}
        for number, text, more in ((7, "Vervolg.", {}), (8, "@k nee", mention))
    ]  # fmt: skip
    brought(marloes, made.zipped(tmp_path / "m.zip", {"outbox.json": json.dumps({"orderedItems": rows})}))
    said = set(Said.objects.values_list("text", flat=True))
    assert said >= {"Deel twee.", "Vervolg."}
    assert not said & {"@klant en jij?", "@k nee"}


def test_by_a_form_and_in_pieces(noon: datetime, house: House, marloes: Person, tmp_path: Path, visit: Visit) -> None:
    client, content = visit(marloes), made.of_x(tmp_path / "x.zip").read_bytes()
    sent = client.post("/posts/archive/", {"file": SimpleUploadedFile("x.zip", content)})
    archive = Archive.objects.get()
    assert sent["Location"] == f"/posts/archive/{archive.pk}/"
    upload, _new = resumable.begin(owner=marloes.pk, size=len(content), name="x.zip")
    resumable.path_of(upload).write_bytes(content)
    again = client.post("/posts/archive/", {"upload": upload.handle})
    assert (again.status_code, again.json()["url"]) == (201, sent["Location"])
    bad = client.post("/posts/archive/", {"file": SimpleUploadedFile("x.zip", b"no zip at all")})
    assert (bad.status_code, Archive.objects.count()) == (422, 1)
    actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    assert b"Nieuwe ketel" in client.get(sent["Location"]).content
    client.post(f"{sent['Location']}choose/", {"what": "all"})
    assert Said.objects.filter(shown_at=None).count() == 0
    for odd in ("0000", "1899", "9999"):
        assert client.post(f"{sent['Location']}choose/", {"what": odd}).status_code == 404
        assert client.get(sent["Location"], {"year": odd}).status_code == 200


class TestNotes:
    """What was longer than a post of X stands in a file of its own, under another number."""

    LONG = "Wij hebben dit jaar acht scholen van frisse lucht voorzien, en dit is wat we leerden. " * 6
    AT = "2014-03-05T09:30:20.000Z"

    def read(self, tmp_path: Path, *notes: Any, text: str = "") -> str:
        begun = text or self.LONG[:270] + "… https://t.co/n"
        rows = "window.YTD.note_tweet.part0 = " + json.dumps([{"noteTweet": note} for note in notes])
        tweets = "window.YTD.tweets.part0 = " + json.dumps([made.tweet("7", begun)])
        opened = zips.Zip(made.zipped(tmp_path / "x.zip", {"data/tweets.js": tweets, "data/note-tweet.js": rows}))
        (found,) = exports.read(opened).found
        assert isinstance(found, exports.Entry)
        return found.text

    def test_the_whole_of_it_comes_in(self, tmp_path: Path) -> None:
        url = {"shortUrl": "https://t.co/x", "expandedUrl": "https://reurslag.example/lucht"}
        core = {"text": self.LONG + "https://t.co/x", "urls": [url]}
        text = self.read(tmp_path, {"noteTweetId": "9", "createdAt": self.AT, "core": core})
        assert text == self.LONG + "https://reurslag.example/lucht"

    def test_an_address_in_what_is_written_out_is_not_written_out_again(self, tmp_path: Path) -> None:
        urls = [{"shortUrl": "https://t.co/x", "expandedUrl": "https://t.co/x" * 2}] * 40
        urls += [{"shortUrl": "a", "expandedUrl": "aa"}] * 40
        core = {"text": self.LONG + "https://t.co/x", "urls": urls}
        text = self.read(tmp_path, {"noteTweetId": "9", "createdAt": self.AT, "core": core})
        assert text == self.LONG + "https://t.co/x" * 2

    def test_more_addresses_than_a_post_has_is_hostile(self, tmp_path: Path) -> None:
        core = {"text": self.LONG, "urls": [{"shortUrl": "https://t.co/x", "expandedUrl": "https://a.example"}] * 1001}
        with pytest.raises(zips.Hostile):
            self.read(tmp_path, {"noteTweetId": "9", "createdAt": self.AT, "core": core})

    def test_notes_that_can_not_be_read_keep_no_post_away(self, tmp_path: Path) -> None:
        files: dict[str, bytes | str] = {
            "data/tweets.js": "window.YTD.tweets.part0 = " + json.dumps([made.tweet("7", "Hallo")]),
            "data/note-tweet.js": "window.YTD.note_tweet.part0 = [{",
        }
        (found,) = exports.read(zips.Zip(made.zipped(tmp_path / "x.zip", files))).found
        assert isinstance(found, exports.Entry)
        assert found.text == "Hallo"

    @pytest.mark.parametrize("note", [
        {}, {"core": 5}, {"createdAt": "never", "core": {"text": LONG}},
        {"createdAt": "2019-03-05T09:30:20.000Z", "core": {"text": LONG}},
    ])  # fmt: skip
    def test_what_is_of_another_moment_or_broken_changes_nothing(self, tmp_path: Path, note: Any) -> None:
        assert self.read(tmp_path, note).startswith(self.LONG[:270] + "…")

    def test_two_that_begin_the_same_are_not_guessed_between(self, tmp_path: Path) -> None:
        notes = [{"createdAt": self.AT, "core": {"text": self.LONG + end}} for end in ("a", "b")]
        assert "…" in self.read(tmp_path, *notes)


def test_a_name_with_signs_that_are_almost_numbers_stops_nothing(
    noon: datetime, house: House, marloes: Person, tmp_path: Path
) -> None:
    path = made.of_x(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        for name in ("1\u00b22", "9" * 5000):
            archive.writestr(f"data/tweets_media/{name}-b.jpg", b"x")
    archive_, _new = actions.bring_in(by=marloes, path=path, name="a.zip")
    actions.read_archive(by=SYSTEM, archive_id=archive_.pk)
    assert Archive.objects.get().state == "ready"


def test_an_export_that_is_not_as_it_should_be_comes_to_an_end(
    noon: datetime, house: House, marloes: Person, tmp_path: Path
) -> None:
    for number, (files, state) in enumerate(
        (
            ({"outbox.json": json.dumps({"orderedItems": []}), "actor.json": "[]"}, "ready"),
            ({"outbox.json": "7"}, "refused"),
            ({"data/tweets.js": '[{"tweet": 7}]', "data/note-tweet.js": "[7]", "data/account.js": "[7]"}, "ready"),
        )
    ):
        path = made.zipped(tmp_path / f"{number}.zip", files)
        archive, _new = actions.bring_in(by=marloes, path=path, name=path.name)
        actions.read_archive(by=SYSTEM, archive_id=archive.pk)
        assert Archive.objects.get(pk=archive.pk).state == state
