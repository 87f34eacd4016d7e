"""The work itself: captures come in, become items of the library; prompts ask colleagues for more."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Concat

from koor.flow.hub import logic
from koor.flow.hub.choices import (
    Agrees,
    CaptureState,
    FaceState,
    ItemKind,
    ItemState,
    LetterState,
    MediumKind,
    Rights,
    Secure,
    Use,
    Where,
)
from koor.flow.hub.models.collections import Collected as Collected
from koor.flow.hub.models.collections import Collection as Collection
from koor.flow.hub.models.consent import Consent as Consent
from koor.flow.hub.models.consent import Signing as Signing
from koor.flow.hub.models.ideas import Fit as Fit
from koor.flow.hub.models.ideas import GoodExample as GoodExample
from koor.flow.hub.models.ideas import Idea as Idea
from koor.flow.hub.models.ideas import IdeaToo as IdeaToo
from koor.flow.hub.models.ideas import Occasion as Occasion
from koor.flow.hub.models.ideas import OccasionPass as OccasionPass
from koor.flow.hub.models.ideas import Voice as Voice
from koor.flow.hub.models.ideas import Wish as Wish
from koor.flow.hub.models.likeness import Likeness as Likeness
from koor.flow.hub.models.likeness import Resemblance as Resemblance
from koor.kernel.sql import stemmed_vector

PERSON = settings.AUTH_USER_MODEL
TAGS = models.Func("tags", function="koor_joined", output_field=models.TextField())  # made by a migration of the hub
ALL_WORDS = Concat("title", models.Value(" "), "text", models.Value(" "), TAGS, output_field=models.TextField())

BYTES = models.Func("dhash", function="koor_bytes", output_field=ArrayField(models.IntegerField()))


class Capture(models.Model):
    """Something that a colleague showed, as it came in. The phone chooses `client_id`, so that it arrives once."""

    client_id = models.UUIDField(unique=True)
    by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="captures")
    sentence = models.CharField(max_length=500, blank=True)
    project = models.ForeignKey(
        "contacts.Project", null=True, blank=True, on_delete=models.SET_NULL, related_name="captures"
    )
    state = models.CharField(max_length=10, choices=CaptureState, default=CaptureState.RECEIVED)
    reason = models.CharField(max_length=300, blank=True)  # why it was refused
    taken_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # to make it ready
    who_told = models.BooleanField(default=True)  # False: it came by mail, and nobody said yet who is in it

    class Meta:
        indexes = [
            models.Index(fields=["by", "-received_at"], name="capture_by"),
            models.Index(fields=["id"], name="capture_withdrawn", condition=models.Q(withdrawn_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.sentence or f"#{self.pk}"


class Item(models.Model):
    """One thing in the library: photos of a capture, a text, a link, a find from outside."""

    kind = models.CharField(max_length=10, choices=ItemKind)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=20_000, blank=True)
    url = models.URLField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="items")
    capture = models.OneToOneField(Capture, null=True, blank=True, on_delete=models.CASCADE, related_name="item")
    project = models.ForeignKey(
        "contacts.Project", null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    rights_kind = models.CharField(max_length=10, choices=Rights, default=Rights.OWN)
    rights = models.CharField(max_length=200, blank=True)  # whose it is and what is allowed, when not ours
    rights_until = models.DateField(null=True, blank=True)  # the last day that we may use it; empty: without end
    evergreen = models.BooleanField(default=False)
    rest_days = models.PositiveSmallIntegerField(null=True, blank=True)  # after use; empty: as the organisation says
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.NEW)
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reacted_at = models.DateTimeField(null=True)  # when somebody else decided first, whatever was decided later
    decision = models.CharField(max_length=300, blank=True)  # the kind reason told to the maker
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)  # when a post of it last appeared
    removed_at = models.DateTimeField(null=True)  # can come back for some days
    words = models.GeneratedField(
        expression=stemmed_vector(ALL_WORDS), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="item_words"),
            GinIndex(fields=["tags"], name="item_tags"),
            models.Index(fields=["-made_at", "-id"], name="item_newest"),
            models.Index(fields=["kind", "-made_at", "-id"], name="item_kind"),
            models.Index(fields=["-made_at"], name="item_new", condition=models.Q(state=ItemState.NEW)),
            models.Index(fields=["-made_at"], name="item_evergreen", condition=models.Q(evergreen=True)),
            models.Index(fields=["used_at"], name="item_used", condition=models.Q(used_at__isnull=False)),
            models.Index(fields=["id"], name="item_removed", condition=models.Q(removed_at__isnull=False)),
        ]

    @property
    def shows(self) -> list["Medium"]:
        """Its pictures, films and voice notes; a document alone, without the pictures that were made of its pages."""
        media = list(self.media.all())
        return [one for one in media if one.kind == MediumKind.DOCUMENT] if self.kind == ItemKind.DOCUMENT else media

    def __str__(self) -> str:
        return self.title or logic.title_of(self.text or self.url) or f"#{self.pk}"


class Medium(models.Model):
    """A picture, film, voice note or document. Once the upload is processed only clean renditions stay."""

    capture = models.ForeignKey(Capture, null=True, blank=True, on_delete=models.CASCADE, related_name="media")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.CASCADE, related_name="media")
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    upload = models.ForeignKey("kernel.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=MediumKind, default=MediumKind.PHOTO)
    order = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=1500, blank=True)
    width = models.PositiveIntegerField(null=True)  # pixels, as shown
    height = models.PositiveIntegerField(null=True)
    dhash = models.BigIntegerField(null=True)  # perceptual hash, to find copies
    compared = models.BooleanField(default=False)  # with all that were there: `Resemblance`
    seconds = models.FloatField(null=True)  # of a film or voice note
    page_count = models.PositiveSmallIntegerField(default=0)  # of a document
    progress = models.PositiveSmallIntegerField(default=0)  # percent, while a film is being made ready
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # to make a film or document of a post ready
    refused = models.CharField(max_length=20, blank=True)  # why a film or document can't be used: a `Reason`
    focus_x = models.PositiveSmallIntegerField(null=True)  # what it is about: percent from the left
    focus_y = models.PositiveSmallIntegerField(null=True)  # and from the top
    cuts = models.JSONField(default=dict, blank=True)  # by shape [x, y, zoom] in percent, where the focus does not suit
    faces = models.CharField(max_length=8, choices=FaceState, default=FaceState.UNSEEN)
    faces_found = models.PositiveSmallIntegerField(default=0)  # how many the house proposed

    class Meta:
        ordering = ["order", "id"]
        indexes = [
            GinIndex(BYTES, name="medium_bytes", condition=models.Q(dhash__isnull=False)),
            models.Index(fields=["id"], name="medium_new", condition=models.Q(dhash__isnull=False, compared=False)),
        ]


class Rendition(models.Model):
    """A clean file of one width and format; width and height of a voice note are 0."""

    medium = models.ForeignKey(Medium, on_delete=models.CASCADE, related_name="renditions")
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=5)  # webp, jpeg, mp4, m4a, pdf
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["medium", "format", "width"], name="rendition_once")]


class Page(models.Model):
    """A page of a document, to leaf through. Where it is posted as a picture of its own, that is `picture`."""

    medium = models.ForeignKey(Medium, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()  # from 1
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+")  # a JPEG
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    picture = models.ForeignKey(Medium, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["medium", "number"], name="page_once")]


class Crop(models.Model):
    """A picture as it was cut to a shape for a platform: made once, and anew when picture, focus or cut change."""

    medium = models.ForeignKey(Medium, on_delete=models.CASCADE, related_name="crops")
    shape = models.CharField(max_length=10)  # of `channels.contract.Shape`
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+")
    made_of = models.CharField(max_length=120)  # the digest of the picture and the box that was cut from it
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    format = "jpeg"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["medium", "shape"], name="crop_once")]


class Face(models.Model):
    """A place in a picture, in parts of its width and height: proposed by the house or drawn by a person."""

    medium = models.ForeignKey(Medium, on_delete=models.CASCADE, related_name="places")
    left = models.FloatField()
    top = models.FloatField()
    wide = models.FloatField()
    high = models.FloatField()
    found = models.BooleanField(default=False)  # by the house
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # who had it blurred
    blurred_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["top", "left", "id"]


class Unblurred(models.Model):
    """A picture as it was before faces were blurred, sealed, for its uploader alone, until its end. Not in backups."""

    medium = models.OneToOneField(Medium, on_delete=models.CASCADE, related_name="unblurred")
    uploader = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()  # a JPEG; the seal is bound to the medium
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="unblurred_ends")]


class Portrayed(models.Model):
    """Somebody in the picture, and whether they agree."""

    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.CASCADE, related_name="portrayed")
    capture = models.ForeignKey(Capture, null=True, blank=True, on_delete=models.CASCADE, related_name="portrayed")
    name = models.CharField(max_length=120)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey("contacts.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agrees = models.CharField(max_length=5, choices=Agrees, default=Agrees.ASK)
    uses = ArrayField(models.CharField(max_length=8, choices=Use), default=list, blank=True)  # what a yes is for
    places = ArrayField(models.CharField(max_length=8, choices=Where), default=list, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # the last day of a yes; empty: until it is withdrawn
    hidden_at = models.DateTimeField(null=True, blank=True)  # since then nobody can recognise them: they are blurred
    own_word = models.BooleanField(default=False, db_default=False)  # by their own phone: only that takes a no away
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ends_on"], name="portrayed_ends", condition=models.Q(ends_on__isnull=False)),
            models.Index(fields=["item"], name="portrayed_no_yes", condition=~models.Q(agrees=Agrees.YES)),
        ]


class Prompt(models.Model):
    """A question to colleagues: customers ask about this, who can show it?"""

    question = models.CharField(max_length=300)
    why = models.CharField(max_length=300, blank=True)
    wish = models.ForeignKey(Wish, null=True, blank=True, on_delete=models.SET_NULL, related_name="prompts")
    idea = models.ForeignKey(Idea, null=True, blank=True, on_delete=models.SET_NULL, related_name="prompts")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="prompts")
    asked: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        PERSON, related_name="prompts_received", blank=True
    )
    made_at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.question


class PromptAnswer(models.Model):
    """A colleague's answer: a sentence, a capture, or kindly not."""

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="prompt_answers")
    sentence = models.CharField(max_length=500, blank=True)
    capture = models.ForeignKey(Capture, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers")
    item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )  # its words
    declined = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "by"], name="prompt_answer_once")]


