"""When oh-ohs rise so far above the usual that a person should look. A simple rule, no model:

- at least eight oh-ohs by five people within sixty minutes;
- at least three times the usual hour; and so far above it that chance would do so once in some hundred hours at most
  (the usual number with three times its square root, as for things that come one by one).

The usual hour is the mean of the last four weeks, or of this very hour of the day when that is busier. After an alarm
its subject is quiet for an hour. Who waves it away doubles that, every time, to a week at most; who opens a fire on it
begins anew at an hour."""

from datetime import timedelta
from math import sqrt

POSTS, PEOPLE = 8, 5
WINDOW = timedelta(minutes=60)
LOOK_BACK = timedelta(days=28)
QUIET, LONGEST_QUIET = timedelta(hours=1), timedelta(days=7)
TIMES, SPREAD = 3, 3


def usual_hour(whole: int, this_hour: int, days: float) -> float:
    """The usual number in an hour like this: `whole` in so many days, `this_hour` of them at this hour of the day."""
    past = max(days, 1.0)
    return max(whole / (past * 24), this_hour / past)


def rises(posts: int, people: int, usual: float) -> bool:
    """Whether this is worth a person's look, now."""
    if posts < POSTS or people < PEOPLE:
        return False
    return posts >= TIMES * usual and posts > usual + SPREAD * sqrt(usual)


def quiet_for(waved_away: int) -> timedelta:
    """How long nothing more is said of a subject, after it was waved away so many times in a row."""
    doubled: int = 2 ** min(waved_away, 10)
    return min(QUIET * doubled, LONGEST_QUIET)
