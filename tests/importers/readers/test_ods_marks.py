from __future__ import annotations

import zipfile
from pathlib import Path

from crmcli.importers.readers.grid import Merge
from crmcli.importers.readers.ods_marks import marks_of_ods

SPACES = 'xmlns:table="t" xmlns:text="x" xmlns:calcext="c"'
CONTENT = f"""<doc {SPACES}><table:table table:name="客户">
<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="2"/>
<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1"><text:p>甲</text:p></table:table-cell>
<table:table-cell calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="2"/><table:covered-table-cell/>
<table:table-cell calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>
</table:table></doc>"""


def test_places_count_repeated_rows_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", CONTENT)
    marks = marks_of_ods(path, frozenset({"content.xml"}))
    assert marks.errors == {"客户": {4: {3: "#N/A"}, 5: {3: "#DIV/0!"}}}
    assert marks.merges == {"客户": [Merge(4, 2, 5, 2)]}
    assert marks_of_ods(path, frozenset()).errors == {}
