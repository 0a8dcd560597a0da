"""Sign-in, sign-out, own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.base.errors import RuleBroken
from gongkai.base.http import StaffRequest, attempt, desk_page
from gongkai.ledgers.agencies import actions, sessions
from gongkai.ledgers.agencies.forms.sign_in import PasswordForm, SignInForm
from gongkai.ledgers.agencies.models import Staff


@sensitive_post_parameters("username", "password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; a refusal says the same whether or not there is such an account."""
    following = sessions.next_page(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(following)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = sessions.sign_in(request, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return redirect("desk:password" if user.must_change_password else following)
    context = {"form": form, "next": following, "idle": "idle" in request.GET and request.method == "GET"}
    return render(request, "agencies/desk/sign_in.html", context, status=400 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    sessions.sign_out(request)
    messages.success(request, "您已退出。")
    return redirect("desk:sign_in")


def before_password_change(request: StaffRequest) -> HttpResponse:
    """Own password; the one page open to those who must change theirs first."""
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password"]
        first = request.user.must_change_password
        changed: list[Staff] = []
        if attempt(
            request,
            lambda: changed.append(actions.change_password(request.user, old_password=old, new_password=new)),
            form=form,
        ):
            update_session_auth_hash(request, changed[0])
            messages.success(request, "密码已改。")
            return redirect("desk:today" if first else "desk:password")
    context = {"form": form, "rules": password_validators_help_texts()}
    return render(request, "agencies/desk/password.html", context, status=400 if form.errors else 200)


before_password_change.before_password_change = True  # type: ignore[attr-defined]
password = sensitive_post_parameters()(
    never_cache(require_http_methods(["GET", "POST"])(desk_page()(before_password_change)))
)
