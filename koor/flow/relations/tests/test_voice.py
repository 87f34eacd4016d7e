"""The voice of the customer: counted by subject and project, and every figure opens to the words."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Message
from koor.flow.listening.models import Match, Mention, Query, Source
from koor.flow.relations.queries import voice as queries
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.kernel import clock
from koor.kernel.access import SYSTEM, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def pumps(house, marloes, noon):
    query = Query.objects.create(
        name="Heat pumps", expression="pump", by=marloes, made_at=clock.now(), changed_at=clock.now()
    )
    source = Source.objects.create(name="Heard", kind="file", made_at=clock.now())
    said = (
        ("What does a pump cost?", ""),
        ("Lovely pump", "aha"),
        ("It is too loud", "ohoh"),
        ("Buy followers", "noise"),
    )
    for n, (text, label) in enumerate(said):
        row = Mention.objects.create(
            source=source, external_id=str(n), author="Els", text=text, said_at=clock.now(), stored_at=clock.now(),
            label=label,
        )  # fmt: skip
        Match.objects.create(query=query, mention=row, said_at=row.said_at)
    return query


def test_counted_by_subject_and_opened(pumps, marloes):
    (topic,) = queries.voice(marloes).topics
    assert (topic.name, topic.said, dict(topic.figures)) == ("Heat pumps", 3, {"asks": 1, "praises": 1, "complains": 1})
    for kind, number in topic.figures:
        assert queries.words_about(marloes, "topic", topic.pk, kind).rows.count() == number
    assert queries.words_about(marloes, "topic", topic.pk).rows.count() == topic.said


def test_counted_by_project(karin, marloes, anneke, house, noon):
    work = contacts.add_project(by=SYSTEM, name="De Esch", contact=karin)
    conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text="Is it quiet?")
    (project,) = queries.voice(marloes).projects
    assert (project.pk, project.said, dict(project.figures)["asks"]) == (work.pk, 1, 1)
    assert [row.text for row in queries.words_about(marloes, "project", work.pk, "asks").rows] == ["Is it quiet?"]


def test_counted_by_product(karin, marloes, anneke, visit, house, noon, django_assert_num_queries):
    def says(text):
        conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text=text)

    for text in ("Is the Fluister quiet?", "The fluister 300 hums. Is that so?", "A Fluisteraar came by."):
        says(text)
    assert queries.voice(marloes).products == []
    browser = visit(marloes)
    page = browser.get(reverse("conversations:products")).content.decode()
    assert "Intergas" in page
    names = {"names": "Fluister\n fluister \nDe Grote / Bries\n"}
    assert browser.post(reverse("conversations:products"), names).status_code == 302
    (product,) = queries.voice(marloes).products
    assert (product.name, product.said, dict(product.figures)["asks"]) == ("Fluister", 2, 2)
    assert "Which products we count" in browser.get(reverse("relations:voice")).content.decode()
    opened = browser.get(reverse("relations:voice_product", args=["Fluister"])).content.decode()
    assert "The fluister 300 hums." in opened
    assert "Fluisteraar" not in opened
    assert browser.get(reverse("relations:voice_product", args=["De Grote / Bries"])).status_code == 200
    assert browser.get(reverse("relations:voice_product", args=["Intergas"])).status_code == 404


def test_of_customers_alone_and_however_a_name_is_written(karin, marloes, anneke, visit, house, noon):
    """Counted is no machine, no word to a colleague alone, no exercise, no noise."""
    contacts.add_project(by=SYSTEM, name="De Esch", contact=karin)
    conversations.keep_products(
        by=marloes, names="\n".join(["Straßenpumpe", "No\u2011Frost", "C++ kit", *(f"Naam {n}" for n in range(197))])
    )
    for text in ("De strassenpumpe is stuk", "Mijn STRASSENPUMPE, en de no-frost van hiernaast", "plan c en kit"):
        conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text=text)
    hers = Account.objects.create(connector="mastodon", name="Anneke", owner=anneke, personal=True, made_at=clock.now())
    row = Message.objects.earliest("pk")
    for fields in ({"kind": "automatic"}, {"kind": "bounce"}, {"kind": "direct", "account": hers}):
        Message.objects.create(conversation=row.conversation, contact=karin, direction="in", text=row.text, at=row.at,
                               stored_at=row.stored_at, **fields)  # fmt: skip
    found = queries.voice(marloes)
    page = visit(marloes).get(reverse("relations:voice")).content.decode()
    assert "No\u2011Frost" in page
    assert "Naam 7" not in page
    assert [(one.name, one.said) for one in found.products] == [("Straßenpumpe", 2), ("No\u2011Frost", 1)]
    assert [one.said for one in found.projects] == [3]
    Message.objects.update(contact=None)
    opened = visit(marloes).get(reverse("relations:voice_product", args=["Straßenpumpe"])).content.decode()
    assert opened.count(">Somebody</a>") == 2


def test_a_name_with_a_number_in_it_is_counted(karin, marloes, anneke, house, noon):
    """Names as makers write them, and as customers write them over."""
    names = ["VR-700", "ecoTEC-5", "Altherma 3.0", "WP-A 07.2", "CR50/2", "A/B box", "Quatt.io", "Fluister 300"]
    conversations.keep_products(by=marloes, names="\n".join(names))
    for text in ("De VR-700 doet het niet", "mijn vr 700 ook", "De fluister-300.", "plan a of b box", "nummer -700"):
        conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text=text)
    for name in names[1:7]:
        text = f"Onze {name} lekt"
        conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text=text)
    found = {one.name: one.said for one in queries.voice(marloes).products}
    assert found == {"VR-700": 2, **dict.fromkeys(names[1:], 1)}


def test_not_for_everybody(pumps, henk, visit, marloes):
    with pytest.raises(NotFound):
        queries.voice(henk)
    assert visit(henk).get(reverse("relations:voice")).status_code == 404
    with pytest.raises(NotFound):
        queries.words_about(marloes, "project", 999)


def test_the_pages(visit, pumps, marloes):
    browser = visit(marloes)
    page = browser.get(reverse("relations:voice")).content.decode()
    assert "Heat pumps" in page
    assert page.count('data-label="They complain"') == 1  # on a phone each figure says what it is
    path = reverse("relations:voice_words", args=["topic", pumps.pk])
    assert page.count(f'href="{path}?days=90"') == 2  # the name, and all that was said
    assert "It is too loud" in browser.get(f"{path}?kind=complains").content.decode()
    assert "Lovely pump" not in browser.get(f"{path}?kind=complains").content.decode()
    assert browser.get(f"{path}?kind=x&days=7&page=9").status_code == 200
    assert browser.get(reverse("relations:voice_words", args=["person", 1])).status_code == 404


def test_it_costs_the_same_for_many(visit, pumps, marloes, django_assert_num_queries):
    browser = visit(marloes)
    browser.get(reverse("relations:voice"))
    with django_assert_num_queries(5):
        browser.get(reverse("relations:voice"))
