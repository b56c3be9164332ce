"""How Django's forms look here: one renderer, one bound field, one field, two widgets."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from allervers.core import text


class Field(forms.BoundField):
    """A field as the templates want it: a class for its box, and whether it says that it may stay empty."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        target = widget or self.field.widget
        if self.is_boxed(target):
            built["class"] = f"input {target.attrs.get('class', '')}".strip()
        return built

    @staticmethod
    def is_boxed(widget: forms.Widget) -> bool:
        """Everything that is written or chosen in a box: not a pill, not a tick, not a hidden value."""
        loose = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)
        return not isinstance(widget, loose)

    @property
    def is_tick(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_optional_said(self) -> bool:
        """Optional fields say so; a form of filters, where all are, sets `says_optional = False`."""
        return not self.field.required and not self.is_tick and getattr(self.form, "says_optional", True)

    @property
    def first_id(self) -> str:
        """Where a link of the error summary lands: the first box of a group, not the group."""
        if isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return f"{self.auto_id}_0"
        return self.id_for_label


class Renderer(TemplatesSetting):
    """Project templates first; `{{ form }}` gives the error summary, then every field."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = Field


class Words(forms.CharField):
    """What will be read by anyone, on a page or in a feed: without control characters, which a copy from elsewhere brings."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(text.printable(value) if isinstance(value, str) else value)


class Pills(forms.RadioSelect):
    """One of a few, side by side; `keys` gives the key that chooses each value, printed beside its word."""

    def __init__(self, *args: Any, keys: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = dict(keys or {})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        key = self.keys.get(str(option["value"]))
        if key:
            option["attrs"]["data-key"] = key.lower()
            option["attrs"]["aria-keyshortcuts"] = key.upper()
        return option


class SignPicker(forms.RadioSelect):
    """A pictogram among those of the residents' app, seen as they see it."""

    template_name = "components/signs_picker.html"


class DateBox(forms.DateInput):
    """The reader's own calendar; the value travels as ISO 8601 whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentBox(forms.DateTimeInput):
    """A day and an hour in the reader's own picker."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class HourBox(forms.TimeInput):
    """An hour in the reader's own picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")
