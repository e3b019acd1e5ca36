/*
 * Hosts by service and by partition, the worlds that AWS keeps apart: the
 * open one, China's, and the government's. Others (isolated regions) have to
 * be named by their address. After the endpoint rules of AWS's clients.
 */

#include "base/buf.h"
#include "base/limits.h"
#include "base/net/aws_search.h"

struct place {
	const char *service;
	const char *host;     /* before ".REGION.amazonaws.com" */
	const char *variable; /* AWS_ENDPOINT_URL_... */
	bool single;          /* lives in one region of a partition */
};

static const struct place places[] = {
	{ "support", "support", "SUPPORT", true },
	{ "bedrock", "bedrock-runtime", "BEDROCK_RUNTIME", false },
	{ "sagemaker", "runtime.sagemaker", "SAGEMAKER_RUNTIME", false },
	{ "sts", "sts", "STS", false },
};

struct partition {
	const char *head; /* of its regions' names */
	const char *domain;
	const char *single; /* where services live that have one region */
};

static const struct partition partitions[] = {
	{ "cn-", "amazonaws.com.cn", "cn-north-1" },
	{ "us-gov-", "amazonaws.com", "us-gov-west-1" },
	/* Worlds of their own, which we do not know. */
	{ "us-iso", NULL, NULL },
	{ "eu-iso", NULL, NULL },
	{ "eusc-", NULL, NULL },
	{ "", "amazonaws.com", "us-east-1" },
};

static const struct place *place_of(struct slice service)
{
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (slice_eq(service, slice_of(places[i].service)))
			return &places[i];
	return NULL;
}

/* It becomes part of a host's name. */
static bool region_good(struct slice region)
{
	size_t i;

	for (i = 0; i < region.len; i++) {
		char c = region.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	return region.len > 0 && region.len <= 32 && region.at[0] != '-';
}

bool aws_endpoint(struct slice service, struct slice region, struct arena *a,
                  struct slice *url, struct slice *signing, struct fault *f)
{
	const struct place *place = place_of(service);
	const struct partition *p = partitions;
	struct buf out = BUF_INIT(LIMIT_LINK);

	if (!place)
		return fault(f, FAULT_USAGE, "aws-service",
		             "no address is known for the service '%.*s'",
		             SLICE_ARG(service));
	if (!region_good(region))
		return fault(f, FAULT_USAGE, "aws-region",
		             "'%.*s' is not the name of a region",
		             SLICE_ARG(region));
	while (!slice_starts(region, slice_of(p->head)))
		p++;
	if (!p->domain)
		return fault(f, FAULT_USAGE, "aws-region",
		             "the addresses of '%.*s' are not known: set "
		             "AWS_ENDPOINT_URL_%s",
		             SLICE_ARG(region), place->variable);
	if (place->single)
		region = slice_of(p->single);
	buf_addf(&out, "https://%s.%.*s.%s", place->host, SLICE_ARG(region),
	         p->domain);
	*url = arena_copy(a, buf_slice(&out));
	*signing = arena_copy(a, region);
	buf_release(&out);
	return true;
}

bool aws_endpoint_of(aws_environment *env, struct slice service,
                     struct slice region, struct arena *a, struct slice *url,
                     struct slice *signing, struct fault *f)
{
	const struct place *place = place_of(service);
	const char *off = env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	struct buf name = BUF_INIT(LIMIT_NAME);
	const char *value = NULL;

	if (place && !(off && slice_eq(slice_of(off), SLICE("true")))) {
		buf_addf(&name, "AWS_ENDPOINT_URL_%s", place->variable);
		value = env(buf_string(&name));
		if (!value || !*value)
			value = env("AWS_ENDPOINT_URL");
	}
	buf_release(&name);
	if (!value || !*value)
		return aws_endpoint(service, region, a, url, signing, f);
	*url = arena_copy(a, slice_trim(slice_of(value)));
	while (slice_ends(*url, SLICE("/")))
		url->len--;
	*signing = arena_copy(a, region);
	return true;
}
