# SPDX-License-Identifier: ISC
"""DKIM key records: they stand at selectors of one domain."""

from keyring import text
from model import Said

DOMAIN = "dkim-keys"
BAD, SHORT = "KEY_MALFORMED:fail", "KEY_SHORT:fail"
OK, REVOKED = "OK:ok", "KEY_REVOKED:note"


class Key:
    """A record, or several, at a selector.

    said    what must be found, as in Said
    key     "rsa 2048", as in Said; None: not looked at
    texts   one per TXT record; a list is the strings of one
    """

    def __init__(self, name, said, key, *texts, words=(), records=None):
        self.name = name
        self.said = said
        self.key = key
        self.words = words
        self.texts = texts
        self.records = records or [
            ("TXT", text(*([each] if isinstance(each, str) else each)))
            for each in texts]


GOOD = "v=DKIM1; k=rsa; p={rsa-2048}"
KEYS = [
    # -- sizes and types ---------------------------------------------------
    Key("rsa-2048", OK, "rsa 2048", GOOD),
    Key("rsa-512", SHORT, "rsa 512", "v=DKIM1; p={rsa-512}"),
    Key("rsa-768", SHORT, "rsa 768", "v=DKIM1; p={rsa-768}"),
    Key("rsa-1023", SHORT, "rsa 1023", "v=DKIM1; p={rsa-1023}"),
    Key("rsa-1024", OK + " KEY_1024:warn", "rsa 1024",
        "v=DKIM1; p={rsa-1024}"),
    Key("rsa-2047", OK + " KEY_1024:warn", "rsa 2047",
        "v=DKIM1; p={rsa-2047}"),
    Key("rsa-4096", OK, "rsa 4096", "v=DKIM1; p={rsa-4096}"),
    Key("rsa-4104", OK + " KEY_LONG:warn", "rsa 4104",
        "v=DKIM1; p={rsa-4104}"),
    Key("pkcs1", OK, "rsa 2048", "v=DKIM1; p={rsa-2048.pkcs1}"),
    Key("ed25519", OK, "ed25519 256", "v=DKIM1; k=ed25519; p={ed25519}"),
    Key("ed25519-spki", BAD, None, "v=DKIM1; k=ed25519; p={ed25519.spki}"),
    Key("ed25519-rsa", BAD, None, "v=DKIM1; k=ed25519; p={rsa-2048}"),
    Key("rsa-ed25519", BAD, None, "v=DKIM1; k=rsa; p={ed25519}"),
    Key("rsa-ec", BAD, None, "v=DKIM1; k=rsa; p={ec}"),
    Key("k-unknown", BAD, None, "v=DKIM1; k=dsa; p={rsa-2048}"),
    Key("k-capitals", BAD, None, "v=DKIM1; k=RSA; p={rsa-2048}"),

    # -- p= ----------------------------------------------------------------
    Key("revoked", REVOKED, None, "v=DKIM1; k=rsa; p="),
    Key("revoked-spaces", REVOKED, None, "v=DKIM1; k=rsa; p= ;"),
    Key("spaced", OK, "rsa 2048", "v=DKIM1; p={rsa-2048.spaced}"),
    Key("bad-base64", BAD, None, "v=DKIM1; p={rsa-2048.bad}"),
    Key("short-base64", BAD, None, "v=DKIM1; p={rsa-1024.short}"),
    Key("cut", BAD, None, "v=DKIM1; p={rsa-2048.cut}"),
    Key("not-a-key", BAD, None, "v=DKIM1; p=aGVsbG8gd29ybGQh"),
    Key("pem", BAD, None, "v=DKIM1; p={rsa-2048.pem}"),
    Key("p-missing", BAD, None, "v=DKIM1; k=rsa"),
    Key("p-twice", BAD, None, "v=DKIM1; p={rsa-2048}; p={rsa-2048}"),
    Key("p-capital", BAD, None, "v=DKIM1; P={rsa-2048}"),

    # -- v= ----------------------------------------------------------------
    Key("v-missing", OK, "rsa 2048", "k=rsa; p={rsa-2048}"),
    Key("v-second", BAD, None, "k=rsa; v=DKIM1; p={rsa-2048}"),
    Key("v-lower", BAD, None, "v=dkim1; k=rsa; p={rsa-2048}"),
    Key("v-longer", BAD, None, "v=DKIM1.0; k=rsa; p={rsa-2048}"),
    Key("v-two", BAD, None, "v=DKIM2; k=rsa; p={rsa-2048}"),
    Key("v-spaced", OK, "rsa 2048", "v = DKIM1 ; k = rsa ; p = {rsa-2048}"),

    # -- h=, s=, t= and the rest -------------------------------------------
    Key("h-sha1", "HASH_SHA1:fail", None, "v=DKIM1; h=sha1; p={rsa-2048}"),
    Key("h-both", OK, "rsa 2048", "v=DKIM1; h=sha1:sha256; p={rsa-2048}"),
    Key("h-sha256", OK, "rsa 2048", "v=DKIM1; h=sha256; p={rsa-2048}"),
    Key("h-spaced", OK, "rsa 2048",
        "v=DKIM1; h= sha1 : sha256 ; p={rsa-2048}"),
    Key("h-unknown", BAD, None, "v=DKIM1; h=sha512; p={rsa-2048}"),
    Key("h-unknown-too", OK, "rsa 2048",
        "v=DKIM1; h=sha512:sha256; p={rsa-2048}"),
    Key("s-email", OK, "rsa 2048", "v=DKIM1; s=email; p={rsa-2048}"),
    Key("s-all", OK, "rsa 2048", "v=DKIM1; s=*; p={rsa-2048}"),
    Key("s-tlsrpt", BAD, None, "v=DKIM1; s=tlsrpt; p={rsa-2048}"),
    Key("s-both", OK, "rsa 2048", "v=DKIM1; s=tlsrpt:email; p={rsa-2048}"),
    Key("t-testing", OK + " KEY_TESTING:note", "rsa 2048",
        "v=DKIM1; t=y; p={rsa-2048}"),
    Key("t-strict", OK, "rsa 2048", "v=DKIM1; t=s; p={rsa-2048}"),
    Key("t-both", OK + " KEY_TESTING:note", "rsa 2048",
        "v=DKIM1; t=s:y; p={rsa-2048}"),
    Key("t-unknown", OK, "rsa 2048", "v=DKIM1; t=x; p={rsa-2048}"),
    Key("unknown", OK, "rsa 2048",
        "v=DKIM1; x=1; k=rsa; zz_9=any thing; n=note; p={rsa-2048}"),
    Key("granular", OK, "rsa 2048", "v=DKIM1; g=; k=rsa; p={rsa-2048}"),
    Key("semicolon", OK, "rsa 2048", "v=DKIM1; p={rsa-2048};"),
    Key("semicolons", BAD, None, "v=DKIM1;; p={rsa-2048}"),
    Key("no-equals", BAD, None, "v=DKIM1; rsa; p={rsa-2048}"),
    Key("backslashes", BAD, None, "v=DKIM1\\; k=rsa\\; p={rsa-2048}"),
    Key("quoted", BAD, None, "\"v=DKIM1; k=rsa; p={rsa-2048}\""),

    # -- records and strings -----------------------------------------------
    Key("strings", OK, "rsa 2048", ["v=DKIM1; ", "k=rsa; p=", "{rsa-2048}"]),
    Key("strings-cut", OK, "rsa 2048",
        ["v=DK", "IM1; k=r", "", "sa; ", "p", "={rsa-2048}"]),
    Key("two-keys", "KEY_MULTIPLE:fail", None, GOOD,
        "v=DKIM1; p={rsa-1024}"),
    Key("stray", OK + " KEY_MULTIPLE:warn", "rsa 2048", GOOD,
        "v=spf1 -all"),
    Key("stray-only", BAD, None, "v=spf1 -all"),
    Key("alias", OK, "rsa 2048", records=[
        ("CNAME", f"rsa-2048._domainkey.{DOMAIN}.example.")]),
]


def of_domain(name):
    """What must be found at each selector."""
    assert name == DOMAIN
    return {each.name: Said(each.said, key=each.key, words=each.words,
                            dnssec="secure") for each in KEYS}
