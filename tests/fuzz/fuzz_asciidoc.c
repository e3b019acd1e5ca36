/* AsciiDoc of any bytes. */

#include "document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_document(DOCUMENT_ASCIIDOC, data, size);
}
