"""What an administrator types to begin, change and end agencies."""

from typing import Any

from django import forms

from gongkai.base import clock
from gongkai.ledgers.agencies.models import Agency, AgencyTerm
from gongkai.ledgers.agencies.queries import agency_choices, tree_choices

NOBODY: list[tuple[int | str, str]] = [("", "（没有）")]
REASON = "写明依据，例如机构改革文件的名称和文号"


def agency_of(value: str) -> Agency | None:
    """The agency of a choice that names its key; nothing for nothing."""
    return Agency.objects.get(pk=value) if value else None


class AgencyChoiceField(forms.TypedChoiceField):
    """One agency out of choices along the tree; the value is the agency."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=agency_of, empty_value=None, **options)


class TreeFilter(forms.Form):
    """The day of the tree and what to look for in it."""

    on = forms.DateField(label="哪一天的单位", required=False)
    q = forms.CharField(label="名称、编码", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *AgencyTerm.KINDS])


class AgencyForm(forms.Form):
    """A new agency."""

    name = forms.CharField(label="名称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=40, required=False, help_text="空着就用名称")
    kind = forms.ChoiceField(label="类别", choices=AgencyTerm.KINDS)
    parent = AgencyChoiceField(label="上级单位")
    valid_from = forms.DateField(label="设立日期")
    slug = forms.CharField(label="代号", max_length=40, help_text="网址和命令里用，小写字母、数字、连字符，定了不再改")
    code = forms.CharField(
        label="机构编码", max_length=20, help_text="索引号和申请编号的前缀，大写字母、数字、连字符，定了不再改"
    )
    document_prefix = forms.CharField(
        label="机关代字", max_length=20, required=False, help_text="文号里的代字，例如“示教”"
    )
    reports_for_itself = forms.BooleanField(label="单独编制年报", required=False, initial=True)
    works_outside = forms.BooleanField(label="不在本系统办理，年底上传统计表", required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = agency_choices(user, "agencies.manage")  # type: ignore[attr-defined]


class TermForm(forms.Form):
    """What changes about an agency from a day on; what stays the same is left as it is."""

    valid_from = forms.DateField(label="从哪一天起", help_text="这一天之前的情况保留在沿革里")
    name = forms.CharField(label="名称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=40)
    kind = forms.ChoiceField(label="类别", choices=AgencyTerm.KINDS)
    parent = AgencyChoiceField(label="上级单位", required=False)
    reports_for_itself = forms.BooleanField(label="单独编制年报", required=False)
    works_outside = forms.BooleanField(label="不在本系统办理，年底上传统计表", required=False)
    reason = forms.CharField(
        label="理由", required=False, max_length=200, help_text="更正已登记的沿革，或者改动年报已定稿的年份，必须写明"
    )

    def __init__(self, *args: Any, user: Any, term: AgencyTerm, **kwargs: Any) -> None:
        kept = ("name", "short_name", "kind", "reports_for_itself", "works_outside")
        initial = {field: getattr(term, field) for field in kept}
        initial |= {"parent": term.parent_id, "valid_from": clock.localdate()}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        if term.parent_id is None:
            del self.fields["parent"]
        else:
            known = dict(tree_choices())
            choices = dict(agency_choices(user, "agencies.manage"))
            choices.setdefault(term.parent_id, known.get(term.parent_id, ""))
            choices.pop(term.agency_id, None)
            self.fields["parent"].choices = list(choices.items())  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The end of an agency."""

    last_day = forms.DateField(label="最后一天", help_text="撤销前的最后一天，不晚于今天")
    successor = AgencyChoiceField(label="承接单位", required=False, help_text="承接下级单位、人员、任职和在办事项")
    reason = forms.CharField(label="依据", max_length=200, help_text=REASON)

    def __init__(self, *args: Any, user: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in agency_choices(user, "agencies.manage") if choice[0] != agency.pk]
        self.fields["successor"].choices = NOBODY + others  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Agencies that are merged into one that goes on."""

    agencies = forms.TypedMultipleChoiceField(
        label="并入哪些单位",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="它们的下级单位、人员和在办事项一并承接",
    )
    last_day = forms.DateField(label="最后一天", help_text="合并前的最后一天，不晚于今天")
    reason = forms.CharField(label="依据", max_length=200, help_text=REASON)

    def __init__(self, *args: Any, user: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in agency_choices(user, "agencies.manage") if choice[0] != agency.pk]
        self.fields["agencies"].choices = others  # type: ignore[attr-defined]

    def clean_agencies(self) -> list[Agency]:
        """The agencies chosen."""
        return list(Agency.objects.filter(pk__in=self.cleaned_data["agencies"]))


class SplitForm(forms.Form):
    """When and on what basis an agency is split, and which part succeeds it."""

    last_day = forms.DateField(label="最后一天", help_text="分设前的最后一天，不晚于今天；新单位从第二天起设立")
    successor = forms.CharField(
        label="承接单位的代号", max_length=40, help_text="下面新单位中的一个，承接人员、任职和在办事项，之后再逐人调动"
    )
    reason = forms.CharField(label="依据", max_length=200, help_text=REASON)


class PartForm(forms.Form):
    """One of the new agencies."""

    name = forms.CharField(label="新单位名称", max_length=100)
    kind = forms.ChoiceField(label="类别", choices=AgencyTerm.KINDS, initial="department")
    slug = forms.CharField(label="代号", max_length=40)
    code = forms.CharField(label="机构编码", max_length=20)
    document_prefix = forms.CharField(label="机关代字", max_length=20, required=False)


PartFormSet = forms.formset_factory(PartForm, extra=2, min_num=0, max_num=5)
