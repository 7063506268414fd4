-- The tables of a store, version by version. A version never changes; the next one comes at the end.

-- version 1
CREATE TABLE summaries (key TEXT PRIMARY KEY, made REAL NOT NULL, sha256 BLOB NOT NULL, json BLOB NOT NULL)
    WITHOUT ROWID;
CREATE TABLE answers (key TEXT PRIMARY KEY, made REAL NOT NULL, sha256 BLOB NOT NULL, json BLOB NOT NULL)
    WITHOUT ROWID;
CREATE TABLE failures (key TEXT PRIMARY KEY, made REAL NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE claims (key TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;

-- version 2
CREATE TABLE batches (token TEXT PRIMARY KEY, made REAL NOT NULL, id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE letters (key TEXT PRIMARY KEY, batch TEXT NOT NULL, status INTEGER, sha256 BLOB, json BLOB)
    WITHOUT ROWID;

-- version 3
CREATE TABLE capabilities (key TEXT PRIMARY KEY, made REAL NOT NULL, sha256 BLOB NOT NULL, json BLOB NOT NULL)
    WITHOUT ROWID;
