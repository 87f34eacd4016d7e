"""A message that the platform approved beforehand: what may still go when the hours for an answer are over."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations.actions import answering, threads
from koor.flow.conversations.choices import Delivery, Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.conversations.queries.channels import Way, latest_said, way_out
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.choices import Stage
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused


def send_template(*, by: Person, conversation: Conversation, once: str = "") -> Message:
    """Send it, with their first name in it. The same `once` again gives the first message."""

    def make() -> Message:
        return _send(by, conversation.pk)

    content = {"conversation": conversation.pk}
    pk, _new = kernel_once.once(f"conversations.send_template:{by.pk}", once, content, make)
    return Message.objects.get(pk=pk)


@transaction.atomic
def _send(by: Person, conversation_id: int) -> Message:
    conversation = threads.held(conversation_id)
    answering.may_answer_here(by=by, conversation=conversation)
    question = latest_said(conversation)
    way = way_out(by, question, conversation.contact_id)
    if not way.template or way.account is None or question is None:
        raise Refused(_("There is no approved message for this now. Write an answer instead."), code="no_template")
    message = _kept(by, conversation, way, question)
    message.target = publishing.reply(
        by=by, account=way.account, text=way.template, in_reply_to=question.external_id, options=_filled(way, question),
        once=f"conversations.message:{message.pk}",
    )  # fmt: skip
    if message.target.post.stage == Stage.WITH_BUDDY:
        message.delivery = Delivery.BUDDY
    message.save(update_fields=["target", "delivery"])
    answering.theirs_now(conversation, by=by)
    answering.settle(conversation, message, by=by)
    return message


def _kept(by: Person, conversation: Conversation, way: Way, question: Message) -> Message:
    now = clock.now()
    return Message.objects.create(
        conversation=conversation, direction=Direction.OUT, person=by, contact=conversation.contact, text=way.template,
        account=way.account, at=now, stored_at=now, channel=question.channel, delivery=Delivery.LEDGER,
    )  # fmt: skip


def _filled(way: Way, question: Message) -> dict[str, str]:
    """Options of the draft: which message, and what stands in its places."""
    settings = way.account.settings if way.account else {}
    options = answering.carried(question) | {"template": str(settings.get("template", ""))}
    options["template_language"] = str(settings.get("template_language", ""))
    if "{{1}}" in str(settings.get("template_text", "")):
        options["template_values"] = question.contact.first_name if question.contact else _("there")
    return options
