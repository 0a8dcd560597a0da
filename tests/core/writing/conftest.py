"""The four published tables as reports to be written."""

from datetime import date

import pytest

from gongkai.core.national_forms.samples import SAMPLES, sample
from gongkai.core.reading.report import PublishedReport, Section
from gongkai.core.writing.report_document import ReportDocument


def document_of(name, **changes):
    one = sample(name)
    sections = tuple(Section(heading, f"{heading}的正文。") for heading in one.form.sections) or (
        Section("一、主动公开政府信息情况", "自由正文。"),
    )
    report = PublishedReport(
        file=None,
        format="ledger",
        script="hans",
        form=one.form.code,
        year=one.year,
        issuer="示范区",
        cells={**one.cells, **changes},
        sections=sections,
    )
    return ReportDocument(
        report=report,
        title=f"示范区{one.year}年政府信息公开工作年度报告",
        opening="本报告依据《中华人民共和国政府信息公开条例》编制。",
        notes=("行政处罚处理决定数量另加17件：合并执法队伍时移交。",),
        signed_by="示范区人民政府",
        dated=date(one.year + 1, 1, 28),
        footer={"填报人": "沈科员"},
        sources=dict.fromkeys(one.form.cells, "台账"),
    )


@pytest.fixture(params=SAMPLES)
def document(request):
    return document_of(request.param)


@pytest.fixture
def licheng():
    return document_of("licheng-2020")


@pytest.fixture
def shengsi():
    return document_of("shengsi-2017")


@pytest.fixture
def with_an_unknown_cell():
    return document_of("licheng-2020", **{"proactive.permit.rulings": None})
