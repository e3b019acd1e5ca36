/* A table of names; an entry may ask for another name around it, since many
 * call something "content". */

#include "crawler/thread_words.h"

#include "crawler/head.h"

enum place { PLACE_CLASS, PLACE_ID, PLACE_COMPONENT, PLACE_ROLE, PLACE_SLOT };

enum { THREAD_AROUND = 8 }; /* levels up to the name asked for */

struct word {
	const char *name; /* of an id, its beginning */
	const char *within;
	enum place place;
	enum thread_kind kind;
};

static const struct word words[] = {
	{ "s-prose", "post-layout", PLACE_CLASS, THREAD_STACK },
	{ "js-post-body", NULL, PLACE_CLASS, THREAD_STACK },
	{ "post-text", "post-layout", PLACE_CLASS, THREAD_STACK },
	{ "post-text", "postcell", PLACE_CLASS, THREAD_STACK },
	{ "post-text", "answercell", PLACE_CLASS, THREAD_STACK },
	{ "s-prose", "postcell", PLACE_CLASS, THREAD_STACK },
	{ "s-prose", "answercell", PLACE_CLASS, THREAD_STACK },
	{ "cooked", NULL, PLACE_CLASS, THREAD_DISCOURSE },
	{ "post", "crawler-post", PLACE_CLASS, THREAD_DISCOURSE },
	{ "post", "topic-body", PLACE_CLASS, THREAD_DISCOURSE },
	{ "content", "postbody", PLACE_CLASS, THREAD_PHPBB },
	{ "bbWrapper", "message-body", PLACE_CLASS, THREAD_XENFORO },
	{ "bbWrapper", "message-userContent", PLACE_CLASS, THREAD_XENFORO },
	{ "messageText", NULL, PLACE_CLASS, THREAD_XENFORO },
	{ "post_message_", NULL, PLACE_ID, THREAD_VBULLETIN },
	{ "js-post__content-text", NULL, PLACE_CLASS, THREAD_VBULLETIN },
	{ "postcontent", NULL, PLACE_CLASS, THREAD_VBULLETIN },
	{ "commentContent", NULL, PLACE_ROLE, THREAD_INVISION },
	{ "ipsType_richText", "ipsComment", PLACE_CLASS, THREAD_INVISION },
	{ "ipsRichText", "ipsEntry", PLACE_CLASS, THREAD_INVISION },
	{ "ipsComment_content", NULL, PLACE_CLASS, THREAD_INVISION },
	{ "post/content", NULL, PLACE_COMPONENT, THREAD_NODEBB },
	{ "Message", "ItemDiscussion", PLACE_CLASS, THREAD_VANILLA },
	{ "Message", "ItemComment", PLACE_CLASS, THREAD_VANILLA },
	{ "userContent", NULL, PLACE_CLASS, THREAD_VANILLA },
	{ "commtext", NULL, PLACE_CLASS, THREAD_NEWS },
	{ "toptext", NULL, PLACE_CLASS, THREAD_NEWS },
	{ "usertext-body", NULL, PLACE_CLASS, THREAD_REDDIT },
	{ "comment", NULL, PLACE_SLOT, THREAD_REDDIT },
	{ "text-body", NULL, PLACE_SLOT, THREAD_REDDIT },
	{ "comment-body", "timeline-comment", PLACE_CLASS, THREAD_GITHUB },
	{ "js-comment-body", NULL, PLACE_CLASS, THREAD_GITHUB },
	{ "markdown-body", "react-issue-comment", PLACE_CLASS, THREAD_GITHUB },
	{ "Post-body", NULL, PLACE_CLASS, THREAD_FLARUM },
	{ "msg_", NULL, PLACE_ID, THREAD_SMF },
	{ "post_body", NULL, PLACE_CLASS, THREAD_MYBB },
	{ "pid_", NULL, PLACE_ID, THREAD_MYBB },
	{ "postmessage_", NULL, PLACE_ID, THREAD_DISCUZ },
	{ "bbp-reply-content", NULL, PLACE_CLASS, THREAD_BBPRESS },
	{ "bbp-topic-content", NULL, PLACE_CLASS, THREAD_BBPRESS },
	{ "lia-message-body-content", NULL, PLACE_CLASS, THREAD_KHOROS },
	{ "bz_comment_text", NULL, PLACE_CLASS, THREAD_TRACKER },
	{ "email-body", NULL, PLACE_CLASS, THREAD_TRACKER },
	{ "action-body", NULL, PLACE_CLASS, THREAD_TRACKER },
	{ "note-text", NULL, PLACE_CLASS, THREAD_TRACKER },
	{ "postmsg", NULL, PLACE_CLASS, THREAD_FORUM },           /* FluxBB */
	{ "postText", NULL, PLACE_CLASS, THREAD_FORUM },          /* JForum */
	{ "commentBody", "cw", PLACE_CLASS, THREAD_FORUM },       /* Slash */
	{ "md-div", NULL, PLACE_CLASS, THREAD_FORUM },            /* Lemmy */
	{ "comment_text", "details", PLACE_CLASS, THREAD_FORUM }, /* Lobsters */
	{ "forum-post-content", NULL, PLACE_CLASS, THREAD_FORUM },
	{ "spacing_log_answer_content", NULL, PLACE_CLASS, THREAD_FORUM },
	{ "postbody", NULL, PLACE_CLASS, THREAD_PLAIN },
	{ "post-entry", NULL, PLACE_CLASS, THREAD_PLAIN },
	{ "post-message", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "post-content", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "post-body", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "post__content", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "post__body", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "message-content", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "message-body", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "message__content", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "reply-content", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "reply-body", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "answer-content", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "answer-body", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "answer-text", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "question-body", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "question-text", NULL, PLACE_CLASS, THREAD_LIKE },
	{ "comment-content", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "comment-body", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "comment__content", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "comment__body", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "comment-text", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "commenttext", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "comment_content", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "comment-message", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "field--name-comment-body", NULL, PLACE_CLASS, THREAD_COMMENT },
	{ "field-name-comment-body", NULL, PLACE_CLASS, THREAD_COMMENT },
};

