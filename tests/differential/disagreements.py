# SPDX-License-Identifier: ISC
"""Where the three are known to differ, and the sentence that decides.

Of each one that differs from mxproof a class here must say why; a class of
mxproof's own explains both.  A disagreement without class fails the run, and
in that of make check a class of OFTEN that no longer occurs.
"""

import fnmatch

from oracles import BOGUS, FAILED, INSECURE, PENDING, SECURE

GOOD = (SECURE, INSECURE, PENDING)


class Class:
    """A kind of disagreement.

    who    who of the three is alone with it
    rows   the faults that show it; "" for all
    fits   function(record, his state): this is one
    rfc, says   what decides against him
    """

    def __init__(self, name, who, rows, fits, what, rfc, says):
        self.name, self.who, self.rows, self._fits = name, who, rows, fits
        self.what, self.rfc, self.says = what, rfc, says

    def fits(self, record):
        return (not self.rows or any(
            fnmatch.fnmatch(record.row, each) for each in self.rows.split())
        ) and self._fits(record, getattr(record, self.who).state)


def in_span(record):
    return record.mxproof.state == INSECURE and \
        "opt-out span" in record.mxproof.why


def good_yet_called(state):
    return lambda r, his: his == state and r.mxproof.state in GOOD


def bogus_yet_good(r, his):
    return his in GOOD and r.mxproof.state == BOGUS


