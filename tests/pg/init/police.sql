-- In UTF-8: what a name, a comment, a key and a permission can be.
CREATE ROLE reader LOGIN;
CREATE SCHEMA hj;
GRANT USAGE ON SCHEMA hj TO reader;

-- composite key, partitions, columns that are never read by name and by comment, a photograph
CREATE TABLE hj.czrk (
    rybh int8, ssqx int4, xm text, xb char(1), gmsfhm text, csrq date, f7 varchar(20), hh numeric(9),
    byff text, f10 text, zp bytea, bz text, PRIMARY KEY (rybh, ssqx)
) PARTITION BY LIST (ssqx);
CREATE TABLE hj.czrk_530303 PARTITION OF hj.czrk FOR VALUES IN (530303);
COMMENT ON TABLE hj.czrk IS E'常住人口\n（每晚 "更新"）';
COMMENT ON COLUMN hj.czrk.f7 IS '联系电话：手机';
COMMENT ON COLUMN hj.czrk.f10 IS '独生子女证';
INSERT INTO hj.czrk
SELECT i, 530303, '王' || i, 1 + i % 2, i, '1980-01-01', i, i / 3, 'x', 'x', '\xff', ''
FROM generate_series(1, 2500) AS i;
ANALYZE hj.czrk;

-- a name of upper case, a unique index whose columns are never null, and others that are no keys
CREATE TABLE public."T_HYDJ" (
    "ROW" int NOT NULL, "DJZH" text NOT NULL, "NAN_XM" text, "NV_XM" text, "DJRQ" date, "WYM" int
);
CREATE UNIQUE INDEX a ON "T_HYDJ" ("WYM");
CREATE UNIQUE INDEX b ON "T_HYDJ" ("ROW", lower("DJZH"));
CREATE UNIQUE INDEX c ON "T_HYDJ" ("ROW") WHERE "ROW" > 1;
CREATE UNIQUE INDEX d ON "T_HYDJ" ("DJZH", "ROW") INCLUDE ("WYM");
INSERT INTO "T_HYDJ" VALUES (1, 'J1', '张', '李', '2001-01-01', 5), (2, 'J2', '王', '赵', '2002-02-02', 6);
CREATE VIEW "V_HYDJ" AS SELECT * FROM "T_HYDJ" WHERE "DJRQ" > '2002-01-01';
CREATE MATERIALIZED VIEW mv_hydj AS SELECT * FROM "T_HYDJ";

-- signs in names
CREATE SCHEMA "户 籍";
GRANT USAGE ON SCHEMA "户 籍" TO reader;
CREATE TABLE "户 籍"."a.b""c;--" ("编号" text PRIMARY KEY, "姓名" text, "出生日期" text, "x""y\z" int, "=1" int);
COMMENT ON TABLE "户 籍"."a.b""c;--" IS '流动人口';

-- a key that is a person's own number, and nothing else that could be one
CREATE TABLE death (sfzh char(18) PRIMARY KEY, xm text, swrq date);
INSERT INTO death VALUES ('1', '张', '2001-01-01'), ('2', '王', '2001-01-01');

-- empty; a list of codes; one that fails as soon as it is read; the columns that may be read only
CREATE TABLE resident (id int, name text, birthday date);
CREATE TABLE d_mz (dm text PRIMARY KEY, mz text);
CREATE VIEW v_broken AS SELECT xm, swrq, 1 / (length(xm) - length(xm)) AS bh FROM death;
CREATE TABLE partly (id int PRIMARY KEY, xm text, csrq date, sfzh text);
INSERT INTO partly VALUES (1, '张', '1980-01-01', '1');

-- not for the role, or not for anybody: no SELECT, no USAGE, a store of our own
CREATE TABLE secret (id int PRIMARY KEY, xm text, csrq date);
CREATE SCHEMA closed CREATE TABLE czrk (id int, xm text, csrq date);
CREATE SCHEMA hedui CREATE TABLE person (person_id text, name text, birth_date date);
GRANT USAGE ON SCHEMA hedui TO reader;

GRANT SELECT ON ALL TABLES IN SCHEMA hj, public, "户 籍", closed, hedui TO reader;
REVOKE ALL ON secret, partly FROM reader;
GRANT SELECT (id, xm, csrq) ON partly TO reader;
