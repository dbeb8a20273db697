/* SPDX-License-Identifier: ISC */
#include "core/judge.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/path.h"
#include "tap.h"
#include "zone_fixture.h"

/* "ID host zone type;" of each finding, in order. */
static const char *
findings_words(const struct judgement *j)
{
	const char *text = "";

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];
		const char *id = f->row->id;

		if (strncmp(id, "DNSSEC_", 7) == 0)
			id += 7;
		text = arena_printf(mem, "%s%s%s", text, i > 0 ? "; " : "",
		    id);
		if (f->host >= 0)
			text = arena_printf(mem, "%s host %d", text, f->host);
		if (f->subject.zone != NULL)
			text = arena_printf(mem, "%s %s", text,
			    name_text(mem, f->subject.zone));
		if (f->alt)
			text = arena_printf(mem, "%s alt", text);
		if (f->foreign)
			text = arena_printf(mem, "%s foreign", text);
		if (f->aside)
			text = arena_printf(mem, "%s aside", text);
	}
	return text;
}

static struct judgement *
judgement_make(struct evidence *ev, int64_t at)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);
	struct path *path = path_walk(mem, ev);

	j->mem = mem;
	j->ev = ev;
	j->path = path;
	j->proofs = proofs_new(mem, ev, NULL);
	j->options.at = at;
	j->findings.mem = mem;
	j->hosts = arena_array(mem, path->nhosts, sizeof *j->hosts);
	for (size_t i = 0; i < path->nhosts; i++)
		j->hosts[i].host = &path->hosts[i];
	judge_dnssec(j);
	return j;
}

static const struct {
	const char *name, *domain;
	enum change change;
	const char *changed, *covered;
	int64_t at;
	const char *want;
	bool mx_secure;
	enum dnssec_state address;
} table[] = {
	{ "healthy, NSEC", "example.test.", NOTHING, "", "A", JAN15,
	    "SECURE", true, DNSSEC_STATE_SECURE },
	{ "healthy, NSEC3", "ed.test.", NOTHING, "", "A", JAN15, "SECURE",
	    true, DNSSEC_STATE_SECURE },
	{ "unsigned", "plain.test.", NOTHING, "", "A", JAN15,
	    "UNSIGNED plain.test.", false, DNSSEC_STATE_INSECURE },
	{ "deprecated", "old.test.", NOTHING, "", "A", JAN15,
	    "ALGORITHM_DEPRECATED old.test.", false, DNSSEC_STATE_INSECURE },
	{ "bogus MX", "example.test.", FLIP, "example.test. MX", "MX", JAN15,
	    "RRSIG_INVALID example.test.", false, DNSSEC_STATE_SECURE },
	{ "broken zone, once", "example.test.", FLIP, "example.test. DNSKEY",
	    "DNSKEY", JAN15, "RRSIG_INVALID example.test.", false,
	    DNSSEC_STATE_BOGUS },
	{ "bogus A, AAAA serves", "example.test.", FLIP,
	    "mx.example.test. A", "A", JAN15,
	    "SECURE; DNS_LOOKUP_FAILED host 0 example.test. alt", true,
	    DNSSEC_STATE_SECURE },
	{ "A times out, AAAA serves", "example.test.", TIME_OUT,
	    "mx.example.test. A", "A", JAN15,
	    "SECURE; DNS_LOOKUP_FAILED host 0 alt", true,
	    DNSSEC_STATE_SECURE },
	{ "bogus TLSA", "example.test.", FLIP,
	    "_25._tcp.mx.example.test. TLSA", "TLSA", JAN15,
	    "SECURE; RRSIG_INVALID host 0 example.test.", true,
	    DNSSEC_STATE_SECURE },
	{ "MX fails", "example.test.", SERVFAIL, "example.test. MX", "A",
	    JAN15, "DNS_LOOKUP_UNCLEAR", false, DNSSEC_STATE_SECURE },
	{ "MX not recorded", "example.test.", DROP_OBS, "example.test. MX",
	    "A", JAN15, "", false, DNSSEC_STATE_SECURE },
	{ "resolver strips, once", "example.test.", UNSIGN_ALL, "*", "A",
	    JAN15, "RESOLVER_STRIPS .", false, DNSSEC_STATE_INDETERMINATE },
	{ "no anchor for the root's keys", "example.test.", FLIP_RECORD,
	    ". DNSKEY", "DNSKEY", JAN15, "NO_TRUST_ANCHOR . alt", false,
	    DNSSEC_STATE_INDETERMINATE },
	{ "four days left of 31", "example.test.", NOTHING, "", "A",
	    END - 4 * 86400, "SECURE", true, DNSSEC_STATE_SECURE },
	{ "three days left of 31", "example.test.", NOTHING, "", "A",
	    END - 3 * 86400, "SECURE; RRSIG_EXPIRES_SOON . foreign; "
	    "RRSIG_EXPIRES_SOON test. foreign; "
	    "RRSIG_EXPIRES_SOON example.test.", true, DNSSEC_STATE_SECURE },
	{ "DS for no key", "stale.test.", NOTHING, "", "A", JAN15,
	    "DS_NO_DNSKEY stale.test.", false, DNSSEC_STATE_BOGUS },
	{ "standby DS", "standby.test.", NOTHING, "", "A", JAN15,
	    "SECURE; DS_STANDBY standby.test.", true, DNSSEC_STATE_SECURE },
	{ "iterations", "iter.test.", NOTHING, "", "A", JAN15, "SECURE",
	    true, DNSSEC_STATE_SECURE },
};

int
main(void)
{
	mem = arena_new();
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *ev = evidence_make(table[i].change,
		    table[i].changed, table[i].covered);
		struct judgement *j;

		ev->domain = wire_name(table[i].domain);
		j = judgement_make(ev, table[i].at);
		is(findings_words(j), table[i].want, table[i].name);
		for (size_t k = 0; k < j->findings.n; k++)
			printf("# %s: %s\n", j->findings.list[k].row->id,
			    j->findings.list[k].detail
				? j->findings.list[k].detail : "");
		ok(j->mx_secure == table[i].mx_secure, "%s: MX",
		    table[i].name);
		if (j->path->nhosts > 0)
			is(dnssec_state_text(j->hosts[0].address_dnssec.state),
			    dnssec_state_text(table[i].address),
			    table[i].name);
		evidence_free(ev);
	}
	arena_free(mem);
	return tap_done();
}
