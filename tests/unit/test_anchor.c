/* SPDX-License-Identifier: ISC */
/* The built-in anchors against the root's own keys, as IANA publishes them. */
#include "anchor.c"

#include "core/signature.h"
#include "tap.h"

static const struct {
	const char *name;
	const char *key;
	bool anchor;
} keys[] = {
	{ "KSK-2017", ". IN DNSKEY 257 3 8 AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBA"
	    "vkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+"
	    "B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjy"
	    "BxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZ"
	    "G+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+c"
	    "n8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU=", true },
	{ "KSK-2024", ". IN DNSKEY 257 3 8 AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOK"
	    "kx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOEl"
	    "ZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathW"
	    "u1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqpdV"
	    "wuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2CXkPI"
	    "Zo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PYc=", true },
	/* The same with one bit changed. */
	{ "not KSK-2024", ". IN DNSKEY 257 3 8 AwEAAa96jeuknZlaeSrvyAJj6ZHv28"
	    "hhOKkx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWO"
	    "mOElZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnh"
	    "athWu1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CP"
	    "qpdVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2C"
	    "XkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PZc=",
	    false },
};

int
main(void)
{
	struct arena *mem = arena_new();
	struct rr *list;
	size_t n;

	anchor_builtin(mem, &list, &n);
	ok(n == 2, "two anchors");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct rr key;
		const char *error;
		size_t named = 0;

		ok(rr_from_text(mem, keys[i].key, NULL, 0, &key, &error),
		    "%s can be read", keys[i].name);
		for (size_t k = 0; k < n; k++)
			named += ds_names_key(&list[k], &key);
		ok(named == (keys[i].anchor ? 1 : 0), "%s is %san anchor",
		    keys[i].name, keys[i].anchor ? "" : "not ");
	}
	arena_free(mem);
	return tap_done();
}
