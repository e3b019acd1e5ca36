/* The constants of ranking that a new index gets, unless told otherwise; they
 * are kept in its manifest. An average of 0 is measured by the rebuild. */

#include "kb/weights.h"

const struct index_weights index_weights_default = {
	.k1 = 1.2,
	.b = 0.75,
	.field = { [FIELD_TITLE] = 2.0,
	           [FIELD_TAGS] = 1.0,
	           [FIELD_HEADING] = 1.5,
	           [FIELD_BODY] = 1.0 },
	.body = { [PASSAGE_QUESTION] = 1.0,
	          [PASSAGE_ACCEPTED] = 1.0,
	          [PASSAGE_ANSWER] = 1.0,
	          [PASSAGE_SECTION] = 1.0 },
	.votes = 0.1,
	.accepted = 0.2,
};

const struct index_weights index_weights_plain = {
	.k1 = 1.2,
	.b = 0.75,
	.field = { 1, 1, 1, 1 },
	.body = { 1, 1, 1, 1 },
};
