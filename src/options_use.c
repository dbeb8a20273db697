/* SPDX-License-Identifier: ISC */
/* What the parsed options mean for one domain. */
#include "options.h"

bool
options_at(const struct options *o, int64_t collected_at, int64_t *at)
{
	*at = o->has_at ? o->at : collected_at;
	if (!o->has_at || !o->at_relative)
		return true;
	if ((o->at > 0 && collected_at > INT64_MAX - o->at) ||
	    (o->at < 0 && collected_at < INT64_MIN - o->at))
		return false;
	*at = collected_at + o->at;
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
