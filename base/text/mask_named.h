#ifndef BASE_TEXT_MASK_NAMED_H
#define BASE_TEXT_MASK_NAMED_H

#include "base/text/mask_shape.h"

/* Passwords, keys and headers by the name that stands at `at`; *end is the
 * name's end if it is one that tells of secrets, else `at`. */
bool mask_named(const struct mask_view *v, size_t at, size_t *end,
                struct mask_found *out);

/* curl -u name:password */
bool mask_user_option(const struct mask_view *v, size_t at,
                      struct mask_found *out);

#endif
