/* SPDX-License-Identifier: ISC */
#include "core/judge.h"
#include "core/validity.h"

#include <stdio.h>

#include "tap.h"
#include "fixture.h"

/*
 * What has dates is recorded in the laboratory and judged by cases.test.  Here
 * stands what has none: its verdict holds for ever.
 */
int
main(void)
{
	struct arena *mem = arena_new();
	struct evidence *ev = fixture_new("d.test.");
	struct judge_options options = { .at = ev->collected_at };
	const struct path *path;
	struct proofs *proofs;
	struct judgement *j;

	fixture_reply(ev, "d.test.", TYPE_MX, 0, "d.test. MX 10 a.d.test.",
	    "");
	fixture_reply(ev, "a.d.test.", TYPE_A, 0, "a.d.test. A 9.9.9.1", "");
	fixture_reply(ev, "a.d.test.", TYPE_AAAA, 0, "", "");
	fixture_reply(ev, "_25._tcp.a.d.test.", TYPE_TLSA, 0, "", "");
	fixture_session(ev, "a.d.test.", "9.9.9.1", SMTP_NO_STARTTLS);
	path = path_walk(mem, ev);
	proofs = proofs_new(mem, ev, NULL);
	proofs_renew(proofs, RENEW_ALL);
	j = judge(mem, path, proofs, &options);
	validity_find(j);
	ok(proofs_renew(proofs, RENEW_ALL) == RENEW_ALL,
	    "what is taken as renewed is as before");
	ok(j->outcome[PROFILE_EXCHANGE_ONLINE].delivery ==
	    DELIVERED_CLEARTEXT, "no anchors, no TLS: in clear text");
	ok(!j->validity.has_until && !j->validity.has_attention &&
	    j->validity.nnext == 0, "and nothing ends that");
	ok(findings_find(&j->findings, FINDING_DNSSEC_NO_TRUST_ANCHOR, -1) !=
	    NULL, "without an anchor everything is insecure");
	evidence_free(ev);
	arena_free(mem);
	return tap_done();
}
