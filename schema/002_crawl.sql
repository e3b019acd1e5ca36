-- What a crawl remembers. docs/store.md explains every table and column.

CREATE TABLE CrawlSources (
	SourceID   INTEGER PRIMARY KEY AUTOINCREMENT,
	Name       TEXT NOT NULL UNIQUE,
	Kind       TEXT NOT NULL,
	Space      TEXT NOT NULL,
	Run        INTEGER NOT NULL,
	Running    INTEGER NOT NULL,
	Seeded     INTEGER NOT NULL,
	Everything INTEGER NOT NULL,
	Horizon    INTEGER NOT NULL,
	Started    INTEGER NOT NULL,
	Ended      INTEGER NOT NULL,
	Succeeded  INTEGER NOT NULL,
	Next       INTEGER NOT NULL,
	Pages      INTEGER NOT NULL,
	Calls      INTEGER NOT NULL,
	Visited    INTEGER NOT NULL,
	Listing    INTEGER NOT NULL,
	Listed     INTEGER NOT NULL,
	ListedTime INTEGER NOT NULL
);

-- EntryID is a hash of source, kind, address and body; NULL: the usual.
CREATE TABLE Frontier (
	EntryID  INTEGER PRIMARY KEY,
	SourceID INTEGER NOT NULL,
	Due      INTEGER NOT NULL,
	Done     INTEGER NOT NULL,
	Kind     INTEGER NOT NULL,
	Url      TEXT NOT NULL,
	Body     BLOB,
	BodyType TEXT,
	Note     BLOB,
	Tag      INTEGER NOT NULL,
	Depth    INTEGER NOT NULL,
	Tries    INTEGER NOT NULL,
	NativeID TEXT,
	ETag     TEXT,
	Modified TEXT,
	Digest   INTEGER NOT NULL,
	Visited  INTEGER NOT NULL,
	Changed  INTEGER NOT NULL,
	Interval INTEGER NOT NULL
);
CREATE INDEX FrontierDue ON Frontier (SourceID, Due, Done);
CREATE INDEX FrontierCalls ON Frontier (SourceID) WHERE Kind = 1;
CREATE INDEX FrontierNative ON Frontier (SourceID, NativeID)
	WHERE NativeID IS NOT NULL;

CREATE TABLE CrawlNotes (
	SourceID INTEGER NOT NULL,
	Name     TEXT NOT NULL,
	Value    BLOB NOT NULL,
	Hash     INTEGER NOT NULL,
	PRIMARY KEY (SourceID, Name)
) WITHOUT ROWID;

CREATE TABLE CrawlItems (
	SourceID INTEGER NOT NULL,
	NativeID TEXT NOT NULL,
	Revision INTEGER,
	Listing  INTEGER NOT NULL,
	Missed   INTEGER NOT NULL,
	Misses   INTEGER NOT NULL,
	PRIMARY KEY (SourceID, NativeID)
) WITHOUT ROWID;
CREATE INDEX CrawlItemsMissed ON CrawlItems (SourceID, Misses)
	WHERE Misses <> 0;

CREATE TABLE CrawlRobots (
	Origin  TEXT PRIMARY KEY,
	Fetched INTEGER NOT NULL,
	Status  INTEGER NOT NULL,
	Body    BLOB NOT NULL
) WITHOUT ROWID;
