"""Every touch with a contact, the rhythm of staying in touch, what is done after a project, leads and ambassadors."""

from koor.flow.relations.models.after import Revisit
from koor.flow.relations.models.ambassadors import Ambassador, SharedOn, Thanks
from koor.flow.relations.models.leads import Lead, Receiver, Sending
from koor.flow.relations.models.touch import Rhythm, Touch

__all__ = ["Ambassador", "Lead", "Receiver", "Revisit", "Rhythm", "Sending", "SharedOn", "Thanks", "Touch"]
