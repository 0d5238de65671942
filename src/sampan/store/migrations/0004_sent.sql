-- What was sent, byte for byte, under a key of its own per receipt; gone when it expires or its key is destroyed.
CREATE TABLE sent (
  receipt TEXT NOT NULL,
  n INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  expires REAL NOT NULL,
  PRIMARY KEY (receipt, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_by_expiry ON sent (expires);
