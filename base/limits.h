#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every ceiling on what comes from outside, in one list. A module that meets
 * one reports FAULT_LIMIT with the code "limit-NAME"; it never shortens in
 * silence.
 */

/* Of bodies, in bytes. */
enum {
	/* one row of a dump, one JSON line */
	LIMIT_ROW = 64 << 20,
	/* one page or post, as it came */
	LIMIT_BODY = 16 << 20,
	/* one post's Markdown */
	LIMIT_TEXT = 16 << 20,
};

/* Of markup. */
enum {
	/* nesting */
	LIMIT_DEPTH = 256,
	/* attributes of one tag */
	LIMIT_ATTRIBUTES = 512,
	/* nodes of one page */
	LIMIT_NODES = 2 << 20,
	/* CPU for one page */
	LIMIT_PARSE_SECONDS = 5,
};

/* Of JSON, configuration and patterns. */
enum {
	/* nesting of a JSON value */
	LIMIT_JSON_DEPTH = 128,
	/* values in one JSON text: 100 bytes each */
	LIMIT_JSON_VALUES = 1 << 20,
	/* the configuration file, bytes and keys */
	LIMIT_CONFIG = 1 << 20,
	LIMIT_CONFIG_KEYS = 10000,
	/* one regular expression */
	LIMIT_PATTERN = 64 << 10,
};

/* Of CSV. */
enum {
	/* fields of one row */
	LIMIT_COLUMNS = 4096,
	/* bytes in which the first row's delimiter is looked for */
	LIMIT_CSV_HEAD = 64 << 10,
};

/* Of the texts that name things, in bytes. */
enum {
	/* a native id */
	LIMIT_ID = 2048,
	/* an author's name, a tag */
	LIMIT_NAME = 4096,
	/* an address, a title */
	LIMIT_LINK = 8192,
	/* an access label */
	LIMIT_LABEL = 64,
	/* number of tags of one post */
	LIMIT_TAGS = 64,
};

/* Of what is fetched. */
enum {
	/* a body as it comes over the wire, and unpacked */
	LIMIT_FETCH_WIRE = 16 << 20,
	LIMIT_FETCH_BODY = LIMIT_BODY,
	/* unpacked to packed, past the first MiB */
	LIMIT_FETCH_RATIO = 100,
	/* all header bytes of one answer */
	LIMIT_FETCH_HEADERS = 256 << 10,
	/* proxies of one source */
	LIMIT_PROXIES = 1000,
	/* redirects followed for one page */
	LIMIT_REDIRECTS = 10,
	/* the body of a call by POST; a source's mark or another note */
	LIMIT_CALL = 64 << 10,
	/* a request without its body, in the form that is signed */
	LIMIT_CANONICAL = 1 << 20,
	/* an answer that hands out keys; a token or key in it */
	LIMIT_IDENTITY = 64 << 10,
	LIMIT_TOKEN = 16 << 10,
	LIMIT_MARK = 1 << 20,
	/* links taken from one page */
	LIMIT_PAGE_LINKS = 5000,
	/* header bytes of one record of a WARC file */
	LIMIT_WARC_HEADERS = 64 << 10,
	/* WARC files read at once; responses in them */
	LIMIT_WARC_FILES = 100000,
	LIMIT_WARC_RECORDS = 1 << 28,
};

/* Of support cases. */
enum {
	/* replies of one case; attachments of one reply */
	LIMIT_CASE_REPLIES = 10000,
	LIMIT_CASE_ATTACHMENTS = 1000,
	/* cases in one answer of an API; bytes of one reply, of one case */
	LIMIT_CASE_PAGE = 1000,
	LIMIT_CASE_REPLY = 1 << 20,
	LIMIT_CASE = 32 << 20,
	/* files of one import */
	LIMIT_CASE_FILES = 4 << 20,
	/* what a model answers, and one text of a digest, in bytes */
	LIMIT_MODEL_ANSWER = 1 << 20,
	LIMIT_DIGEST_TEXT = 4096,
	/* members of a list of a digest */
	LIMIT_DIGEST_LIST = 32,
	/* what is looked at of a model's answer, in bytes; its nesting */
	LIMIT_DIGEST_REPLY = 256 << 10,
	LIMIT_DIGEST_DEPTH = 16,
	/* classes of the configuration */
	LIMIT_DIGEST_CLASSES = 100,
	/* parts of a long case that a model is asked about one by one */
	LIMIT_DIGEST_PARTS = 64,
};

/* Of the index. */
enum {
	/* passages of one segment */
	LIMIT_PASSAGES = 1 << 28,
	/* access labels in one index */
	LIMIT_LABELS = 256,
	/* bytes of the manifest */
	LIMIT_MANIFEST = 16 << 20,
};

/* Of what models are asked. */
enum {
	/* a request, as it goes over the wire */
	LIMIT_MODEL_PROMPT = 16 << 20,
	/* the text of an answer */
	LIMIT_MODEL_TEXT = 256 << 10,
	/* turns of one prompt */
	LIMIT_MODEL_TURNS = 256,
};

/* Of queries. */
enum {
	/* bytes of one query */
	LIMIT_QUERY = 1 << 20,
	/* terms of one query: the most telling ones are kept */
	LIMIT_QUERY_TERMS = 64,
	/* different words that a query may bring to choose from */
	LIMIT_QUERY_WORDS = 1 << 16,
	/* k of a search */
	LIMIT_RESULTS = 1000,
	/* filters of one query */
	LIMIT_FILTERS = 32,
	/* values of one facet */
	LIMIT_FACET_VALUES = 1000,
	/* parameters of one request of a server */
	LIMIT_PARAMETERS = 64,
	/* bytes of a server's answer */
	LIMIT_REPLY = 64 << 20,
	/* bytes of posts read for one search */
	LIMIT_ANSWER = 512 << 20,
	/* bytes of a file of queries or judgements */
	LIMIT_JUDGEMENTS = 256 << 20,
};

#endif
