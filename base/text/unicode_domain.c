/*
 * ICU checks hyphens and lengths whether asked to or not, and reports each
 * mistake as a bit: those that the standard does not mind are passed over.
 */

#include "base/text/unicode_domain.h"

#include <stdatomic.h>
#include <stdint.h>
#include <unicode/uidna.h>

#include "base/memory.h"
#include "base/utf8.h"

enum {
	DOMAIN_MOST = 4096, /* in ASCII; DNS takes 253 */
	DOMAIN_PASSES = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
	                UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
	                UIDNA_ERROR_LEADING_HYPHEN |
	                UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4,
};

/* Made once and never changed, so that threads share it. */
static const UIDNA *domain_rules(void)
{
	static UIDNA *_Atomic rules;
	UIDNA *mine = atomic_load(&rules), *other = NULL;
	UErrorCode code = U_ZERO_ERROR;

	if (mine)
		return mine;
	mine = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
	                               UIDNA_NONTRANSITIONAL_TO_ASCII |
	                               UIDNA_NONTRANSITIONAL_TO_UNICODE,
	                       &code);
	/* The data are part of the library: only memory can be missing. */
	if (U_FAILURE(code))
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	if (atomic_compare_exchange_strong(&rules, &other, mine))
		return mine;
	uidna_close(mine);
	return other;
}

bool unicode_domain(struct slice domain, struct buf *out)
{
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode code = U_ZERO_ERROR;
	char ascii[DOMAIN_MOST];
	int32_t len;

	if (domain.len > DOMAIN_MOST || utf8_valid(domain) != domain.len)
		return false;
	len = uidna_nameToASCII_UTF8(domain_rules(), domain.at,
	                             (int32_t)domain.len, ascii, DOMAIN_MOST,
	                             &info, &code);
	if (U_FAILURE(code) || info.errors & ~(uint32_t)DOMAIN_PASSES)
		return false;
	buf_add(out, (struct slice){ ascii, (size_t)len });
	return true;
}
