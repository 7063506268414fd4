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

-- version 4
CREATE TABLE documents (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, made REAL NOT NULL, text TEXT NOT NULL,
    source BLOB NOT NULL, published TEXT, language TEXT, status TEXT NOT NULL, sha256 BLOB NOT NULL);
CREATE TABLE parties (number INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
    names TEXT NOT NULL, key TEXT NOT NULL, certain INTEGER NOT NULL, other_keys TEXT NOT NULL, country TEXT,
    affiliation TEXT NOT NULL, above TEXT NOT NULL);
CREATE INDEX parties_by_key ON parties (key);
CREATE TABLE other_keys (key TEXT NOT NULL, party INTEGER NOT NULL, PRIMARY KEY (key, party)) WITHOUT ROWID;
CREATE TABLE mentions (party INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (party, document)) WITHOUT ROWID;
CREATE INDEX mentions_by_document ON mentions (document);
CREATE TABLE commitments (document INTEGER NOT NULL, id TEXT NOT NULL, actors TEXT NOT NULL, recipients TEXT NOT NULL,
    speaker INTEGER, status TEXT NOT NULL, verdict TEXT NOT NULL, due TEXT, stems TEXT NOT NULL, json BLOB NOT NULL,
    sha256 BLOB NOT NULL, PRIMARY KEY (document, id)) WITHOUT ROWID;

-- version 5: the rows of commitments are as they are printed, so the index is filled again
DELETE FROM documents;
DELETE FROM parties;
DELETE FROM other_keys;
DELETE FROM mentions;
DELETE FROM commitments;
