"""What an administrator types about accounts, posts and hand-overs."""

from typing import Any

from django import forms

from gongkai.base import clock
from gongkai.base.permissions import ROLES
from gongkai.ledgers.agencies.forms.agencies import AgencyChoiceField
from gongkai.ledgers.agencies.models import Post, Staff
from gongkai.ledgers.agencies.queries import agency_choices, deputy_choices, staff_choices, tree_choices

ROLE_CHOICES = list(ROLES.items())
NOBODY: list[tuple[int | str, str]] = [("", "（没有）")]
ROLE_HINT = "系统管理员只管账号，不办业务，不能与其他角色同时选"
STATES = (("open", "在用"), ("closed", "已停用"), ("", "全部"))


def staff_of(value: str) -> Staff | None:
    """The member of staff of a choice; nothing for nothing."""
    return Staff.objects.get(pk=value) if value else None


class StaffChoiceField(forms.TypedChoiceField):
    """One member of staff; the value is the person."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=staff_of, empty_value=None, **options)


class StaffFilter(forms.Form):
    """Whom to look for."""

    q = forms.CharField(label="姓名、登录名", required=False, max_length=40)
    agency = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *ROLE_CHOICES])
    state = forms.ChoiceField(label="账号", required=False, choices=STATES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", "全部"), *tree_choices()]  # type: ignore[attr-defined]


class StaffForm(forms.Form):
    """A new account."""

    name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(label="登录名", max_length=40, help_text="字母开头，用字母、数字、点、下划线或连字符")
    agency = AgencyChoiceField(label="所在单位")
    roles = forms.MultipleChoiceField(
        label="角色", required=False, choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple, help_text=ROLE_HINT
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agency_choices(user, "staff.manage")  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """A person's name, corrected."""

    name = forms.CharField(label="姓名", max_length=40)
    reason = forms.CharField(label="理由", required=False, max_length=200)


class ReasonForm(forms.Form):
    """Only the reason."""

    reason = forms.CharField(label="理由", max_length=200)


class PostForm(forms.Form):
    """A role at an agency."""

    agency = AgencyChoiceField(label="单位", help_text="对这个单位和它的下级单位有效")
    role = forms.ChoiceField(label="角色", choices=ROLE_CHOICES, help_text=ROLE_HINT)
    valid_from = forms.DateField(label="起始日")
    valid_to = forms.DateField(label="截止日", required=False, help_text="最后一天；空着表示一直有效")
    reason = forms.CharField(label="依据", required=False, max_length=200)

    def __init__(self, *args: Any, user: Any, staff: Staff, **kwargs: Any) -> None:
        kwargs["initial"] = {"agency": staff.agency_id, "valid_from": clock.localdate()}
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agency_choices(user, "staff.manage")  # type: ignore[attr-defined]


class EndPostForm(forms.Form):
    """When a role ends."""

    last_day = forms.DateField(label="最后一天", required=False, help_text="空着表示立即结束")
    reason = forms.CharField(label="理由", required=False, max_length=200)


class DeputyForm(forms.Form):
    """For whom, in which role, and until when a colleague stands in."""

    post = forms.TypedChoiceField(label="代理谁的什么角色", coerce=int)
    valid_from = forms.DateField(label="起始日")
    valid_to = forms.DateField(label="截止日", help_text="到期自动结束")
    reason = forms.CharField(label="依据", required=False, max_length=200)

    def __init__(self, *args: Any, user: Any, staff: Staff, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": clock.localdate()}
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = deputy_choices(user, staff)  # type: ignore[attr-defined]

    def clean_post(self) -> Post:
        """The post stood in for."""
        return Post.objects.select_related("staff", "agency").get(pk=self.cleaned_data["post"])


class HandOverForm(forms.Form):
    """Who takes over, and why."""

    successor = StaffChoiceField(
        label="承接人", required=False, help_text="在办事项全部交给这个人，须在该单位有业务角色"
    )
    reason = forms.CharField(label="理由", max_length=200, help_text="例如调动通知的文号")

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in staff_choices(business_only=True) if choice[0] != staff.pk]
        self.fields["successor"].choices = NOBODY + others  # type: ignore[attr-defined]


class MoveForm(HandOverForm):
    """Where to, and as what."""

    to = AgencyChoiceField(label="调到哪个单位")
    roles = forms.MultipleChoiceField(
        label="在新单位的角色", required=False, choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("to", "roles", "successor", "reason")

    def __init__(self, *args: Any, user: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        others = [choice for choice in agency_choices(user, "staff.manage") if choice[0] != staff.agency_id]
        self.fields["to"].choices = others  # type: ignore[attr-defined]
