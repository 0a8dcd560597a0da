"""`gongkai read`: the object of the contract, one sentence for what cannot be read, no Django."""

import json
import subprocess
import sys

import pytest

from gongkai.__main__ import main
from tests.core.reading.corpus import CORPUS

HTML = str(CORPUS / "011-shuyang-fgj-2023.html")
TEXT = str(CORPUS / "002-huaian-2024.txt")


def test_one_report_is_one_object_of_the_contract(capsys):
    assert main(["read", HTML, "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert (read["file"], read["format"], read["form"], read["year"]) == (HTML, "html", "2021", 2023)
    assert read["cells"]["applications.new.total"] == 26
    assert {"code": "applications.new.other_organization", "why": "blank"} in read["unread"]


def test_several_reports_are_one_object_a_line_in_the_order_given(capsys):
    assert main(["read", TEXT, HTML, "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["file"] for line in lines] == [TEXT, HTML]


def test_decimals_are_printed_digit_by_digit(capsys):
    main(["read", "--json", TEXT])
    assert '"proactive.administrative_fee.amount": 96171.6,' in capsys.readouterr().out


def test_a_bad_file_is_a_sentence_and_the_others_are_read(capsys, tmp_path):
    bad = tmp_path / "empty.txt"
    bad.touch()
    assert main(["read", str(bad), TEXT, "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.err == "empty.txt 是空文件。\n"
    assert json.loads(printed.out)["file"] == TEXT


def test_a_person_reads_words(capsys):
    assert main(["read", HTML]) == 0
    printed = capsys.readouterr().out
    assert "沭阳县发展和改革局，2023年，2021年格式" in printed
    assert "没有读出（空白）125格" in printed


def test_help_has_an_example(capsys):
    with pytest.raises(SystemExit) as left:
        main(["read", "--help"])
    assert left.value.code == 0
    assert "例：gongkai read" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--jsn", "a.txt"]])
def test_a_wrong_command_line_is_one_sentence(arguments, capsys):
    assert main(["read", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_reading_needs_no_django():
    program = f"import tests.without_django, sys\nfrom gongkai.__main__ import main\nsys.exit(main(['read', {TEXT!r}]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
