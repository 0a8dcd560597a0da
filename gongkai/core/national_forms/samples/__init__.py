"""Published tables of four real reports, cell by cell: what the demo worlds must add up to. Sources: README.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gongkai.core.national_forms import NationalForm, form_named
from gongkai.core.national_forms.cells import CellValue
from gongkai.core.national_forms.loading import read_data

SAMPLES = ("licheng-2020", "wuding-2020", "shengsi-2017", "hongze-2024")


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The tables of one published report. `cells` holds every code of the form, in printed order.

    `None` is not printed. `extra_cells` are values printed under a code of another form; `printed` is the printed text
    where a unit was changed.
    """

    name: str
    form: NationalForm
    year: int
    organ: str
    cells: Mapping[str, CellValue]
    extra_cells: Mapping[str, CellValue]
    printed: Mapping[str, str]
    source: str


def sample(name: str) -> Sample:
    """The published tables of that name. Raises ValueError for a name that is not one of `SAMPLES`."""
    if name not in SAMPLES:
        raise ValueError(f"没有名为“{name}”的样本，可用的样本为：{'、'.join(SAMPLES)}。")
    data = read_data(f"samples/{name}.json")
    form = form_named(data["form"])
    return Sample(
        name=name,
        form=form,
        year=data["year"],
        organ=data["organ"],
        cells=MappingProxyType({code: data["cells"].get(code) for code in form.cells}),
        extra_cells=MappingProxyType(data["extra_cells"]),
        printed=MappingProxyType(data["printed"]),
        source=data["source"],
    )
