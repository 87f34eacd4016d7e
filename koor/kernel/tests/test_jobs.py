"""Which job goes first: nobody who waits for something stands behind an import of thousands."""

from django.db import connection, transaction

from koor.kernel import events, jobs


def test_what_comes_by_the_thousand_lets_others_pass(db: None) -> None:
    with transaction.atomic():
        jobs.later_all(events.pass_on, [{"fact": number, "receiver": "nobody"} for number in (1, 2)])
        jobs.later(events.pass_on, fact=3, receiver="nobody")
    with connection.cursor() as cursor:
        cursor.execute("select args ->> 'fact' from procrastinate_jobs order by priority desc, id")
        assert [fact for (fact,) in cursor.fetchall()] == ["3", "1", "2"]


def test_signs_of_life_pass_all_others() -> None:
    beats = [task for task in jobs.blueprint.tasks.values() if task.queueing_lock]
    assert beats
    assert {task.priority for task in beats} == {jobs.BEAT}