class AnswerLink(models.Model):
    """From a letter to answering a question without signing in; of its token only a digest is kept."""

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="links")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    reply_digest = models.CharField(max_length=64, blank=True, db_index=True)  # of the address that an answer goes to
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "person"], name="answer_link_once")]


class Mailbox(models.Model):
    """The mailbox that photos are sent to; one row. Its password is sealed."""

    address = models.EmailField()  # as colleagues know it; a secret of theirs comes behind a plus
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993)
    secure = models.CharField(max_length=8, choices=Secure, default=Secure.TLS)
    user = models.CharField(max_length=254)
    password = models.BinaryField()
    folder = models.CharField(max_length=200, default="INBOX")
    done_folder = models.CharField(max_length=200, blank=True)  # empty: it stays, marked as read
    server_name = models.CharField(max_length=253, blank=True)  # whose Authentication-Results are believed
    is_on = models.BooleanField(default=True)
    validity = models.BigIntegerField(default=0)  # 0: not read yet
    last_uid = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # of the letter after that one
    read_at = models.DateTimeField(null=True)  # the last time that it could be read
    problem = models.CharField(max_length=20, blank=True)
    problem_text = models.CharField(max_length=200, blank=True)
    problem_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_mailbox")]

    def __str__(self) -> str:
        return self.address


