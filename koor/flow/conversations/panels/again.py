"""What people ask here stands among *What they ask*, and becomes a wish from there."""

from koor.flow.conversations.actions.wishing import note_wish_of_message
from koor.flow.conversations.queries import again
from koor.flow.listening.actions.wanting import notes_wish
from koor.flow.listening.queries.elsewhere import Elsewhere, reads

reads(
    Elsewhere(
        kind=again.KIND,
        lately=again.said_lately,
        of=again.said_there,
        readable=again.said_to,
        read_by=again.read_by,
    )
)
notes_wish(again.KIND, note_wish_of_message)
