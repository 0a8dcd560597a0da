"""`gongkai import`: exit status, one sentence on stderr, the list and the returned copy of a dry run."""

import os

import pytest
from django.conf import settings

from gongkai.base import clock
from gongkai.base.models import Installation, JournalLine
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications.models import Application
from gongkai.site import cli
from gongkai.site.imports.sheets import read_sheet
from tests.site.imports.conftest import APPLICATION, STAFF, table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _installed(monkeypatch):
    monkeypatch.setitem(os.environ, "GONGKAI_DATA", str(settings.DATA))
    Installation.objects.create(pk=1, kind="production", created_at=clock.now())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(table("applications", APPLICATION, APPLICATION | {"number": "2号"}))
    return path


@pytest.fixture
def bad_file(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(table("applications", APPLICATION, APPLICATION | {"number": "2号", "channel": "电报"}))
    return path


def test_rows_are_imported_in_the_name_of_a_user(file, bureau_clerk, capsys):
    assert cli.main(["import", "applications", str(file), "--by", "lin"]) == 0
    assert capsys.readouterr().out == "依申请公开：新增 2 行，已有 0 行。\n"
    assert Application.objects.count() == 2
    assert JournalLine.objects.get(verb="file.imported").by == bureau_clerk


def test_the_second_time_all_rows_are_there(file, bureau_clerk, capsys):
    cli.main(["import", "applications", str(file), "--by", "lin"])
    capsys.readouterr()
    assert cli.main(["import", "applications", str(file), "--by", "LIN"]) == 0
    assert capsys.readouterr().out == "依申请公开：新增 0 行，已有 2 行。\n"


def test_a_dry_run_changes_nothing(file, bureau_clerk, capsys):
    assert cli.main(["import", "applications", str(file), "--by", "lin", "--dry-run"]) == 0
    assert "可以导入：新增 2 行，已有 0 行。没有写入任何内容。" in capsys.readouterr().out
    assert not Application.objects.exists()


def test_a_dry_run_lists_the_faults_and_writes_the_returned_copy(bad_file, bureau_clerk, capsys):
    assert cli.main(["import", "applications", str(bad_file), "--by", "lin", "--dry-run"]) == 2
    told = capsys.readouterr()
    copy = bad_file.with_name("台账-检查结果.xlsx")
    assert told.out.startswith("第 3 行　收到渠道：没有“电报”这一项")
    assert str(copy) in told.out
    assert told.err == "2 行里有 1 行有错，不能导入；没有写入任何内容。\n"
    assert read_sheet(copy.read_bytes()).rows[2][-2] == "有错"


def test_a_file_with_a_bad_row_is_refused_with_one_sentence(bad_file, bureau_clerk, capsys):
    assert cli.main(["import", "applications", str(bad_file), "--by", "lin"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("有 1 行有错，一行也没有导入。第一处：第 3 行")
    assert told.err.count("\n") == 1
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["weather", "FILE", "--by", "lin"], "没有叫“weather”的台账，可以导入的有：agencies、applications、"),
        (["applications", "FILE"], "请用 --by 写明以哪位人员的名义导入"),
        (["applications", "FILE", "--by", "nobody"], "没有登录名为“nobody”的在用账号"),
        (["applications", "/nowhere.xlsx", "--by", "lin"], "没有这个文件：/nowhere.xlsx"),
        (["remedies", "FILE", "--by", "lin"], "没有找到表头"),
        (["applications", "FILE", "--by", "guanli"], "您没有“登记申请”的权限"),
        (["applications", "FILE", "--template"], "已经存在，不覆盖它"),
        (["applications", "模板.xls", "--template"], "模板的文件名要以 .xlsx 结尾"),
    ],
)
def test_bad_input_gets_one_sentence_and_status_two(arguments, sentence, file, bureau_clerk, administrator, capsys):
    arguments = [str(file) if argument == "FILE" else argument for argument in arguments]
    assert cli.main(["import", *arguments]) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert not Application.objects.exists()


def test_a_refusal_for_want_of_a_role_is_in_the_journal(file, bureau, administrator, capsys):
    cli.main(["import", "applications", str(file), "--by", "guanli"])
    assert "登记申请" in JournalLine.objects.get(verb="action.refused").reason


def test_a_closed_account_imports_nothing(file, bureau_clerk, capsys):
    Staff.objects.filter(pk=bureau_clerk.pk).update(closed_on="2020-12-01")
    assert cli.main(["import", "applications", str(file), "--by", "lin"]) == 2
    assert "在用账号" in capsys.readouterr().err


def test_the_template_is_written_to_a_new_file(tmp_path, bureau, capsys):
    path = tmp_path / "模板.xlsx"
    assert cli.main(["import", "records", str(path), "--template"]) == 0
    assert read_sheet(path.read_bytes()).rows[1][0] == "示例"


def test_passwords_of_new_accounts_are_printed_once(tmp_path, administrator, bureau, capsys):
    path = tmp_path / "人员.xlsx"
    path.write_bytes(table("staff", STAFF))
    assert cli.main(["import", "staff", str(path), "--by", "guanli"]) == 0
    username, name, password = capsys.readouterr().out.splitlines()[-1].split("\t")
    assert (username, name) == ("zhou", "周科员")
    assert Staff.objects.get(username="zhou").check_password(password)


def test_a_reason_is_given_for_a_frozen_year(file, bureau_clerk, port, capsys):
    port.frozen.add(2020)
    assert cli.main(["import", "applications", str(file), "--by", "lin"]) == 2
    assert "已经定稿" in capsys.readouterr().err
    assert cli.main(["import", "applications", str(file), "--by", "lin", "--reason", "补录"]) == 0


def test_no_progress_bar_is_drawn_in_a_pipe(file, bureau_clerk, capsys):
    cli.main(["import", "applications", str(file), "--by", "lin"])
    assert capsys.readouterr().err == ""
