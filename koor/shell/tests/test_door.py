"""Another language, the app on the phone, and the navigation."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from koor.ground.people.models import Person
from koor.shell.navigation import FRONT, VERBS, counted, drawn_places, drawn_verbs, place_of

Visit = Callable[[Person | None], Client]


def test_a_colleague_keeps_the_language(visit: Visit, bram: Person) -> None:
    answered = visit(bram).post("/language/", {"language": "nl", "next": "/search/"})
    assert answered["Location"] == "/search/"
    bram.refresh_from_db()
    assert bram.language == "nl"


def test_a_stranger_reads_it_too(visit: Visit, house: object) -> None:
    client = visit(None)
    client.post("/language/", {"language": "nl"})
    assert 'lang="nl"' in client.get("/sign-in/login/").content.decode()


def test_never_sent_to_another_house(visit: Visit, bram: Person) -> None:
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "foo"):
        assert visit(bram).post("/language/", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_an_unknown_language_changes_nothing(visit: Visit, bram: Person) -> None:
    visit(bram).post("/language/", {"language": "xx"})
    bram.refresh_from_db()
    assert bram.language == "en"


def test_manifest(visit: Visit, house: object) -> None:
    answered = visit(None).get("/koor.webmanifest")
    assert answered["Content-Type"] == "application/manifest+json"
    assert answered.json()["start_url"] == "/"


def test_on_the_phone_it_opens_on_what_one_does_most(
    visit: Visit, bram: Person, newcomer: Person, marloes: Person, hanna: Person
) -> None:
    def opens_on(person: Person) -> str:
        return str(visit(person).get("/koor.webmanifest").json()["start_url"])

    assert [opens_on(one) for one in (bram, newcomer)] == [reverse("hub:capture")] * 2
    assert [opens_on(one) for one in (marloes, hanna)] == ["/", "/"]


def address(url_name: str) -> str:
    return "" if url_name == "hub:capture" else "/" + url_name.replace(":", "/") + "/"


def test_places_without_a_page_are_left_out() -> None:
    places = drawn_places(FRONT, roles=(), here="shell:today", address=address, count=lambda place: 0)
    assert [place.url_name for place in places if place.here] == ["shell:today"]
    assert "hub:capture" not in [place.url_name for place in places]


def test_verbs_follow_roles() -> None:
    def keys(*roles: str) -> list[str]:
        return [v.key for v in drawn_verbs(roles=roles, here="", address=address, count=lambda place: 0)]

    assert keys() == []
    assert keys("curator") == [*(verb.key for verb in VERBS), "manage"]
    assert keys("administrator") == ["facilitate", "mobilise", "manage"]


def test_a_page_below_a_place_counts_as_being_there() -> None:
    drawn = drawn_verbs(roles={"curator"}, here=place_of("publishing:post"), address=address, count=lambda place: 3)
    here = [verb for verb in drawn if verb.here]
    assert [verb.key for verb in here] == ["mobilise"]
    assert here[0].url == "/publishing/posts/"
    assert here[0].count == 3 * len(here[0].places)


def test_a_page_belongs_to_one_place() -> None:
    assert place_of("hub:ideas") == "hub:ideas"
    assert place_of("hub:item") == "hub:library"
    assert place_of("hub:mine") == "hub:capture"
    assert place_of("hub:prompt") == "hub:prompts"
    assert place_of("contacts:contact") == "contacts:people"
    assert place_of("contacts:contact", backstage=True) == "contacts:contacts"
    assert place_of("account_login") == ""


def test_elsewhere_only_what_is_urgent_is_counted() -> None:
    asked = counted(roles={"curator"}, here="story:page")
    teach = ["story:page", "story:carried", "academy:lessons", "people:skills"]
    assert asked == ["conversations:talk", "conversations:inbox", "conversations:fires", *teach]
