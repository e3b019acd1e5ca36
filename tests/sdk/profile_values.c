/*
 * What the shared files of AWS's tools say, for those who compare readers:
 * profile_values CREDENTIALS CONFIG, and on standard input a line "PROFILE
 * NAME" for each value to print. The first line out is "fault" for files that
 * cannot be read, and "files" otherwise.
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/net/aws_profile.h"

int main(int argc, char **argv)
{
	struct aws_profiles *p;
	char *line = NULL;
	size_t size = 0;
	struct fault f;
	ssize_t len;

	if (argc != 3)
		return 2;
	if (!aws_profiles_read(&p, argv[1], argv[2], &f)) {
		printf("fault\n");
		return 0;
	}
	printf("files\n");
	while ((len = getline(&line, &size, stdin)) > 0) {
		struct slice s =
		        slice_trim((struct slice){ line, (size_t)len });
		size_t blank = slice_find(s, ' ');
		struct slice value;

		line[len - 1] = '\0';
		value = aws_profile_get(p, slice_cut(s, 0, blank),
		                        line + blank + 1);
		printf("%.*s\n", SLICE_ARG(value));
	}
	free(line);
	aws_profiles_free(p);
	return 0;
}
