"""What the desk pages of one report share: finding it, working it out, asking before a step, one form on a page."""

from time import perf_counter

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from gongkai.base.http import StaffRequest
from gongkai.reporting.annual_reports import queries
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.report_page import Shell, moved_since


def is_htmx(request: StaffRequest) -> bool:
    """Whether only a part of the page is asked for."""
    return bool(request.headers.get("HX-Request"))


def form_page(
    request: StaffRequest, form: django_forms.Form, *, heading: str, submit: str, back_url: str, lead: str = ""
) -> HttpResponse:
    """A page with one form."""
    context = {"form": form, "heading": heading, "submit": submit, "back_url": back_url, "lead": lead}
    return render(request, "annual_reports/desk/form.html", context)


def found_report(request: StaffRequest, pk: int) -> AnnualReport:
    """The report, for those who may see it, with the version that corrects it."""
    return get_object_or_404(queries.visible_to(request.user).select_related("corrected_by"), pk=pk)


def shell_of(request: StaffRequest, pk: int, place: int | None = None) -> Shell:
    """The frame of the report's pages. `place` is the section shown, counted from 1."""
    return worked_out(request, found_report(request, pk), place)


def worked_out(request: StaffRequest, report: AnnualReport, place: int | None = None) -> Shell:
    """The report worked out anew, or as it was frozen with what would move today."""
    started = perf_counter()
    successor = getattr(report, "corrected_by", None)
    shell = Shell(
        report=report,
        compiled=queries.shown(report),
        user=request.user,
        place=place,
        successor=None if successor is None else successor.pk,
    )
    if report.is_frozen:
        shell.moved = moved_since(shell.compiled, shell.cell_url)
    shell.seconds = perf_counter() - started
    return shell


def place_url(name: str, report: AnnualReport, place: int) -> str:
    """The address of a page about one section."""
    return reverse(f"desk:{name}", args=(report.pk, place))


def confirm_page(
    request: StaffRequest,
    pk: int,
    *,
    heading: str,
    question: str,
    submit: str,
    consequences: list[str] | None = None,
    blocked: list[str] | None = None,
    form: django_forms.Form | None = None,
) -> HttpResponse:
    """Before what cannot be undone: what will happen, or why it cannot be done yet."""
    context = {
        "heading": heading,
        "question": question,
        "submit": submit,
        "consequences": consequences,
        "blocked": blocked,
        "form": form,
        "back_url": reverse("desk:report", args=(pk,)),
    }
    return render(request, "annual_reports/desk/confirm.html", context)
