"""A message, its segments, and each segment's renditions: one language, one medium. Nothing here names a resident."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from allervers.accounts.models import Network
from allervers.core import clock, ids, languages
from allervers.prevention import errors
from allervers.prevention.enums import (
    Audience,
    Change,
    InvitationKind,
    MediaKind,
    Medium,
    MessageKind,
    MessageState,
    Origin,
    RenditionState,
    SentState,
)


def digest_of(*what: object) -> str:
    """Names what someone has in front of her, so that her verdict is about that and nothing newer."""
    return hashlib.sha256(repr(what).encode()).hexdigest()[:32]


def standing(of: str = "") -> Q:
    """What residents may meet: two people have said yes to these words, and nobody has taken them away since. `of`: the way
    to the sentence, for a query that begins elsewhere."""
    return Q(**{f"{of}read_at__isnull": False, f"{of}off_at": None})


class MessageQuerySet(models.QuerySet["Message"]):
    def published(self) -> "MessageQuerySet":
        """Those that anyone may read, expired ones too: they say so. Without its title a message is not shown."""
        titles = Segment.objects.standing().filter(message=OuterRef("pk"), position=0)
        return self.filter(Exists(titles), state=MessageState.PUBLISHED, kind=MessageKind.MESSAGE)

    def written(self) -> "MessageQuerySet":
        """What a team writes; our own words, which are heard only, left out."""
        return self.filter(kind=MessageKind.MESSAGE)


class Message(models.Model):
    """One thing to understand, in French first. Its `code` is the end of a short link."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="messages")
    slug = models.SlugField(max_length=80)
    code = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=7, choices=MessageKind.choices, default=MessageKind.MESSAGE)
    audience = models.CharField(max_length=5, choices=Audience.choices, default=Audience.ALL)
    state = models.CharField(max_length=9, choices=MessageState.choices, default=MessageState.DRAFT)
    source_name = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    written_on = models.DateField()
    expires_on = models.DateField()  # the last day on which it is true
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="message_slug_in_network"),
            models.CheckConstraint(condition=Q(expires_on__gte=models.F("written_on")), name="message_expires_later"),
        ]
        indexes = [models.Index(fields=["network", "state"])]

    def __str__(self) -> str:
        return self.slug

    @property
    def to_say(self) -> "SegmentQuerySet":
        """The sentences to say in other languages: those that residents read; all of a message in preparation."""
        return self.segments.all() if self.state == MessageState.DRAFT else self.segments.standing()

    @property
    def edition(self) -> int:
        """Names the French that its films say: another wording, a sentence more or less, once they are shown."""
        return int(digest_of(*self.to_say.values_list("pk", "version"))[:7], 16)

    @property
    def mark(self) -> str:
        """Names all that its second reader has in front of her: what stands and what waits."""
        return digest_of(*(segment.mark for segment in self.segments.select_related("proposal")))

    def is_expired(self, day: date) -> bool:
        return day > self.expires_on


class Words(models.Model):
    """What a sentence says: its French, and what goes with it. A wrong number harms as a wrong word does."""

    text = models.CharField(max_length=400)
    pictogram = models.CharField(max_length=24, blank=True)
    urgent = models.BooleanField(default=False)
    phone = models.CharField(max_length=10, blank=True)  # a number that the sentence says to call

    class Meta:
        abstract = True

    @property
    def words(self) -> tuple[str, str, bool, str]:
        return self.text, self.pictogram, self.urgent, self.phone


class SegmentQuerySet(models.QuerySet["Segment"]):
    def standing(self) -> "SegmentQuerySet":
        return self.filter(standing())


