"""Every touch with a contact, the rhythm of staying in touch, and what is done once a project has ended."""

from koor.flow.relations.models.after import Revisit
from koor.flow.relations.models.touch import Rhythm, Touch

__all__ = ["Revisit", "Rhythm", "Touch"]
