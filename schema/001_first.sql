-- The first schema. docs/store.md explains every table and column.

CREATE TABLE Meta (
	Name  TEXT PRIMARY KEY,
	Value NOT NULL
) WITHOUT ROWID;

-- "opsl"; a version 4 UUID (RFC 4122)
PRAGMA application_id = 1869640556;
INSERT INTO Meta
SELECT 'uuid', substr(x, 1, 8) || '-' || substr(x, 9, 4) || '-4' ||
	substr(x, 13, 3) || '-' || substr('89ab', 1 + abs(random() % 4), 1) ||
	substr(x, 16, 3) || '-' || substr(x, 19, 12)
FROM (SELECT lower(hex(randomblob(15))) AS x);
INSERT INTO Meta VALUES ('changed', 0), ('counted', 0);

CREATE TABLE Visits (
	VisitID  INTEGER PRIMARY KEY AUTOINCREMENT,
	Space    TEXT NOT NULL,
	Channel  TEXT NOT NULL,
	Source   BLOB NOT NULL,
	Terms    TEXT NOT NULL,
	AsOf     TEXT NOT NULL,
	Finished INTEGER NOT NULL,
	UNIQUE (Space, Channel, Source)
);

CREATE TABLE Authors (
	AuthorID INTEGER PRIMARY KEY AUTOINCREMENT,
	Space    TEXT NOT NULL,
	NativeID TEXT NOT NULL,
	Name     TEXT NOT NULL,
	Link     TEXT NOT NULL,
	RowHash  INTEGER NOT NULL,
	VisitID  INTEGER REFERENCES Visits (VisitID),
	UNIQUE (Space, NativeID)
);

CREATE TABLE Posts (
	PostID         INTEGER PRIMARY KEY AUTOINCREMENT,
	PostLink       TEXT NOT NULL,
	Title          TEXT NOT NULL,
	PostContent    TEXT NOT NULL,
	PostTime       TEXT NOT NULL,
	ModifyTime     TEXT NOT NULL,
	ViewCount      INTEGER NOT NULL,
	VoteCount      INTEGER NOT NULL,
	Space          TEXT NOT NULL,
	NativeID       TEXT NOT NULL,
	Kind           TEXT NOT NULL,
	Tags           TEXT NOT NULL,
	Language       TEXT NOT NULL,
	Class          TEXT NOT NULL,
	Services       TEXT NOT NULL,
	AcceptedAnswer TEXT NOT NULL,
	ClosedTime     TEXT NOT NULL,
	AuthorID       INTEGER REFERENCES Authors (AuthorID),
	AuthorName     TEXT NOT NULL,
	Licence        TEXT NOT NULL,
	LicenceGiven   INTEGER NOT NULL,
	Access         TEXT NOT NULL,
	Flags          INTEGER NOT NULL,
	Revision       INTEGER NOT NULL,
	Extractor      INTEGER NOT NULL,
	OriginalHash   INTEGER NOT NULL,
	ContentHash    INTEGER NOT NULL,
	RowHash        INTEGER NOT NULL,
	VisitID        INTEGER NOT NULL REFERENCES Visits (VisitID),
	Changed        INTEGER NOT NULL,
	Counted        INTEGER NOT NULL,
	NativeOrder    TEXT GENERATED ALWAYS AS (CASE
		WHEN NativeID GLOB '[1-9]*' AND NativeID NOT GLOB '*[^0-9]*'
			AND length(NativeID) < 40
		THEN char(64 + length(NativeID)) || NativeID
		ELSE '~' || NativeID END) VIRTUAL,
	UNIQUE (Space, NativeID)
);
CREATE INDEX PostsOrder ON Posts (Space, NativeOrder);
CREATE INDEX PostsChanged ON Posts (Changed);
CREATE INDEX PostsCounted ON Posts (Counted) WHERE Counted > 0;
CREATE INDEX PostsAuthor ON Posts (AuthorID) WHERE AuthorID IS NOT NULL;

