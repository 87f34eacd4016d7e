"""The demo's leads and ambassadors: who may want work, and who likes to tell others."""

from koor.flow.conversations.models import Conversation
from koor.flow.relations.actions import ambassadors, leads
from koor.ground.contacts.models import Contact
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.shell.demo.ground import Cast
from koor.shell.demo.moments import Moments

# contact, days ago, by whom, to whom, what they want, how it stands, why not
LEADS = (
    ("Karin Olthof", 2, "Rob", "Rob", "Frisse lucht in de gymzaal, na de acht lokalen", "talking", ""),
    ("Petra Leusink", 12, "Gijs", "Gijs", "Een paneel erbij op het schuurtje", "lost", "Te veel schaduw; dat zeiden we zelf"),
    ("Marloes Ebbers", 40, "Pieter", "Pieter", "De kantine van het gas af", "won", ""),
    ("Joost Abbink", 0, "Marloes", "Rob", "Zwaardere groepenkast voor een warmtepomp en een laadpaal", "new", ""),
)  # fmt: skip
GETS = "Als eerste zien wat we in de buurt maken, en één keer per jaar koffie met taart in de werkplaats."
ASKS = "Laat eens iets van ons werk zien aan wie erom vraagt. Meer niet."
# contact, invited by, days ago, their answer, thanks
AMBASSADORS = (
    ("Fatma Kaya", "Henk", 90, "yes", "Gerben kwam via jou. De taart staat klaar."),
    ("Els Wiggers", "Bram", 30, "yes", ""),
    ("Jan Dirk Mulder", "Rob", 6, "", ""),
    ("Gerben Slotboom", "Bram", 45, "no", ""),
)


def relate(when: Moments, found: Cast, met: dict[str, Contact]) -> None:
    """Some leads with their story, each as far as it is; and who was invited to tell others."""
    for name, day, by, to, wants, state, why in LEADS:
        with clock.fixed(when.of(when.workday_ago(day), "09:30")):
            conversation = Conversation.objects.filter(contact=met[name], joined_into=None).order_by("-pk").first()
            lead = leads.make_lead(
                by=found[by], contact=met[name], wants=wants, to=found[to], conversation=conversation
            )
            leads.change_lead(by=found[to], lead=lead, state=state, why=why)
    for name, by, day, answered, thanks in AMBASSADORS:
        with clock.fixed(when.of(day, "16:10")):
            one = ambassadors.invite_ambassador(by=found[by], contact=met[name], gets=GETS, asks=ASKS)
        if answered:
            with clock.fixed(when.of(day - 2, "20:05")):
                one = ambassadors.answer_invitation(by=SYSTEM, ambassador=one, state=answered, words=GETS)
        if thanks:
            with clock.fixed(when.of(day - 60, "10:00")):
                ambassadors.thank_ambassador(by=found[by], ambassador=one, sentence=thanks)
