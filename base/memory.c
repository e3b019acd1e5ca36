/* Allocation that does not return when there is nothing left. */

#include "base/memory.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	MEMORY_APART = 32 << 20, /* the most that glibc takes */
	MEMORY_HUGE = 31 << 20,
	MEMORY_HUGE_PAGE = 2 << 20,
};

static _Noreturn void memory_out(void)
{
	static const char text[] = "opslore: out of memory\n";
	ssize_t ignored = write(2, text, sizeof(text) - 1);

	(void)ignored;
	_exit(1);
}

void memory_huge(void)
{
	const uintptr_t page = MEMORY_HUGE_PAGE - 1;
	uintptr_t from, to;
	void *room;

	/* Otherwise blocks of this size are mapped apart from the heap. */
	mallopt(M_MMAP_THRESHOLD, MEMORY_APART);
	mallopt(M_TRIM_THRESHOLD, 2 * MEMORY_APART);
	room = malloc(MEMORY_HUGE);
	from = ((uintptr_t)room + page) & ~page;
	to = ((uintptr_t)room + MEMORY_HUGE) & ~page;
	if (room && madvise((void *)from, to - from, MADV_HUGEPAGE))
		errno = 0; /* small pages will do */
	free(room);
}

void *memory_new(size_t count, size_t size)
{
	void *at = calloc(count ? count : 1, size ? size : 1);

	if (!at)
		memory_out();
	return at;
}

void *memory_resize(void *old, size_t count, size_t size)
{
	size_t bytes;
	void *at;

	if (__builtin_mul_overflow(count, size, &bytes))
		memory_out();
	at = realloc(old, bytes ? bytes : 1);
	if (!at)
		memory_out();
	return at;
}

void memory_wipe(void *at, size_t len)
{
	if (len)
		explicit_bzero(at, len);
}

char *memory_copy(const void *at, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		memory_out();
	copy = memory_resize(NULL, len + 1, 1);
	if (len)
		memcpy(copy, at, len);
	copy[len] = '\0';
	return copy;
}

void *memory_room(void *array, size_t used, size_t *cap, size_t size)
{
	if (used < *cap)
		return array;
	*cap = *cap < 8 ? 16 : *cap + *cap / 2;
	return memory_resize(array, *cap, size);
}
