"""Forms of the conversations room."""

from koor.flow.conversations.forms.deeds import (
    AnswerForm,
    AssignForm,
    ByHandForm,
    KnownForm,
    NameForm,
    NoteForm,
)
from koor.flow.conversations.forms.form import ContactFormForm, StrangerForm
from koor.flow.conversations.forms.lines import FirstWordForm, LineForm, OnTheLineForm
from koor.flow.conversations.forms.products import ProductsForm
from koor.flow.conversations.forms.promises import EveningForm, PromiseForm
from koor.flow.conversations.forms.rules import OwnLimitForm, RuleForm, WhereToForm
from koor.flow.conversations.forms.saved import SavedForm
from koor.flow.conversations.forms.told import ToldForm

__all__ = [
    "AnswerForm",
    "AssignForm",
    "ByHandForm",
    "ContactFormForm",
    "EveningForm",
    "FirstWordForm",
    "KnownForm",
    "LineForm",
    "NameForm",
    "NoteForm",
    "OnTheLineForm",
    "OwnLimitForm",
    "ProductsForm",
    "PromiseForm",
    "RuleForm",
    "SavedForm",
    "StrangerForm",
    "ToldForm",
    "WhereToForm",
]
