/* SPDX-License-Identifier: ISC */
/* What the parsed options mean for one domain. */
#include "options.h"

/* RFC 4034 3.1.5: further than this the times of signatures are ambiguous. */
static const int64_t AT_MAX = INT32_MAX;

bool
options_at(const struct options *o, int64_t collected_at, int64_t *at)
{
	int64_t base = o->has_at && !o->at_relative ? 0 : collected_at;
	int64_t least = collected_at - AT_MAX, most = collected_at + AT_MAX;

	*at = collected_at;
	if (!o->has_at)
		return true;
	if (o->at > most - base || o->at < least - base)
		return false;
	*at = base + o->at;
	return true;
}

bool
options_fails(const struct options *o, enum severity severity)
{
	static const enum severity least[] = {
		[FAIL_ON_NOTE] = SEVERITY_NOTE,
		[FAIL_ON_WARN] = SEVERITY_WARN,
		[FAIL_ON_UNKNOWN] = SEVERITY_UNKNOWN,
		[FAIL_ON_FAIL] = SEVERITY_FAIL,
	};

	return o->fail_on != FAIL_ON_NEVER && severity >= least[o->fail_on];
}
