# SPDX-License-Identifier: ISC
"""The table of scenarios: what is wrong, and what must be said about it.

A scenario's domain is NAME.example, its mail servers are mx1, mx2, … in it.
model.py explains the words.
"""

from model import Host, Scenario as S
from zones import DAY, Zone

KEYED = "v=DKIM1; k=rsa; p=" \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0W2SwKIeT5u3fGI0NICE" \
    "Y+iR81ExD5wiqfXPGnUd2im6eExJqNo03eR0uPRF+bcdifHol+TwA1/ofQBmA8Nb" \
    "IsWGQod6MMV79D2Ni7+kusWFGzebUZlntG1sUmtIFl2ZfrKGE8KAlmCBDNqUpAc5" \
    "DdsaKZ5BtHHjkfOsm1GqiHDdcMndhvOogVx138xhHqkyHlKeNZeJJhfnT/bV8GB1" \
    "Syd1p+8NeoCA86RXr820jF3BZATYdFtxHynXry5vDfeanm/BsomcX7akXSuHxaVd" \
    "0XFqnpYzv7badK4qbb4DXgmYmZ7Yp+/nOdiYwXqiXYrzYAC1dDv6l0SM9OcYfgGi" \
    "JwIDAQAB"
# A TXT record holds strings of at most 255 octets.
KEY_TXT = " ".join(f'"{KEYED[i:i + 200]}"'
                   for i in range(0, len(KEYED), 200))
GOOD = "DNSSEC_SECURE:ok MX_FOUND:ok TLSA_FOUND:ok STARTTLS_OK:ok"
EE = GOOD + " DANE_EE_MATCH:ok"
TA = GOOD + " DANE_TA_MATCH:ok CERT_OK:ok"
AUTH = "delivered-authenticated"
TLS, CLEAR = "delivered-encrypted", "delivered-cleartext"
BLOCKED = "DANE_ALL_HOSTS_FAIL:fail"
UNTOLD = {"exo": "unknown", "rfc": "unknown", "exits": 3,
          "status": "unknown"}


def healthy(name, what, hosts, must=EE, **more):
    """A domain that nobody may call broken."""
    return S(name, what, hosts, **{**dict(
        must=must, exo=AUTH, rfc=AUTH, code="", status="ok", exits=0),
        **more})


def broken(name, what, hosts, must, code, rfc="deferred", **more):
    """Mail is deferred with one of the codes, and returned after a day."""
    return S(name, what, hosts, must, exo="deferred", rfc=rfc, code=code,
             status="fail", exits=1, **more)


def bogus(name, what, must, tamper, hosts=None, **more):
    """A chain of trust that does not hold: 5.7.324."""
    zone = {"tamper": tamper} if isinstance(tamper, list) else tamper
    return broken(name, what, hosts or Host("3 1 1"), must, "5.7.324",
                  zone=zone, **more)


def m365(name, what, must, selectors, **more):
    """A Microsoft 365 domain with these records at its DKIM selectors."""
    label = f"{name}-example"
    outlook = Zone("mail.protection.outlook.com.", signed=False)
    tenant = Zone("onmicrosoft.com.", signed=False)
    tenant.add(f"selector1-{label}._domainkey.laboratory", "TXT", KEY_TXT)
    return S(name, what, [Host(name=f"{label}.mail.protection.outlook.com.",
                               pref=0)],
             must, records=selectors, extra=[
                 Zone("outlook.com.", signed=False),
                 Zone("protection.outlook.com.", signed=False), outlook,
                 tenant], exo=TLS, rfc=TLS, code="", **more)


def cname(number, target):
    return (f"selector{number}._domainkey", "CNAME", target)


def right(name, number):
    return cname(number, f"selector{number}-{name}-example._domainkey."
                         "laboratory.onmicrosoft.com.")


