"""设置: the rules of the office with their sources, the value in force for an agency, and the history of each."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, desk_action, desk_page
from gongkai.base.office_settings import OfficeSetting, all_settings
from gongkai.base.permissions import may_somewhere
from gongkai.ledgers.agencies import actions, queries
from gongkai.ledgers.agencies.actions.office_settings import MONTH_AND_DAY
from gongkai.ledgers.agencies.desk.form_pages import form_page
from gongkai.ledgers.agencies.forms.office_settings import SettingForm, SettingsFilter
from gongkai.ledgers.agencies.settings import read, settings_in_force


@require_safe
@desk_page()
def settings_page(request: StaffRequest) -> HttpResponseBase:
    """All settings as they hold for an agency on a day, and where each value comes from."""
    form = SettingsFilter(request.GET)
    form.fields["agency"].choices = queries.tree_choices()  # type: ignore[attr-defined]
    wanted = form.cleaned_data if form.is_valid() else {}
    agency = wanted.get("agency") or request.user.agency_id
    day = wanted.get("on") or clock.localdate()
    names = queries.agency_names(day)
    words = (wanted.get("q") or "").strip()
    lines = [
        {
            "setting": held.setting,
            "value": shown(held.setting, held.value),
            "default": shown(held.setting, held.setting.default),
            "origin": _origin(held.agency_id, agency, names),
            "since": held.since,
        }
        for held in settings_in_force(agency, day).values()
        if words in f"{held.setting.name}{held.setting.meaning}{held.setting.key}{held.setting.source}"
    ]
    columns = [
        Column("key", "键", lambda line: line["setting"].key),
        Column("name", "设置", lambda line: line["setting"].name),
        Column("value", "值", lambda line: line["value"]),
        Column("origin", "来自", lambda line: line["origin"]),
        Column("since", "起始日", lambda line: line["since"]),
        Column("default", "默认值", lambda line: line["default"]),
        Column("source", "依据", lambda line: line["setting"].source),
    ]
    download = answer(request, lines, columns, name=f"设置-{day}")
    if download is not None:
        return download
    filled = SettingsFilter({"agency": agency, "on": day, "q": words})
    filled.fields["agency"].choices = queries.tree_choices(day)  # type: ignore[attr-defined]
    context = {
        "form": filled,
        "lines": lines,
        "agency_name": names.get(agency, ""),
        "day": day,
        "security": _security(),
        "may_change": may_somewhere(request.user, "settings.change"),
    }
    return render(request, "agencies/desk/settings.html", context)


@require_safe
@desk_page()
def setting(request: StaffRequest, key: str) -> HttpResponse:
    """One setting: meaning, source, default, and every value it ever had."""
    declared = _declared(key)
    names = queries.agency_names()
    rows = list(queries.setting_history(key))
    lines = queries.last_lines(rows)
    context = {
        "setting": declared,
        "default": shown(declared, declared.default),
        "history": [
            {
                "row": row,
                "agency": names[row.agency_id],
                "value": shown(declared, read(declared, row.value)),
                "line": lines.get(row.pk),
            }
            for row in rows
        ],
        "may_change": may_somewhere(request.user, "settings.change"),
    }
    return render(request, "agencies/desk/setting.html", context)


@desk_action("settings.change")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, key: str) -> HttpResponse:
    """A new value from a day on."""
    declared = _declared(key)
    held = settings_in_force(request.user.agency_id)[key]
    form = SettingForm(request.POST or None, user=request.user, setting=declared, value=held.value)
    return form_page(
        request,
        form,
        lambda **fields: actions.set_office_setting(key=key, **fields, by=request.user),
        title=f"修改设置：{declared.name}",
        done="设置已改。",
        back=reverse("desk:setting", args=[key]),
        consequences=(declared.meaning,),
    )


def shown(setting: OfficeSetting, value: Any) -> str:
    """A value as one reads it, with its unit."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if setting.unit == MONTH_AND_DAY and value:
        month, day = str(value).split("-")
        return f"{int(month)}月{int(day)}日"
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return f"{text} {setting.unit}".strip()


def _declared(key: str) -> OfficeSetting:
    try:
        return all_settings()[key]
    except KeyError:
        raise Http404("没有这个设置。") from None


def _origin(held_by: int | None, agency: int, names: dict[int, str]) -> str:
    if held_by is None:
        return "默认值"
    return "本单位" if held_by == agency else names.get(held_by, "上级单位")


def _security() -> list[tuple[str, str, str]]:
    """Security settings: name, value, environment variable. Only who runs the machine changes them."""
    return [
        ("连续登录失败几次锁定", f"{settings.AXES_FAILURE_LIMIT} 次", "GONGKAI_SIGN_IN_ATTEMPTS"),
        ("锁定多久", f"{round(settings.AXES_COOLOFF_TIME * 60)} 分钟", "GONGKAI_LOCKOUT_MINUTES"),
        ("多久没有操作自动退出", f"{settings.IDLE_MINUTES} 分钟", "GONGKAI_IDLE_MINUTES"),
        ("密码最短", f"{settings.PASSWORD_MINIMUM} 个字符", "GONGKAI_PASSWORD_MINIMUM"),
        ("密码至少含几种字符", f"{settings.PASSWORD_CLASSES} 种", "GONGKAI_PASSWORD_CLASSES"),
        ("上传文件最大", f"{settings.UPLOAD_LIMIT // 1024 // 1024} MB", "GONGKAI_UPLOAD_MEGABYTES"),
    ]
