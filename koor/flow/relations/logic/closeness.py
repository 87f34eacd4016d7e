"""How well two know each other, from what was really said between them; in words, never as a figure."""

OFTEN, NOW_AND_THEN = 10, 3  # moments in a year
LATELY = 120  # days


def closeness(moments: int, days_since: int) -> str:
    """From how many moments there were in the last year, and how long ago the last one was."""
    if moments >= OFTEN and days_since <= LATELY:
        return "often"
    if moments >= NOW_AND_THEN:
        return "now_and_then"
    return "once"
