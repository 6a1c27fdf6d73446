-- Turned into GB 18030 on the way to a database that knows no encoding.
CREATE TABLE csyxzm (zsbh text PRIMARY KEY, f1 text, mqxm text, cssj timestamp, f4 text);
COMMENT ON TABLE csyxzm IS '出生医学证明';
COMMENT ON COLUMN csyxzm.f1 IS '婴儿姓名';
COMMENT ON COLUMN csyxzm.f4 IS '末次月经';
INSERT INTO csyxzm VALUES ('1', '张三', '李四', '2001-01-01', 'x'), ('2', '王五', '赵六', '2002-01-01', 'x');
CREATE TABLE "死亡" ("编号" int PRIMARY KEY, "姓名" text, "死亡日期" date, "怀孕" text);
-- nothing but ASCII: as the others
CREATE TABLE resident (id int PRIMARY KEY, xm text, csrq date);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
