#ifndef TESTS_UNIT_AWS_SCENE_H
#define TESTS_UNIT_AWS_SCENE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/net/aws.h"

/*
 * A made-up environment and shared files in a scratch folder, for tests of
 * aws.h. Nothing of the process's own environment is seen.
 */
enum { SCENE_VARIABLES = 32 };

static struct {
	char name[64], value[4096];
} scene_variables[SCENE_VARIABLES];
static char scene_home[64];

static const char *scene_env(const char *name)
{
	size_t i;

	for (i = 0; i < SCENE_VARIABLES; i++)
		if (*scene_variables[i].name &&
		    !strcmp(scene_variables[i].name, name))
			return scene_variables[i].value;
	return NULL;
}

static void scene_set(const char *name, const char *value)
{
	size_t i = 0;

	while (*scene_variables[i].name &&
	       strcmp(scene_variables[i].name, name))
		i++;
	if (i == SCENE_VARIABLES)
		abort();
	snprintf(scene_variables[i].name, sizeof(scene_variables[i].name), "%s",
	         name);
	snprintf(scene_variables[i].value, sizeof(scene_variables[i].value),
	         "%s", value);
}

/* Path of a file at home; valid until the next call. */
static const char *scene_path(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", scene_home, name);
	return path;
}

static void scene_file(const char *name, const char *text)
{
	FILE *file = fopen(scene_path(name), "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		abort();
}

/* An empty home and an environment that names it, with the instance's
 * metadata out of reach. */
static void scene_begin(void)
{
	memset(scene_variables, 0, sizeof(scene_variables));
	snprintf(scene_home, sizeof(scene_home), "/tmp/opslore-aws-XXXXXX");
	if (!mkdtemp(scene_home))
		abort();
	scene_set("HOME", scene_home);
	scene_set("AWS_SHARED_CREDENTIALS_FILE", "~/credentials");
	scene_set("AWS_CONFIG_FILE", "~/config");
	scene_set("AWS_REGION", "us-east-1");
	scene_set("AWS_EC2_METADATA_DISABLED", "true");
}

static void scene_end(void)
{
	static const char *const names[] = { "credentials", "config", "token",
		                             "log" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		remove(scene_path(names[i]));
	remove(scene_home);
}

#endif
