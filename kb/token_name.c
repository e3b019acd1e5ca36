/* A sorted table and a binary search; asked of camel case only. */

#include "kb/token_name.h"

#include <stdlib.h>

static const char *const one_word[] = {
	"activemq",      "apparmor",      "appdynamics",   "appveyor",
	"argocd",        "bitbucket",     "centos",        "chatops",
	"circleci",      "cloudbees",     "cloudflare",    "cloudformation",
	"cloudfront",    "cloudtrail",    "cloudwatch",    "coredns",
	"coreos",        "couchdb",       "datadog",       "devops",
	"devsecops",     "digitalocean",  "dockerhub",     "dynamodb",
	"elasticsearch", "fastapi",       "finops",        "fluentbit",
	"freebsd",       "github",        "gitlab",        "gitops",
	"graphql",       "haproxy",       "hashicorp",     "hipchat",
	"iaas",          "influxdb",      "intellij",      "ios",
	"iot",           "ipad",          "iphone",        "javascript",
	"jfrog",         "linkedin",      "linuxkit",      "macbook",
	"macos",         "mariadb",       "mcafee",        "memcached",
	"minio",         "mongodb",       "myisam",        "mysql",
	"netapp",        "netbsd",        "newrelic",      "nodejs",
	"nosql",         "nuget",         "oauth",         "openai",
	"openbsd",       "openid",        "openjdk",       "openldap",
	"openshift",     "openssh",       "openssl",       "openstack",
	"opensuse",      "opentelemetry", "openvpn",       "openvz",
	"opsgenie",      "paas",          "pagerduty",     "paypal",
	"phpstorm",      "postgresql",    "powershell",    "promql",
	"putty",         "pycharm",       "pypi",          "pytorch",
	"quicksight",    "rabbitmq",      "reactjs",       "redhat",
	"redshift",      "rocksdb",       "rubocop",       "rubygems",
	"saas",          "saltstack",     "secops",        "sendgrid",
	"servicenow",    "sharepoint",    "solarwinds",    "sonarqube",
	"sourcetree",    "sqlite",        "stackexchange", "stackoverflow",
	"stackstorm",    "statuspage",    "sumologic",     "systemd",
	"teamcity",      "tensorflow",    "testflight",    "typescript",
	"victorops",     "virtualbox",    "vmware",        "vscode",
	"webassembly",   "weblogic",      "websphere",     "whatsapp",
	"wildfly",       "winrm",         "wordpress",     "xenserver",
	"youtube",       "zookeeper",
};

static int name_order(const void *key, const void *entry)
{
	const char *const *name = entry;

	return slice_cmp(*(const struct slice *)key, slice_of(*name));
}

bool name_is_one_word(struct slice word)
{
	char lower[24];
	struct slice key = { lower, word.len };
	size_t i;

	if (word.len > sizeof(lower))
		return false;
	for (i = 0; i < word.len; i++)
		lower[i] = (char)(word.at[i] | 32);
	return bsearch(&key, one_word, sizeof(one_word) / sizeof(*one_word),
	               sizeof(*one_word), name_order) != NULL;
}
