/* The table of kinds: a new back end is one more line. */

#include "kb/llm/llm.h"

extern const struct llm_kind llm_openai, llm_converse, llm_invoke,
        llm_sagemaker;

const struct llm_kind *const llm_kinds[] = {
	&llm_openai, &llm_converse, &llm_invoke, &llm_sagemaker, NULL,
};