class Segment(Words):
    """The smallest unit of a message: its title (position 0) or one idea.

    Once a second person has read its words they change no more: new ones wait beside, as its `Proposal`.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40, blank=True)  # which of our own words it is, in the network's house message
    version = models.PositiveSmallIntegerField(default=1)  # grows each time the French changes
    written_by = models.CharField(max_length=36, blank=True)  # a membership; "": what the project brings
    read_by = models.CharField(max_length=36, blank=True)  # the second person, who said yes to these words
    read_at = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)  # taken away for safety, until new words are read

    objects = SegmentQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["message", "position"], name="segment_place_in_message"),
            models.CheckConstraint(
                condition=Q(read_by="") | ~Q(read_by=models.F("written_by")), name="segment_read_by_someone_else"
            ),
        ]

    @property
    def is_title(self) -> bool:
        return self.position == 0

    @property
    def stands(self) -> bool:
        """As `standing` says it of rows."""
        return self.read_at is not None and self.off_at is None

    @property
    def waiting(self) -> "Segment | Proposal | None":
        """The words that wait for a second person: a proposal, or these, which nobody else has read yet."""
        proposal: Proposal | None = getattr(self, "proposal", None)
        return proposal or (self if self.read_at is None else None)

    @property
    def mark(self) -> str:
        """Names all that whoever reads says yes to: the words that stand or were taken away, those that wait, and what these do
        to other languages."""
        waiting, away = self.waiting, self.off_at and self.off_at.isoformat()
        change = waiting.change if isinstance(waiting, Proposal) else ""
        coming = waiting and (waiting.words, waiting.written_by, change)
        return digest_of(self.pk, self.version, self.words, away, coming)


class Proposal(Words):
    """New words for a sentence that residents read: shown to nobody until someone else has said yes to them."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    segment = models.OneToOneField(Segment, on_delete=models.CASCADE, related_name="proposal")
    change = models.CharField(max_length=7, choices=Change.choices)
    took_away = models.BooleanField(default=False)  # it is by this very one that the sentence was taken away for safety
    written_by = models.CharField(max_length=36)  # a membership
    written_at = models.DateTimeField(default=clock.now)


class Media(models.Model):
    """A file that we made: a voice in Opus, a small video, its poster. Its `name` in the media folder is drawn at random."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="media")
    kind = models.CharField(max_length=6, choices=MediaKind.choices, default=MediaKind.VOICE)
    mime = models.CharField(max_length=40)
    name = models.CharField(max_length=80, unique=True)
    size = models.PositiveIntegerField()  # bytes
    seconds = models.FloatField(default=0)
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64, blank=True)  # of what was sent: the same sent twice is kept once
    main = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="others")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "media"
        indexes = [models.Index(fields=["created_at"])]


class RenditionQuerySet(models.QuerySet["Rendition"]):
    def shown(self, *, unchecked: bool) -> "RenditionQuerySet":
        """What residents meet: checked by a second speaker, of a French that stands. `unchecked`: the others too, as a
        demonstration does. A film says the whole message: it is taken away with any of its sentences.
        """
        cut = Segment.objects.filter(message=OuterRef("segment__message"), off_at__isnull=False)
        said = self.exclude(state=RenditionState.WITHDRAWN).filter(standing("segment__"))
        rows = said.filter(~Exists(cut) | ~Q(medium=Medium.VIDEO))
        return rows if unchecked else rows.filter(checked_at__isnull=False)


class Rendition(models.Model):
    """A segment in one language and medium. Replacing one makes it again from `version` of the French."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="renditions")
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    medium = models.CharField(max_length=5, choices=Medium.choices)
    text = models.CharField(max_length=800, blank=True)
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.PROTECT, related_name="renditions")
    origin = models.CharField(max_length=7, choices=Origin.choices, default=Origin.PERSON)
    version = models.PositiveSmallIntegerField()  # of the French that it says
    state = models.CharField(max_length=9, choices=RenditionState.choices, default=RenditionState.TO_CHECK)
    made_by = models.CharField(max_length=36, blank=True)  # a membership or an invitation; "": the starter pack
    made_at = models.DateTimeField(default=clock.now)
    checked_by = models.CharField(max_length=36, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "language", "medium"], name="rendition_once"),
            models.CheckConstraint(
                condition=Q(checked_by="") | ~Q(checked_by=models.F("made_by")),
                name="rendition_checked_by_someone_else",
            ),
        ]
        indexes = [models.Index(fields=["language", "medium", "state"])]

    @property
    def french(self) -> int:
        """Names the French beside which it is judged: its sentence's, or all that a film says."""
        return self.segment.message.edition if self.medium == Medium.VIDEO else self.segment.version


