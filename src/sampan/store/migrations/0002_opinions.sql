-- What people said of findings: dismissed, always, confirmed. One scope per person.
CREATE TABLE opinions (
  "user" TEXT NOT NULL,
  text TEXT NOT NULL,
  verdict TEXT NOT NULL,
  kind TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY ("user", text)
) STRICT, WITHOUT ROWID;
