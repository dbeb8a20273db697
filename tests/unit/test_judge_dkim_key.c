/* SPDX-License-Identifier: ISC */
/* What is said of a DKIM key at a selector that was asked for. */
#include "core/judge.h"

#include <stdio.h>

#include "tap.h"
#include "fixture.h"

/* clang-format off */
#define RSA_768 \
	"\"MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhALuyfX1CKXPDek9RuEOP7DXMiM9O\" " \
	"\"GXZyazJkElwrUMNxPPjosoT05j6CfRkpaD2S11EWRfG+9YSkmPkkVm1b94Pn\" " \
	"\"HhBwgpfrAtthxCbfOUe+YNrj9zDmVlZkycL1PCbdpwIDAQAB\" "
#define RSA_1024 \
	"\"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC9uT2N69UO/EJaNn9fyE+F\" " \
	"\"82JgJS1t7K9R2Aie+VrQaw6Vm3LO8bRaFWQwzzhOZyvCdrlCnaqhfuNtVnTr\" " \
	"\"HJYPBwvtX+IrcjjMJU4bo24lyeCsKdbngMPh5ehJ7yI/EyJID0DV125UlNY7\" " \
	"\"uqMi11riVqgkuwWgEetJ7SfzOKDZcwIDAQAB\" "
#define RSA_2048 \
	"\"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsu2M4MT3HXlEbKqG\" " \
	"\"w7BAbhWxqOBMtMEtptCpPQ4U9rDFh56waHfOXvzPEzXvJhGeClEb/ZnX3aBJ\" " \
	"\"FqdxL7qldKFJN0XiU/Nr3sIU99krFbQcBBl7ENeIGFKLFzGfPAwNghfH5h93\" " \
	"\"awFb6uAj2aSmSGjNy5Z5OWz9BYgT3qlDhJATK6zjZ0lIdFyFroFhyRLMXW27\" " \
	"\"osiJiTfX4wjFdhr98eIMjMG+5FkXf4j1OvG+TkFe/t9CZZLlzV0P5XvyZsOq\" " \
	"\"c4R+66d9D71SnUN+h4CC58ZmPf3CBkS+07n8hmidMOqh7K0rszdji/3h/Ki7\" " \
	"\"6u+obE50s3m1nom9U8jFg/fXwQIDAQAB\" "
#define RSA_4104 \
	"\"MIICIzANBgkqhkiG9w0BAQEFAAOCAhAAMIICCwKCAgIAoqwQwonZfuwAycd3\" " \
	"\"sRd/P0q5dJ71uW7d7feEPMv60gxi3eq0hgyT2TOtlg7I/msSrx97ICL1/V1R\" " \
	"\"l9R1UfuS7dFok7zpiquYcR2KuMngMC0YTyKUzWUu63YuhPYvz0+9nUc2KpXH\" " \
	"\"UAVtJ17XqGaYexKUeeuZ1tr3VwtBEXeMq1p7fzRQb/9fVcYUy4v1SSBulPlP\" " \
	"\"N+lALgxZSvGc+qQhQm+IMOQ0bItaqVo96CEHsg2VMX7efPEMZsc/vcBa1P/b\" " \
	"\"yMroZHXDyFyMuDaE0XaC3cw7Ce/8fQHBZULprscSP0MRflJApnWhTabXKN8/\" " \
	"\"MSRho+Lopsp9q2eY+sLZogRWatLynPrBTnwQXIHqkBGvkExIo4N8pYEaHci0\" " \
	"\"UkAan+OFtUa6+mm+L5oVdlpvoFBzuMxJAZivfF/yA0bFATL2yJ2Ju2ajT6Kk\" " \
	"\"JYF6Hx2VzgYlMV5nVVPnKjxJp9y/ApTc6ww2BH6JCufneq0Nt/KPcV3sAyh6\" " \
	"\"fTeSoCJeA7GAwOMesYbELPCnm3oz9r/U8nzotSvc4H7Kqb9h5mxJg6k5cj+H\" " \
	"\"lWWKxrJGaLqw3EKkwKg8TQm4yacpFRZ3m3ZZ1Xx/af1K+eo66v4GK6yMfxiM\" " \
	"\"Kb2MkqS9AeaStlLtqiSYwDGM/YZih3sl6fO3ZFTcwe7/bBZJmTEklqBITKjb\" " \
	"\"Fd9ldfA9AgMBAAE=\" "