/* The last part of "https://schema.org/Question". */
static struct slice item_type(struct slice s)
{
	size_t at;

	s = slice_trim(s);
	s = slice_cut(s, 0, slice_find(s, ' '));
	for (at = s.len; at && s.at[at - 1] != '/';)
		at--;
	return slice_cut(s, at, s.len);
}

struct slice thread_item(const struct markup *m, uint32_t n)
{
	for (; n != MARKUP_NONE; n = m->nodes[n].parent) {
		struct slice type =
		        markup_attribute(m, &m->nodes[n], "itemtype");

		if (type.len)
			return item_type(type);
	}
	return (struct slice){ 0 };
}

static bool within(const struct markup *m, uint32_t n, const char *class)
{
	int level;

	for (level = 0; level < THREAD_AROUND; level++) {
		n = m->nodes[n].parent;
		if (n == MARKUP_NONE)
			break;
		if (head_has(markup_attribute(m, &m->nodes[n], "class"),
		             slice_of(class)))
			return true;
	}
	return false;
}

/* Whether the questions around `n` are a list that one hand wrote. */
static bool is_faq(const struct markup *m, uint32_t n)
{
	for (; n != MARKUP_NONE; n = m->nodes[n].parent)
		if (slice_eq(item_type(markup_attribute(m, &m->nodes[n],
		                                        "itemtype")),
		             SLICE("FAQPage")))
			return true;
	return false;
}

/* Microdata: the text of a question, an answer, a post or a comment. */
static enum thread_kind item_word(const struct markup *m, uint32_t n,
                                  struct slice prop)
{
	static const char *const posts[] = { "Question", "Answer",
		                             "DiscussionForumPosting",
		                             "SocialMediaPosting", "Message" };
	struct slice type;
	size_t i;

