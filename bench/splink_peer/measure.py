#!/usr/bin/env python3
"""One process of Splink: usage: measure.py COMMAND …

table HEDUI MENTION_CSV EXPORTED TABLE_CSV
       makes the table that the others read (table.py)
train TABLE_CSV MODEL_JSON [plain=1] [random=N] [threads=N]
       estimates a model on the table and saves it, from N random pairs for u; plain: one that
       hedui can read
sample TABLE_CSV MODEL_JSON
       weights of some pairs
open TABLE_CSV MODEL_JSON
       how many edges that model predicts
run TABLE_CSV MODEL_JSON thresholds=T,… [dense=1] [links=FOLDER] [threads=N]
       from the CSV to clusters: seconds of each step, pairs of each pass. Clusters at each match
       weight, the first of which is timed; writes links_WEIGHT.csv for each into the folder, in
       the form of person_link.csv; dense: with the pass that makes many pairs
Prints one line of JSON.
"""

import json
import logging
import os
import pathlib
import sys
import time

import duckdb
import model
import table
from splink import DuckDBAPI, Linker

SAMPLE = 24  # pairs
LEAST_WEIGHT = 0  # what hedui's review threshold is: lighter pairs are not kept


class Clock:
    def __init__(self):
        self.seconds, self.begin = {}, time.monotonic()

    def lap(self, name):
        now = time.monotonic()
        self.seconds[name] = now - self.begin
        self.begin = now


def open_table(path, threads):
    con = duckdb.connect(config={"threads": threads})
    con.sql(f"create table row as select * from read_csv('{path}', all_varchar = true)")
    for number in ("unique_id", "record"):
        con.sql(f"alter table row alter {number} type bigint")
    db = DuckDBAPI(con)
    return con, db.register(con.table("row"), dataset_display_name="mentions")


def passes_of(rows_csv):
    return json.loads(pathlib.Path(rows_csv).with_name("passes.json").read_text())


def train(rows_csv, out, threads, random_pairs, plain):
    clock = Clock()
    _, rows = open_table(rows_csv, threads)
    clock.lap("read")
    settings = model.plain_settings(model.PLAIN_PASSES) if plain else model.settings(passes_of(rows_csv))
    linker = Linker(rows, settings, log_level=logging.ERROR)
    model.train(linker, random_pairs)
    clock.lap("train")
    linker.misc.save_model_to_json(out, overwrite=True)
    return {"seconds": clock.seconds}


def write_links(con, clusters, path):
    con.sql(f"""copy (select r.source, r.record_id, r.role, 'S' || c.cluster_id as person_id,
                             '' as weight, '' as probability, '' as reason
                      from {clusters.physical_name} c join row r using (unique_id)
                      order by r.unique_id) to '{path}'""")


def run(rows_csv, saved, threads, thresholds, dense=False, links=None):
    clock = Clock()
    con, rows = open_table(rows_csv, threads)
    clock.lap("read")
    with open(saved, encoding="utf-8") as f:
        settings = json.load(f)
    passes = passes_of(rows_csv) + ([model.DENSE] if dense else [])
    settings["blocking_rules_to_generate_predictions"] = [model.rule(keys) for keys in passes]
    linker = Linker(rows, settings, log_level=logging.ERROR)
    clock.lap("open")
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    clock.lap("block")
    least = min(LEAST_WEIGHT, *thresholds)
    edges = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    clock.lap("score")
    found = {}
    for threshold in thresholds:
        found[threshold] = linker.clustering.cluster_pairwise_predictions_at_threshold(
            edges, threshold_match_weight=threshold)
        if threshold == thresholds[0]:
            clock.lap("cluster")
    by_pass = dict(con.sql(f"select match_key, count(*) from {blocked.physical_name} "
                           "group by all").fetchall())
    if links:
        for threshold, clusters in found.items():
            write_links(con, clusters, os.path.join(links, f"links_{threshold:g}.csv"))
    return {"seconds": clock.seconds, "pairs": [by_pass.get(str(i), 0)
                                                for i in range(len(passes))],
            "edges": con.sql(f"select count(*) from {edges.physical_name}").fetchall()[0][0]}


def predict(rows_csv, saved):
    con, rows = open_table(rows_csv, os.cpu_count())
    linker = Linker(rows, saved, log_level=logging.ERROR)
    return con, linker.inference.predict(warning_mode="never").physical_name


def count_edges(rows_csv, saved):
    con, edges = predict(rows_csv, saved)
    return {"edges": con.sql(f"select count(*) from {edges}").fetchall()[0][0]}


def sample(rows_csv, saved):
    """Pairs of all weights: of each bit the first by a number that is as good as random."""
    con, edges = predict(rows_csv, saved)
    name = "{0}.source || ':' || {0}.record_id || ':' || {0}.role"
    found = con.sql(f"""
        select {name.format('a')}, {name.format('b')}, e.match_weight
        from {edges} e join row a on a.unique_id = e.unique_id_l
                       join row b on b.unique_id = e.unique_id_r
        qualify row_number() over (partition by e.match_weight::int
                                   order by hash(e.unique_id_l, e.unique_id_r)) = 1
        order by 3""").fetchall()
    return {"sample": found[::len(found) // SAMPLE + 1]}


def main():
    what, *paths = sys.argv[1:]
    given = dict(path.split("=", 1) for path in paths if "=" in path)
    paths = [path for path in paths if "=" not in path]
    threads = int(given.get("threads", os.cpu_count()))
    if what == "table":
        result = table.make(*paths) or {}
    elif what == "train":
        result = train(*paths, threads, float(given.get("random", 1e7)), "plain" in given)
    elif what in ("sample", "open"):
        result = (sample if what == "sample" else count_edges)(*paths)
    else:
        thresholds = [float(t) for t in given["thresholds"].split(",")]
        result = run(*paths, threads, thresholds, "dense" in given, given.get("links"))
    print(json.dumps(result))


main()
