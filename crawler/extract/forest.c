/*
 * 1 / (1 + e^-x), where e^-|x| is a product of constants, one for each bit of
 * |x| that is set, in 30 bits behind the point.
 */

#include "crawler/extract/forest.h"

#include "crawler/extract/model.h"

enum {
	FOREST_BITS = 16, /* behind the point of a sum of leaves */
	FOREST_POWERS = 20,
};

static int32_t rounded(float leaf)
{
	double scaled = (double)leaf * (1 << FOREST_BITS);

	return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

static float walk(const struct model_node *tree, const float *row)
{
	const struct model_node *n = tree;

	while (n->feature >= 0)
		n = tree + (row[n->feature] <= n->value ? n->left : n->right);
	return n->value;
}

/* e^-x of x in 2^-16, as a multiple of 2^-30. */
static uint64_t decay(uint32_t x)
{
	/* e to the power of -2^i / 2^16, times 2^30. */
	static const uint32_t powers[FOREST_POWERS] = {
		1073725440, 1073709056, 1073676290, 1073610760, 1073479712,
		1073217664, 1072693760, 1071646719, 1069555701, 1065385899,
		1057095000, 1040706261, 1008687096, 947573834,  836230973,
		651257337,  395007542,  145315154,  19666268,   360200
	};
	uint64_t e = FOREST_ONE;
	unsigned i;

	if (x >> FOREST_POWERS)
		return 0;
	for (i = 0; i < FOREST_POWERS; i++)
		if (x >> i & 1)
			e = (e * powers[i] + (FOREST_ONE >> 1)) >> 30;
	return e;
}

uint32_t forest_probability(const float *row)
{
	int32_t sum = rounded(model_base);
	uint64_t e, p;
	size_t i;

	for (i = 0; i < model_tree_count; i++)
		sum += rounded(walk(&model_nodes[model_trees[i]], row));
	e = decay((uint32_t)(sum < 0 ? -sum : sum));
	p = ((uint64_t)FOREST_ONE << 30) / (FOREST_ONE + e);
	return (uint32_t)(sum < 0 ? FOREST_ONE - p : p);
}

float model_token(struct slice text)
{
	size_t low = 0, high = model_token_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int c = slice_cmp(text, slice_of(model_tokens[middle].text));

		if (!c)
			return model_tokens[middle].weight;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}
