/* SPDX-License-Identifier: ISC */
#include "catalogue.h"

#include <strings.h>
#include <string.h>

#define SEV(exo, rfc, sts)                                     \
	{                                                      \
		SEVERITY_##exo, SEVERITY_##rfc, SEVERITY_##sts \
	}
#define ALT(exo, rfc, sts, does, when)                          \
	.alt = SEV(exo, rfc, sts), .alt_effect = EFFECT_##does, \
	.alt_when = (when)
#define NO_ALT .alt_when = NULL
#define FINDING(                                                              \
    name, in, about, sev, other, does, missing, code, report, ref, line, fix) \
	[FINDING_##name] = {                                                  \
		.id = #name,                                                  \
		.stage = STAGE_##in,                                          \
		.scope = SCOPE_##about,                                       \
		.severity = sev,                                              \
		other,                                                        \
		.effect = EFFECT_##does,                                      \
		.absent = (missing),                                          \
		.ndr = (code),                                                \
		.tlsrpt = (report),                                           \
		.reference = (ref),                                           \
		.text = line,                                                 \
		.remedy = fix,                                                \
	},

static const struct catalogue_row rows[NFINDINGS] = {
#include "catalogue.def"
};

static const char *const severities[] = {
	[SEVERITY_ABSENT] = "absent",
	[SEVERITY_OK] = "ok",
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARN] = "warn",
	[SEVERITY_UNKNOWN] = "unknown",
	[SEVERITY_FAIL] = "fail",
};
static const char *const stages[NSTAGES] = {
	[STAGE_DNSSEC] = "dnssec",
	[STAGE_MX] = "mx",
	[STAGE_TLSA] = "tlsa",
	[STAGE_STARTTLS] = "starttls",
	[STAGE_CERTIFICATE] = "certificate",
	[STAGE_DANE] = "dane",
	[STAGE_DKIM] = "dkim",
	[STAGE_MTA_STS] = "mta-sts",
	[STAGE_TLS_RPT] = "tls-rpt",
	[STAGE_SPF] = "spf",
	[STAGE_DMARC] = "dmarc",
};
static const char *const profiles[NPROFILES] = {
	[PROFILE_EXCHANGE_ONLINE] = "exchange-online",
	[PROFILE_RFC7672] = "rfc7672",
	[PROFILE_MTA_STS] = "mta-sts",
};
static const char *const effects[] = {
	[EFFECT_NONE] = "none",
	[EFFECT_DELIVER] = "deliver",
	[EFFECT_ENCRYPT] = "encrypt",
	[EFFECT_AUTHENTICATE] = "authenticate",
	[EFFECT_UNKNOWN] = "unknown",
	[EFFECT_DEFER] = "defer",
	[EFFECT_BOUNCE] = "bounce",
};
static const char *const scopes[] = {
	[SCOPE_DOMAIN] = "domain",
	[SCOPE_HOST] = "host",
	[SCOPE_ADDRESS] = "address",
};
static const struct {
	unsigned bit;
	const char *word;
} requirements[] = {
	{ REQUIRE_DNSSEC, "dnssec" },
	{ REQUIRE_DANE, "dane" },
	{ REQUIRE_DKIM, "dkim" },
	{ REQUIRE_MTA_STS, "mta-sts" },
	{ REQUIRE_TLS_RPT, "tls-rpt" },
	{ REQUIRE_SPF, "spf" },
	{ REQUIRE_DMARC, "dmarc" },
};

const struct catalogue_row *
catalogue_row(enum finding_id id)
{
	return &rows[id];
}

bool
catalogue_find(const char *text, enum finding_id *id)
{
	for (int i = 0; i < NFINDINGS; i++) {
		if (strcasecmp(rows[i].id, text) == 0) {
			*id = (enum finding_id)i;
			return true;
		}
	}
	return false;
}

const char *
severity_text(enum severity severity)
{
	return severities[severity];
}

const char *
stage_text(enum stage stage)
{
	return stages[stage];
}

const char *
profile_text(enum profile profile)
{
	return profiles[profile];
}

bool
profile_from_text(const char *text, enum profile *profile)
{
	for (int i = 0; i < NPROFILES; i++) {
		if (strcmp(profiles[i], text) == 0) {
			*profile = (enum profile)i;
			return true;
		}
	}
	return false;
}

const char *
effect_text(enum effect effect)
{
	return effects[effect];
}

const char *
scope_text(enum scope scope)
{
	return scopes[scope];
}

const char *
requirement_text(enum requirement bit)
{
	for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++)
		if (requirements[i].bit == bit)
			return requirements[i].word;
	return NULL;
}

unsigned
requirement_from_text(const char *text)
{
	for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++)
		if (strcmp(requirements[i].word, text) == 0)
			return requirements[i].bit;
	return 0;
}
