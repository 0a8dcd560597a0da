"""One page for every form of this ledger: what is asked, what follows from it, and where it leads."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from gongkai.base.http import StaffRequest, attempt


def form_page(
    request: StaffRequest,
    form: forms.Form,
    action: Callable[..., object],
    *,
    title: str,
    done: str,
    back: str,
    submit: str = "保存",
    consequences: Sequence[str] = (),
    template: str = "agencies/desk/form.html",
    **more: Any,
) -> HttpResponse:
    """Show the form; when it is sent and sound, call the action with its fields, say what was done, go to `back`."""
    if form.is_valid() and attempt(request, lambda: action(**form.cleaned_data), form=form):
        messages.success(request, done)
        return redirect(back)
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "consequences": consequences,
        "cancel_url": back,
        **more,
    }
    return render(request, template, context, status=400 if form.errors else 200)