CREATE TABLE Answers (
	AnswerID      INTEGER PRIMARY KEY AUTOINCREMENT,
	PostID        INTEGER NOT NULL REFERENCES Posts (PostID),
	AnswerContent TEXT NOT NULL,
	VoteCount     INTEGER NOT NULL,
	AnswerLink    TEXT NOT NULL,
	AnswerTime    TEXT NOT NULL,
	ModifyTime    TEXT NOT NULL,
	Space         TEXT NOT NULL,
	NativeID      TEXT NOT NULL,
	AuthorID      INTEGER REFERENCES Authors (AuthorID),
	AuthorName    TEXT NOT NULL,
	Licence       TEXT NOT NULL,
	LicenceGiven  INTEGER NOT NULL,
	Flags         INTEGER NOT NULL,
	Revision      INTEGER NOT NULL,
	Extractor     INTEGER NOT NULL,
	OriginalHash  INTEGER NOT NULL,
	ContentHash   INTEGER NOT NULL,
	RowHash       INTEGER NOT NULL,
	VisitID       INTEGER NOT NULL REFERENCES Visits (VisitID),
	Changed       INTEGER NOT NULL,
	Counted       INTEGER NOT NULL,
	UNIQUE (Space, NativeID)
);
CREATE INDEX AnswersPost ON Answers (PostID);
CREATE INDEX AnswersChanged ON Answers (Changed);
CREATE INDEX AnswersCounted ON Answers (Counted) WHERE Counted > 0;
CREATE INDEX AnswersAuthor ON Answers (AuthorID) WHERE AuthorID IS NOT NULL;

CREATE TABLE Extras (
	ExtraID      INTEGER PRIMARY KEY AUTOINCREMENT,
	ExtraLink    TEXT NOT NULL,
	Title        TEXT NOT NULL,
	ExtraContent TEXT NOT NULL,
	ExtraTime    TEXT NOT NULL,
	ModifyTime   TEXT NOT NULL,
	VoteCount    INTEGER NOT NULL,
	Space        TEXT NOT NULL,
	NativeID     TEXT NOT NULL,
	Kind         TEXT NOT NULL,
	Tags         TEXT NOT NULL,
	AuthorID     INTEGER REFERENCES Authors (AuthorID),
	AuthorName   TEXT NOT NULL,
	Licence      TEXT NOT NULL,
	LicenceGiven INTEGER NOT NULL,
	Access       TEXT NOT NULL,
	Flags        INTEGER NOT NULL,
	Revision     INTEGER NOT NULL,
	Extractor    INTEGER NOT NULL,
	OriginalHash INTEGER NOT NULL,
	ContentHash  INTEGER NOT NULL,
	RowHash      INTEGER NOT NULL,
	VisitID      INTEGER NOT NULL REFERENCES Visits (VisitID),
	UNIQUE (Space, NativeID)
);

CREATE INDEX ExtrasAuthor ON Extras (AuthorID) WHERE AuthorID IS NOT NULL;

-- OriginalID = 4 * row id + 0 (post), 1 (answer), 2 (extra)
CREATE TABLE Originals (
	OriginalID INTEGER PRIMARY KEY,
	Type       TEXT NOT NULL,
	Body       BLOB NOT NULL
);

CREATE TABLE Comments (
	CommentID   INTEGER PRIMARY KEY AUTOINCREMENT,
	Space       TEXT NOT NULL,
	NativeID    TEXT NOT NULL,
	Parent      TEXT NOT NULL,
	Content     TEXT NOT NULL,
	VoteCount   INTEGER NOT NULL,
	CommentTime TEXT NOT NULL,
	AuthorID    INTEGER REFERENCES Authors (AuthorID),
	AuthorName  TEXT NOT NULL,
	Licence     TEXT NOT NULL,
	RowHash     INTEGER NOT NULL,
	VisitID     INTEGER NOT NULL REFERENCES Visits (VisitID),
	UNIQUE (Space, NativeID)
);
CREATE INDEX CommentsParent ON Comments (Space, Parent);
CREATE INDEX CommentsAuthor ON Comments (AuthorID) WHERE AuthorID IS NOT NULL;