#define ED25519 "\"p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\""
#define S1 "s1._domainkey.d.test."

/* The record, what must be found, and what must not. */
static const struct {
	const char *name, *records, *must, *must_not;
} table[] = {
	{ "2048 bits", S1 " TXT \"v=DKIM1; p=\" " RSA_2048, "DKIM_OK",
	    "DKIM_KEY_SHORT DKIM_KEY_1024 DKIM_KEY_LONG DKIM_HASH_SHA1 "
	    "DKIM_ED25519_ONLY DKIM_KEY_TESTING DKIM_KEY_MULTIPLE "
	    "DKIM_KEY_MALFORMED" },
	{ "768 bits", S1 " TXT \"v=DKIM1; p=\" " RSA_768, "DKIM_KEY_SHORT",
	    "DKIM_KEY_1024" },
	{ "1024 bits", S1 " TXT \"v=DKIM1; p=\" " RSA_1024, "DKIM_KEY_1024",
	    "DKIM_KEY_SHORT" },
	{ "over 4096 bits", S1 " TXT \"v=DKIM1; p=\" " RSA_4104,
	    "DKIM_KEY_LONG", "DKIM_KEY_1024 DKIM_KEY_MALFORMED" },
	{ "Ed25519 alone", S1 " TXT \"v=DKIM1; k=ed25519; \" " ED25519,
	    "DKIM_ED25519_ONLY", "DKIM_KEY_MALFORMED DKIM_KEY_SHORT" },
	{ "SHA-1 alone", S1 " TXT \"v=DKIM1; h=sha1; p=\" " RSA_2048,
	    "DKIM_HASH_SHA1", "DKIM_KEY_MALFORMED" },
	{ "SHA-1 beside SHA-256",
	    S1 " TXT \"v=DKIM1; h=sha1:sha256; p=\" " RSA_2048, "DKIM_OK",
	    "DKIM_HASH_SHA1" },
	{ "testing", S1 " TXT \"v=DKIM1; t=y; p=\" " RSA_2048,
	    "DKIM_OK DKIM_KEY_TESTING", "DKIM_HASH_SHA1" },
	{ "strict, not testing", S1 " TXT \"v=DKIM1; t=s; p=\" " RSA_2048,
	    "DKIM_OK", "DKIM_KEY_TESTING" },
	{ "two keys", S1 " TXT \"v=DKIM1; p=\" " RSA_2048 "|"
	    S1 " TXT \"v=DKIM1; p=\" " RSA_1024, "DKIM_KEY_MULTIPLE",
	    "DKIM_KEY_MALFORMED" },
};
/* clang-format on */

static struct arena *mem;

int
main(void)
{
	mem = arena_new();
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *ev = fixture_new("d.test.");
		struct judge_options options = { .at = ev->collected_at };
		const char *selector = "s1";
		const struct judgement *j;

		ev->asked.selectors = &selector;
		ev->asked.nselectors = 1;
		fixture_reply(ev, "d.test.", TYPE_MX, 0, "d.test. MX 0 .", "");
		fixture_reply(ev, S1, TYPE_TXT, 0, table[i].records, "");
		j = judge(mem, path_walk(mem, ev), proofs_new(mem, ev, NULL),
		    &options);
		fixture_compare(j, table[i].must, true, table[i].name);
		fixture_compare(j, table[i].must_not, false, table[i].name);
		evidence_free(ev);
	}
	arena_free(mem);
	return tap_done();
}
