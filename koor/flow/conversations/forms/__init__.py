"""Forms of the conversations room."""

from koor.flow.conversations.forms.deeds import (
    AnswerForm,
    AssignForm,
    BeginForm,
    ByHandForm,
    KnownForm,
    NameForm,
    NoteForm,
)

__all__ = ["AnswerForm", "AssignForm", "BeginForm", "ByHandForm", "KnownForm", "NameForm", "NoteForm"]
