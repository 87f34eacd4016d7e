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
from koor.flow.conversations.forms.lines import LineForm, OnTheLineForm
from koor.flow.conversations.forms.rules import OwnLimitForm, RuleForm, WhereToForm
from koor.flow.conversations.forms.saved import SavedForm
from koor.flow.conversations.forms.told import ToldForm

__all__ = [
    "AnswerForm",
    "AssignForm",
    "BeginForm",
    "ByHandForm",
    "KnownForm",
    "LineForm",
    "NameForm",
    "NoteForm",
    "OnTheLineForm",
    "OwnLimitForm",
    "RuleForm",
    "SavedForm",
    "ToldForm",
    "WhereToForm",
]
