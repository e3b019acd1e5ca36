-- Near-duplicates and other addresses. docs/store.md explains every column.

CREATE TABLE Sketches (
	PostID   INTEGER PRIMARY KEY,
	TextHash INTEGER NOT NULL,
	Shingles INTEGER NOT NULL,
	Sketch   BLOB NOT NULL
);

CREATE TABLE SketchBands (
	Band   INTEGER NOT NULL,
	PostID INTEGER NOT NULL,
	PRIMARY KEY (Band, PostID)
) WITHOUT ROWID;

CREATE TABLE TwinPairs (
	Low   INTEGER NOT NULL,
	High  INTEGER NOT NULL,
	Alike INTEGER NOT NULL,
	PRIMARY KEY (Low, High)
) WITHOUT ROWID;
CREATE INDEX TwinPairsHigh ON TwinPairs (High);

CREATE TABLE Twins (
	PostID    INTEGER PRIMARY KEY,
	ClusterID INTEGER NOT NULL
);
CREATE INDEX TwinsCluster ON Twins (ClusterID);

-- Posts to be looked at; -N: all from PostID N on are still to be listed.
CREATE TABLE TwinQueue (PostID INTEGER PRIMARY KEY);
INSERT INTO TwinQueue SELECT -1 WHERE EXISTS (SELECT 1 FROM Posts);

-- The statement that changes a text says so itself: nobody can forget to.
CREATE TRIGGER TwinsNew AFTER INSERT ON Posts WHEN NEW.Kind <> 'question'
BEGIN
	INSERT OR IGNORE INTO TwinQueue VALUES (NEW.PostID);
END;
CREATE TRIGGER TwinsChanged AFTER UPDATE OF Title, Kind, ContentHash ON Posts
WHEN (NEW.Kind <> 'question' OR OLD.Kind <> 'question') AND
	(NEW.ContentHash <> OLD.ContentHash OR NEW.Title <> OLD.Title OR
	NEW.Kind <> OLD.Kind)
BEGIN
	INSERT OR IGNORE INTO TwinQueue VALUES (NEW.PostID);
END;

CREATE TABLE Aliases (
	Space    TEXT NOT NULL,
	Address  TEXT NOT NULL,
	NativeID TEXT NOT NULL,
	Kind     TEXT NOT NULL,
	PRIMARY KEY (Space, Address)
) WITHOUT ROWID;
CREATE INDEX AliasesNative ON Aliases (Space, NativeID);
