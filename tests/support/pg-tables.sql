-- All tables of a store in PostgreSQL that are inside the comparison of runs, and what its current run
-- counted, each in the order of its rows, as one reader sees them at one time; nothing where it holds none.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT to_regclass('hedui.run') IS NOT NULL AS is_made \gset
\if :is_made
SELECT id AS current FROM hedui.run r WHERE state = 'published' AND NOT EXISTS
    (SELECT FROM hedui.run n WHERE n.previous_run = r.id AND n.state = 'published') \gset
\pset format csv
SELECT * FROM hedui.person t ORDER BY t::text COLLATE "C";
SELECT * FROM hedui.mention t ORDER BY t::text COLLATE "C";
SELECT * FROM hedui.person_value t ORDER BY t::text COLLATE "C";
SELECT * FROM hedui.person_link t ORDER BY t::text COLLATE "C";
SELECT * FROM hedui.person_history t ORDER BY t::text COLLATE "C";
SELECT * FROM hedui.relation t ORDER BY t::text COLLATE "C";
SELECT * FROM hedui.discrepancy t ORDER BY t::text COLLATE "C";
SELECT as_of, state, checksums FROM hedui.run WHERE id = :'current';
SELECT source, rows_read, rows_linked, rows_rejected, rows_filtered, mentions, mentions_empty, checksum
    FROM hedui.run_source WHERE run = :'current' ORDER BY source;
SELECT number, source, row, record_id, reason FROM hedui.reject WHERE run = :'current' ORDER BY number;
SELECT code, unit, numerator, denominator, value FROM hedui.indicator WHERE run = :'current'
    ORDER BY code, unit;
\endif
COMMIT;
