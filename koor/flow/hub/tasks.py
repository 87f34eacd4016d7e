"""Jobs of the hub: ids only, and harmless when they run twice."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from procrastinate import RetryStrategy

from koor.kernel import clock, jobs
from koor.kernel.access import SYSTEM

LATE = timedelta(minutes=5)
SWEPT = 500  # at once: what goes wrong each time may not keep the others waiting


@jobs.task("hub.develop_capture", retry=RetryStrategy(max_attempts=4, wait=10))
def develop_capture(capture: int) -> None:
    from koor.flow.hub import actions

    actions.develop_capture(by=SYSTEM, capture_id=capture)


@jobs.task("hub.develop_film", lock="hub.develop_film", retry=RetryStrategy(max_attempts=4, wait=60))
def develop_film(capture: int) -> None:
    """The same for what takes minutes: one at a time, so that photos do not wait for films."""
    from koor.flow.hub import actions

    actions.develop_capture(by=SYSTEM, capture_id=capture)


@jobs.task("hub.name_link", retry=RetryStrategy(max_attempts=3, wait=60))
def name_link(item: int) -> None:
    from koor.flow.hub import actions

    actions.name_link(by=SYSTEM, item_id=item)


@jobs.task("hub.develop_medium", lock="hub.develop_film", retry=RetryStrategy(max_attempts=4, wait=60))
def develop_medium(medium: int) -> None:
    """A film that came in with a post; one at a time, as all films."""
    from koor.flow.hub import actions

    actions.develop_medium(by=SYSTEM, medium_id=medium)


@jobs.task("hub.look_for_faces", lock="hub.look_for_faces", retry=RetryStrategy(max_attempts=3, wait=60))
def look_for_faces(medium: int) -> None:
    """After the sizes, one at a time: nobody waits for it."""
    from koor.flow.hub import actions

    actions.look_for_faces(by=SYSTEM, medium_id=medium)


@jobs.every("*/10 * * * *", "hub.forget_unblurred")
def forget_unblurred(timestamp: int) -> None:
    from koor.flow.hub import actions

    actions.forget_unblurred(by=SYSTEM)


@jobs.every("*/5 * * * *", "hub.sweep_captures")
def sweep_captures(timestamp: int) -> None:
    """What waits longer than it should, because a process died, is taken up again; for some days."""
    from koor.flow.hub import actions
    from koor.flow.hub.choices import CaptureState, MediumKind
    from koor.flow.hub.models import Capture, Medium

    actions.give_up(by=SYSTEM)
    late = Capture.objects.filter(
        state=CaptureState.RECEIVED, withdrawn_at=None, received_at__lt=clock.now() - LATE
    ).order_by("received_at")
    films = Exists(Medium.objects.filter(capture=OuterRef("pk")).exclude(kind=MediumKind.PHOTO))
    for pk, long in late.annotate(long=films).values_list("pk", "long")[:SWEPT]:
        task = develop_film if long else develop_capture
        jobs.later(task, only_one=f"{task.name}:{pk}", capture=pk)
    left = Medium.objects.filter(capture=None, refused="", upload__isnull=False, upload__at__lt=clock.now() - LATE)
    for pk in left.order_by("pk").values_list("pk", flat=True)[:SWEPT]:
        jobs.later(develop_medium, only_one=f"{develop_medium.name}:{pk}", medium=pk)


@jobs.every("*/2 * * * *", "hub.compare_pictures")
def compare_pictures(timestamp: int) -> None:
    """New pictures, and those of before there was a list of what looks alike."""
    from koor.flow.hub import actions

    actions.compare_pictures(by=SYSTEM)


@jobs.every("17 0,5 * * *", "hub.end_terms")
def end_terms(timestamp: int) -> None:
    """A yes for a year ends with its last day."""
    from koor.flow.hub import actions
    from koor.ground.people import queries as people

    actions.end_terms(people.today())


@jobs.every("23 3 * * *", "hub.erase_withdrawn")
def erase_withdrawn(timestamp: int) -> None:
    from koor.flow.hub import actions

    actions.erase_withdrawn(by=SYSTEM)
    actions.erase_removed(by=SYSTEM)


@jobs.every("* * * * *", "hub.read_mailbox", queue="mailbox")
def read_mailbox(timestamp: int) -> None:
    """Photos and answers that colleagues sent by mail."""
    from koor.flow.hub import actions

    actions.read_mailbox(by=SYSTEM)


@jobs.every("31 3 * * *", "hub.forget_letters")
def forget_letters(timestamp: int) -> None:
    from koor.flow.hub import actions

    actions.forget_letters(by=SYSTEM)
