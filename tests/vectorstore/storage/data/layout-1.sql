-- A catalog of layout 1 (Footnote 0.1.0), as `.dump` of SQLite gives it: two articles by the tests' small encoder.
BEGIN TRANSACTION;
CREATE TABLE applied (
	name VARCHAR(40) NOT NULL, 
	seq BIGINT NOT NULL, 
	folder INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "applied" VALUES('dense',2,1);
INSERT INTO "applied" VALUES('lexical',2,1);
CREATE TABLE articles (
	id TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	author TEXT NOT NULL, 
	translator TEXT NOT NULL, 
	date TEXT NOT NULL, 
	first_day INTEGER, 
	last_day INTEGER, 
	source TEXT NOT NULL, 
	cut_off BOOLEAN NOT NULL, 
	origin TEXT NOT NULL, 
	metadata JSON NOT NULL, 
	chars INTEGER NOT NULL, 
	chunks INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "articles" VALUES('bridge.md','b9daf27e85efe9a34072557351fd4028b8a84f010d7a6a1bdef4a443dec96085','The bridge at Ner','Ada Brandt','','1931-05-04',-14122,-14122,'',0,'/articles/bridge.md','{"section": "News"}',111,1,'# The bridge at Ner

The bridge at Ner opened in 1931. It carries 12 trains a day.

Nobody “saw” it — 鄧小平 did.
');
INSERT INTO "articles" VALUES('cats.txt','1d9c13be4945075d4c7ae5148d33a9b847b0a3dbda8f8bb922b0359e835de4f7','The cat of the house sleeps','','','',NULL,NULL,'',0,'/articles/cats.txt','{}',52,1,'The cat of the house sleeps.

Another cat does not.
');
CREATE TABLE chunks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	article_id TEXT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text_hash BLOB NOT NULL, 
	sentences BLOB NOT NULL, 
	text TEXT NOT NULL, 
	FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
);
INSERT INTO "chunks" VALUES(1,'bridge.md',0,0,110,X'CDE0C88E308234BDF844AA4F1782EE7B',X'000000001300000015000000360000003700000052000000540000006E000000','# The bridge at Ner

The bridge at Ner opened in 1931. It carries 12 trains a day.

Nobody “saw” it — 鄧小平 did.');
INSERT INTO "chunks" VALUES(2,'cats.txt',0,0,51,X'AEB11F9EA0174B468A3990C80DB0A9E9',X'000000001C0000001E00000033000000','The cat of the house sleeps.

Another cat does not.');
CREATE TABLE counters (
	name VARCHAR(40) NOT NULL, 
	value INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "counters" VALUES('schema',1);
INSERT INTO "counters" VALUES('generation',4);
INSERT INTO "counters" VALUES('writing',0);
INSERT INTO "counters" VALUES('loose',0);
INSERT INTO "counters" VALUES('identity',2112267640);
CREATE TABLE journal (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	chunk_id BIGINT NOT NULL, 
	op VARCHAR(6) NOT NULL
);
CREATE TABLE manifest (
	"key" VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "manifest" VALUES('fingerprint','fake-1');
INSERT INTO "manifest" VALUES('dimension','32');
INSERT INTO "manifest" VALUES('splitter','version 1 at 60 tokens, filled to 100');
INSERT INTO "manifest" VALUES('embedded','1');
INSERT INTO "manifest" VALUES('normaliser','1');
CREATE TABLE vectors (
	text_hash BLOB NOT NULL, 
	fingerprint VARCHAR(200) NOT NULL, 
	vector BLOB NOT NULL, 
	late BLOB NOT NULL, 
	PRIMARY KEY (text_hash, fingerprint)
);
INSERT INTO "vectors" VALUES(X'AEB11F9EA0174B468A3990C80DB0A9E9','fake-1',X'3E87AE3E6FF010BCBD44A43D84F5BF3D330D9C3EF71C363EA58082BE2E333D3EF2D548BDA3CC70BECB7A233E3692CB3D72F6D7BD397FE63DA6060A3EA481603DBB2BD4BD3734A1BE3A90C4BD8FCF51BCE75E313E4F30DEBCC93051BEC639CBBEC1FFD13C46A810BDC5CF19BE7124083CAF8C923EC279F2BD3D37ED3D599A1D3E',X'5468652063617420');
INSERT INTO "vectors" VALUES(X'CDE0C88E308234BDF844AA4F1782EE7B','fake-1',X'BA4F08BDD437293E36D5A53D386519BE12F58DBE82D5503EBB9999BDC1C09DBD1733613D75BE31BD2849A63E252B63BEE864E43D79E531BEDB910CBEA6AD183D7850F13C03B0D3BC1B88A13E7643EE3D4FCE9BBE80E0EABDF85ECB3DE459DE3E21275A3D20B8633D446ED7BC152D253E1463313EE59635BEE0E175BE4D230FBE',X'2320546865206272');
CREATE INDEX chunks_of_article ON chunks (article_id, ordinal);
CREATE INDEX chunks_by_text ON chunks (text_hash);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('chunks',2);
INSERT INTO "sqlite_sequence" VALUES('journal',2);
COMMIT;
