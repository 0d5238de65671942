-- The chain: receipts, tombstones of erased ones, and breaks found at start-up.
CREATE TABLE links (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  "user" TEXT NOT NULL,
  app TEXT NOT NULL,
  model TEXT NOT NULL,
  realm TEXT NOT NULL,
  "end" TEXT NOT NULL,
  hash TEXT NOT NULL,
  json BLOB NOT NULL
) STRICT;
CREATE INDEX links_by_model ON links (model, n);
CREATE INDEX links_by_app ON links (app, n);
CREATE INDEX links_by_user ON links ("user", n);
CREATE INDEX links_by_end ON links ("end", n);

-- The key under which a receipt's bodies were sealed; erasing a receipt removes its row.
CREATE TABLE receipt_keys (
  id TEXT PRIMARY KEY,
  key BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  application TEXT NOT NULL,
  "user" TEXT NOT NULL,
  "groups" TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  created REAL NOT NULL,
  revoked REAL
) STRICT;

-- The Responses API's state, one scope per principal.
CREATE TABLE responses (
  scope TEXT NOT NULL,
  id TEXT NOT NULL,
  body BLOB NOT NULL,
  created REAL NOT NULL,
  expires REAL NOT NULL,
  PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX responses_by_expiry ON responses (expires);

-- Stand-ins that outlive a request. `sealed` is AES-GCM under the vault's own key.
CREATE TABLE vault (
  scope TEXT NOT NULL,
  conversation TEXT NOT NULL,
  stand_in TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (scope, conversation, stand_in)
) STRICT, WITHOUT ROWID;