SCENARIOS = [
    # -- healthy -----------------------------------------------------------
    healthy("healthy-311", "the recommended record", Host("3 1 1"),
            EE + " CERT_OK:ok"),
    healthy("healthy-211", "usage 2, the root CA's key", Host("2 1 1"), TA),
    healthy("healthy-201", "usage 2, the root CA's certificate",
            Host("2 0 1"), TA),
    healthy("healthy-312", "SHA2-512", Host("3 1 2")),
    healthy("healthy-300", "the whole certificate in the record",
            Host("3 0 0"), EE + " TLSA_NOT_RECOMMENDED:note"),
    healthy("healthy-200", "the anchor only in the record, not sent",
            Host("2 0 0", chain=("intermediate",)),
            TA + " TLSA_NOT_RECOMMENDED:note"),
    healthy("rollover", "the present and the next key are published",
            Host(["3 1 1", "3 1 1 other"]),
            EE + " DANE_RECORD_STALE:note", must_not="DANE_NO_MATCH"),
    healthy("pkix-beside", "usage 1 beside a usable record",
            Host(["3 1 1", "1 1 1"]), EE + " TLSA_USAGE_PKIX:note"),
    healthy("two-mx", "two hosts, both right",
            [Host("3 1 1"), Host("3 1 1", name="mx2", pref=20)]),
    healthy("rsa", "an RSA certificate", Host("3 1 1", cert="rsa")),
    healthy("dual-both", "RSA and ECDSA, a record for each",
            Host(["3 1 1", "3 1 1 rsa"], cert="dual"),
            must_not="DANE_OTHER_KEY_TYPE DANE_RECORD_STALE"),
    healthy("self-signed-ee", "self-signed is fine with usage 3",
            Host("3 1 1", cert="self")),
    healthy("nsec3", "a zone with NSEC3", Host("3 1 1"),
            zone={"denial": "nsec3"}),
    healthy("algorithm-8", "RSA/SHA-256", Host("3 1 1"), zone={"alg": 8}),
    healthy("algorithm-14", "ECDSA P-384", Host("3 1 1"), zone={"alg": 14}),
    healthy("algorithm-15", "Ed25519", Host("3 1 1"), zone={"alg": 15}),
    healthy("in-opt-out", "a signed zone under an opt-out TLD",
            Host("3 1 1"), tld="test"),
    healthy("dual-stack", "IPv4 and IPv6", Host("3 1 1", ip="46")),
    healthy("system-resolver", "the resolver of resolv.conf",
            Host("3 1 1"), resolver=None),
    healthy("implicit-mx", "no MX: the address is the mail server",
            Host("3 1 1", name="@"),
            "DNSSEC_SECURE MX_IMPLICIT:note TLSA_FOUND DANE_EE_MATCH",
            mx=False),

    healthy("tlsa-alias", "the TLSA name is an alias",
            Host("3 1 1", tlsa_at="tlsa"), EE + " TLSA_ALIAS:note"),
    healthy("hosted", "the MX host in a provider's signed zone",
            Host("3 1 1", name="mx.provider.example."),
            extra=[Zone("provider.example.", alg=8, denial="nsec3")]),
    healthy("only-ipv4", "the same as dual-stack, asked over IPv4 only", (),
            domain="dual-stack.example", args=["-4"]),
    healthy("nsec3-no-tlsa", "NSEC3 denies TLSA", Host(),
            "DNSSEC_SECURE TLSA_NONE:note STARTTLS_OK",
            zone={"denial": "nsec3"}, exo=TLS, rfc=TLS),

    # -- works, with something to say --------------------------------------
    S("ipv6-only", "only an IPv6 address", Host("3 1 1", ip="6"),
      EE + " MX_IPV6_ONLY:warn", exo=AUTH, rfc=AUTH, status="warn"),
    S("mx-alias", "the MX record names an alias",
      Host("3 1 1", alias="real"), "MX_HOST_ALIAS:warn DANE_EE_MATCH",
      may="TLSA_ALIAS", exo=AUTH, rfc=AUTH, status="warn"),
    S("dual-ecdsa-only", "RSA and ECDSA, one record",
      Host("3 1 1", cert="dual"), EE + " DANE_OTHER_KEY_TYPE:warn",
      exo=AUTH, rfc=AUTH, status="warn"),
    S("intermediate-pinned", "the only record names an intermediate",
      Host("2 1 1 intermediate"), TA + " DANE_TA_INTERMEDIATE:warn",
      exo=AUTH, rfc=AUTH, status="warn"),
    S("expires-soon", "the certificate has five days left",
      Host("3 1 1", cert="soon"), EE + " CERT_EXPIRES_SOON:warn", exo=AUTH,
      rfc=AUTH, status="warn"),
    S("name-ee", "another name, usage 3", Host("3 1 1", cert="name"),
      EE + " CERT_NAME_MISMATCH_EE:warn", exo=AUTH, rfc=AUTH,
      status="warn"),
    S("no-tlsa", "signed, but no TLSA", Host(),
      "DNSSEC_SECURE TLSA_NONE:note STARTTLS_OK", exo=TLS, rfc=TLS,
      status="ok"),
    S("no-tlsa-required", "no TLSA where DANE is required", Host(),
      "TLSA_NONE:fail", exo=TLS, rfc=TLS, exits=1, status="fail",
      judge_args=["--require", "dane"]),
    S("no-tlsa-no-starttls", "no TLSA, no TLS: in clear text",
      Host(smtp="no-starttls"), "TLSA_NONE STARTTLS_NOT_OFFERED:warn",
      exo=CLEAR, rfc=CLEAR, status="warn"),
    S("pkix-only", "usage 0 and 1 only, with STARTTLS",
      Host(["0 0 1", "1 1 1"]),
      "TLSA_ALL_UNUSABLE:warn TLSA_USAGE_PKIX:warn STARTTLS_OK",
      must_not="DANE_NO_MATCH TLSA_FOUND", exo=TLS, rfc=TLS, status="warn"),
    S("unsigned", "no DS, no signatures", Host(),
      "DNSSEC_UNSIGNED:note MX_INSECURE:note STARTTLS_OK",
      must_not="DNSSEC_SECURE DNSSEC_RRSIG_MISSING", zone={"signed": False},
      exo=TLS, rfc=TLS, status="ok"),
    S("unsigned-tlsa", "TLSA in an unsigned zone counts for nothing",
      Host("3 1 1 other"), "DNSSEC_UNSIGNED TLSA_INSECURE:warn",
      must_not="DANE_NO_MATCH TLSA_FOUND", zone={"signed": False}, exo=TLS,
      rfc=TLS, status="warn"),
    S("unsigned-opt-out", "unsigned below an opt-out span", Host(),
      "DNSSEC_UNSIGNED:note MX_INSECURE STARTTLS_OK",
      zone={"signed": False}, tld="test", exo=TLS, rfc=TLS, status="ok"),
    S("algorithm-5", "RSA/SHA-1 counts as unsigned", Host("3 1 1"),
      "DNSSEC_ALGORITHM_DEPRECATED:warn", zone={"alg": 5}, exo=TLS, rfc=TLS,
      may="TLSA_INSECURE", status="warn"),
    S("one-mx-broken", "the first of two fails, the second delivers",
      [Host("3 1 1 other"), Host("3 1 1", name="mx2", pref=20)],
      "DANE_NO_MATCH:warn DANE_EE_MATCH", must_not="DANE_ALL_HOSTS_FAIL",
      exo=AUTH, rfc=AUTH, code="", status="warn"),
    S("one-mx-broken-strict", "the same, counted strictly", (),
      "DANE_NO_MATCH:fail", domain="one-mx-broken.example",
      judge_args=["--strict"], exits=1, exo=AUTH, may="DANE_NO_MATCH"),
    S("one-mx-without-tlsa", "the downgrade's hole",
      [Host("3 1 1"), Host(name="mx2", pref=20)],
      "TLSA_SOME_HOSTS:warn TLSA_NONE DANE_EE_MATCH", exo=AUTH, rfc=AUTH,
      status="warn"),
    S("one-mx-down", "one of two refuses connections",
      [Host("3 1 1", smtp="refused"), Host("3 1 1", name="mx2", pref=20)],
      "SMTP_CONNECTION_REFUSED:warn DANE_EE_MATCH", exo=AUTH, rfc=AUTH,
      status="warn"),
    S("one-address-broken", "two servers behind one name, one record",
      [Host("3 1 1"), Host()],
      "DANE_SOME_ADDRESSES:warn DANE_EE_MATCH DANE_NO_MATCH:warn", exo=AUTH,
      rfc=AUTH, status="warn"),
    S("one-address-down", "two addresses, one refuses connections",
      [Host("3 1 1"), Host(smtp="refused")],
      "SMTP_SOME_ADDRESSES_DOWN:warn DANE_EE_MATCH",
      may="SMTP_CONNECTION_REFUSED", exo=AUTH, rfc=AUTH, status="warn"),
    S("host-insecure", "the MX host's zone is unsigned",
      Host("3 1 1", name="mx.legacy.example."),
      "DNSSEC_SECURE MX_HOST_INSECURE:note STARTTLS_OK",
      may="TLSA_INSECURE", must_not="TLSA_FOUND DANE_EE_MATCH",
      extra=[Zone("legacy.example.", signed=False)], exo=TLS, rfc=TLS),
    S("ds-sha1", "the only DS has a SHA-1 digest", Host("3 1 1"),
      "DNSSEC_DS_SHA1:warn DANE_EE_MATCH", zone={"ds": "sha1"}, exo=AUTH,
      rfc=AUTH, status="warn"),
    S("signatures-soon", "the signatures have a day left", Host("3 1 1"),
      EE + " DNSSEC_RRSIG_EXPIRES_SOON:warn", exo=AUTH, rfc=AUTH,
      zone={"inception": -13 * DAY, "expiration": DAY}, status="warn"),
    S("null-mx", "the domain takes no mail, properly said", (),
      "MX_NULL:note", records=[("@", "MX", "0 .")], exo="not-applicable",
      rfc="not-applicable", code=""),

    # -- DANE and certificates ---------------------------------------------
    broken("mismatch", "no record has the server's key",
           Host("3 1 1 other"), "DANE_NO_MATCH:fail " + BLOCKED, "5.7.323",
           must_not="DANE_EE_MATCH"),
    broken("dual-rsa-only", "most senders see the certificate that fails",
           Host("3 1 1 rsa", cert="dual"),
           GOOD + " DANE_NO_MATCH:fail DANE_OTHER_KEY_TYPE:warn",
           "5.7.323", must_not="DANE_EE_MATCH"),
    broken("two-mx-broken", "neither of two hosts passes",
           [Host("3 1 1 other"), Host("3 1 1 other", name="mx2", pref=20)],
           "DANE_NO_MATCH:fail " + BLOCKED, "5.7.323"),
    broken("ta-not-sent", "the anchor is not sent",
           Host("2 1 1", chain=("intermediate",)), "DANE_TA_NOT_SENT:fail",
           "5.7.323", may="DANE_ALL_HOSTS_FAIL DANE_NO_MATCH"),
    broken("expired-ee", "expired, usage 3", Host("3 1 1", cert="expired"),
           "CERT_EXPIRED_EE:fail", "5.7.322", rfc=AUTH),
    S("expired-ee-rfc", "the same, as RFC 7672 sees it", (),
      "DANE_EE_MATCH CERT_EXPIRED_EE:note", domain="expired-ee.example",
      judge_args=["--profile", "rfc7672"], exo="deferred", rfc=AUTH,
      status="ok"),
    broken("expired-ta", "expired, usage 2", Host("2 1 1", cert="expired"),
           "CERT_EXPIRED:fail", "5.7.322",
           may="DANE_ALL_HOSTS_FAIL DANE_NO_MATCH"),
    broken("future-ee", "not valid yet, usage 3",
           Host("3 1 1", cert="future"), "CERT_NOT_YET_VALID_EE:fail",
           "5.7.323", rfc=AUTH),
    broken("future-ta", "not valid yet, usage 2",
           Host("2 1 1", cert="future"), "CERT_NOT_YET_VALID:fail",
           "5.7.323", may="DANE_ALL_HOSTS_FAIL DANE_NO_MATCH"),
    broken("name-ta", "another name, usage 2", Host("2 1 1", cert="name"),
           "CERT_NAME_MISMATCH:fail", "5.7.325",
           may="DANE_ALL_HOSTS_FAIL DANE_NO_MATCH"),
    broken("malformed", "a digest cut short", Host("= 3 1 1 00112233"),
           "TLSA_ALL_MALFORMED:fail TLSA_DATA_MALFORMED:warn", "5.7.323",
           rfc=TLS),

    # -- STARTTLS ----------------------------------------------------------
    broken("no-starttls", "TLSA, and no STARTTLS",
           Host("3 1 1", smtp="no-starttls"), "STARTTLS_NOT_OFFERED:fail",
           "5.7.321", may="DANE_ALL_HOSTS_FAIL"),
    S("pkix-no-starttls", "usage 1 only, and no STARTTLS",
      Host("1 1 1", smtp="no-starttls"),
      "TLSA_ALL_UNUSABLE:fail STARTTLS_NOT_OFFERED", exo="bounced",
      code="5.7.321", status="fail", exits=1, may="TLSA_USAGE_PKIX"),
    broken("starttls-454", "454 to STARTTLS, twice",
           Host("3 1 1", smtp="starttls-454"), "STARTTLS_REFUSED:fail",
           "5.7.321", may="DANE_ALL_HOSTS_FAIL"),
    broken("starttls-554", "554 to STARTTLS",
           Host("3 1 1", smtp="starttls-554"), "STARTTLS_REFUSED:fail",
           "5.7.321", may="DANE_ALL_HOSTS_FAIL"),
    broken("starttls-close", "closes instead of answering STARTTLS",
           Host("3 1 1", smtp="starttls-close"), "STARTTLS_IGNORED:fail",
           "5.7.321", may="DANE_ALL_HOSTS_FAIL"),
    broken("dead-after-220", "closes after 220",
           Host("3 1 1", smtp="handshake-close"),
           "TLS_HANDSHAKE_FAILED:fail", "5.7.321",
           may="DANE_ALL_HOSTS_FAIL"),
    broken("handshake-garbage", "speaks SMTP where TLS should begin",
           Host("3 1 1", smtp="handshake-garbage"),
           "TLS_HANDSHAKE_FAILED:fail", "5.7.321",
           may="DANE_ALL_HOSTS_FAIL"),
    broken("handshake-alert", "sends a fatal alert",
           Host("3 1 1", smtp="handshake-alert"),
           "TLS_HANDSHAKE_FAILED:fail", "5.7.321",
           may="DANE_ALL_HOSTS_FAIL"),
    S("starttls-421", "421 to STARTTLS says nothing",
      Host("3 1 1", smtp="starttls-421"), "SMTP_TEMPORARY:unknown",
      must_not="STARTTLS_REFUSED STARTTLS_NOT_OFFERED", **UNTOLD),
    S("greylist-450", "450 as greeting", Host("3 1 1", smtp="greeting-450"),
      "SMTP_TEMPORARY:unknown", must_not="STARTTLS_NOT_OFFERED", **UNTOLD),
    S("greylist-421", "421 as greeting", Host("3 1 1", smtp="greeting-421"),
      "SMTP_TEMPORARY:unknown", must_not="STARTTLS_NOT_OFFERED", **UNTOLD),
    S("ehlo-451", "451 to EHLO", Host("3 1 1", smtp="ehlo-451"),
      "SMTP_TEMPORARY:unknown", must_not="STARTTLS_NOT_OFFERED", **UNTOLD),
    S("greeting-554", "this client is not wanted",
      Host("3 1 1", smtp="greeting-554"), "SMTP_GREETING_REFUSED:unknown",
      **UNTOLD),
    S("ehlo-550", "550 to EHLO", Host("3 1 1", smtp="ehlo-550"),
      "SMTP_EHLO_REFUSED:unknown", **UNTOLD),
    S("greeting-521", "a host that takes no mail (RFC 7504)",
      Host("3 1 1", smtp="greeting-521"), "SMTP_HOST_TAKES_NO_MAIL:fail",
      exo="bounced", rfc="bounced", status="fail", exits=1),
    S("middlebox", "something rewrites SMTP on the way",
      Host("3 1 1", smtp="greeting-stars"), "SMTP_MIDDLEBOX:unknown",
      must_not="STARTTLS_NOT_OFFERED", **UNTOLD),
    broken("garbage", "not SMTP", Host("3 1 1", smtp="garbage"),
           "SMTP_PROTOCOL_ERROR:fail", None),
    broken("endless-line", "a greeting line without end",
           Host("3 1 1", smtp="endless-line"), "SMTP_PROTOCOL_ERROR:fail",
           None),
    broken("endless-lines", "a greeting of lines without end",
           Host("3 1 1", smtp="endless-lines"), "SMTP_PROTOCOL_ERROR:fail",
           None),
    S("port-refused", "nobody listens on port 25, and no other server "
      "answered", Host("3 1 1", smtp="refused"),
      "SMTP_CONNECTION_REFUSED:unknown", **UNTOLD),
    S("port-blocked", "two servers, neither reachable",
      [Host("3 1 1", smtp="refused"),
       Host("3 1 1", name="mx2", pref=20, smtp="lost")],
      "SMTP_PORT_BLOCKED:unknown",
      may="SMTP_CONNECTION_REFUSED SMTP_TIMEOUT", slow=True, **UNTOLD),
    S("port-silent", "connects, then silence",
      Host("3 1 1", smtp="silent"), "SMTP_TIMEOUT:unknown",
      args=["--timeout", "10"], slow=True, **UNTOLD),
    S("port-lost", "packets vanish", Host("3 1 1", smtp="lost"),
      "SMTP_TIMEOUT:unknown", slow=True, **UNTOLD),

    S("port-unroutable", "no route to the server",
      Host("3 1 1", smtp="unroutable"), "", may="SMTP_TIMEOUT", **UNTOLD),
    broken("starttls-silent", "STARTTLS is never answered",
           Host("3 1 1", smtp="starttls-silent"), "STARTTLS_IGNORED:fail",
           "5.7.321", may="DANE_ALL_HOSTS_FAIL", slow=True),
    S("handshake-silent", "220, then silence: it may be the network",
      Host("3 1 1", smtp="handshake-silent"), "SMTP_TIMEOUT:unknown",
      must_not="STARTTLS_IGNORED", slow=True, **UNTOLD),

    # -- DNSSEC ------------------------------------------------------------
    bogus("ds-mismatch", "the DS has the digest of no key",
          "DNSSEC_DS_NO_DNSKEY:fail", {"ds": "wrong"}),
    bogus("ds-alien", "the DS names a key that is not there",
          "DNSSEC_DS_NO_DNSKEY:fail", {"ds": "alien"}),
    bogus("dnskey-missing", "a DS, and an unsigned zone",
          "DNSSEC_DNSKEY_MISSING:fail", {"ds": "wrong", "signed": False},
          may="DNSSEC_RRSIG_MISSING"),
    bogus("mx-expired", "the signature over MX has expired",
          "DNSSEC_RRSIG_EXPIRED:fail", [("expired", "@", "MX")]),
    bogus("mx-future", "the signature over MX lies in the future",
          "DNSSEC_RRSIG_NOT_YET_VALID:fail", [("future", "@", "MX")]),
    bogus("mx-unsigned", "MX without signature",
          "DNSSEC_RRSIG_MISSING:fail", [("missing", "@", "MX")]),
    bogus("mx-invalid", "a signature that does not fit",
          "DNSSEC_RRSIG_INVALID:fail", [("invalid", "@", "MX")]),
    bogus("dnskey-expired", "the signature over DNSKEY has expired",
          "DNSSEC_RRSIG_EXPIRED:fail", [("expired", "@", "DNSKEY")]),
    bogus("dnskey-future", "the signature over DNSKEY lies in the future",
          "DNSSEC_RRSIG_NOT_YET_VALID:fail", [("future", "@", "DNSKEY")]),
    bogus("zone-expired", "every signature of the zone has expired",
          "DNSSEC_RRSIG_EXPIRED:fail", [("expired", "*", "*")],
          must_not="DNSSEC_CLOCK_SUSPECT",
          may="TLSA_LOOKUP_FAILED"),
    bogus("tlsa-expired", "the signature over TLSA has expired",
          "DNSSEC_RRSIG_EXPIRED TLSA_LOOKUP_FAILED:fail",
          [("expired", "_25._tcp.mx1", "TLSA")]),
    bogus("tlsa-future", "the signature over TLSA lies in the future",
          "DNSSEC_RRSIG_NOT_YET_VALID TLSA_LOOKUP_FAILED:fail",
          [("future", "_25._tcp.mx1", "TLSA")]),
    bogus("tlsa-unsigned", "TLSA without signature",
          "DNSSEC_RRSIG_MISSING TLSA_LOOKUP_FAILED:fail",
          [("missing", "_25._tcp.mx1", "TLSA")]),
    bogus("denial-missing", "no TLSA, and no proof of that",
          "DNSSEC_DENIAL_MISSING TLSA_LOOKUP_FAILED:fail",
          [("drop", "*", "NSEC")], hosts=Host(), may="DNS_LOOKUP_FAILED"),
    bogus("tlsa-servfail", "SERVFAIL to every question for TLSA",
          "TLSA_LOOKUP_FAILED:fail", {"server": "servfail"},
          must_not="DNS_TIMEOUT", args=["--resolver", "127.53.0.4"]),
    bogus("tlsa-refused", "REFUSED to every question for TLSA",
          "TLSA_LOOKUP_FAILED:fail", {"server": "refused"},
          must_not="DNS_TIMEOUT", args=["--resolver", "127.53.0.4"]),
    bogus("tlsa-dropped", "no answer to questions for TLSA",
          "TLSA_LOOKUP_FAILED:fail", {"server": "drop"}, slow=True,
          must_not="DNS_TIMEOUT", args=["--resolver", "127.53.0.4"]),

    S("at-later", "a healthy domain, when nobody has signed it again", (),
      "DNSSEC_RRSIG_EXPIRED:fail", domain="healthy-311.example",
      judge_args=["--at", "+20d"], exo="deferred", rfc="deferred",
      code="5.7.324", status="fail", exits=1, may="TLSA_LOOKUP_FAILED"),

    # -- no way to the domain ----------------------------------------------
    S("nxdomain", "the domain does not exist", (),
      "MX_DOMAIN_MISSING:fail", domain="no-such-domain.example",
      exo="bounced", rfc="bounced", code="5.4.310", status="fail", exits=1),
    S("no-mx", "neither MX nor address", (), "MX_NONE:fail",
      records=[("www", "A", "192.0.2.1")], exo="bounced", rfc="bounced",
      code="5.4.310", status="fail", exits=1),
    broken("no-address", "the MX host has no address", (),
           "MX_HOST_NO_ADDRESS:fail", "5.4.312",
           records=[("@", "MX", "10 mx1")]),

    S("special-address", "an address that nobody can reach", (),
      "MX_ADDRESS_SPECIAL:fail", domain="healthy-311.example",
      special=False, exo="deferred", rfc="deferred", code="5.4.316",
      status="fail", exits=1),

    # -- the resolver ------------------------------------------------------
    S("resolver-strips", "a resolver that knows no DNSSEC", (),
      "DNSSEC_RESOLVER_STRIPS:unknown", resolver="127.53.0.2",
      domain="healthy-311.example", says="--resolver",
      must_not="DNSSEC_RRSIG_MISSING DNSSEC_UNSIGNED", **UNTOLD),
    S("resolver-silent", "a resolver that does not answer", (),
      "DNS_TIMEOUT:unknown", resolver="127.53.0.3",
      domain="healthy-311.example", args=["--timeout", "18"], slow=True,
      says="--resolver", **UNTOLD),

    # -- DKIM --------------------------------------------------------------
    m365("dkim-right", "both CNAMEs right, one selector active",
         "DKIM_OK:ok DKIM_SELECTOR_INACTIVE:note",
         [right("dkim-right", 1), right("dkim-right", 2)], status="ok"),
    m365("dkim-wrong", "the provider appended the zone",
         "DKIM_CNAME_WRONG_TARGET:fail", [
             right("dkim-wrong", 1),
             cname(2, "selector2-dkim-wrong-example._domainkey."
                   "laboratory.onmicrosoft.com.dkim-wrong.example.")],
         status="fail", exits=1),
    m365("dkim-missing", "one of the CNAMEs is missing",
         "DKIM_CNAME_MISSING:fail", [right("dkim-missing", 1)],
         status="fail", exits=1),
    m365("dkim-none", "neither CNAME", "DKIM_DEFAULT_SIGNING:warn", [],
         status="warn"),
    healthy("dkim-selector", "a selector of one's own", Host("3 1 1"),
            EE + " DKIM_OK:ok", args=["--selector", "s1"],
            records=[("s1._domainkey", "TXT", KEY_TXT)]),
]


# The domain of examples/: a certificate was renewed, its record forgotten.
# Not run by default; they share a name, so one at a time.
EXAMPLES = [
    S(name, "renewed certificate, forgotten record", hosts,
      "DANE_NO_MATCH DKIM_OK:ok", may="DANE_ALL_HOSTS_FAIL", exits=None,
      domain="contoso.example", zone={}, args=["--selector", "s1"],
      records=[("s1._domainkey", "TXT", KEY_TXT)])
    for name, hosts in (
        ("contoso", [
            Host("3 1 1 other", address="192.0.2.25"),
            Host("3 1 1", name="mx2", pref=20, address="192.0.2.26")]),
        ("contoso-one-mx", [Host("3 1 1 other", address="192.0.2.25")]))
]
