/* A list that stops growing and goes on counting. */

#include "crawler/troubles.h"

void troubles_add(struct troubles *t, const struct fault *f)
{
	if (t->count < TROUBLES_KEPT)
		t->first[t->count] = *f;
	t->count++;
}

size_t troubles_kept(const struct troubles *t)
{
	return t->count < TROUBLES_KEPT ? (size_t)t->count : TROUBLES_KEPT;
}

bool troubles_one_row(const struct fault *f)
{
	return f->kind == FAULT_INPUT || f->kind == FAULT_LIMIT;
}
