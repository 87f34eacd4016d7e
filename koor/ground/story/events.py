"""Facts of the story."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StoryPublished:
    """A new version stands; everybody is asked again."""

    version_id: int
