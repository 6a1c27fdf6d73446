-- In EUC_CN, which is read as GB 18030.
CREATE TABLE "婚姻" ("登记号" text PRIMARY KEY, "男方姓名" text, "女方姓名" text, f4 text);
COMMENT ON COLUMN "婚姻".f4 IS '女方身份证号';
INSERT INTO "婚姻" VALUES ('1', '张三', '李四', '1');
GRANT SELECT ON "婚姻" TO reader;
