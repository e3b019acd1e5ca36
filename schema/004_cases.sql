-- Support cases and what models made of them. docs/store.md explains every
-- table and column.

CREATE TABLE Cases (
	CaseID       INTEGER PRIMARY KEY AUTOINCREMENT,
	Space        TEXT NOT NULL,
	NativeID     TEXT NOT NULL,
	SourceID     TEXT NOT NULL,
	Subject      TEXT NOT NULL,
	SubmittedBy  TEXT NOT NULL,
	Status       TEXT NOT NULL,
	Severity     TEXT NOT NULL,
	Service      TEXT NOT NULL,
	Category     TEXT NOT NULL,
	Language     TEXT NOT NULL,
	Link         TEXT NOT NULL,
	CreatedTime  TEXT NOT NULL,
	ResolvedTime TEXT NOT NULL,
	Access       TEXT NOT NULL,
	Channel      TEXT NOT NULL,
	ContentHash  INTEGER NOT NULL,
	RowHash      INTEGER NOT NULL,
	ReplyCount   INTEGER NOT NULL,
	FetchTime    TEXT NOT NULL,
	UNIQUE (Space, NativeID)
);
CREATE INDEX CasesOrder ON Cases (Space, CreatedTime, NativeID);

CREATE TABLE CaseReplies (
	ReplyID     INTEGER PRIMARY KEY AUTOINCREMENT,
	CaseID      INTEGER NOT NULL REFERENCES Cases (CaseID) ON DELETE CASCADE,
	Position    INTEGER NOT NULL,
	SubmittedBy TEXT NOT NULL,
	Side        TEXT NOT NULL,
	ReplyTime   TEXT NOT NULL,
	Body        TEXT NOT NULL,
	Attachments TEXT NOT NULL,
	UNIQUE (CaseID, Position)
);

-- How far a pull of one space is, and the like.
CREATE TABLE CaseNotes (
	Space TEXT NOT NULL,
	Name  TEXT NOT NULL,
	Value TEXT NOT NULL,
	PRIMARY KEY (Space, Name)
) WITHOUT ROWID;

-- What a model said; corrections lie above it. Lists are JSON arrays.
CREATE TABLE CaseDigests (
	CaseID   INTEGER PRIMARY KEY REFERENCES Cases (CaseID) ON DELETE CASCADE,
	CaseHash INTEGER NOT NULL,
	Problem  TEXT NOT NULL,
	Cause    TEXT NOT NULL,
	Class    TEXT NOT NULL,
	Steps    TEXT NOT NULL,
	Services TEXT NOT NULL,
	Codes    TEXT NOT NULL,
	Titles   TEXT NOT NULL,
	Language TEXT NOT NULL,
	Flags    INTEGER NOT NULL,
	BackEnd  TEXT NOT NULL,
	Model    TEXT NOT NULL,
	Prompt   TEXT NOT NULL,
	Time     TEXT NOT NULL
);

CREATE TABLE CaseCorrections (
	CaseID INTEGER NOT NULL REFERENCES Cases (CaseID) ON DELETE CASCADE,
	Field  TEXT NOT NULL,
	Value  TEXT NOT NULL,
	Time   TEXT NOT NULL,
	PRIMARY KEY (CaseID, Field)
) WITHOUT ROWID;

-- Cases that came to no digest, so that they are not paid for for ever.
CREATE TABLE CaseFailures (
	CaseID   INTEGER PRIMARY KEY REFERENCES Cases (CaseID) ON DELETE CASCADE,
	CaseHash INTEGER NOT NULL,
	Tries    INTEGER NOT NULL,
	Code     TEXT NOT NULL,
	Said     TEXT NOT NULL,
	Time     TEXT NOT NULL
);

-- Which post a case was folded into; Folded: hash of what was folded.
CREATE TABLE CaseEntries (
	CaseID INTEGER PRIMARY KEY REFERENCES Cases (CaseID) ON DELETE CASCADE,
	Space  TEXT NOT NULL,
	Entry  TEXT NOT NULL,
	Folded INTEGER NOT NULL
);
CREATE INDEX CaseEntriesEntry ON CaseEntries (Space, Entry);

-- Every try of a call that costs: written before it leaves.
CREATE TABLE ModelCalls (
	CallID       INTEGER PRIMARY KEY AUTOINCREMENT,
	Section      TEXT NOT NULL,
	Purpose      TEXT NOT NULL,
	Subject      TEXT NOT NULL,
	BackEnd      TEXT NOT NULL,
	Model        TEXT NOT NULL,
	Request      BLOB NOT NULL,
	Started      TEXT NOT NULL,
	Outcome      TEXT NOT NULL,
	Status       INTEGER NOT NULL,
	InputTokens  INTEGER NOT NULL,
	OutputTokens INTEGER NOT NULL,
	Reckoned     INTEGER NOT NULL,
	Cost         INTEGER NOT NULL,
	Latency      INTEGER NOT NULL
);
CREATE INDEX ModelCallsStarted ON ModelCalls (Section, Started);

-- Answers by the hash of what was asked, so that nothing is paid twice.
CREATE TABLE ModelAnswers (
	Request BLOB PRIMARY KEY,
	Subject TEXT NOT NULL,
	Model   TEXT NOT NULL,
	Finish  TEXT NOT NULL,
	Answer  BLOB NOT NULL,
	Time    TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ModelAnswersSubject ON ModelAnswers (Subject);
