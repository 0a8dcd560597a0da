"""`gongkai clock`: what it reads and prints, and that bad input gets one sentence and status 2."""

import io
import json
import subprocess
import sys

import pytest

from gongkai.__main__ import main

KEYS = ["law", "state", "due_on", "provisional", "as_of", "used", "left", "late_by", "breaches", "assumed", "days"]
RECEIVED = {"on": "2020-01-20", "event": "received"}


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on a value or a text; answers exit status, standard output and standard error."""

    def run(value, *options):
        file = tmp_path / "case.json"
        file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        status = main(["clock", str(file), *options])
        return status, *capsys.readouterr()

    return run


def test_an_object_with_a_day_of_looking_is_answered_for_that_day(run):
    status, out, _ = run({"received_by": "online", "as_of": "2020-02-10", "events": [RECEIVED]}, "--json")
    answer = json.loads(out)
    assert status == 0
    assert list(answer) == KEYS
    assert [answer[key] for key in KEYS[:8]] == ["2019", "running", "2020-02-25", False, "2020-02-10", 9, 11, 0]
    assert answer["days"][0] == {"on": "2020-01-21", "counted": True, "why": "第1个工作日"}


def test_a_bare_list_is_looked_at_on_the_day_of_its_last_event(run):
    _, out, _ = run([RECEIVED, {"on": "2020-02-03", "event": "third_party_asked"}], "--json")
    assert json.loads(out)["as_of"] == "2020-02-03"


def test_an_object_without_a_day_is_looked_at_on_the_day_of_its_last_event(run):
    _, out, _ = run({"events": [RECEIVED]}, "--json")
    assert json.loads(out)["as_of"] == "2020-01-20"


def test_the_option_replaces_the_day_of_the_input(run):
    _, out, _ = run({"as_of": "2020-02-10", "events": [RECEIVED]}, "--json", "--on", "2020-02-14")
    assert json.loads(out)["as_of"] == "2020-02-14"


def test_what_was_late_is_printed_and_is_no_failure(run):
    status, out, _ = run([RECEIVED, {"on": "2020-02-26", "event": "replied"}], "--json")
    assert status == 0
    assert json.loads(out)["breaches"] == [
        {"on": "2020-02-26", "article": "33", "sentence": "答复期限为2020-02-25，实际于2020-02-26答复。"}
    ]


def test_where_there_is_no_limit_it_is_null(run):
    _, out, _ = run([RECEIVED, {"on": "2020-02-03", "event": "fee_notified"}], "--json")
    answer = json.loads(out)
    assert (answer["state"], answer["due_on"], answer["left"]) == ("waiting_for_applicant", None, None)


def test_json_is_one_line_of_utf_8_without_escapes(run):
    _, out, _ = run([RECEIVED], "--json")
    assert out.count("\n") == 1
    assert "第1个工作日" in out


def test_the_text_says_limit_days_and_what_would_move_it(run):
    _, out, _ = run({"as_of": "2020-02-10", "events": [RECEIVED]})
    assert "期限：2020-02-25\n天数：已用9个工作日，还剩11个工作日\n" in out
    assert "不晚于2020-02-25经同意并告知申请人，可以延长一次，最多20个工作日，到2020-03-24。" in out
    assert "  2020-01-24 － 节假日休息\n" in out


def test_a_provisional_limit_says_so_in_the_text(run):
    _, out, _ = run([{"on": "2026-12-31", "event": "received"}])
    assert "期限：2027-01-28（暂定）" in out


def test_a_remark_may_stand_beside_an_event(run):
    assert run([{**RECEIVED, "note": "窗口", "by": "沈"}])[0] == 0


def test_a_party_may_be_a_number(run):
    events = [RECEIVED, {"on": "2020-02-03", "event": "agency_asked", "party": 2}]
    assert run([*events, {"on": "2020-02-04", "event": "agency_answered", "party": "2"}])[0] == 0


def test_standard_input_is_read_for_a_dash(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps([RECEIVED]).encode("utf-8-sig"))))
    assert main(["clock", "-"]) == 0
    assert "2020-02-25" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "不是有效的 JSON"),
        ("{", "第1行第2列"),
        ("[" * 100_000, "不是有效的 JSON"),
        ("3", "事件列表"),
        ({}, "事件列表"),
        ({"events": {}}, "事件列表"),
        ([], "没有收到申请的记载"),
        ({"events": [RECEIVED], "asof": "2020-02-10"}, '"asof"'),
        ({"events": [RECEIVED], "as_of": "2020-2-10"}, "2020-01-20 这样的日期"),
        ({"events": [RECEIVED], "as_of": "2019-12-31"}, "还没有期限"),
        ({"events": [RECEIVED], "received_by": 3}, "received_by 应是一行文字"),
        (["received"], "第1个事件应是对象"),
        ([{"on": "2020-01-20"}], "event 不认识：null"),
        ([{"on": "2020-01-20", "event": "recieved"}], '"recieved"'),
        ([{"on": "2020-01-20", "event": ["received"]}], "不认识"),
        ([{"event": "received"}], "on 应是"),
        ([{"on": "2020-02-30", "event": "received"}], "没有的日子"),
        ([{"on": "20200120", "event": "received"}], "这样的日期"),
        ([{"on": "9999-12-31", "event": "received"}], "2000 年到 2199 年"),
        ([{**RECEIVED, "days": 3}], '不能有 "days"'),
        ([RECEIVED, {"on": "2020-02-03", "event": "extended", "days": 0}], "至少延长1个工作日"),
        ([RECEIVED, {"on": "2020-02-03", "event": "extended", "days": 21}], "最多允许20个"),
        ([RECEIVED, {"on": "2020-02-03", "event": "extended", "days": "5"}], "days 应是整数"),
        ([RECEIVED, {"on": "2020-02-03", "event": "extended", "days": True}], "days 应是整数"),
        ([RECEIVED, {"on": "2020-02-03", "event": "agency_asked", "party": ""}], "party 不能是空的"),
        ([RECEIVED, {"on": "2020-02-03", "event": "agency_asked", "party": []}], "party 应是一行文字"),
        ([RECEIVED, {"on": "2020-02-03", "event": "agency_asked", "party": "甲\n乙"}], "party 应是一行文字"),
        ([RECEIVED, {"on": "2020-02-03", "event": "agency_asked", "party": "\ud800"}], "party 应是一行文字"),
        ([RECEIVED, {"on": "2020-02-03", "event": "delayed"}], "until"),
        ([RECEIVED, {"on": "2020-02-03", "event": "delayed", "until": "2020-02-01"}], "早于当天"),
        ([RECEIVED, {"on": "2020-01-01", "event": "replied"}], "日期先后"),
    ],
)
def test_bad_input_gets_one_sentence_and_status_two(run, value, sentence):
    status, out, err = run(value)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.json"], "文件打不开：nowhere.json"),
        (["."], "文件打不开"),
        (["-", "--on", "2020"], "日期应是 2020-01-20 这样的日期"),
        (["-", "--on", "9999-12-31"], "2000 年到 2199 年"),
        ([], "FILE"),
    ],
)
def test_bad_arguments_get_one_sentence_and_status_two(capsys, arguments, sentence):
    status = main(["clock", *arguments])
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_file_that_is_no_utf_8_gets_one_sentence(tmp_path, capsys):
    file = tmp_path / "case.json"
    file.write_bytes("申请".encode("gb18030"))
    assert main(["clock", str(file)]) == 2
    assert capsys.readouterr().err == "输入不是 UTF-8 编码的文字。\n"


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit) as left:
        main(["clock", "--help"])
    assert left.value.code == 0
    assert "gongkai clock 申请.json" in capsys.readouterr().out


def test_the_command_needs_no_django(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps([RECEIVED]), encoding="utf-8")
    code = (
        "import sys; from gongkai.__main__ import main; status = main(['clock', sys.argv[1]]);"
        "sys.exit(status or any(name.partition('.')[0] == 'django' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
