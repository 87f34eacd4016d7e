"""The first ten minutes of a real organisation: name, why, first colleague, first channel, first post.

The first step is for whoever has the link that `koor init` prints, and only while the house is empty. The others are
for the one who made it; each can be passed by, and each is also somewhere in the house."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from koor.flow.publishing import actions as publishing
from koor.ground.channels import actions as channels
from koor.ground.channels import queries as channel_queries
from koor.ground.people import actions as people
from koor.ground.people.access import SignedIn, may_change_house
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Person
from koor.ground.people.queries import has_house, house
from koor.ground.story import actions as story
from koor.ground.story.queries import current
from koor.kernel.access import SYSTEM, NotFound, Refused, require
from koor.kernel.forms import refused_at
from koor.kernel.identity import identity
from koor.shell import beginning as beginning_steps
from koor.shell import errors
from koor.shell.forms import ChannelForm, ColleagueForm, FirstForm, PostForm, WhyForm

SALT = "koor.welcome"
LINK_LASTS = 60 * 60 * 24 * 7  # seconds


def link() -> str:
    """The address of the first step; works while nobody lives here, for a week."""
    return f"{settings.KOOR_URL}/welcome/?key={signing.dumps('welcome', salt=SALT)}"


def may_begin(request: SignedIn) -> bool:
    try:
        return bool(signing.loads(request.GET.get("key", ""), salt=SALT, max_age=LINK_LASTS) == "welcome")
    except signing.BadSignature:
        return False


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def begin(request: SignedIn) -> HttpResponse:
    """Name the organisation and whoever begins; both are made together, once."""
    if has_house():
        return redirect("shell:welcome", step="why") if request.user.is_authenticated else redirect("account_login")
    if not may_begin(request):
        return errors.page(
            request, 404, _("This link opens nothing"),
            _("It is not whole, or older than a week. On the machine of this house, koor init gives a new one."),
        )  # fmt: skip
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            try:
                person = move_in(**form.cleaned_data)
            except Refused as refused:
                if refused.code != "house_exists":
                    raise
                return redirect("shell:welcome", step="why")  # pressed twice; the first moved in
            login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
            return redirect("shell:welcome", step="why")
    return render(request, "shell/welcome.html", {"form": form, "step": FIRST, "steps": progress("house")})


@transaction.atomic
def move_in(*, organisation: str, place: str, name: str, email: str, password: str | None) -> Person:
    """The house, its first colleague, who conducts and administers until others do, and a stage for practice."""
    people.make_house(
        by=SYSTEM,
        name=organisation,
        place=place,
        language=get_language() or "nl",
        identity=identity(settings.KOOR_HOME),
    )
    person = people.add_person(
        by=SYSTEM,
        email=email,
        name=name,
        roles=[Role.ADMINISTRATOR, Role.CURATOR],
        autonomy=Autonomy.OWN,
        password=password,
    )
    channels.add_account(by=SYSTEM, connector="paper", name=_("Practice stage"), owner=person)
    return person


# The steps after it


def write_why(request: SignedIn, why: str, voice: str) -> None:
    version = story.write_version(by=request.user, why=why, voice=voice)
    story.publish_version(by=request.user, version=version)


def invite_colleague(request: SignedIn, name: str, email: str) -> None:
    _invitation, address = people.invite(by=request.user, name=name, email=email, roles=[])
    request.session["welcome_link"] = [name, address]


def open_channel(request: SignedIn, name: str) -> None:
    if not own_newsroom(request.user):
        once = request.POST.get("once", "")  # a double click finds none yet, twice
        channels.add_account(by=request.user, connector="newsroom", name=name, owner=request.user, once=once)


def own_newsroom(person: Person) -> Any:
    """The newsroom of this house, when there is one."""
    return channel_queries.accounts_visible_to(person).filter(connector="newsroom").first()


def post_first(request: SignedIn, title: str, text: str) -> None:
    """Put the first article in the newsroom; without one it waits as a draft."""
    newsroom = own_newsroom(request.user)
    if newsroom is None:
        raise Refused(_("There is no newsroom yet. Open it in the step before this one."), code="no_newsroom")
    post = publishing.create_post(
        by=request.user,
        text=text,
        title=title,
        accounts=[newsroom],
        options={newsroom.pk: {"title": title}},
        once=request.POST.get("once", ""),
    )
    publishing.let_go_new(by=request.user, post=post)


@dataclass(frozen=True)
class Step:
    key: str
    title: str | Promise
    about: str | Promise
    button: str | Promise
    form: Callable[..., Any]
    do: Callable[..., None] | None


FIRST = Step(
    "house",
    gettext_lazy("Who lives here?"),
    gettext_lazy("Ten minutes, five short steps. All of it can be changed later."),
    gettext_lazy("Move in"),
    FirstForm,
    None,
)
STEPS = (
    Step(
        "why",
        gettext_lazy("Why are you there?"),
        gettext_lazy("People follow a reason, not a product. One sentence, as you would say it to a neighbour."),
        gettext_lazy("This is our why"),
        WhyForm,
        write_why,
    ),
    Step(
        "colleague",
        gettext_lazy("Who sings along first?"),
        gettext_lazy("Somebody who makes, mends or helps, and likes to show it. They get a letter with a link."),
        gettext_lazy("Invite this colleague"),
        ColleagueForm,
        invite_colleague,
    ),
    Step(
        "channel",
        gettext_lazy("Where do you say it?"),
        gettext_lazy("Begin with your own newsroom: public pages of this house, which no platform can take away."),
        gettext_lazy("Open the newsroom"),
        ChannelForm,
        open_channel,
    ),
    Step(
        "post",
        gettext_lazy("What happened here today?"),
        gettext_lazy("Small is good: what somebody made, mended or found out. It appears in your newsroom."),
        gettext_lazy("Put it in the newsroom"),
        PostForm,
        post_first,
    ),
)


def progress(key: str) -> list[tuple[str, bool]]:
    """Each step with whether it is past or here."""
    keys = [FIRST.key, *(step.key for step in STEPS)]
    return [(one, keys.index(one) <= keys.index(key)) for one in keys]


@never_cache
@require_http_methods(["GET", "POST"])
def take_step(request: SignedIn, step: str) -> HttpResponse:
    require(may_change_house(request.user))
    at = next((number for number, known in enumerate(STEPS) if known.key == step), None)
    if at is None:
        raise NotFound
    this = STEPS[at]
    onward = STEPS[at + 1].key if at + 1 < len(STEPS) else None
    form = this.form(request.POST or None, initial=beginning(request, this.key))
    if request.method == "POST" and form.is_valid() and this.do:
        with refused_at(form):
            this.do(request, **form.cleaned_data)
            return redirect("shell:welcome", step=onward) if onward else redirect("shell:welcome_done")
    context = {
        "form": form,
        "step": this,
        "steps": progress(this.key),
        "onward": onward,
        "invited": request.session.pop("welcome_link", None) if this.key == "channel" else None,
    }
    return render(request, "shell/welcome.html", context)


def beginning(request: SignedIn, key: str) -> dict[str, str]:
    """What a step can know already."""
    if key == "why":
        written = current()
        return {"why": written.why, "voice": written.voice} if written else {}
    if key == "channel":
        return {"name": _("News from %(name)s") % {"name": house().name}}
    return {}


@never_cache
@require_http_methods(["GET"])
def done(request: SignedIn) -> HttpResponse:
    """What stands now, and what is still to be arranged; for as long as somebody wants to look at it."""
    require(may_change_house(request.user))
    steps = beginning_steps.steps(request.user)
    context = {"steps": steps, "done": sum(is_done for _step, is_done, _may in steps)}
    return render(request, "shell/welcome_done.html", {**context, "newsroom": own_newsroom(request.user)})
