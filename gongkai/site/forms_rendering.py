"""How forms come out: our field, label, error and choice templates, for every form of both faces (`FORM_RENDERER`)."""

from functools import cached_property
from pathlib import Path

import django.forms
from django.forms.renderers import BaseRenderer, EngineMixin
from django.template.backends.django import DjangoTemplates


class GongkaiRenderer(EngineMixin, BaseRenderer):
    """Renders `{{ form }}` (summary of errors, then the fields) and `{{ field.as_field_group }}`.

    It has an engine of its own, so that our widget templates win over Django's whatever the order of the applications.
    """

    backend = DjangoTemplates
    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"

    @cached_property
    def engine(self) -> DjangoTemplates:
        """Templates of the site first, then those of the applications, then Django's."""
        return DjangoTemplates(
            {
                "NAME": "forms",
                "APP_DIRS": True,
                "DIRS": [Path(__file__).parent / "templates", Path(django.forms.__path__[0]) / "templates"],
                "OPTIONS": {},
            }
        )
