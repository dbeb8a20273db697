/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DKIM_FIXTURE_H
#define MXPROOF_DKIM_FIXTURE_H
/*
 * What stands at the selectors of contoso.com, in an unsigned zone, from
 * text, one question a line: "name TYPE=record|record", "name TYPE!NXDOMAIN",
 * "name TYPE!timeout".
 */
#include "core/arena.h"
#include "core/evidence.h"
#include "core/judge.h"
#include "core/name.h"
#include "tap.h"

/* clang-format off */
#define RSA \
	"\"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtHU/m0shwksIaer0\" " \
	"\"Nc6cjeAMEzKSOrmwXXmVsrA1G54QcaoJ92iuqj62OHCvpIRB4L6SLPCJw8x6\" " \
	"\"/jhEfftoL3e1FBiNBTDM3OlsWVvM9CmZiwLBndXRKDtAeNPHp05Hoxb6Zczl\" " \
	"\"XcqhyfpkkuRGsjCnbbu6jqQkJ0YtZH+PxsstOWDt/n8kmNcVIQfaoglCrvKL\" " \
	"\"vaz5HD0Nrh9c66804GqX3lIRNdOl8Xeme4hQpeLWqqdS5SITHj0QPY1sBHNU\" " \
	"\"5NSSBtEIHBLq3OXHrUu0wtYyFJMsdPdb5oCBG/Xao1Lu4Eazz3aKj9s1CHrd\" " \
	"\"IbAwJKD/eJGEyIWU/fcSCG5bpQIDAQAB\" "

#define MX "contoso.com. MX=contoso.com. 3600 IN MX 0 " \
	   "contoso-com.mail.protection.outlook.com.\n"
#define OTHER_MX "contoso.com. MX=contoso.com. 3600 IN MX 0 mx.contoso.com.\n"
#define S1 "selector1._domainkey.contoso.com."
#define S2 "selector2._domainkey.contoso.com."
#define T1 "selector1-contoso-com._domainkey.contoso.onmicrosoft.com."
#define T2 "selector2-contoso-com._domainkey.contoso.onmicrosoft.com."
#define N1 "selector1-contoso-com._domainkey.contoso.n-v1.dkim.mail.microsoft."
#define N2 "selector2-contoso-com._domainkey.contoso.n-v1.dkim.mail.microsoft."
#define CNAME(owner, target) owner " 3600 IN CNAME " target
#define GONE(owner, target) owner " IN CNAME " target /* any TTL */
#define KEY(owner) owner " 3600 IN TXT \"v=DKIM1; k=rsa; p=\" " RSA
#define EMPTY(owner) owner " 3600 IN TXT \"v=DKIM1; p=\""
/* clang-format on */

static inline void
reply_records(struct dns_observation *obs, char *records)
{
	char *next;

	obs->answer = arena_array(obs->mem, 8, sizeof *obs->answer);
	for (; records != NULL; records = next) {
		const char *error = "";

		next = strchr(records, '|');
		if (next != NULL)
			*next++ = '\0';
		if (!rr_from_text(obs->mem, records, NULL, 0,
			&obs->answer[obs->nanswer++], &error))
			ok(false, "bad record %s: %s", records, error);
	}
}

/* "name TYPE=…" or "name TYPE!…" */
static inline void
question_add(struct evidence *ev, char *line)
{
	struct dns_observation *obs = dns_observation_new();
	char *type = strchr(line, ' '), *how;
	uint8_t name[NAME_WIRE_MAX];
	unsigned rcode = 0;

	/* A name may have an escaped blank, never a plain one. */
	*type++ = '\0';
	how = type + strcspn(type, "=!");
	if (*how == '=')
		reply_records(obs, arena_strdup(obs->mem, how + 1));
	else if (strcmp(how, "!timeout") == 0)
		obs->outcome = DNS_TIMED_OUT;
	else
		rcode_from_text(how + 1, &rcode);
	*how = '\0';
	obs->rcode = (uint16_t)rcode;
	name_from_text(name, line, NULL);
	obs->name = name_copy(obs->mem, name);
	rr_type_from_text(type, &obs->type);
	evidence_add_dns(ev, obs);
}

static inline struct evidence *
evidence_read(const char *text, const char *selectors)
{
	struct evidence *ev = evidence_new();
	char *lines = arena_strdup(ev->mem, text), *next;
	uint8_t name[NAME_WIRE_MAX];

	name_from_text(name, "contoso.com", NULL);
	ev->domain = name_copy(ev->mem, name);
	ev->asked.selectors = arena_array(ev->mem, 4, sizeof(char *));
	if (*selectors != '\0')
		ev->asked.selectors[ev->asked.nselectors++] = selectors;
	for (; *lines != '\0'; lines = next) {
		next = strchr(lines, '\n');
		*next++ = '\0';
		question_add(ev, lines);
	}
	return ev;
}

static inline struct judgement *
judged_for(struct arena *mem, struct evidence *ev, unsigned require)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);

	*j = (struct judgement){ .mem = mem, .ev = ev };
	j->path = path_walk(mem, ev);
	j->proofs = proofs_new(mem, ev, NULL);
	j->findings.mem = mem;
	j->options.at = 1796000000;
	j->options.require = require;
	j->dkim = arena_array(mem, j->path->nselectors, sizeof *j->dkim);
	judge_dkim(j);
	return j;
}

static inline struct judgement *
judged(struct arena *mem, struct evidence *ev)
{
	return judged_for(mem, ev, 0);
}

#endif