class MailKey(models.Model):
    """The secret in a colleague's own address for photos: whoever has it sends as they do."""

    person = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="mail_key")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()


class Letter(models.Model):
    """A letter that came in, once; what became of it. The letter itself is kept only while somebody has to decide."""

    key = models.CharField(max_length=64, unique=True)  # of whom it is, its Message-ID and what it holds
    validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    sender = models.CharField(max_length=254, blank=True)
    person = models.ForeignKey(PERSON, null=True, on_delete=models.CASCADE, related_name="+")
    sentence = models.CharField(max_length=500, blank=True)
    files = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=LetterState)
    reason = models.CharField(max_length=30, blank=True)
    problems = models.JSONField(default=list)  # of files that were not taken: name and reason
    capture = models.ForeignKey(Capture, null=True, on_delete=models.SET_NULL, related_name="letters")
    prompt = models.ForeignKey(Prompt, null=True, on_delete=models.SET_NULL, related_name="+")
    raw = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, blank=True, db_index=True)  # of the address at which it is confirmed
    at = models.DateTimeField()
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["validity", "uid"], name="letter_spot"),
            models.Index(fields=["person", "-at"], name="letter_of"),
            models.Index(fields=["-at"], name="letter_held", condition=models.Q(state=LetterState.HELD)),
        ]

    def __str__(self) -> str:
        return self.sentence or self.sender or f"#{self.pk}"
