"""One row a mention, for Splink: hedui's standard values, beside them what Splink has no function
for, and the keys of hedui's passes as `hedui model --to-splink --table` writes them. So Splink is
spared reading the departments' files, standardising and transliterating."""

import csv
import io
import json
import pathlib
import re
import subprocess

import duckdb

NAMES = ("name", "former_name", "mother_name", "father_name", "spouse_name")
FIELDS = (*NAMES, "sex", "birth_date", "id_number", "phone", "household", "residence_division",
          "registered_division", "address", "registered_address", "mother_id_number",
          "father_id_number", "spouse_id_number")

# What `hedui standardise` says of the values of a kind, as a table of that name.
KEYS = {
    "name": ("name", [f"select {field} from mention" for field in NAMES]),
    "surname": ("name", ["select surname from name"]),
    "given": ("name", ["select given from name"]),
    "division": ("residence_division", ["select residence_division from mention",
                                        "select registered_division from mention",
                                        "select division from address"]),
    "address": ("address", ["select address from mention", "select registered_address from mention"]),
    "id_number": ("id_number", ["select id_number from mention"]),
}
ORDER = ("name", "surname", "given", "address", "division", "id_number")

# The derived names of rules/linkage.yaml, in SQL. A damaged name (张□) is no key and equals nothing;
# what is left of it stays in name_left.
ROWS = """
create table row as
select row_number() over (order by m.source, m.record_id, m.role) as unique_id,
       dense_rank() over (order by m.source, m.record_id) as record,
       m.source as source, m.record_id, m.role,
       n.whole as name, m.name as name_left, f.whole as former_name,
       n.folded, n.pinyin, n.fuzzy_pinyin, n.given,
       s.fuzzy_pinyin as fuzzy_surname, g.fuzzy_pinyin as fuzzy_given,
       m.id_number,
       coalesce(m.birth_date, i.birth_date) as birth,
       case when length(coalesce(m.birth_date, i.birth_date)) = 10
            then coalesce(m.birth_date, i.birth_date) end as birth_day,
       left(coalesce(m.birth_date, i.birth_date), 4) as birth_year,
       coalesce(m.sex, i.sex) as gender,
       m.phone, m.household,
       place.current as place, left(place.current, 6) as county,
       coalesce(coalesce(a.village, '') || a.house, coalesce(r.village, '') || r.house) as dwelling,
       m.mother_id_number, mn.fuzzy_pinyin as mother_name,
       m.father_id_number, fn.fuzzy_pinyin as father_name,
       m.spouse_id_number, sn.fuzzy_pinyin as spouse_name
       {keys}
from mention m
join key k on (k.source, k.record_id, k.role) = (m.source, m.record_id, m.role)
left join name n on n.raw = m.name
left join name f on f.raw = m.former_name
left join surname s on s.raw = n.surname
left join given g on g.raw = n.given
left join name mn on mn.raw = m.mother_name
left join name fn on fn.raw = m.father_name
left join name sn on sn.raw = m.spouse_name
left join id_number i on i.raw = m.id_number
left join address a on a.raw = m.address
left join address r on r.raw = m.registered_address
left join division place on place.raw =
    coalesce(m.residence_division, m.registered_division, a.division, r.division)
"""


def ask(hedui, field, values):
    """The CSV that `hedui standardise` answers with."""
    given = io.StringIO()
    csv.writer(given, lineterminator="\n").writerows([("value",), *((v,) for v in values)])
    return subprocess.run([hedui, "standardise", "--field", field, "--column", "value"], check=True,
                          input=given.getvalue().encode(), stdout=subprocess.PIPE).stdout


def add_keys(con, hedui, name, folder):
    field, selects = KEYS[name]
    values = con.sql(f"select distinct v from ({' union all '.join(selects)}) as t(v) "
                     "where v is not null order by v").fetchall()
    path = folder / f"keys_{name}.csv"
    path.write_bytes(ask(hedui, field, [value for value, in values]))
    con.sql(f"create table {name} as select *, case when state <> 'damaged' then standard end as whole "
            f"from read_csv('{path}', all_varchar = true)")
    path.unlink()


def read_passes(settings):
    """The columns of each blocking rule, in the order of the passes."""
    rules = json.loads(settings.read_text())["blocking_rules_to_generate_predictions"]
    return [re.findall(r'l\."([^"]+)" = ', rule["blocking_rule"]) for rule in rules]


def make(hedui, mention_csv, exported, out):
    """`exported`: the folder of hedui model --to-splink --table. `out`: CSV, one row a mention in the
    order of (source, record_id, role); beside it passes.json: the columns of each pass's keys."""
    exported, out = pathlib.Path(exported), pathlib.Path(out)
    con = duckdb.connect()
    con.sql("create table mention as select * from "
            f"read_csv('{mention_csv}', all_varchar = true, parallel = false)")
    con.sql("create table key as select * from "
            f"read_csv('{exported / 'mentions.csv'}', all_varchar = true, parallel = false)")
    present = {row[0] for row in con.sql("describe mention").fetchall()}
    for field in FIELDS:  # a county need not have all
        if field not in present:
            con.sql(f"alter table mention add column {field} varchar")
    for name in ORDER:
        add_keys(con, hedui, name, out.parent)
    passes = read_passes(exported / "settings.json")
    columns = sorted({column for keys in passes for column in keys})
    con.sql(ROWS.format(keys="".join(f', k."{c}" as "key_{c}"' for c in columns)))
    con.sql(f"copy (select * from row order by unique_id) to '{out}'")
    (out.parent / "passes.json").write_text(
        json.dumps([[f"key_{column}" for column in keys] for keys in passes]))
