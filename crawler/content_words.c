/*
 * Tables sorted by length, then by bytes: most lookups end after comparing
 * lengths.
 */

#include "crawler/content_words.h"

struct word {
	const char *name;
	enum content_word means;
};

static const struct word classes[] = {
	{ "toc", CONTENT_DROPPED },
	{ "main", RULE_CONTENT },
	{ "pager", CONTENT_DROPPED },
	{ "share", CONTENT_DROPPED },
	{ "crumbs", CONTENT_DROPPED },
	{ "navbar", CONTENT_DROPPED },
	{ "navbox", CONTENT_DROPPED },
	{ "content", RULE_CONTENT },
	{ "postmsg", RULE_FORUM },
	{ "primary", RULE_CONTENT },
	{ "sharing", CONTENT_DROPPED },
	{ "sidebar", CONTENT_DROPPED },
	{ "sr-only", CONTENT_DROPPED },
	{ "catlinks", CONTENT_DROPPED },
	{ "main-nav", CONTENT_DROPPED },
	{ "postbody", RULE_FORUM },
	{ "site-nav", CONTENT_DROPPED },
	{ "skiplink", CONTENT_DROPPED },
	{ "Post-body", RULE_FORUM },
	{ "cc-banner", CONTENT_DROPPED },
	{ "cc-window", CONTENT_DROPPED },
	{ "hash-link", CONTENT_DROPPED },
	{ "mw-footer", CONTENT_DROPPED },
	{ "nav-links", CONTENT_DROPPED },
	{ "pagetools", CONTENT_DROPPED },
	{ "post-body", RULE_POST },
	{ "post-menu", CONTENT_DROPPED },
	{ "post_body", RULE_FORUM },
	{ "prev-next", CONTENT_DROPPED },
	{ "skip-link", CONTENT_DROPPED },
	{ "tocolours", CONTENT_DROPPED },
	{ "breadcrumb", CONTENT_DROPPED },
	{ "cookie-bar", CONTENT_DROPPED },
	{ "headerlink", CONTENT_DROPPED },
	{ "md-content", RULE_MKDOCS },
	{ "md-sidebar", CONTENT_DROPPED },
	{ "navigation", CONTENT_DROPPED },
	{ "newsletter", CONTENT_DROPPED },
	{ "pagination", CONTENT_DROPPED },
	{ "sharedaddy", CONTENT_DROPPED },
	{ "topic-body", RULE_FORUM },
	{ "twikiTopic", RULE_FOSWIKI },
	{ "vector-toc", CONTENT_DROPPED },
	{ "adsbygoogle", CONTENT_DROPPED },
	{ "bodyContent", RULE_CONTENT },
	{ "breadcrumbs", CONTENT_DROPPED },
	{ "mainContent", RULE_CONTENT },
	{ "maincontent", RULE_CONTENT },
	{ "postcontent", RULE_FORUM },
	{ "printfooter", CONTENT_DROPPED },
	{ "rst-content", RULE_READTHEDOCS },
	{ "site-footer", CONTENT_DROPPED },
	{ "site-header", CONTENT_DROPPED },
	{ "article-body", RULE_ARTICLE_BODY },
	{ "body-content", RULE_CONTENT },
	{ "comment-form", CONTENT_DROPPED },
	{ "content-body", RULE_CONTENT },
	{ "crawler-post", RULE_FORUM },
	{ "foswikiTopic", RULE_FOSWIKI },
	{ "js-post-body", RULE_FORUM },
	{ "js-post-menu", CONTENT_DROPPED },
	{ "main-content", RULE_CONTENT },
	{ "message-body", RULE_FORUM },
	{ "mw-empty-elt", CONTENT_DROPPED },
	{ "mw-jump-link", CONTENT_DROPPED },
	{ "on-this-page", CONTENT_DROPPED },
	{ "page-actions", CONTENT_DROPPED },
	{ "page-content", RULE_PAGE_CONTENT },
	{ "page_content", RULE_CONTENT },
	{ "patternTopic", RULE_FOSWIKI },
	{ "post-content", RULE_POST },
	{ "social-links", CONTENT_DROPPED },
	{ "social-share", CONTENT_DROPPED },
	{ "wiki-content", RULE_WIKI },
	{ "advertisement", CONTENT_DROPPED },
	{ "anchorjs-link", CONTENT_DROPPED },
	{ "article__body", RULE_ARTICLE_BODY },
	{ "cookie-banner", CONTENT_DROPPED },
	{ "cookie-notice", CONTENT_DROPPED },
	{ "cookieconsent", CONTENT_DROPPED },
	{ "entry-content", RULE_POST },
	{ "header-anchor", CONTENT_DROPPED },
	{ "lang-switcher", CONTENT_DROPPED },
	{ "markdown-body", RULE_MARKDOWN },
	{ "page-feedback", CONTENT_DROPPED },
	{ "related-posts", CONTENT_DROPPED },
	{ "share-buttons", CONTENT_DROPPED },
	{ "sphinxsidebar", CONTENT_DROPPED },
	{ "toc-container", CONTENT_DROPPED },
	{ "breadcrumb-nav", CONTENT_DROPPED },
	{ "cookie-consent", CONTENT_DROPPED },
	{ "edit-this-page", CONTENT_DROPPED },
	{ "heading-anchor", CONTENT_DROPPED },
	{ "md-source-file", CONTENT_DROPPED },
	{ "mw-editsection", CONTENT_DROPPED },
	{ "wy-breadcrumbs", CONTENT_DROPPED },
	{ "article-content", RULE_ARTICLE_BODY },
	{ "comment-respond", CONTENT_DROPPED },
	{ "feedback-prompt", CONTENT_DROPPED },
	{ "jp-relatedposts", CONTENT_DROPPED },
	{ "mw-pt-languages", CONTENT_DROPPED },
	{ "post-navigation", CONTENT_DROPPED },
	{ "skip-to-content", CONTENT_DROPPED },
	{ "tableofcontents", CONTENT_DROPPED },
	{ "vertical-navbox", CONTENT_DROPPED },
	{ "visually-hidden", CONTENT_DROPPED },
	{ "article__content", RULE_ARTICLE_BODY },
	{ "language-switcher", CONTENT_DROPPED },
	{ "newsletter-signup", CONTENT_DROPPED },
	{ "table-of-contents", CONTENT_DROPPED },
	{ "comment-reply-link", CONTENT_DROPPED },
	{ "feedback-container", CONTENT_DROPPED },
	{ "rst-footer-buttons", CONTENT_DROPPED },
	{ "screen-reader-only", CONTENT_DROPPED },
	{ "screen-reader-text", CONTENT_DROPPED },
	{ "theme-doc-markdown", RULE_DOCUSAURUS },
	{ "notion-page-content", RULE_NOTION },
	{ "vector-page-toolbar", CONTENT_DROPPED },
	{ "skip-to-main-content", CONTENT_DROPPED },
	{ "theme-doc-toc-mobile", CONTENT_DROPPED },
	{ "theme-edit-this-page", CONTENT_DROPPED },
	{ "theme-doc-toc-desktop", CONTENT_DROPPED },
	{ "mw-interlanguage-selector", CONTENT_DROPPED },
};

