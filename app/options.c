/* One pass over argv; the table says what each name takes. */

#include "app/options.h"

#include <string.h>

#include "base/slice.h"

/* The option that `arg` spells ("--name", "--name=v", "-k", "-kv"), or NULL;
 * *value is what stands in the same argument, or NULL. */
static const struct option *option_find(const struct option *table,
                                        const char *arg, const char **value)
{
	bool two = arg[1] == '-';
	const char *name = arg + (two ? 2 : 1);
	size_t len = two ? strcspn(name, "=") : 1;

	*value = NULL;
	if (two && name[len] == '=')
		*value = name + len + 1;
	else if (!two && name[0] && name[1])
		*value = name + 1;
	for (; table->name; table++)
		if (strlen(table->name) == len && (len > 1) == two &&
		    !strncmp(table->name, name, len))
			return table;
	return NULL;
}

static bool option_keep(const struct option *o, const char *value,
                        struct fault *f)
{
	if (!o->list) {
		*o->value = value;
		return true;
	}
	if (*o->count == o->room)
		return fault(f, FAULT_USAGE, "option-often",
		             "option '--%s' is given more than %zu times",
		             o->name, o->room);
	o->list[(*o->count)++] = value;
	return true;
}

/* Takes argv[*at] and, when it stands apart, its value. */
static bool option_take(const struct option *table, int argc, char **argv,
                        int *at, struct fault *f)
{
	const char *arg = argv[*at], *value;
	const struct option *o = option_find(table, arg, &value);

	if (!o)
		return fault(f, FAULT_USAGE, "option-unknown",
		             "there is no option '%s' here", arg);
	if (o->flag) {
		if (value)
			return fault(f, FAULT_USAGE, "option-value",
			             "option '%s' takes no value", arg);
		*o->flag = true;
		return true;
	}
	if (!value) {
		if (*at + 1 >= argc)
			return fault(f, FAULT_USAGE, "option-value",
			             "option '%s' wants a value", arg);
		value = argv[++*at];
	}
	return option_keep(o, value, f);
}

static bool option_is(const char *arg)
{
	return arg[0] == '-' && arg[1];
}

bool options_read(const struct option *table, int argc, char **argv,
                  int *operands, struct fault *f)
{
	bool over = false;
	int i, kept = 0;

	for (i = 1; i < argc; i++) {
		if (!over && !strcmp(argv[i], "--"))
			over = true;
		else if (over || !option_is(argv[i]))
			argv[++kept] = argv[i];
		else if (!option_take(table, argc, argv, &i, f))
			return false;
	}
	*operands = kept;
	return true;
}

bool options_lead(const struct option *table, int argc, char **argv, int *next,
                  struct fault *f)
{
	int i;

	for (i = 1; i < argc && option_is(argv[i]); i++)
		if (!option_take(table, argc, argv, &i, f))
			return false;
	*next = i;
	return true;
}

bool option_number(const char *name, const char *text, int64_t low,
                   int64_t high, int64_t *out, struct fault *f)
{
	int64_t n;

	if (!text)
		return true;
	if (!slice_number(slice_of(text), &n) || n < low || n > high)
		return fault(f, FAULT_USAGE, "option-number",
		             "option '%s%s' wants a number from %lld to %lld, "
		             "not '%s'",
		             name[1] ? "--" : "-", name, (long long)low,
		             (long long)high, text);
	*out = n;
	return true;
}
