"""Jobs of listening: sources are fetched when they are due, a new query looks back."""

from django.conf import settings
from procrastinate import RetryStrategy

from koor.flow.listening import actions, queries
from koor.flow.listening.choices import Question
from koor.kernel import jobs
from koor.kernel.access import SYSTEM
from koor.kernel.languages import language_of


@jobs.beforehand
def know_by_heart() -> None:
    """The languages, the saved queries, and what the learner was taught."""
    language_of("Boven blijft het koud, ook met de knop open.", "", (code for code, _name in settings.LANGUAGES))
    queries.matcher()
    for question in Question:
        queries.taught(question)


@jobs.every("* * * * *", "listening.fetch_due", queue="listening")
def fetch_due(timestamp: int) -> None:
    for source in queries.due_sources():
        jobs.later(fetch_source, only_one=f"listening.fetch:{source}", source=source)


@jobs.task("listening.fetch_source", queue="listening")
def fetch_source(source: int) -> None:
    actions.fetch(source)


@jobs.task("listening.look_back", queue="listening", retry=3)
def look_back(query: int) -> None:
    actions.look_back(query)


@jobs.task("listening.propose", queue="listening", lock="listening.propose", retry=3)
def propose() -> None:
    actions.propose()
    actions.sort_by_topic(by=SYSTEM)
    actions.watch_soon()


@jobs.task("listening.open_enclosure", queue="listening", retry=RetryStrategy(max_attempts=4, wait=20))
def open_enclosure(enclosure: int) -> None:
    actions.open_enclosure(enclosure)


@jobs.every("23 * * * *", "listening.open_waiting", queue="listening")
def open_waiting(timestamp: int) -> None:
    actions.open_waiting(by=SYSTEM)


@jobs.task(
    "listening.read_delivered", queue="listening", retry=RetryStrategy(max_attempts=6, wait=10, exponential_wait=3)
)
def read_delivered(event: int) -> None:
    actions.read_delivered(event)


@jobs.task("listening.read_waiting", queue="listening", retry=5)
def read_waiting(source: int) -> None:
    actions.read_while_it_storms(source)


@jobs.every("* * * * *", "listening.sweep_delivered", queue="listening")
def sweep_delivered(timestamp: int) -> None:
    """What a platform sent and nobody read, because a process ended in between."""
    for event in queries.unread_deliveries():
        jobs.later(read_delivered, only_one=f"listening.delivered:{event}", event=event)


@jobs.task("listening.read_messages", queue="listening")
def read_messages(event: int) -> None:
    actions.read_spooled(event)


@jobs.every("* * * * *", "listening.sweep_messages", queue="listening")
def sweep_messages(timestamp: int) -> None:
    """What came over an open line and nobody read, because a process ended or could not."""
    for event in queries.unread_messages():
        jobs.later(read_messages, only_one=f"listening.messages:{event}", event=event)


@jobs.task("listening.replay_events", queue="listening", retry=3)
def replay_events(source: int, after: int = 0) -> None:
    """What is left of reading all again."""
    found = queries.source_of_the_operator(source)
    if found is not None:
        actions.replay_events(by=SYSTEM, source=found, after=after)


@jobs.every("40 3 * * *", "listening.forget_old_changes", queue="listening")
def forget_old_changes(timestamp: int) -> None:
    """The words of a change whose message never came."""
    actions.forget_old_changes()


@jobs.every("* * * * *", "listening.fold_counts", queue="listening")
def fold_counts(timestamp: int) -> None:
    """Counts of the same five minutes are put together."""
    actions.fold_counts()


@jobs.every("50 3 * * *", "listening.fold_days", queue="listening")
def fold_days(timestamp: int) -> None:
    """Counts of days long ago are put together."""
    actions.fold_days()


@jobs.every("52 3 * * *", "listening.forget_removed_queries", queue="listening")
def forget_removed_queries(timestamp: int) -> None:
    """What queries met that were removed a month ago."""
    actions.forget_removed_queries(by=SYSTEM)


@jobs.every("37 * * * *", "listening.take_along", queue="listening")
def take_along(timestamp: int) -> None:
    """What was heard in sources that were removed with it."""
    actions.take_along(by=SYSTEM)


@jobs.task("listening.go_on_importing", queue="listening", retry=3)
def go_on_importing(number: int) -> None:
    actions.go_on_importing(number)


@jobs.every("23 * * * *", "listening.take_up_imports", queue="listening")
def take_up_imports(timestamp: int) -> None:
    """A large file that stopped halfway."""
    actions.take_up_imports()


@jobs.task("listening.go_on_marking", queue="listening", retry=3)
def go_on_marking(marking: int) -> None:
    actions.go_on_marking(marking)


@jobs.every("54 3 * * *", "listening.forget_markings", queue="listening")
def forget_markings(timestamp: int) -> None:
    """What was marked at once more than a week ago can't be taken back any more."""
    actions.forget_markings(by=SYSTEM)


@jobs.every("55 3 * * *", "listening.forget_fingerprints", queue="listening")
def forget_fingerprints(timestamp: int) -> None:
    """What was said longer ago is not compared with any more."""
    actions.forget_fingerprints()


@jobs.task("listening.watch", queue="listening", retry=3)
def watch() -> None:
    actions.watch(by=SYSTEM)


@jobs.every("* * * * *", "listening.watch_each_minute", queue="listening")
def watch_each_minute(timestamp: int) -> None:
    """Also when nothing came in: a burst ends by itself."""
    actions.watch(by=SYSTEM)
