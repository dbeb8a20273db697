# SPDX-License-Identifier: ISC
"""The table of changes that are not published yet: see whatif.py."""

from model import Host, Scenario as S
from words import AUTH, EE

FOR = "healthy-311.example"
HOST = "mx1." + FOR


class Row:
    """A change to one domain.

    options  with {files} of WhatIf.files
    must     "ID:severity …" that have to appear; no other fail or unknown may
    rollover the answer of the report's member
    says     words of the text report
    publishes  how many lines the rollover says to publish
    elsewhere  the finding where a recording of the domain knows nothing of it
    delivers   and another host takes the mail then
    """

    def __init__(self, name, what, options, must="", exits=0, domain=FOR,
                 rollover=None, present=None, says=(), status=None,
                 must_not="", elsewhere="", publishes=None,
                 delivers=False):
        self.publishes, self.delivers = publishes, delivers
        self.elsewhere = elsewhere
        self.name, self.what, self.options = name, what, options
        self.must = dict(each.split(":") for each in must.split())
        self.must_not = must_not.split()
        self.exits, self.domain, self.status = exits, domain, status
        self.rollover, self.present = rollover, present
        self.says = [says] if isinstance(says, str) else says


def stopped(name, what, options, must, **more):
    return Row(name, what, options, must, 1, status="fail", **more)


