-- What the router learned and measured: counters and weights as JSON, one row a part. Never a text.
CREATE TABLE learned (
  part TEXT PRIMARY KEY,
  state BLOB NOT NULL,
  at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- What was said of which answer, so that it counts once. `by` is the asker's user and key.
CREATE TABLE said (
  receipt TEXT NOT NULL,
  kind TEXT NOT NULL,
  "by" TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (receipt, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX said_by_asker ON said ("by", at);
