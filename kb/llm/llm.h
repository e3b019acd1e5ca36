#ifndef KB_LLM_LLM_H
#define KB_LLM_LLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * What a back end for language models is: a translator between a prompt and
 * the bytes of one provider's API. It opens no socket, reads no clock, keeps
 * no state. One const struct a file (llm_openai.c, llm_converse.c,
 * llm_invoke.c, llm_sagemaker.c), listed in llm.c.
 */

/* How an answer of a given JSON schema is asked for, best first. */
enum llm_shape {
	LLM_SCHEMA, /* the API takes a schema for its output */
	LLM_TOOL,   /* a tool with that schema has to be called */
	LLM_PROMPT, /* the words ask for it: the schema follows the system's */
};

struct llm_turn {
	bool model; /* who speaks: the model, or the user */
	struct slice text;
};

struct llm_prompt {
	struct slice system;
	const struct llm_turn *turns; /* user and model in turn, user first */
	size_t turn_count;
	struct slice schema; /* JSON text; empty: any text will do */
	struct slice schema_name, schema_about;
	int64_t output_most; /* tokens */
};

enum llm_finish {
	LLM_DONE,
	LLM_LENGTH,   /* output_most was reached */
	LLM_REFUSED,  /* the model will not */
	LLM_FILTERED, /* somebody's guard took it away */
};

struct llm_answer {
	struct slice text; /* with a schema: the JSON, however it came */
	enum llm_finish finish;
	int64_t input_tokens, output_tokens; /* -1: it did not say */
	struct slice model;                  /* who answered; may be empty */
};

/* What the configuration says of a model, checked: [llm NAME]. */
struct llm_settings {
	struct slice name; /* "default" */
	const struct llm_kind *kind;
	struct slice url, model;
	struct slice region, profile;     /* AWS */
	struct slice endpoint;            /* SageMaker's */
	struct slice schema;              /* messages, text-generation */
	struct slice token;               /* bearer; a secret */
	int shape;                        /* enum llm_shape; -1: find out */
	int64_t window, output_most;      /* tokens */
	bool completion_tokens;           /* a ceiling goes by its newer name */
	double temperature;               /* negative: not sent */
	double input_price, output_price; /* per million tokens */
	struct slice currency;
	double rate; /* requests a second */
	unsigned concurrency, tries;
	int64_t timeout;                                 /* milliseconds */
	int64_t minute_tokens, run_tokens, month_tokens; /* 0: no bound */
	double run_cost, month_cost;                     /* likewise */
	bool allow_private;
	struct slice ca_file;
	const struct conf_section *section;
};

/* A request as bytes. Headers hold no secrets: token and signature are put on
 * by whoever sends it. */
struct llm_wire {
	struct slice url, body;
	const struct http_header *headers;
	size_t header_count;
};

/* What an answer that is none means. */
enum llm_refusal {
	LLM_AGAIN,    /* later: throttled, overloaded, not ready */
	LLM_SHAPE,    /* this shape is not understood: try the next */
	LLM_CEILING,  /* the ceiling has its other name here: try that one */
	LLM_HEAT,     /* no temperature can be set: leave it out */
	LLM_TOO_LONG, /* prompt and output do not fit the window */
	LLM_DENIED,   /* key, rights, quota that waiting does not bring back */
	LLM_BROKEN,   /* anything else */
};

struct llm_kind {
	const char *name;    /* "openai" */
	const char *about;   /* one line */
	const char *service; /* to sign for with SigV4, or NULL: bearer */
	unsigned shapes;     /* 1 << enum llm_shape each */
	const struct conf_key *keys; /* besides those that all share */

	/* What is missing or wrong for this kind; defaults of its own. */
	bool (*check)(struct llm_settings *s, struct arena *a, struct fault *f);
	bool (*request)(const struct llm_settings *s,
	                const struct llm_prompt *p, enum llm_shape shape,
	                struct arena *a, struct llm_wire *out, struct fault *f);
	/* Of a 200. FAULT_INPUT: it is no answer of this API. */
	bool (*answer)(const struct llm_settings *s, enum llm_shape shape,
	               struct slice body, struct arena *a,
	               struct llm_answer *out, struct fault *f);
	/* Of anything else; *f says it for a person. */
	enum llm_refusal (*refusal)(const struct llm_settings *s, int status,
	                            struct slice body, struct fault *f);
};

/* Ends at NULL. */
extern const struct llm_kind *const llm_kinds[];

/* Keys that all kinds share; ends at a NULL name. */
extern const struct conf_key llm_keys[];

typedef const char *llm_environment(const char *name);

/*
 * Reads [llm NAME]; `conf` outlives it. FAULT_USAGE with file and line for
 * what is unknown, missing or wrong; FAULT_DENIED for a secret's file that
 * others may read.
 */
MUST_USE
bool llm_settings_read(struct llm_settings *s, const struct conf *conf,
                       struct slice name, llm_environment *env, struct arena *a,
                       struct fault *f);

/*
 * How many tokens a text may be, from above, without a tokenizer: words and
 * digits of ASCII by their length, other letters by what vocabularies spend
 * on them. Real counts are lower by a tenth to a third.
 */
int64_t llm_tokens(struct slice text);

#endif