CREATE TABLE Links (
	Space   TEXT NOT NULL,
	FromID  TEXT NOT NULL,
	ToID    TEXT NOT NULL,
	Kind    TEXT NOT NULL,
	Time    TEXT NOT NULL,
	PRIMARY KEY (Space, FromID, Kind, ToID)
) WITHOUT ROWID;

CREATE TABLE Gone (
	GoneID   INTEGER PRIMARY KEY AUTOINCREMENT,
	Space    TEXT NOT NULL,
	NativeID TEXT NOT NULL,
	Kind     TEXT NOT NULL,
	PostID   INTEGER NOT NULL,
	AnswerID INTEGER NOT NULL,
	GoneTime TEXT NOT NULL,
	Changed  INTEGER NOT NULL
);
CREATE INDEX GoneChanged ON Gone (Changed);

CREATE TABLE Forgotten (
	Space    TEXT NOT NULL,
	NativeID TEXT NOT NULL,
	PRIMARY KEY (Space, NativeID)
) WITHOUT ROWID;

CREATE TABLE Audit (
	AuditID INTEGER PRIMARY KEY AUTOINCREMENT,
	Time    TEXT NOT NULL,
	Action  TEXT NOT NULL,
	Subject TEXT NOT NULL
);

CREATE TABLE StagedAnswers (
	Space    TEXT NOT NULL,
	NativeID TEXT NOT NULL,
	VisitID  INTEGER NOT NULL REFERENCES Visits (VisitID),
	Parent   TEXT NOT NULL,
	AuthorID INTEGER REFERENCES Authors (AuthorID),
	Record   BLOB NOT NULL,
	PRIMARY KEY (Space, NativeID, VisitID)
) WITHOUT ROWID;
CREATE INDEX StagedAnswersParent ON StagedAnswers (Space, Parent);

CREATE TABLE StagedRecords (
	VisitID  INTEGER NOT NULL REFERENCES Visits (VisitID),
	Kind     INTEGER NOT NULL,
	NativeID TEXT NOT NULL,
	Record   BLOB NOT NULL,
	PRIMARY KEY (VisitID, Kind, NativeID)
) WITHOUT ROWID;

CREATE TABLE StagedAuthors (
	VisitID  INTEGER NOT NULL REFERENCES Visits (VisitID),
	NativeID TEXT NOT NULL,
	Name     TEXT NOT NULL,
	Link     TEXT NOT NULL,
	PRIMARY KEY (VisitID, NativeID)
) WITHOUT ROWID;

CREATE TABLE StagedComments (
	VisitID     INTEGER NOT NULL REFERENCES Visits (VisitID),
	NativeID    TEXT NOT NULL,
	Parent      TEXT NOT NULL,
	Content     TEXT NOT NULL,
	VoteCount   INTEGER NOT NULL,
	CommentTime TEXT NOT NULL,
	AuthorID    INTEGER REFERENCES Authors (AuthorID),
	AuthorName  TEXT NOT NULL,
	Licence     TEXT NOT NULL,
	PRIMARY KEY (VisitID, NativeID)
) WITHOUT ROWID;

CREATE TABLE StagedRevisions (
	VisitID  INTEGER NOT NULL REFERENCES Visits (VisitID),
	NativeID TEXT NOT NULL,
	Time     INTEGER NOT NULL,
	TextHash INTEGER NOT NULL,
	Rollback INTEGER NOT NULL,
	Licence  TEXT NOT NULL,
	PRIMARY KEY (VisitID, NativeID, Time, TextHash)
) WITHOUT ROWID;