static const struct word ids[] = {
	{ "nav", CONTENT_DROPPED },
	{ "toc", CONTENT_DROPPED },
	{ "main", RULE_CONTENT },
	{ "menu", CONTENT_DROPPED },
	{ "footer", CONTENT_DROPPED },
	{ "navbar", CONTENT_DROPPED },
	{ "content", RULE_CONTENT },
	{ "dw__toc", CONTENT_DROPPED },
	{ "mw-head", CONTENT_DROPPED },
	{ "primary", RULE_CONTENT },
	{ "respond", CONTENT_DROPPED },
	{ "sidebar", CONTENT_DROPPED },
	{ "siteSub", CONTENT_DROPPED },
	{ "catlinks", CONTENT_DROPPED },
	{ "masthead", CONTENT_DROPPED },
	{ "mw-panel", CONTENT_DROPPED },
	{ "wikipage", RULE_TRAC },
	{ "wikitext", RULE_PMWIKI },
	{ "secondary", CONTENT_DROPPED },
	{ "wiki-body", RULE_GOLLUM },
	{ "breadcrumb", CONTENT_DROPPED },
	{ "contentSub", CONTENT_DROPPED },
	{ "navigation", CONTENT_DROPPED },
	{ "siteNotice", CONTENT_DROPPED },
	{ "bodyContent", RULE_CONTENT },
	{ "breadcrumbs", CONTENT_DROPPED },
	{ "contentSub2", CONTENT_DROPPED },
	{ "jump-to-nav", CONTENT_DROPPED },
	{ "mainContent", RULE_CONTENT },
	{ "maincontent", RULE_CONTENT },
	{ "site-footer", CONTENT_DROPPED },
	{ "body-content", RULE_CONTENT },
	{ "comment-form", CONTENT_DROPPED },
	{ "content-body", RULE_CONTENT },
	{ "main-content", RULE_CONTENT },
	{ "page_content", RULE_CONTENT },
	{ "xwikicontent", RULE_XWIKI },
	{ "cookie-banner", CONTENT_DROPPED },
	{ "cookie-notice", CONTENT_DROPPED },
	{ "cookieConsent", CONTENT_DROPPED },
	{ "disqus_thread", CONTENT_DROPPED },
	{ "main-col-body", RULE_AWS },
	{ "mw-navigation", CONTENT_DROPPED },
	{ "cookie-consent", CONTENT_DROPPED },
	{ "dokuwiki__aside", CONTENT_DROPPED },
	{ "mw-content-text", RULE_MEDIAWIKI },
	{ "dokuwiki__footer", CONTENT_DROPPED },
	{ "dokuwiki__header", CONTENT_DROPPED },
	{ "dokuwiki__content", RULE_DOKUWIKI },
	{ "dokuwiki__pagetools", CONTENT_DROPPED },
	{ "dokuwiki__sitetools", CONTENT_DROPPED },
	{ "dokuwiki__usertools", CONTENT_DROPPED },
	{ "CybotCookiebotDialog", CONTENT_DROPPED },
	{ "onetrust-consent-sdk", CONTENT_DROPPED },
};