SCENARIOS = [
    S("whatif-next", "the next certificate's record is published",
      Host(["3 1 1", "3 1 1 next"]), EE + " DANE_RECORD_STALE:note",
      exo=AUTH, rfc=AUTH, status="ok"),
    S("whatif-alias", "the same, and the TLSA name is an alias",
      Host(["3 1 1", "3 1 1 next"], tlsa_at="tlsa"),
      EE + " DANE_RECORD_STALE:note TLSA_ALIAS:note", exo=AUTH, rfc=AUTH,
      status="ok"),
    S("whatif-ttl", "the same with a TTL of two days",
      Host(["3 1 1", "3 1 1 next"], ttl=172800),
      EE + " DANE_RECORD_STALE:note", exo=AUTH, rfc=AUTH, status="ok"),
    S("whatif-two", "a record of the certificate beside that of its key",
      Host(["3 0 1", "3 1 1"]), EE, exo=AUTH, rfc=AUTH, status="ok"),
    S("whatif-standby", "a key is published that signs nothing yet",
      Host("3 1 1"), EE, exo=AUTH, rfc=AUTH, status="ok",
      zone={"standby": True}),
    S("whatif-broken", "only the next certificate's record is published",
      Host("3 1 1 next"), "DANE_NO_MATCH:fail DANE_ALL_HOSTS_FAIL:fail",
      exo="deferred", rfc="deferred", status="fail", code="5.7.323",
      exits=1),
    S("tlsa-wildcard-old", "a wildcard's records, of another key",
      Host("3 1 1 other", tlsa_at="*"), "DANE_NO_MATCH:fail TLSA_ALIAS:note "
      "DANE_ALL_HOSTS_FAIL:fail", exo="deferred", rfc="deferred",
      status="fail", code="5.7.323", exits=1),
]
NEXT = "_25._tcp.mx1." + FOR + " TLSA 3 1 1 {next_digest}"
OLD = "_25._tcp.mx1." + FOR + " TLSA"
SHA512 = "healthy-312.example"
DUAL = "_25._tcp.mx1.dual-both.example TLSA"
ROWS = [
    # -- certificates ---------------------------------------------------
    stopped("cert-without-tlsa", "a new certificate without a TLSA record",
            "--cert {next}", "DANE_NO_MATCH:fail", rollover="publish-first",
            present="matched", says=["{next_digest}", "publish first"]),
    stopped("cert-of-the-host", "the same, for the host by name",
            "--cert mx1." + FOR + "={next}", "DANE_NO_MATCH:fail",
            rollover="publish-first"),
    Row("cert-and-tlsa", "the new certificate's record beside the present",
        "--cert {next} --with '" + NEXT + "'",
        "DANE_EE_MATCH:ok DANE_SWITCH_EARLY:warn", status="warn",
        rollover="publish-first", present="matched",
        says="is not published yet"),
    stopped("cert-in-place-of-it", "the present certificate's record goes "
            "before the certificate does", "--cert {next} --without '" + OLD
            + "' --with '" + NEXT + "'",
            "DANE_EE_MATCH:ok DANE_PRESENT_UNMATCHED:fail",
            present="unmatched"),
    stopped("cert-ended", "a certificate for the key that has expired",
            "--cert {ended} --at +2h", "CERT_EXPIRED_EE:fail",
            rollover="publish-first", publishes=0, says="has expired"),
    Row("cert-same-key", "the certificate is renewed with its key",
        "--cert {renewed}", "DANE_EE_MATCH:ok", rollover="safe-now",
        must_not="DANE_SWITCH_EARLY", status="ok", present="matched",
        says=["safe now", "of the present certificate fits this one, too, unless"]),
    Row("cert-same-authority", "a certificate of the same authority",
        "--cert {healthy-211}", "DANE_TA_MATCH:ok", rollover="safe-now",
        domain="healthy-211.example", must_not="DANE_SWITCH_EARLY"),
    Row("cert-same-key-other-record", "renewed with its key, beside a record "
        "that only the present certificate has: which one was first?",
        "--cert {whatif-two}", "DANE_SWITCH_EARLY:warn",
        domain="whatif-two.example", rollover="safe-at", status="warn"),
    Row("cert-not-yet-valid", "renewed with its key, valid in five days, for "
        "senders that look at no date", "--cert {later} --profile rfc7672",
        "DANE_EE_MATCH:ok", rollover="safe-now", status="ok"),
    stopped("cert-not-yet-valid-exchange", "and for one that does",
            "--cert {later}", "CERT_NOT_YET_VALID_EE:fail",
            rollover="safe-at", must_not="DANE_SWITCH_EARLY",
            says="is not valid before"),
    stopped("cert-not-yet-valid-nor-published", "a new key, valid in five "
            "days, without a record", "--cert {next_later}",
            "DANE_NO_MATCH:fail", rollover="publish-first",
            says="1 hour later, and not before the certificate is valid"),
    Row("cert-for-one-that-ends", "the present one ends before caches have "
        "the new one's record", "--cert {next} --with '"
        + NEXT.replace(FOR, "expires-soon.example") + "' --at +7170m",
        "DANE_SWITCH_EARLY:warn", domain="expires-soon.example",
        rollover="publish-first", says="certificate ends before that"),
    Row("cert-for-what-works", "of two addresses one is broken, and the other "
        "is renewed with its key", "--cert {one-address-broken}",
        "DANE_EE_MATCH:ok", domain="one-address-broken.example",
        rollover="safe-now", must_not="DANE_SWITCH_EARLY"),
    Row("cert-of-old-algorithm", "DANE by an algorithm that only some "
        "validate", "--cert {next} --deprecated-algorithms validate --with '"
        + NEXT.replace(FOR, "algorithm-5.example") + "'",
        "DANE_SWITCH_EARLY:warn", domain="algorithm-5.example",
        rollover="publish-first", status="warn"),
    Row("cert-the-same", "the certificate that is in service",
        "--cert {present}", "DANE_EE_MATCH:ok", present="the-same",
        must_not="DANE_SWITCH_EARLY", status="ok"),
    Row("cert-prepublished-now", "the next key's record is there already",
        "--cert {whatif-next}", "DANE_EE_MATCH:ok DANE_SWITCH_EARLY:warn",
        domain="whatif-next.example", rollover="safe-at", status="warn",
        says=["caches may be without it", "it is safe to switch",
              "the RRSIG of whatif-next.example. DNSKEY expires, unless "
              "renewed"]),
    Row("cert-prepublished", "and when the TTL is over",
        "--cert {whatif-next} --at +2h", "DANE_EE_MATCH:ok",
        domain="whatif-next.example", rollover="safe-now",
        must_not="DANE_SWITCH_EARLY", says="safe now", present="matched"),
    Row("cert-and-other-base", "the records go from the end of an alias to "
        "its beginning, and senders still go by those at the end",
        "--cert {next} --without '_25._tcp.real.mx-alias.example TLSA' "
        "--with '_25._tcp.mx1.mx-alias.example TLSA 3 1 1 {next_digest}' "
        "--with '_25._tcp.mx1.mx-alias.example TLSA 3 1 1 {alias_digest}'",
        "DANE_SWITCH_EARLY:warn", domain="mx-alias.example",
        rollover="publish-first", publishes=1, status="warn",
        says=["records of _25._tcp.real.mx-alias.example",
              "_25._tcp.real.mx-alias.example. 3600 IN TLSA 3 1 1 "
              "{next_digest}"]),
    Row("cert-without-alias", "the same, and the alias ends",
        "--cert {next} --without 'mx1.mx-alias.example CNAME' "
        "--with 'mx1.mx-alias.example A {alias_address}' "
        "--with '_25._tcp.mx1.mx-alias.example TLSA 3 1 1 {next_digest}' "
        "--with '_25._tcp.mx1.mx-alias.example TLSA 3 1 1 {alias_digest}'",
        "DANE_SWITCH_EARLY:warn", domain="mx-alias.example",
        rollover="publish-first", status="warn"),
    Row("cert-and-other-name", "the server gets another name, and senders "
        "still know it by its present one", "--cert {next} --without '" + FOR
        + " MX' --with '" + FOR + " MX 10 mail." + FOR + "' --with 'mail."
        + FOR + " A {address}' --with '"
        + NEXT.replace("mx1", "mail") + "' --with '"
        + NEXT.replace("mx1", "mail").replace("next", "present") + "'",
        "DANE_SWITCH_EARLY:warn", rollover="publish-first", publishes=1,
        status="warn", says=NEXT.replace(" TLSA", ". 3600 IN TLSA"),
        elsewhere="MX_NOT_OBSERVED:unknown"),
    Row("cert-of-the-key-and-other-name", "the same for a certificate that "
        "the records of the present name fit", "--cert {renewed} --without '"
        + FOR + " MX' --with '" + FOR + " MX 10 mail." + FOR
        + "' --with 'mail." + FOR + " A {address}' --with '"
        + NEXT.replace("mx1", "mail").replace("next", "present") + "'",
        must_not="DANE_SWITCH_EARLY", rollover="safe-now",
        says="of _25._tcp.mx1." + FOR + ", by which senders go",
        elsewhere="MX_NOT_OBSERVED:unknown"),
    Row("cert-of-a-second-name", "the server gets a second name, and its "
        "first one keeps what it has", "--cert mail." + FOR
        + "={next} --with '" + FOR + " MX 20 mail." + FOR + "' --with 'mail."
        + FOR + " A {address}' --with '" + NEXT.replace("mx1", "mail")
        + "' --with '"
        + NEXT.replace("mx1", "mail").replace("next", "present") + "'",
        must_not="DANE_SWITCH_EARLY", rollover="safe-now",
        elsewhere="MX_NOT_OBSERVED:unknown", delivers=True),
    Row("cert-and-other-server", "another server takes the domain's mail",
        "--cert mail." + FOR + "={next} --without '" + FOR
        + " MX' --with '" + FOR + " MX 10 mail." + FOR + "' --with 'mail."
        + FOR + " A {alias_address}' --with '"
        + NEXT.replace("mx1", "mail") + "'", must_not="DANE_SWITCH_EARLY",
        rollover="safe-now", exits=1, status="fail",
        elsewhere="MX_NOT_OBSERVED:unknown"),
    Row("cert-no-dane", "a host without TLSA records",
        "--cert mx1.nsec3-no-tlsa.example={next}", "TLSA_NONE:note",
        domain="nsec3-no-tlsa.example", rollover="no-dane"),
    Row("cert-two-kinds", "one certificate for each kind of key",
        "--cert {next} --cert {rsa} --with '" + NEXT + "' --with '"
        + NEXT.replace("next", "rsa") + "'", "DANE_EE_MATCH:ok",
        rollover="publish-first", must_not="DANE_OTHER_KEY_TYPE"),
    Row("cert-two-kinds-one-record", "and a record for one of them",
        "--cert {next} --cert {rsa} --with '" + NEXT + "'",
        "DANE_OTHER_KEY_TYPE:warn", rollover="publish-first"),
    Row("cert-mends", "the certificate that the records wait for",
        "--cert {waited}", "DANE_EE_MATCH:ok", domain="whatif-broken.example",
        present="broken", must_not="DANE_SWITCH_EARLY", status="ok"),

    stopped("cert-on-dual", "one of two kinds is replaced, without a record",
            "--cert {next}", "DANE_NO_MATCH:fail", domain="dual-both.example",
            rollover="publish-first", publishes=1, says="{next_digest}"),
    Row("cert-beside-another", "one of two kinds is replaced, the other "
        "stays and has its record", "--cert {next} --with '"
        + NEXT.replace(FOR, "dual-both.example") + "'",
        "DANE_EE_MATCH:ok DANE_SWITCH_EARLY:warn", domain="dual-both.example",
        must_not="DANE_OTHER_KEY_TYPE", rollover="publish-first",
        status="warn"),
    Row("cert-beside-unmatched", "the other stays, and loses its record",
        "--cert {next} --without '" + OLD.replace(FOR, "dual-both.example")
        + "' --with '" + NEXT.replace(FOR, "dual-both.example") + "'",
        "DANE_OTHER_KEY_TYPE:warn DANE_PRESENT_UNMATCHED:fail",
        domain="dual-both.example", exits=1, status="fail",
        rollover="publish-first"),
    stopped("cert-without-starttls", "no certificate mends a server without "
            "TLS", "--cert {next} --with '"
            + NEXT.replace(FOR, "no-starttls.example") + "'",
            "STARTTLS_NOT_OFFERED:fail", domain="no-starttls.example",
            rollover="publish-first"),
    stopped("cert-of-old-tls", "nor one with an old TLS", "--cert {next} "
            "--with '" + NEXT.replace(FOR, "tls10.example") + "'",
            "TLS_VERSION_OLD:fail", domain="tls10.example"),

    Row("cert-and-first-dane", "the first TLSA record before the certificate",
        "--cert {next} --with '" + NEXT.replace(FOR, "no-tlsa.example") + "'",
        "DANE_PRESENT_UNMATCHED:fail", domain="no-tlsa.example", exits=1,
        status="fail", rollover="safe-now", present="unmatched",
        says="switch first"),
    Row("cert-and-last-dane", "DANE ends, and caches do not know it yet",
        "--cert {next} --without '" + OLD + "'",
        "TLSA_NONE:note DANE_SWITCH_EARLY:warn", status="warn",
        rollover="publish-first", says="take them away first"),
    Row("cert-of-the-key-and-last-dane", "the same for a certificate that the "
        "records still fit", "--cert {renewed} --without '" + OLD + "'",
        "TLSA_NONE:note", must_not="DANE_SWITCH_EARLY", status="ok",
        rollover="safe-now"),
    stopped("cert-beside-sha512", "digest agility would hide a 3 1 1",
            "--cert {next}", "DANE_NO_MATCH:fail", domain=SHA512,
            rollover="publish-first", says="TLSA 3 1 2 {next_sha512}"),
    Row("cert-as-it-was-said", "and done as it was said", "--cert {next} "
        "--with '_25._tcp.mx1." + SHA512 + " TLSA 3 1 2 {next_sha512}'",
        "DANE_EE_MATCH:ok", domain=SHA512, rollover="publish-first",
        present="matched"),
    Row("cert-one-address-left", "of two addresses the one that works loses "
        "its record", "--cert {next} --without '"
        + OLD.replace(FOR, "one-address-broken.example") + "' --with '"
        + NEXT.replace(FOR, "one-address-broken.example") + "'",
        "DANE_PRESENT_UNMATCHED:fail", domain="one-address-broken.example",
        exits=1, present="unmatched"),
    Row("cert-rsa-loses-its-record", "both are replaced, and the present RSA "
        "certificate loses its record", "--cert {next} --cert {rsa} --without "
        "'" + DUAL + "' --with '" + DUAL + " 3 1 1 {dual_digest}' --with '"
        + DUAL + " 3 1 1 {next_digest}' --with '" + DUAL
        + " 3 1 1 {rsa_digest}'", "DANE_PRESENT_UNMATCHED:fail",
        domain="dual-both.example", exits=1, present="unmatched"),
    Row("cert-one-is-new", "one of two kinds is in service, the other is new",
        "--cert {dual} --cert {rsa} --with '" + DUAL + " 3 1 1 {rsa_digest}'",
        "DANE_SWITCH_EARLY:warn", domain="dual-both.example",
        rollover="publish-first", present="matched"),
    Row("cert-both-in-one-file", "two chains in one file, a record for one",
        "--cert {both} --with '" + NEXT + "'", "DANE_OTHER_KEY_TYPE:warn",
        rollover="publish-first"),

    # -- records --------------------------------------------------------
    stopped("tlsa-removed", "the TLSA record is taken away", "--without '"
            + OLD + "' --require dane", "TLSA_NONE:fail"),
    Row("tlsa-removed-allowed", "and nobody asks for DANE", "--without '"
        + OLD + "'", "TLSA_NONE:note", must_not="DANE_EE_MATCH"),
    stopped("tlsa-wrong", "a record in place of the right one", "--without '"
            + OLD + "' --with '" + OLD + " 3 1 1 " + "00" * 32 + "'",
            "DANE_NO_MATCH:fail"),
    Row("tlsa-added", "a record beside the right one", "--with '" + OLD
        + " 3 1 1 " + "00" * 32 + "'",
        "DANE_EE_MATCH:ok DANE_RECORD_STALE:note", status="ok"),
    stopped("mx-elsewhere", "the MX moves to a host without DANE",
            "--without '" + FOR + " MX' --with '" + FOR
            + " MX 10 mx1.nsec3-no-tlsa.example' --require dane",
            "TLSA_NONE:fail", elsewhere="MX_NOT_OBSERVED:unknown"),
    Row("mx-to-dane", "the MX moves to a host with DANE",
        "--without '" + FOR + " MX' --with '" + FOR
        + " MX 10 mx.provider.example' --require dane", "DANE_EE_MATCH:ok",
        status="ok", elsewhere="MX_NOT_OBSERVED:unknown"),
    stopped("mx-typo", "the MX names a host that is not there",
            "--without '" + FOR + " MX' --with '" + FOR
            + " MX 10 mx11.healthy-311.example'",
            "MX_HOST_NO_ADDRESS:fail",
            elsewhere="MX_NOT_OBSERVED:unknown"),
    Row("dkim-as-it-is", "the file of a zone as it is published",
        "--zone {dkim} --require dkim", "DKIM_OK:ok",
        domain="dkim-right.example", status="ok"),
    stopped("dkim-other-tenant", "the second selector leads to nobody's tenant",
            "--without 'selector2._domainkey.dkim-right.example CNAME' --with "
            "'selector2._domainkey.dkim-right.example CNAME "
            "selector2-dkim-right-example._domainkey.laboratorx."
            "onmicrosoft.com'", "DKIM_CNAME_WRONG_TARGET:fail",
            domain="dkim-right.example",
            elsewhere="DKIM_NOT_OBSERVED:unknown"),
    stopped("dkim-typo", "a CNAME of DKIM with a typing error",
            "--without 'selector1._domainkey.dkim-right.example CNAME' --with "
            "'selector1._domainkey.dkim-right.example CNAME "
            "selector1-dkim-rihgt._domainkey.contoso.onmicrosoft.com' "
            "--require dkim", "DKIM_CNAME_WRONG_TARGET:fail",
            domain="dkim-right.example",
            elsewhere="DKIM_NOT_OBSERVED:unknown"),
    stopped("ds-alien", "a signed zone gets the DS of no key",
            "--with '" + FOR + " DS 4711 13 2 " + "00" * 32
            + "' --without '" + FOR + " DS'", "DNSSEC_DS_NO_DNSKEY:fail"),
    stopped("about-to-be-signed-wrong", "a zone about to be signed, with a "
            "DS that matches nothing", "--zone {unsigned_signed} --with "
            "'unsigned.example DS 4711 13 2 " + "00" * 32 + "'",
            "DNSSEC_DS_NO_DNSKEY:fail", domain="unsigned.example"),
    Row("about-to-be-signed", "the same with the right DS",
        "--zone {unsigned_signed} --with '{unsigned_ds}' --require dnssec",
        "DNSSEC_SECURE:ok", domain="unsigned.example"),

    stopped("under-a-wildcard", "an added record hides those of a wildcard",
            "--zone {wild} --with '" + OLD + " 3 1 1 " + "00" * 32 + "'",
            "DANE_NO_MATCH:fail"),
    stopped("beside-a-wildcard", "another type does it, too",
            "--zone {wild} --with '_25._tcp." + HOST + " TXT x' "
            "--require dane", "TLSA_NONE:fail"),
    stopped("mx-null", "the domain takes no mail any more, where DANE is to "
            "be", "--without '" + FOR + " MX' --with '" + FOR + " MX 0 .' "
            "--require dane", "MX_NULL:fail"),
    Row("mx-null-allowed", "and where nothing is demanded", "--without '" + FOR
        + " MX' --with '" + FOR + " MX 0 .'", "MX_NULL:note", status="ok"),
    Row("zone-refused", "a file that name servers may not load",
        "--zone {no_ns}", "DNS_ZONE_REFUSED:warn DANE_EE_MATCH:ok",
        status="warn", says=["no NS record at its apex"]),
    stopped("alias-at-apex", "a CNAME where the zone has its SOA record",
            "--with '" + FOR + " CNAME two-mx.example'",
            "DNS_ZONE_REFUSED:fail", says="beside the SOA record"),
    Row("file-of-new-zsk", "another key signs, and caches do not know it",
        "--zone {new_zsk}", "DNSSEC_KEYS_EARLY:warn DANE_EE_MATCH:ok",
        status="warn", says=["the present DNSKEY set of " + FOR,
                             "hold for up to 1 hour"]),
    Row("file-of-both-zsk", "it signs beside the present one",
        "--zone {both_zsk}", "DANE_EE_MATCH:ok", status="ok",
        must_not="DNSSEC_KEYS_EARLY"),
    Row("file-of-both-zsk-later", "long after, when caches have others",
        "--zone {both_zsk_long} --at +20d", "DANE_EE_MATCH:ok",
        must_not="DNSSEC_KEYS_EARLY"),
    Row("file-without-old-zsk", "a key that is known signs, and that which "
        "signed what caches hold has gone", "--zone {standby_done}",
        "DNSSEC_KEYS_EARLY:warn DANE_EE_MATCH:ok", status="warn",
        domain="whatif-standby.example", says="keep the key that signed it"),
    Row("file-with-old-zsk", "and that has stayed", "--zone {standby_new}",
        "DANE_EE_MATCH:ok", status="ok", must_not="DNSSEC_KEYS_EARLY",
        domain="whatif-standby.example"),
    Row("file-of-parent", "another key signs the zone above",
        "--zone example={parent_new}", "DNSSEC_KEYS_EARLY:warn",
        status="warn", says="the present DNSKEY set of example."),
    Row("file-that-mends", "what is broken cannot get worse",
        "--with '{ds_alien_ds}' --without 'ds-alien.example DS'",
        "DANE_EE_MATCH:ok", status="ok", domain="ds-alien.example",
        must_not="DNSSEC_KEYS_EARLY"),
    Row("all-of-the-apex", "all records of the zone's name make room for an "
        "MX record: what makes it a zone stays", "--without " + FOR
        + " --with '" + FOR + " MX 10 mx1." + FOR + "'",
        "DNSSEC_SECURE:ok DANE_EE_MATCH:ok", status="ok"),
    Row("file-of-new-ksk", "keys and DS change at one blow",
        "--zone {alien} --without '" + FOR + " DS' --with '{alien_ds}'",
        "DNSSEC_KEYS_EARLY:warn DANE_EE_MATCH:ok", status="warn",
        says="the present DS set of " + FOR),
    Row("ds-beside", "a second DS is published before its key",
        "--with '{alien_ds}'", "DANE_EE_MATCH:ok", status="ok",
        must_not="DNSSEC_KEYS_EARLY"),
    Row("file-with-cds", "a file that is not signed yet asks that the DS go",
        "--zone {cds}", "DNSSEC_CDS_DELETE:warn DANE_EE_MATCH:ok",
        status="warn"),
    Row("cert-by-name-first", "one for the host by its name comes before that "
        "for all", "--cert mx1." + FOR + "={renewed} --cert {next} --at +2h",
        "DANE_EE_MATCH:ok", rollover="safe-now"),
    stopped("cert-under-a-wildcard", "what is published beside a wildcard's "
            "records belongs there, too", "--cert {next} --zone {wild}",
            "DANE_NO_MATCH:fail", rollover="publish-first",
            says=["*._tcp." + HOST + ". 3600 IN TLSA 3 1 1 {next_digest}"]),
    stopped("cert-under-a-live-wildcard", "the same of what is published",
            "--cert {next}", "DANE_NO_MATCH:fail", rollover="publish-first",
            domain="tlsa-wildcard.example",
            says=["*._tcp.mx1.tlsa-wildcard.example. 3600 IN TLSA 3 1 1 "
                  "{next_digest}"]),
    Row("by-a-wildcard", "the wildcard itself", "--zone {wild}",
        "DANE_EE_MATCH:ok", status="ok"),
    stopped("ds-removed", "the DS goes, and DANE with it",
            "--without '" + FOR + " DS' --require dane",
            "DNSSEC_UNSIGNED:note MX_INSECURE:fail"),
    Row("ds-removed-allowed", "and nobody asks for DANE",
        "--without '" + FOR + " DS'", "DNSSEC_UNSIGNED:note",
        must_not="DANE_EE_MATCH DNSSEC_RRSIG_MALFORMED"),
    stopped("ds-removed-with-file", "the same beside the unsigned file",
            "--without '" + FOR + " DS' --zone {plain} --require dane",
            "DNSSEC_UNSIGNED:note"),
    Row("ds-that-is-none", "no DS is taken away where there is none",
        "--without 'unsigned.example DS'", "DNSSEC_UNSIGNED:note",
        domain="unsigned.example"),

    # -- zone files -----------------------------------------------------
    stopped("file-of-no-zone", "a zone that its parent does not know",
            "--zone {nowhere} --require dnssec", "DNSSEC_UNSIGNED:fail "
            "DNS_ZONE_NOT_DELEGATED:warn",
            domain="nowhere.nic.example", elsewhere="MX_NOT_OBSERVED:unknown"),
    Row("file-of-the-zone-above", "a file with relative names, taken for that "
        "of a host's zone", "--zone mx1." + FOR + "={relative}",
        "DNS_ZONE_NOT_DELEGATED:warn", status="warn",
        elsewhere="MX_NOT_OBSERVED:unknown"),
    Row("file-with-keys", "what a signer reads: its keys are in it",
        "--zone {keys}", "DNSSEC_SECURE:ok DANE_EE_MATCH:ok", status="ok",
        must_not="DNS_ZONE_NOT_DELEGATED"),
    stopped("file-hardly-signed", "a signed file that lost the signatures of "
            "SOA and MX", "--zone {hardly}", "DNSSEC_RRSIG_MISSING:fail"),
    Row("file-as-it-is", "the unsigned file of a signed zone",
        "--zone {plain}", "DNSSEC_SECURE:ok DANE_EE_MATCH:ok", status="ok",
        says=["hypothetical", "-> healthy-311.example. (DS"]),
    stopped("file-without-tlsa", "a file that lost its TLSA record",
            "--zone {no_tlsa} --require dane", "TLSA_NONE:fail"),
    stopped("file-without-host", "a file that lost the MX host",
            "--zone {no_host}", "MX_HOST_NO_ADDRESS:fail"),
    Row("change-of-nothing", "a name with a typing error, and another zone",
        "--with '" + NEXT.replace("311", "31l") + "' --zone {unsigned_signed}",
        "DANE_EE_MATCH:ok", status="ok", says=[
            "{next_digest} (nothing that was asked depends on it)",
            "(signed) (nothing that was asked depends on it)"]),
    Row("file-signed", "a signed file", "--zone {signed}",
        "DNSSEC_SECURE:ok DANE_EE_MATCH:ok", status="ok"),
    stopped("file-expires", "its signatures expire before the next run",
            "--zone {short} --at +1d", "DNSSEC_RRSIG_EXPIRED:fail"),
    Row("file-expires-later", "and long enough after it",
        "--zone {signed} --at +1d", "DNSSEC_SECURE:ok", status="ok"),
    stopped("file-not-all-signed", "a signed file, and one set is not",
            "--zone {part_signed}", "DNSSEC_RRSIG_MISSING:fail"),
    stopped("file-of-other-keys", "a file signed with keys that no DS names",
            "--zone {alien}", "DNSSEC_DS_NO_DNSKEY:fail"),
]
