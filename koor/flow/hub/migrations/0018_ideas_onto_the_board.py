"""What stood in the idea box gets its place on the board; words of an answer are tied to that answer."""

from django.db import migrations

STATES = {"new": "new", "kept": "chosen", "shelved": "not_now"}


def onto_the_board(apps, schema_editor):
    Item, Idea = apps.get_model("hub", "Item"), apps.get_model("hub", "Idea")
    PromptAnswer, Once = apps.get_model("hub", "PromptAnswer"), apps.get_model("kernel", "Once")
    answered = set()
    for key, item in Once.objects.filter(kind="hub.keep_answer").values_list("key", "result"):
        if item and key.isdecimal() and Item.objects.filter(pk=item).exists():
            answered.add(item)
            PromptAnswer.objects.filter(pk=int(key)).update(item_id=item)
    rows = Item.objects.filter(kind__in=["text", "link"], by__isnull=False, idea=None).exclude(pk__in=answered)
    for item in rows.iterator():
        Idea.objects.create(
            item=item,
            state=STATES[item.state],
            reason=item.decision,
            moved_by_id=item.decided_by_id,
            moved_at=item.decided_at or item.made_at,
        )


class Migration(migrations.Migration):
    dependencies = [("hub", "0017_wishes_and_ideas"), ("kernel", "0003_push")]

    operations = [migrations.RunPython(onto_the_board, migrations.RunPython.noop)]
