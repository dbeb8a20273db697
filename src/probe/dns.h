/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DNS_H
#define MXPROOF_DNS_H
/*
 * Plain questions to recursive resolvers, with retries of our own: getdns's
 * only door.  It carries messages; the core reads them and nobody here
 * validates.  A reply that does not belong to the question is no reply.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/evidence.h"

struct dns;
struct loop;

/*
 * resolvers: "ADDR" or "ADDR@PORT", in order of preference; n = 0: the
 * system's.  NULL with *error (static text) when one cannot be read or the
 * library fails.  SIGPIPE is ignored from here on, for getdns's sake.
 */
struct dns *dns_open(struct loop *, const char *const *resolvers, size_t n,
    const char **error);

/* Questions in flight, two descriptors each; 200 where nobody says. */
void dns_limit(struct dns *, unsigned questions);

/* Their texts as evidence names them; they live as long as the dns. */
size_t dns_resolvers(const struct dns *, const char *const **out);

/*
 * Ask name (copied) and type, class IN, with DO and RD, and CD if so said.
 * begun is called when the question no longer waits for its turn, and
 * budget_ms counts from then; done once after it, and it takes over the
 * observation's reference.  Both from the loop and never in here.  At least
 * 15 s pass before "timed out" is said, if budget_ms allows.
 */
void dns_ask(struct dns *, const uint8_t *name, uint16_t type, bool cd,
    int64_t budget_ms, void (*begun)(void *arg),
    void (*done)(void *arg, struct dns_observation *), void *arg);

/*
 * The same at one server ("192.0.2.1", "::1@5353") and nowhere else, with CD:
 * another resolver (rd), or a name server of the zone.  It has 5 s, since
 * name servers may be out of reach from here; one reply is taken, an error
 * too.
 */
void dns_ask_server(struct dns *, const char *server, bool rd,
    const uint8_t *name, uint16_t type, int64_t budget_ms,
    void (*begun)(void *arg),
    void (*done)(void *arg, struct dns_observation *), void *arg);

/*
 * Forget all questions (their done is not called) and close.  Not from
 * inside a done; before loop_free; NULL is allowed.
 */
void dns_close(struct dns *);

#endif
