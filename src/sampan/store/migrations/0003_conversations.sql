-- Conversations of the web app: a tree of messages, one scope per person. `folded` is what search looks through.
CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  "user" TEXT NOT NULL,
  title TEXT NOT NULL,
  folded TEXT NOT NULL,
  created REAL NOT NULL,
  updated REAL NOT NULL,
  leaf TEXT NOT NULL,
  draft TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_by_time ON conversations ("user", updated);
CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  parent TEXT NOT NULL,
  role TEXT NOT NULL,
  text TEXT NOT NULL,
  folded TEXT NOT NULL,
  at REAL NOT NULL,
  state TEXT NOT NULL,
  receipt TEXT NOT NULL,
  facts TEXT NOT NULL
) STRICT;
CREATE INDEX messages_of_conversation ON messages (conversation, at);
CREATE INDEX messages_under_way ON messages (state) WHERE state = 'answering';
CREATE INDEX messages_by_receipt ON messages (receipt);
CREATE TABLE attachments (
  message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (message, n)
) STRICT;