class WholeVoice(models.Model):
    """A message said from its title to its end in one language: one file, made of the voices that `parts` names."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="whole_voices")
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    parts = models.CharField(max_length=64)  # a digest of its pieces in their order: another piece, another file
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="wholes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "language"], name="whole_voice_once")]


class SentFilm(models.Model):
    """A film that came and is not made small yet: what the worker takes, how far it is, why it did not take it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="sent_films")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="sent_films")
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    edition = models.PositiveIntegerField()  # of the French that it says
    name = models.CharField(max_length=40, unique=True)  # drawn at random: of its file, and of those made of it
    sha256 = models.CharField(max_length=64)
    sent_by = models.CharField(max_length=36)  # a membership or an invitation
    sent_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=7, choices=SentState.choices, default=SentState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)  # who holds it is who counted the last one
    held_until = models.DateTimeField(null=True, blank=True)  # after that, whoever made it was killed
    percent = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=20, blank=True)  # the name of an `errors.Unusable`

    class Meta:
        ordering = ["sent_at", "id"]
        indexes = [models.Index(fields=["state", "held_until"])]

    @property
    def is_under_way(self) -> bool:
        return self.state != SentState.FAILED

    @property
    def said_why(self) -> str:
        return errors.why(self.why)

    @property
    def may_begin_again(self) -> bool:
        """Its file is kept where the fault was ours."""
        return self.state == SentState.FAILED and self.why == errors.NotMade.__name__


class Clip(models.Model):
    """A message for young people as an upright video to pass on: its sentences, large, while its voices say them."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="clips")
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    parts = models.CharField(max_length=64)  # a digest of all that it shows and says: another word, another file
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="clips")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "language"], name="clip_once")]


class Invitation(models.Model):
    """The link of someone who speaks a language: she says a message, or judges what another one said. It names nobody.

    See docs/decisions/0008: the link shows public French words only, and changes nothing without a code given otherwise.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="invitations")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="invitations")
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    kind = models.CharField(max_length=6, choices=InvitationKind.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=200)
    tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.CharField(max_length=36)  # a membership
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]

    @property
    def membership_id(self) -> UUID:
        """The opaque id under which it acts: renditions and events keep it, as they keep a membership's."""
        return self.id

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class Tally(models.Model):
    """How often a message was opened, listened to or shared on one day, in one language. Nobody is followed."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tallies")
    language = models.CharField(max_length=8)
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)
    listened = models.PositiveIntegerField(default=0)
    shared = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "language", "day"], name="tally_a_day")]


class Misunderstanding(models.Model):
    """Someone understood something else: in which segment and language, and the words if she gave any. Nameless."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="misunderstandings")
    language = models.CharField(max_length=8)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]


class LexiconEntry(models.Model):
    """A word that people understood differently, and what to say instead."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="lexicon")
    language = models.CharField(max_length=8, choices=languages.CHOICES)
    word = models.CharField(max_length=80)
    understood_as = models.CharField(max_length=200)
    say_instead = models.CharField(max_length=200, blank=True)
    added_by = models.CharField(max_length=36, blank=True)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["language", "word"]
        constraints = [models.UniqueConstraint(fields=["network", "language", "word"], name="lexicon_word_once")]


class InterfaceReview(models.Model):
    """A native speaker of the network has read the app's own words in one language; `digest` names what she read."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="interface_reviews")
    language = models.CharField(max_length=10)  # of the interface: a catalogue's code
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=36)  # a membership
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "language"], name="interface_review_once")]
