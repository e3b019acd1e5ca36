#ifndef CRAWLER_THREAD_WORDS_H
#define CRAWLER_THREAD_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text/markup_tree.h"

/*
 * What holds the text of a post, by the names that forums, trackers and blogs
 * write, best known first. Those of one kind hold the posts of one page
 * together.
 */
enum thread_kind {
	THREAD_NONE,
	THREAD_STACK,
	THREAD_DISCOURSE,
	THREAD_PHPBB,
	THREAD_XENFORO,
	THREAD_VBULLETIN,
	THREAD_INVISION,
	THREAD_NODEBB,
	THREAD_VANILLA,
	THREAD_NEWS, /* Hacker News */
	THREAD_REDDIT,
	THREAD_GITHUB,
	THREAD_FLARUM,
	THREAD_SMF,
	THREAD_MYBB,
	THREAD_DISCUZ,
	THREAD_BBPRESS,
	THREAD_KHOROS,
	THREAD_TRACKER, /* Bugzilla, Jira, mailing lists, GitLab */
	THREAD_FORUM,   /* others by names of their own */
	THREAD_PLAIN,   /* older forums, where it holds more than the text */
	THREAD_DATA,    /* microdata says so */
	THREAD_LIKE,    /* a name that many use */
	THREAD_COMMENT, /* below an article: no text of the page's own */
	THREAD_KINDS,
};

/* Whether node `n` holds a post's text. */
enum thread_kind thread_word(const struct markup *m, uint32_t n);

/* The type of the nearest item of microdata around `n`: "Question"; or empty. */
struct slice thread_item(const struct markup *m, uint32_t n);

/* What stands within a post's text and is none of it: signatures, buttons,
 * marks of quotes, reactions. */
bool thread_noise(const void *self, const struct markup *m, uint32_t n);

#endif