static enum content_word find(const struct word *words, size_t count,
                              struct slice name)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		struct slice word = slice_of(words[middle].name);
		int c = name.len == word.len
		                ? memcmp(name.at, word.at, word.len)
		                : (name.len > word.len) - (name.len < word.len);

		if (!c)
			return words[middle].means;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return CONTENT_UNKNOWN;
}

enum content_word content_of_id(struct slice id)
{
	return find(ids, sizeof(ids) / sizeof(ids[0]), id);
}

enum content_word content_of_class(struct slice s)
{
	enum content_word best = CONTENT_UNKNOWN;
	size_t at = 0, end;

	for (; at < s.len; at = end + 1) {
		enum content_word w;

		for (end = at; end < s.len && (unsigned char)s.at[end] > ' ';)
			end++;
		if (end == at)
			continue;
		w = find(classes, sizeof(classes) / sizeof(classes[0]),
		         slice_cut(s, at, end));
		if (w == CONTENT_DROPPED)
			return w;
		if (w != CONTENT_UNKNOWN && (!best || w < best))
			best = w;
	}
	return best;
}

const char *content_rule_name(enum content_word rule)
{
	static const char *const names[RULE_COUNT] = {
		[CONTENT_UNKNOWN] = "body",
		[CONTENT_DROPPED] = "dropped",
		[RULE_SELECT] = "configured",
		[RULE_MEDIAWIKI] = "mediawiki",
		[RULE_DOKUWIKI] = "dokuwiki",
		[RULE_XWIKI] = "xwiki",
		[RULE_GOLLUM] = "gollum",
		[RULE_TRAC] = "trac",
		[RULE_PMWIKI] = "pmwiki",
		[RULE_FOSWIKI] = "foswiki",
		[RULE_NOTION] = "notion",
		[RULE_AWS] = "aws",
		[RULE_MKDOCS] = "mkdocs",
		[RULE_DOCUSAURUS] = "docusaurus",
		[RULE_READTHEDOCS] = "readthedocs",
		[RULE_WIKI] = "wiki",
		[RULE_MARKDOWN] = "markdown",
		[RULE_ARTICLE_BODY] = "article-body",
		[RULE_FORUM] = "forum",
		[RULE_POST] = "post",
		[RULE_MAIN] = "main",
		[RULE_ARTICLE] = "article",
		[RULE_PAGE_CONTENT] = "page-content",
		[RULE_CONTENT] = "content",
	};

	return names[rule];
}