	if (!head_has(prop, SLICE("text")) &&
	    !head_has(prop, SLICE("articleBody")) &&
	    !head_has(prop, SLICE("commentText")))
		return THREAD_NONE;
	type = thread_item(m, n);
	for (i = 0; i < sizeof(posts) / sizeof(posts[0]); i++)
		if (slice_eq(type, slice_of(posts[i])))
			return is_faq(m, n) ? THREAD_NONE : THREAD_DATA;
	return slice_eq(type, SLICE("Comment")) ||
	                       slice_eq(type, SLICE("UserComments"))
	               ? THREAD_COMMENT
	               : THREAD_NONE;
}

static bool matches(const struct markup *m, uint32_t n, const struct word *w,
                    const struct slice values[])
{
	struct slice name = slice_of(w->name), value = values[w->place];

	if (!value.len)
		return false;
	switch (w->place) {
	case PLACE_CLASS:
		if (!head_has(value, name))
			return false;
		break;
	case PLACE_ID:
		if (!slice_starts(value, name) || value.len == name.len ||
		    value.at[name.len] < '0' || value.at[name.len] > '9')
			return false;
		break;
	default:
		if (!slice_eq(value, name))
			return false;
	}
	return !w->within || within(m, n, w->within);
}

bool thread_noise(const void *self, const struct markup *m, uint32_t n)
{
	static const char *const tags[] = { "script", "style",    "template",
		                            "svg",    "button",   "form",
		                            "select", "textarea", "input",
		                            "iframe", "nav",      "noscript" };
	static const char *const classes[] = {
		"signature",
		"js-signature",
		"message-signature",
		"post-signature",
		"postsignature",
		"bbCodeBlock-expandLink",
		"bbCodeBlock-shrinkLink",
		"quote-controls",
		"quote-expand",
		"lightbox-meta",
		"meta",
		"post-menu",
		"post-menu-area",
		"reactionsBar",
		"reactions",
		"cooked-selection-barrier",
		"snippet-result",
		"js-show-link",
		"edit-post",
		"lastedited",
		"notice",
		"ipsQuote_citation-toggle",
		"postbit-signature",
		"lia-message-signature",
		"attachment-likes",
	};
	const struct markup_node *node = &m->nodes[n];
	struct slice class;
	size_t i;

	(void)self;
	if (node->kind != MARKUP_ELEMENT)
		return false;
	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (slice_eq(node->name, slice_of(tags[i])))
			return true;
	class = markup_attribute(m, node, "class");
	for (i = 0; class.len && i < sizeof(classes) / sizeof(classes[0]); i++)
		if (head_has(class, slice_of(classes[i])))
			return true;
	return false;
}

enum thread_kind thread_word(const struct markup *m, uint32_t n)
{
	struct slice values[PLACE_SLOT + 1] = { { 0 } }, prop = { 0 };
	const struct markup_node *node = &m->nodes[n];
	bool any = false;
	size_t i;

	for (i = 0; i < node->attribute_count; i++) {
		const struct markup_attribute *a =
		        &m->attributes[node->attribute + i];
		struct slice *to =
		        slice_eq(a->name, SLICE("class")) ? &values[PLACE_CLASS]
		        : slice_eq(a->name, SLICE("id"))  ? &values[PLACE_ID]
		        : slice_eq(a->name, SLICE("component"))
		                ? &values[PLACE_COMPONENT]
		        : slice_eq(a->name, SLICE("data-role"))
		                ? &values[PLACE_ROLE]
		        : slice_eq(a->name, SLICE("slot")) ? &values[PLACE_SLOT]
		        : slice_eq(a->name, SLICE("itemprop")) ? &prop
		                                               : NULL;

		if (to)
			*to = a->value;
		any |= to != NULL;
	}
	for (i = 0; any && i < sizeof(words) / sizeof(words[0]); i++)
		if (matches(m, n, &words[i], values))
			return thread_noise(NULL, m, n) ? THREAD_NONE
			                                : words[i].kind;
	return prop.len ? item_word(m, n, prop) : THREAD_NONE;
}
