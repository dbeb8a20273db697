/* SPDX-License-Identifier: ISC */
#include "core/catalogue.h"
#include "core/finding.h"
#include "core/arena.h"

#include <ctype.h>
#include <string.h>

#include "tap.h"

/* The worst that a row can become for any profile. */
static enum severity
worst(const struct catalogue_row *row)
{
	enum severity most = SEVERITY_ABSENT;

	for (int p = 0; p < NPROFILES; p++) {
		if (row->severity[p] > most)
			most = row->severity[p];
		if (row->alt[p] > most)
			most = row->alt[p];
	}
	return most;
}

static void
rows(void)
{
	for (int i = 0; i < NFINDINGS; i++) {
		const struct catalogue_row *row =
		    catalogue_row((enum finding_id)i);
		enum severity most = worst(row);
		enum finding_id id;

		ok(row->id != NULL && catalogue_find(row->id, &id) &&
		    (int)id == i, "%s is found by its name", row->id);
		ok(strlen(row->text) <= 72 && isalpha((unsigned char)
		    row->text[0]), "%s: at most 72 characters", row->id);
		ok(most <= SEVERITY_NOTE || row->remedy != NULL,
		    "%s: what is not in order has a remedy", row->id);
		ok(most >= SEVERITY_OK, "%s: has a severity", row->id);
		ok((row->effect != EFFECT_DEFER && row->effect !=
		    EFFECT_BOUNCE) || most == SEVERITY_FAIL,
		    "%s: only a FAIL blocks mail", row->id);
	}
}

static void
severities(void)
{
	struct findings list = { .mem = arena_new() };
	struct finding *f = findings_add(&list, FINDING_CERT_EXPIRED_EE);

	ok(finding_severity(f, PROFILE_EXCHANGE_ONLINE, 0, false) ==
	    SEVERITY_FAIL, "expired under usage 3 fails at Exchange");
	ok(finding_severity(f, PROFILE_RFC7672, 0, false) == SEVERITY_NOTE,
	    "and is a note by the RFC");
	ok(finding_effect(f, PROFILE_RFC7672) == EFFECT_NONE,
	    "where it does not block mail");
	ok(finding_effect(f, PROFILE_EXCHANGE_ONLINE) == EFFECT_DEFER,
	    "but does at Exchange");
	f->survived = true;
	ok(finding_severity(f, PROFILE_EXCHANGE_ONLINE, 0, false) ==
	    SEVERITY_WARN, "another host delivers: a warning");
	ok(finding_severity(f, PROFILE_EXCHANGE_ONLINE, 0, true) ==
	    SEVERITY_FAIL, "--strict counts it all the same");
	f = findings_add(&list, FINDING_TLSA_NONE);
	ok(finding_severity(f, PROFILE_EXCHANGE_ONLINE, 0, false) ==
	    SEVERITY_NOTE, "no TLSA is a note");
	ok(finding_severity(f, PROFILE_EXCHANGE_ONLINE, REQUIRE_DANE, false)
	    == SEVERITY_FAIL, "and a failure where DANE is required");
	ok(finding_severity(f, PROFILE_EXCHANGE_ONLINE, REQUIRE_DKIM, false)
	    == SEVERITY_NOTE, "not where something else is");
	ok(finding_severity(f, PROFILE_MTA_STS, REQUIRE_DANE, false) ==
	    SEVERITY_ABSENT, "the row does not exist for MTA-STS");
	f = findings_add(&list, FINDING_DNSSEC_ALGORITHM_DEPRECATED);
	ok(finding_severity(f, PROFILE_RFC7672, 0, false) == SEVERITY_WARN,
	    "a retired algorithm is a warning");
	ok(finding_severity(f, PROFILE_RFC7672, REQUIRE_DNSSEC, false) ==
	    SEVERITY_FAIL, "and as good as none where DNSSEC is required");
	f = findings_add(&list, FINDING_DNSSEC_ALGORITHM_UNSUPPORTED);
	ok(finding_severity(f, PROFILE_RFC7672, REQUIRE_DNSSEC, false) ==
	    SEVERITY_FAIL, "an unknown one as well");
	f->alt = true;
	ok(finding_severity(f, PROFILE_RFC7672, REQUIRE_DNSSEC, false) ==
	    SEVERITY_UNKNOWN, "but not where only this machine lacks it");
	f = findings_add(&list, FINDING_DNSSEC_NO_TRUST_ANCHOR);
	ok(finding_severity(f, PROFILE_RFC7672, REQUIRE_DNSSEC, false) ==
	    SEVERITY_FAIL, "under no anchor there is no DNSSEC");
	f->alt = true;
	ok(finding_severity(f, PROFILE_RFC7672, REQUIRE_DNSSEC, false) ==
	    SEVERITY_UNKNOWN, "with a wrong anchor nobody can tell");
	arena_free(list.mem);
}

int
main(void)
{
	rows();
	severities();
	return tap_done();
}
