"""An export that is large, late or odd: read in turns, and no more of it than may be."""

import gzip
import struct
import tarfile
from pathlib import Path

import pytest
from django.db import connection

from koor.flow.hub.models import Medium
from koor.flow.publishing import actions
from koor.flow.publishing.actions import archiving
from koor.flow.publishing.logic import tars, zips
from koor.flow.publishing.models import Archive, Said, SaidMedium, Unread
from koor.flow.publishing.tests import exports as made
from koor.flow.publishing.tests.test_archive import brought
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry, StoredFile

pytestmark = pytest.mark.usefixtures("noon", "house")


def test_it_is_read_in_turns(marloes: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others wait for the same worker; what was read in one turn is not read again in the next."""
    monkeypatch.setattr(archiving, "TURN", -1.0)
    archive, _new = actions.bring_in(by=marloes, path=made.of_x(tmp_path / "x.zip"), name="x.zip")
    for done in (1, 2):
        with connection.cursor() as cursor:
            cursor.execute("truncate procrastinate_jobs cascade")
            actions.read_archive(by=SYSTEM, archive_id=archive.pk)
            cursor.execute("select count(*) from procrastinate_jobs where task_name like '%%read_archive'")
            assert cursor.fetchone() == (1,)
        archive.refresh_from_db()
        assert (archive.state, archive.done) == ("reading", done)
    for _time in range(2):
        actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.done, archive.known, Said.objects.count()) == ("ready", 3, 0, 1)
    assert AuditEntry.objects.filter(verb="publishing.read_archive").count() == 1


def test_what_is_thrown_away_while_it_is_read_leaves_nothing(
    marloes: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, _new = actions.bring_in(by=marloes, path=made.of_x(tmp_path / "x.zip"), name="x.zip")
    monkeypatch.setattr(archiving, "fault", lambda _after_one: actions.drop_archive(by=marloes, archive=archive))
    actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    assert [rows.objects.count() for rows in (Archive, Said, StoredFile)] == [0, 0, 0]


def test_what_is_written_as_nobody_expected_is_refused_and_not_tried_for_ever(
    marloes: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unforeseen(_opened: zips.Zip) -> None:
        raise KeyError("like_it_was_in_2009")

    monkeypatch.setattr(archiving.exports, "read", unforeseen)
    archive = brought(marloes, made.of_x(tmp_path / "x.zip"))
    assert (archive.state, archive.because, archive.file) == ("refused", "broken", None)


def test_what_was_refused_may_be_brought_in_again(marloes: Person, tmp_path: Path) -> None:
    path = made.zipped(tmp_path / "a.zip", {"brief.txt": "dag"})
    first = brought(marloes, path)
    assert first.state == "refused"
    again, new = actions.bring_in(by=marloes, path=path, name="a.zip")
    assert (new, again.pk != first.pk, Archive.objects.count()) == (True, True, 1)


def test_pictures_come_in_for_somebody_alone_and_within_bounds(
    marloes: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of who brought it in and left no picture is taken; the words stay."""
    monkeypatch.setattr(archiving, "MOST_MEDIUM", 100)
    brought(marloes, made.of_mastodon(tmp_path / "m.zip"))
    assert Unread.objects.filter(why="large").count() == 1
    archive, _new = actions.bring_in(by=marloes, path=made.of_x(tmp_path / "x.zip"), name="x.zip")
    Archive.objects.update(by=None)
    actions.read_archive(by=SYSTEM, archive_id=archive.pk)
    assert (archive.said.count(), SaidMedium.objects.count()) == (1, 0)


def test_a_film_that_is_ready_later_is_seen_where_its_words_are(marloes: Person, tmp_path: Path) -> None:
    archive = brought(marloes, made.of_x(tmp_path / "x.zip"))
    medium = Medium.objects.get()
    files = StoredFile.objects.filter(pk__in=medium.renditions.values("file"))
    archiving.follow_medium(medium.pk)
    assert not files.filter(public=True).exists(), "nobody chose it yet"
    actions.show_said(by=marloes, archive=archive)
    files.update(public=False)  # as what is made of it only now
    archiving.follow_medium(medium.pk)
    assert not files.filter(public=False).exists()


def test_thrown_away_before_it_was_read(marloes: Person, tmp_path: Path) -> None:
    archive, _new = actions.bring_in(by=marloes, path=made.of_x(tmp_path / "x.zip"), name="x.zip")
    kept = archive.file_id
    actions.drop_archive(by=marloes, archive=archive)
    assert not Archive.objects.exists()
    assert not StoredFile.objects.filter(pk=kept).exists()


# ── What an archive says of itself ───────────────────────────────────────────────────────────────────────────────────


def refused(path: Path) -> str:
    with pytest.raises(zips.Hostile) as found:
        zips.Zip(path)
    return found.value.code


def test_more_files_than_its_end_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made.zipped(tmp_path / "a.zip", {str(number): "x" for number in range(3)})
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    content[end + 8 : end + 12] = struct.pack("<HH", 1, 1)
    path.write_bytes(content)
    monkeypatch.setattr(zips, "MOST_FILES", 2)
    assert refused(path) == "many"


def test_a_name_with_an_end_in_the_middle(tmp_path: Path) -> None:
    path = made.zipped(tmp_path / "a.zip", {"data/aXb.js": "x"})
    path.write_bytes(path.read_bytes().replace(b"aXb", b"a\0b"))
    assert refused(path) == "slip"


def test_a_file_that_is_longer_or_shorter_than_may_be(tmp_path: Path) -> None:
    path = made.zipped(tmp_path / "a.zip", {"a.js": b"[]" * 300})
    with pytest.raises(zips.Hostile, match="large"):
        zips.Zip(path).read("a.js", 599)
    content = bytearray(path.read_bytes())
    central = content.find(b"PK\x01\x02")
    content[central + 24 : central + 28] = struct.pack("<L", 700)  # it says that it is larger
    path.write_bytes(content)
    with pytest.raises(zips.Hostile, match="lying"):
        zips.Zip(path).read("a.js", 1000)


def test_a_tar_of_more_files_than_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        for number in range(3):
            archive.addfile(tarfile.TarInfo(f"{number}.json"))
    monkeypatch.setattr(tars, "MOST_FILES", 2)
    with pytest.raises(zips.Hostile, match="many"), tars.as_zip(tmp_path / "a.tar.gz"):
        pass


def test_what_is_unpacked_is_read_forward_and_in_pieces(tmp_path: Path) -> None:
    """Whatever the reader of tars asks for: no more in memory than a piece, and nothing twice."""
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 3000))
    with gzip.open(tmp_path / "a.gz") as file:
        forward = tars._Forward(file, 2000)
        assert (forward.read(1000), forward.seek(1500)) == (b"x" * 1000, 1500)
        for most in (-1, tars.MOST_AT_ONCE + 1, 1000):
            with pytest.raises(zips.Hostile, match="bomb"):
                forward.read(most)
        with pytest.raises(zips.Hostile, match="lying"):
            forward.seek(0)
