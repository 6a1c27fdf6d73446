-- Into the same database as it is: somebody's program wrote UTF-8.
CREATE TABLE migrant (id int PRIMARY KEY, f1 text, csrq date);
COMMENT ON COLUMN migrant.f1 IS '姓名';
INSERT INTO migrant VALUES (1, '张三', '2001-01-01');
GRANT SELECT ON migrant TO reader;
