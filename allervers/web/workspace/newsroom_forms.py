"""The newsroom's forms: a message, one of its sentences, a word of the lexicon."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.core import languages
from allervers.prevention.actions import Line, Terms
from allervers.prevention.enums import Audience, Change
from allervers.prevention.models import Message, Proposal, Segment
from allervers.web.components.forms import DateBox, Pills, SignPicker, Words
from allervers.web.components.signs import NAMES

_MONTHS_KEPT = 9  # how long a message is thought true unless its writer says otherwise
_LONGEST = timedelta(days=550)


class TermsForm(forms.Form):
    """What a message says of itself, apart from its words."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Pour qui"), choices=Audience.choices, initial=Audience.ALL, widget=Pills
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Vrai jusqu’au"),
        widget=DateBox,
        help_text=gettext_lazy("Après ce jour, le message dit lui-même qu’il est trop vieux."),
    )
    source_name = Words(label=gettext_lazy("D’après qui"), max_length=200)
    source_url = forms.URLField(
        label=gettext_lazy("Page de la source"), max_length=500, required=False, assume_scheme="https"
    )

    def __init__(self, data: Any = None, *, today: date, message: Message | None = None) -> None:
        initial: dict[str, Any] = {"expires_on": today + timedelta(days=30 * _MONTHS_KEPT)}
        if message is not None:
            initial = {name: getattr(message, name) for name in TermsForm.base_fields}
        super().__init__(data, initial=initial)
        self.today = today

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if not self.today <= day <= self.today + _LONGEST:
            raise forms.ValidationError(_("Choisissez un jour à venir, dans les dix-huit mois : la santé change."))
        return day

    def terms(self) -> Terms:
        said = {name: self.cleaned_data[name] for name in TermsForm.base_fields}
        return Terms(written_on=self.today, **said)


class MessageForm(TermsForm):
    """A new message: its title and pictogram, then one idea a line."""

    title = Words(label=gettext_lazy("Titre"), max_length=120)
    words = Words(
        label=gettext_lazy("Une idée par ligne"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("Des phrases courtes, que l’on peut dire. Un verbe que l’on peut faire."),
    )
    pictogram = forms.ChoiceField(label=gettext_lazy("Pictogramme"), choices=list(NAMES.items()), widget=SignPicker)
    field_order = ("title", "words", "pictogram")

    def clean_words(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        if len(lines) > 12:
            raise forms.ValidationError(_("Douze idées au plus : faites deux messages."))
        if any(len(line) > 400 for line in lines):
            raise forms.ValidationError(_("Une ligne dépasse 400 lettres : coupez-la."))
        return "\n".join(lines)

    def title_line(self) -> Line:
        return Line(self.cleaned_data["title"], self.cleaned_data["pictogram"])

    def lines(self) -> list[Line]:
        return [Line(line) for line in self.cleaned_data["words"].splitlines()]

    def text(self) -> str:
        """As typed, valid or not: what is read aloud, title first."""
        return f"{self.data.get('title', '')}\n{self.data.get('words', '')}"[:7000]


class SegmentForm(forms.Form):
    """One sentence, and what its change does to what was said of it."""

    text = Words(label=gettext_lazy("En français"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    pictogram = forms.ChoiceField(
        label=gettext_lazy("Pictogramme"),
        required=False,
        choices=[("", gettext_lazy("aucun")), *NAMES.items()],
        widget=SignPicker,
    )
    urgent = forms.BooleanField(label=gettext_lazy("Danger : en rouge"), required=False)
    phone = forms.RegexField(
        r"^\d{2,10}$",
        label=gettext_lazy("Numéro à appeler"),
        required=False,
        error_messages={"invalid": gettext_lazy("Deux à dix chiffres, sans espace.")},
    )
    change = forms.ChoiceField(
        label=gettext_lazy("Si les mots changent"), choices=Change.choices, initial=Change.MINOR, widget=Pills
    )

    def __init__(self, data: Any = None, *, segment: Segment | None = None) -> None:
        names = ("text", "pictogram", "urgent", "phone")
        words = segment.waiting if segment and segment.waiting and segment.waiting.text else segment
        super().__init__(data, initial={name: getattr(words, name) for name in names} if words else None)
        self.goes = bool(data and "retirer" in data)
        if segment is None:
            del self.fields["change"]
        elif isinstance(segment.waiting, Proposal):
            self.initial["change"] = segment.waiting.change
        if segment is not None and segment.is_title:
            self.fields["pictogram"].required = True

    def line(self) -> Line:
        """No words: the sentence goes."""
        said = self.cleaned_data
        if self.goes:
            return Line("")
        return Line(said["text"], said["pictogram"], said["urgent"], said["phone"])


class LexiconForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Langue"), choices=languages.CHOICES)
    word = forms.CharField(label=gettext_lazy("Le mot"), max_length=80)
    understood_as = forms.CharField(label=gettext_lazy("Ce que l’on comprend"), max_length=200)
    say_instead = forms.CharField(label=gettext_lazy("Dire plutôt"), max_length=200, required=False)
