"""After "not for me": where it should have gone, what is learnt of it, and how it becomes a rule."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import Refusal, Rule
from koor.flow.listening.models import Lesson
from koor.ground.governance import actions as governance
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed(opened, bram):
    """Bram was asked, and said that it is not for him; now nobody has it."""
    governance.set_responsibility(by=SYSTEM, purpose="service", person=bram, agreed="")
    conversation = opened("Klopt mijn factuur van maart?", by="Els Vos")
    return actions.not_for_me(by=bram, conversation=conversation)


def test_it_goes_there_and_koor_remembers(passed, bram, anneke):
    after = actions.tell_where(by=bram, conversation=passed, person=anneke)
    assert (after.assignee, after.ground) == (anneke, "person")
    assert Refusal.objects.get().belongs_to == anneke
    lesson = Lesson.objects.get()
    assert (lesson.question, lesson.label, lesson.by) == ("discipline", "service", bram)
    assert lesson.source == f"conversations.conversation:{passed.pk}"


def test_when_somebody_has_it_already_it_stays_there(passed, bram, anneke, rob, marloes):
    actions.assign(by=marloes, conversation=passed, person=rob)
    after = actions.tell_where(by=bram, conversation=passed, person=anneke)
    after.refresh_from_db()
    assert after.assignee == rob
    assert Refusal.objects.get().belongs_to == anneke


def test_only_who_said_so(passed, henk, anneke, bram):
    with pytest.raises(NotFound):
        actions.tell_where(by=henk, conversation=passed, person=anneke)
    with pytest.raises(Refused):
        actions.tell_where(by=bram, conversation=passed, person=bram)


def test_handing_over_teaches_but_not_about_ones_own_people(opened, knows, henk, anneke, marloes):
    knows(henk, direct_line=True)
    hers = opened("Boven koud")
    actions.assign(by=henk, conversation=hers, person=anneke)
    assert not Lesson.objects.exists()
    theirs = opened("Boven koud", by="Els Vos")
    actions.assign(by=marloes, conversation=theirs, person=anneke)
    actions.assign(by=marloes, conversation=theirs, person=marloes)  # taken oneself: nothing is said of the subject
    assert [lesson.label for lesson in Lesson.objects.all()] == ["service"]


def test_one_tap_leads_on_to_where_and_to_a_proposal(visit, opened, bram, anneke, marloes):
    governance.set_responsibility(by=SYSTEM, purpose="service", person=bram, agreed="")
    conversation = opened("Klopt mijn factuur van maart?", by="Els Vos")
    browser = visit(bram)
    page = browser.post(reverse("conversations:not_for_me", args=[conversation.pk]), follow=True).content.decode()
    address = reverse("conversations:where_to", args=[conversation.pk])
    assert address in page
    page = browser.get(address).content.decode()
    assert "Always ask them when it holds “factuur”" in page
    browser.post(address, {"person": anneke.pk, "always": "on"})
    made = Rule.objects.get()
    assert (made.state, made.when, made.ask) == ("proposed", {"words": "factuur"}, [["person", anneke.pk]])
    assert "Proposed by colleagues" in visit(marloes).get(reverse("conversations:rules")).content.decode()
    visit(marloes).post(reverse("conversations:resume_rule", args=[made.pk]))
    assert opened("Nog een factuur", by="Jan Pot").assignee == anneke
    browser.post(address, {"person": anneke.pk, "words": "maart"})
    assert Rule.objects.latest("pk").when == {"words": "maart"}


def test_where_no_word_tells_the_subject_one_gives_the_word_of_the_rule(visit, opened, bram, anneke):
    governance.set_responsibility(by=SYSTEM, purpose="service", person=bram, agreed="")
    conversation = opened("Nou, ik ben benieuwd.", by="Els Vos")
    actions.not_for_me(by=bram, conversation=conversation)
    address = reverse("conversations:where_to", args=[conversation.pk])
    browser = visit(bram)
    assert "By which word such questions can be known" in browser.get(address).content.decode()
    wrong = browser.post(address, {"person": anneke.pk, "words": "(meelopen"})
    assert wrong.status_code == 422
    assert not Rule.objects.exists()
    browser.post(address, {"person": anneke.pk, "words": "meelopen"})
    made = Rule.objects.get()
    assert (made.state, made.when, made.ask) == ("proposed", {"words": "meelopen"}, [["person", anneke.pk]])


def test_the_curator_gets_a_rule_that_is_nearly_written(visit, opened, marloes, anneke):
    conversation = opened("Klopt mijn factuur van maart?", by="Els Vos")
    browser = visit(marloes)
    address = reverse("conversations:assign", args=[conversation.pk])
    page = browser.post(address, {"person": anneke.pk, "place": "inbox"}, follow=True).content.decode()
    onward = f"{reverse('conversations:add_rule')}?like={conversation.pk}&amp;to={anneke.pk}"
    assert onward in page
    page = browser.get(onward.replace("&amp;", "&")).content.decode()
    assert 'value="factuur"' in page
    assert f'value="person:{anneke.pk}" selected' in page
    assert 'value="platform:mastodon" selected' in page


def test_of_a_conversation_that_one_did_not_pass_on_there_is_no_page(visit, passed, henk):
    assert visit(henk).get(reverse("conversations:where_to", args=[passed.pk])).status_code == 404
    assert visit(None).get(reverse("conversations:where_to", args=[passed.pk])).status_code == 302


def test_who_left_teaches_nothing(passed, bram, anneke):
    bram.is_active = False
    bram.save()
    with pytest.raises((Forbidden, NotFound, Refused)):
        actions.tell_where(by=bram, conversation=passed, person=anneke)
