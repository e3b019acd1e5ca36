#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every ceiling on what comes from outside, in one list. A module that meets
 * one reports FAULT_LIMIT with the code "limit-NAME"; it never shortens in
 * silence.
 */

enum {
<<<<<<< HEAD
	LIMIT_ROW = 64 << 20,   /* one row of a dump, one JSON line */
	LIMIT_BODY = 16 << 20,  /* one page or post, as it came */
	LIMIT_TEXT = 16 << 20,  /* one post's Markdown */
	LIMIT_DEPTH = 256,      /* nesting of markup */
	LIMIT_ATTRIBUTES = 512, /* of one tag */
	LIMIT_NODES = 2 << 20,  /* of one page */
	LIMIT_JSON_DEPTH = 128, /* nesting of a JSON value */
	LIMIT_CONFIG = 1 << 20, /* the configuration file */
	LIMIT_QUERY = 1 << 20,  /* bytes of one query */
	LIMIT_QUERY_TERMS = 64, /* the most telling ones are kept */
	LIMIT_RESULTS = 1000,   /* k of a search */
	LIMIT_TAGS = 64,        /* of one post */

	LIMIT_PASSAGES = 1 << 28,  /* of one segment of the index */
	LIMIT_LABELS = 256,        /* access labels in one index */
	LIMIT_MANIFEST = 16 << 20, /* of the index */
=======
	LIMIT_ROW = 64 << 20,        /* one row of a dump, one JSON line */
	LIMIT_BODY = 16 << 20,       /* one page or post, as it came */
	LIMIT_TEXT = 16 << 20,       /* one post's Markdown */
	LIMIT_DEPTH = 256,           /* nesting of markup */
	LIMIT_ATTRIBUTES = 512,      /* of one tag */
	LIMIT_NODES = 2 << 20,       /* of one page */
	LIMIT_PARSE_SECONDS = 5,     /* CPU for one page */
	LIMIT_JSON_DEPTH = 128,      /* nesting of a JSON value */
	LIMIT_JSON_VALUES = 1 << 20, /* in one JSON text: 100 bytes each */
	LIMIT_CONFIG = 1 << 20,      /* the configuration file */
	LIMIT_CONFIG_KEYS = 10000,
	LIMIT_PATTERN = 64 << 10, /* one regular expression */
	LIMIT_QUERY = 1 << 20,    /* bytes of one query */
	LIMIT_QUERY_TERMS = 64,   /* the most telling ones are kept */
	LIMIT_RESULTS = 1000,     /* k of a search */
	LIMIT_TAGS = 64,          /* of one post */
>>>>>>> main
};

/* Of the texts that name things, in bytes. */
enum {
	LIMIT_ID = 2048,   /* a native id */
	LIMIT_NAME = 4096, /* an author's name, a tag, a label */
	LIMIT_LINK = 8192, /* an address, a title */
};

enum {
	LIMIT_JUDGEMENTS = 256 << 20, /* a file of queries or judgements */
	LIMIT_FILTERS = 32,           /* of one query */
};

#endif
