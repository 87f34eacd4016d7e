"""What the figures are, what they count, and what one's own work did."""

from koor.growth.insight.queries.figures import (
    Month,
    answers_in,
    followed_in,
    helped_in,
    month,
    platform,
    posts_of,
    require_sight,
    served,
)
from koor.growth.insight.queries.own import WentWell, last_effect, own_month, went_well, what_became_of

__all__ = [
    "Month",
    "WentWell",
    "answers_in",
    "followed_in",
    "helped_in",
    "last_effect",
    "month",
    "own_month",
    "platform",
    "posts_of",
    "require_sight",
    "served",
    "went_well",
    "what_became_of",
]