CLASSES = [
    Class("delv-opt-out", "delv", "",
          lambda r, his: his in (SECURE, PENDING) and in_span(r),
          "delv calls what an opt-out span denies fully validated",
          "RFC 5155 9.2",
          "no AD bit where the record that covers the next closer name has "
          "the Opt-Out bit"),
    Class("delv-nsec3-flags", "delv", "chain-flags-unknown", bogus_yet_good,
          "delv reads NSEC3 records with unknown flags", "RFC 5155 8.2",
          "A validator MUST ignore NSEC3 RRs with a Flag fields value other "
          "than zero or one"),
    Class("delv-span-before-proof", "delv",
          "chain-* wire-* sig-* alg-of-nobody compact-*",
          lambda r, his: bogus_yet_good(r, his) and r.denial == "opt-out",
          "delv looks for an opt-out span first, and then at nothing else",
          "RFC 5155 8.4, 8.7; RFC 4035 5.5",
          "A validator MUST verify that … there is an NSEC3 RR that covers "
          "the wildcard at the closest encloser"),
    Class("delv-no-denial-in-span", "delv", "wire-denial-dropped*",
          lambda r, his: his == BOGUS and in_span(r),
          "delv calls bogus what came without any denial, although an "
          "unsigned delegation may be there", "RFC 5155 9.2",
          "names that would be covered by the Opt-Out NSEC3 RR may or may "
          "not exist as insecure delegations"),
    Class("delv-first-failure", "delv", "*-beside-good key-twin-tag",
          good_yet_called(BOGUS),
          "delv gives up at the first signature that fails: it allows one "
          "failure for an answer", "RFC 6840 5.4, RFC 4035 5.3.1",
          "a resolver SHOULD accept any valid RRSIG as sufficient; it MUST "
          "try each matching DNSKEY RR"),
    Class("delv-key-flags", "delv", "key-zone-flag-missing key-protocol",
          bogus_yet_good,
          "delv does not look at the Zone Key flag and the protocol of the "
          "key that a DS names", "RFC 4034 2.1.1, 2.1.2",
          "MUST NOT be used to verify RRSIGs that cover RRsets; MUST be "
          "treated as invalid during signature verification"),
    Class("delv-circle", "delv", "chain-circle", bogus_yet_good,
          "delv takes an NSEC record whose next name is its own as one that "
          "covers all others", "RFC 4034 4.1.1",
          "The value of the Next Domain Name field in the last NSEC record "
          "in the zone is the name of the zone apex"),
    Class("delv-nxname", "delv", "compact-no-name-as-nxdomain",
          good_yet_called(BOGUS), "delv does not know NXNAME",
          "RFC 9824 2, 4", "NXNAME is the proof that the name is not there"),
    Class("delv-soa", "delv", "wire-no-soa",
          lambda r, his: his == FAILED,
          "delv takes no negative answer without SOA; what it denies is "
          "proven by other records", "RFC 4035 5.4",
          "denial of existence is determined by NSEC records"),
    Class("unbound-revoked", "unbound", "key-revoked-*", bogus_yet_good,
          "unbound uses revoked keys", "RFC 5011 3",
          "the resolver MUST consider this key permanently invalid for all "
          "purposes except for validating the revocation"),
    Class("unbound-sha1", "unbound", "ds-sha1-right-*", bogus_yet_good,
          "unbound takes the SHA-1 DS where the SHA-2 one is wrong",
          "RFC 4509 3",
          "Validator implementations SHOULD ignore DS RRs containing SHA-1 "
          "digests if DS RRs with SHA-256 digests are present"),
    Class("unbound-first-signer", "unbound", "sig-signer-*-beside-good",
          lambda r, his: his in (BOGUS, INSECURE)
          and r.mxproof.state in GOOD,
          "unbound goes by the signer of the first signature",
          "RFC 6840 5.4",
          "only determine that an RRset is Bogus if all RRSIGs fail "
          "validation"),
    Class("unbound-label-counts", "unbound", "sig-labels-*-beside-good",
          good_yet_called(BOGUS),
          "unbound wants one label count in all signatures of a set",
          "RFC 6840 5.4",
          "a resolver SHOULD accept any valid RRSIG as sufficient"),
    Class("unbound-all-records", "unbound", "sig-* alg-of-nobody",
          lambda r, his: his == BOGUS and in_span(r),
          "unbound wants each record of a denial to be good, also those "
          "without which the name lies in an opt-out span",
          "RFC 5155 9.2",
          "names that would be covered by the Opt-Out NSEC3 RR may or may "
          "not exist as insecure delegations"),
    Class("unbound-rcode", "unbound", "*-as-nxdomain", bogus_yet_good,
          "unbound mends NXDOMAIN where the records prove NODATA: it gives "
          "another answer, mxproof judges the one that it got",
          "RFC 8020 2",
          "all names and resource record sets (RRsets) at or below that "
          "node SHOULD be considered unreachable"),
    Class("unbound-parent-signs", "unbound",
          "sig-of-keys-by-parents-key",
          bogus_yet_good,
          "unbound takes the child's keys as the parent signs them",
          "RFC 4035 5.3.1",
          "The RRSIG RR's Signer's Name field MUST be the name of the zone "
          "that contains the RRset"),
    Class("mxproof-no-ds-in-span", "mxproof",
          "wire-wildcard-of-ds-open wire-denial-dropped-in-part",
          lambda r, his: in_span(r) and r.type == "DS",
          "an NXDOMAIN to a DS question that leaves the wildcard open is no "
          "good name error; that there is no DS it proves all the same",
          "RFC 5155 8.6, 8.9",
          "the Opt-Out bit set in the NSEC3 RR that covers the next closer "
          "name is enough for no DS"),
    Class("mxproof-indeterminate", "mxproof",
          "wire-keys-refused wire-ds-denied-by-child",
          lambda r, his: his == FAILED,
          "mxproof says that it could not tell where the keys or the DS "
          "could not be had", "RFC 4035 4.3",
          "Indeterminate: … the resolver is not able to obtain the "
          "necessary DNSSEC RRs"),
]


def explain(record):
    """The classes that explain a record, or None where one is missing."""
    out = []
    for each in CLASSES:
        if each.who == "mxproof" and each.fits(record):
            return [each]
    for who in ("unbound", "delv"):
        if getattr(record, who).state == record.mxproof.state:
            continue
        found = [each for each in CLASSES
                 if each.who == who and each.fits(record)]
        if not found:
            return None
        out.append(found[0])
    return out

# Those that every run shows, whatever its keys are.
OFTEN = ("delv-opt-out", "delv-first-failure", "unbound-sha1",
         "unbound-revoked", "mxproof-indeterminate")
