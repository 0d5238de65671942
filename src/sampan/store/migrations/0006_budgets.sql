-- What is used of each budget in the newest period of each subject; kept in the transaction that keeps the receipt.
CREATE TABLE budgets (
  budget TEXT NOT NULL,
  every TEXT NOT NULL,
  subject TEXT NOT NULL,
  period TEXT NOT NULL,
  nano INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (budget, every, subject)
) STRICT, WITHOUT ROWID;
