/* Filling in a struct fault; nothing here decides what to do about one. */

#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Copies with an ellipsis where it had to be cut. */
static void fault_copy(char *to, size_t size, const char *text)
{
	int n = snprintf(to, size, "%s", text);

	if (n >= 0 && (size_t)n >= size)
		memcpy(to + size - 4, "...", 4);
}

bool fault(struct fault *f, enum fault_kind kind, const char *code,
           const char *fmt, ...)
{
	va_list args;

	*f = (struct fault){ .kind = kind, .code = code };
	va_start(args, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, args);
	va_end(args);
	return false;
}

bool fault_at(struct fault *f, const char *subject, int64_t line)
{
	fault_copy(f->subject, sizeof(f->subject), subject);
	f->line = line;
	return false;
}

bool fault_in(struct fault *f, const char *fmt, ...)
{
	char text[2 * sizeof(f->text)];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(f->text), fmt, args);
	va_end(args);
	if (n < 0)
		return false;
	if ((size_t)n >= sizeof(f->text))
		n = sizeof(f->text) - 1;
	snprintf(text + n, sizeof(text) - (size_t)n, ": %s", f->text);
	fault_copy(f->text, sizeof(f->text), text);
	return false;
}

const char *fault_kind_name(enum fault_kind kind)
{
	static const char *const names[] = {
		"none", "usage", "input", "gone",      "denied",
		"busy", "later", "limit", "cancelled", "system",
	};

	return names[kind];
}
