# SPDX-License-Identifier: ISC
"""DKIM key records, and what others say of them.

The records stand at selectors of one domain, which is a scenario.  Each is
shown to opendkim-testkey (OpenDKIM), with the private key where there is one,
and what p= holds to openssl.  Each difference from what mxproof says needs a
row in DIFFERENT, with the sentence that decides; a row that differs no more
is an error as well.
"""

import base64
import binascii
import json
import re
import subprocess

from keyring import NAMED, STRING, text
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

    def private(self):
        """The name of the private key, or None."""
        found = NAMED.search(str(self.texts))
        return found and found.group(1)


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
    Key("k-empty", BAD, None, "v=DKIM1; k=; p={rsa-2048}"),
    Key("k-nul", BAD, None, records=[
        ("TXT", r'"v=DKIM1; k=rsa\000; p={rsa-2048}"')]),

    # -- p= ----------------------------------------------------------------
    Key("revoked", REVOKED, None, "v=DKIM1; k=rsa; p="),
    Key("revoked-spaces", REVOKED, None, "v=DKIM1; k=rsa; p= ;"),
    Key("spaced", OK, "rsa 2048", "v=DKIM1; p={rsa-2048.spaced}"),
    Key("bad-base64", BAD, None, "v=DKIM1; p={rsa-2048.bad}"),
    Key("short-base64", BAD, None, "v=DKIM1; p={rsa-1024.short}"),
    Key("cut", BAD, None, "v=DKIM1; p={rsa-2048.cut}"),
    Key("unpadded", OK + " KEY_1024:warn KEY_MALFORMED:warn", "rsa 1032",
        "v=DKIM1; p={rsa-1032.unpadded}"),
    Key("trailing", BAD, None, "v=DKIM1; p={rsa-2048}AAAA"),
    Key("not-a-key", BAD, None, "v=DKIM1; p=aGVsbG8gd29ybGQh"),
    Key("pem", BAD, None, "v=DKIM1; p={rsa-2048.pem}"),
    Key("p-quoted", BAD, None, "v=DKIM1; p=\"{rsa-2048}\""),
    Key("p-url", BAD, None, "v=DKIM1; p=MIIB_jANBgkqhkiG9w0BAQEFAAOC-Q8A"),
    Key("p-missing", BAD, None, "v=DKIM1; k=rsa"),
    Key("p-twice", BAD, None, "v=DKIM1; p={rsa-2048}; p={rsa-2048}"),
    Key("p-capital", BAD, None, "v=DKIM1; P={rsa-2048}"),
    Key("p-middle", OK, "rsa 2048", "v=DKIM1; p={rsa-2048}; t=s; k=rsa"),

    # -- v= ----------------------------------------------------------------
    Key("v-missing", OK, "rsa 2048", "k=rsa; p={rsa-2048}"),
    Key("v-second", BAD, None, "k=rsa; v=DKIM1; p={rsa-2048}"),
    Key("v-lower", BAD, None, "v=dkim1; k=rsa; p={rsa-2048}"),
    Key("v-longer", BAD, None, "v=DKIM1.0; k=rsa; p={rsa-2048}"),
    Key("v-two", BAD, None, "v=DKIM2; k=rsa; p={rsa-2048}"),
    Key("v-twice", BAD, None, "v=DKIM1; v=DKIM1; p={rsa-2048}"),
    Key("v-spaced", OK, "rsa 2048", "v = DKIM1 ; k = rsa ; p = {rsa-2048}"),

    # -- h=, s=, t= and the rest -------------------------------------------
    Key("h-sha1", "HASH_SHA1:fail", None, "v=DKIM1; h=sha1; p={rsa-2048}"),
    Key("h-both", OK, "rsa 2048", "v=DKIM1; h=sha1:sha256; p={rsa-2048}"),
    Key("h-sha256", OK, "rsa 2048", "v=DKIM1; h=sha256; p={rsa-2048}"),
    Key("h-spaced", OK, "rsa 2048",
        "v=DKIM1; h= sha1 : sha256 ; p={rsa-2048}"),
    Key("h-capitals", BAD, None, "v=DKIM1; h=SHA256; p={rsa-2048}"),
    Key("h-empty", BAD, None, "v=DKIM1; h=; p={rsa-2048}"),
    Key("h-unknown", BAD, None, "v=DKIM1; h=sha512; p={rsa-2048}"),
    Key("h-unknown-too", OK, "rsa 2048",
        "v=DKIM1; h=sha512:sha256; p={rsa-2048}"),
    Key("s-email", OK, "rsa 2048", "v=DKIM1; s=email; p={rsa-2048}"),
    Key("s-all", OK, "rsa 2048", "v=DKIM1; s=*; p={rsa-2048}"),
    Key("s-tlsrpt", BAD, None, "v=DKIM1; s=tlsrpt; p={rsa-2048}"),
    Key("s-both", OK, "rsa 2048", "v=DKIM1; s=tlsrpt:email; p={rsa-2048}"),
    Key("s-spaced", OK, "rsa 2048", "v=DKIM1; s= * : tlsrpt; p={rsa-2048}"),
    Key("s-capitals", BAD, None, "v=DKIM1; s=Email; p={rsa-2048}"),
    Key("s-empty", BAD, None, "v=DKIM1; s=; p={rsa-2048}"),
    Key("t-testing", OK + " KEY_TESTING:note", "rsa 2048",
        "v=DKIM1; t=y; p={rsa-2048}"),
    Key("t-strict", OK, "rsa 2048", "v=DKIM1; t=s; p={rsa-2048}"),
    Key("t-both", OK + " KEY_TESTING:note", "rsa 2048",
        "v=DKIM1; t=s:y; p={rsa-2048}"),
    Key("t-unknown", OK, "rsa 2048", "v=DKIM1; t=x; p={rsa-2048}"),
    Key("t-capital", OK, "rsa 2048", "v=DKIM1; t=Y; p={rsa-2048}"),
    Key("unknown", OK, "rsa 2048",
        "v=DKIM1; x=1; k=rsa; zz_9=any thing; n=note; p={rsa-2048}"),
    Key("granular", OK, "rsa 2048", "v=DKIM1; g=; k=rsa; p={rsa-2048}"),
    Key("equals", OK, "rsa 2048", "v=DKIM1; n=a=b; p={rsa-2048}"),
    Key("no-space", OK, "rsa 2048", "v=DKIM1;k=rsa;p={rsa-2048}"),
    Key("spaces", OK, "rsa 2048", "  v=DKIM1 ;k=rsa; p={rsa-2048}  "),
    Key("space-in-name", BAD, None, "v=DKIM1; my tag=1; p={rsa-2048}"),
    Key("line-feed", OK, "rsa 2048", records=[
        ("TXT", r'"v=DKIM1;\010k=rsa; p={rsa-2048}"')]),
    Key("no-break-space", BAD, None, records=[
        ("TXT", r'"v=DKIM1;\194\160k=rsa; p={rsa-2048}"')]),
    Key("twice", BAD, None, "v=DKIM1; n=a; n=b; p={rsa-2048}"),
    Key("remark", BAD, None, "v=DKIM1; p={rsa-2048}; # of this year"),
    Key("p-in-n", OK, "rsa 2048", "v=DKIM1; n=p=; p={rsa-2048}"),
    Key("octets", BAD, None, records=[
        ("TXT", r'"v=DKIM1; n=M\195\188nchen; p={rsa-2048}"')]),
    Key("nul", BAD, None, records=[
        ("TXT", r'"v=DKIM1; n=a\000b; p={rsa-2048}"')]),
    Key("delete", BAD, None, records=[
        ("TXT", r'"v=DKIM1; n=a\127b; p={rsa-2048}"')]),
    Key("hyphen", OK, "rsa 2048", "v=DKIM1; x-tag=1; p={rsa-2048}"),
    Key("digit", OK, "rsa 2048", "v=DKIM1; 1x=1; p={rsa-2048}"),
    Key("dot", OK, "rsa 2048", "v=DKIM1; a.b=1; p={rsa-2048}"),
    Key("semicolon", OK, "rsa 2048", "v=DKIM1; p={rsa-2048};"),
    Key("empty-value", OK, "rsa 2048", "v=DKIM1; n=; p={rsa-2048}"),
    Key("long", OK, "rsa 2048",
        *[["v=DKIM1; n=" + "long " * 40, *["and long " * 25] * 14,
           "; p={rsa-2048}"]]),
    Key("tabs", OK, "rsa 2048", records=[
        ("TXT", r'"v=DKIM1;\009k=rsa\009;\009p={rsa-2048}"')]),
    Key("folded", OK, "rsa 2048", records=[
        ("TXT", r'"v=DKIM1;\013\010 k=rsa; p={rsa-2048}"')]),
    Key("semicolon-first", BAD, None, "; v=DKIM1; p={rsa-2048}"),
    Key("semicolons-last", BAD, None, "v=DKIM1; p={rsa-2048};;"),
    Key("semicolons", BAD, None, "v=DKIM1;; p={rsa-2048}"),
    Key("no-equals", BAD, None, "v=DKIM1; rsa; p={rsa-2048}"),
    Key("backslashes", BAD, None, "v=DKIM1\\; k=rsa\\; p={rsa-2048}"),
    Key("quoted", BAD, None, "\"v=DKIM1; k=rsa; p={rsa-2048}\""),
    Key("quotes-of-print", BAD, None, records=[
        ("TXT", r'"\226\128\156v=DKIM1; p={rsa-2048}\226\128\157"')]),

    # -- records and strings -----------------------------------------------
    Key("strings", OK, "rsa 2048", ["v=DKIM1; ", "k=rsa; p=", "{rsa-2048}"]),
    Key("strings-cut", OK, "rsa 2048",
        ["v=DK", "IM1; k=r", "", "sa; ", "p", "={rsa-2048}"]),
    Key("two-keys", "KEY_MULTIPLE:fail", None, GOOD,
        "v=DKIM1; p={rsa-1024}"),
    Key("two-alike", "KEY_MULTIPLE:fail", None, GOOD, GOOD + ";"),
    Key("two-revoked", "KEY_MULTIPLE:fail", None, GOOD, "v=DKIM1; p="),
    Key("two-bad", "KEY_MULTIPLE:fail", None, GOOD, "v=DKIM1; p=!"),
    Key("stray", OK + " KEY_MULTIPLE:warn", "rsa 2048", GOOD,
        "v=spf1 -all"),
    Key("stray-only", BAD, None, "v=spf1 -all"),
    Key("alias", OK, "rsa 2048", records=[
        ("CNAME", f"rsa-2048._domainkey.{DOMAIN}.example.")]),
]

OPENDKIM, OPENSSL = "opendkim-testkey", "openssl"
TOO_SHORT = "RFC 8301 3.2: verifiers MUST NOT consider signatures using RSA " \
    "keys of less than 1024 bits as valid signatures. opendkim-testkey does " \
    "not look at the size"
RAW = "RFC 8463 3: Ed25519 public keys are 256 bits long, the " \
    "base64-encoded key is only 44 octets. A SubjectPublicKeyInfo, or " \
    "another type's key, is not that"
UNREAD = "; opendkim-testkey reads the base64 and not what it holds"
RSA_ONLY = "RFC 6376 3.6.1: the \"rsa\" key type indicates that an RSA " \
    "public key is being used in the \"p=\" tag"
CAPITALS = "RFC 6376 3.2: values MUST be processed as case sensitive unless " \
    "the specific tag description of semantics specifies case insensitivity"
TWICE = "RFC 6376 3.2: if a tag name does occur more than once, the entire " \
    "tag-list is invalid"
ALPHABET = "RFC 6376 2.10: a base64string is of ALPHA, DIGIT, \"+\" and " \
    "\"/\", with \"=\" at its end; opendkim-testkey skips the rest"

# What they say otherwise: (selector, who, the sentence that decides).
DIFFERENT = [
    ("rsa-512", OPENDKIM, TOO_SHORT),
    ("rsa-768", OPENDKIM, TOO_SHORT),
    ("rsa-1023", OPENDKIM, TOO_SHORT),
    ("pkcs1", OPENDKIM, "RFC 6376 3.6.1: an ASN.1 DER-encoded RSAPublicKey "
     "is being used in the \"p=\" tag; erratum 3017 adds that it may stand "
     "in a SubjectPublicKeyInfo. opendkim-testkey compares with the latter "
     "only"),
    ("ed25519-spki", OPENDKIM, RAW + UNREAD),
    ("ed25519-spki", OPENSSL, RAW),
    ("ed25519-rsa", OPENDKIM, RAW + UNREAD),
    ("ed25519-rsa", OPENSSL, RAW),
    ("rsa-ed25519", OPENDKIM, RSA_ONLY + UNREAD),
    ("rsa-ed25519", OPENSSL, RSA_ONLY + "; another type's key is not looked "
     "at further"),
    ("rsa-ec", OPENDKIM, RSA_ONLY + UNREAD),
    ("rsa-ec", OPENSSL, RSA_ONLY + "; another type's key is not looked at "
     "further"),
    ("not-a-key", OPENDKIM, RSA_ONLY + UNREAD),
    ("k-capitals", OPENDKIM, CAPITALS + "; 3.6.1: unrecognized key types "
     "MUST be ignored"),
    ("h-capitals", OPENDKIM, CAPITALS + "; 3.6.1: unrecognized algorithms "
     "MUST be ignored"),
    ("s-capitals", OPENDKIM, CAPITALS + "; 3.6.1: unrecognized service types "
     "MUST be ignored"),
    ("p-twice", OPENDKIM, TWICE),
    ("v-twice", OPENDKIM, TWICE),
    ("twice", OPENDKIM, TWICE),
    ("p-quoted", OPENDKIM, ALPHABET),
    ("p-url", OPENDKIM, ALPHABET),
    ("unpadded", OPENSSL, "RFC 6376 2.10: in the grammar of base64string the "
     "\"=\" at its end is optional; that many insist on it is a warning"),
    ("trailing", OPENSSL, RSA_ONLY + ", ASN.1 DER-encoded: what stands "
     "behind it is no part of that, and openssl does not look there"),
    ("v-second", OPENDKIM, "RFC 6376 3.6.1: v= MUST be the first tag in the "
     "record"),
    ("h-sha1", OPENDKIM, "RFC 8301 3.1: rsa-sha1 MUST NOT be used for "
     "signing or verifying"),
    ("long", OPENDKIM, "RFC 6376 3.6.2.2: strings in a TXT RR MUST be "
     "concatenated together before use. opendkim-testkey has no room for "
     "that many octets"),
    ("stray", OPENDKIM, "RFC 6376 3.6.2.2: if there are multiple records in "
     "an RRset, the results are undefined. OpenDKIM takes none, others the "
     "one that is a key: warned of"),
]


# A SubjectPublicKeyInfo up to the key, RFC 8410 4.
ED25519 = "302a300506032b6570032100"


def of_domain(name):
    """What must be found at each selector."""
    assert name == DOMAIN
    return {each.name: Said(each.said, key=each.key, words=each.words,
                            dnssec="secure") for each in KEYS}


def p_tag(record):
    """The octets in p=, by a reader of its own; None where there are none."""
    found = re.search(r"(?:^|;)\s*p\s*=\s*([A-Za-z0-9+/=\s]*)(?:;|$)", record)
    try:
        return found and base64.b64decode("".join(found.group(1).split()),
                                          validate=True)
    except binascii.Error:
        return None


def unescaped(found):
    """The octet of an escape in a zone file, RFC 1035 5.1."""
    octet = found.group(1)
    return chr(int(octet)) if octet.isdigit() and len(octet) > 1 else octet


class DkimKeys:
    """The comparison of one run."""

    def __init__(self, runner):
        self.runner = runner
        self.lab = runner.lab
        self.configuration = None

    def configure(self):
        """opendkim-testkey is a resolver itself: it asks the laboratory's."""
        unbound = self.lab.path("dkim", "unbound.conf")
        with open(unbound, "w", encoding="utf-8") as file:
            file.write("server:\n  do-not-query-localhost: no\n"
                       "  do-ip6: no\nforward-zone:\n  name: \".\"\n"
                       "  forward-addr: 127.53.0.1\n")
        self.configuration = self.lab.path("dkim", "opendkim.conf")
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(f"TrustAnchorFile {self.lab.path('root.anchor')}\n"
                       f"ResolverConfiguration {unbound}\n")

    def opendkim(self, key):
        """(a usable key?, secure?, in words)."""
        command = ["opendkim-testkey", "-x", self.configuration, "-vvv", "-d",
                   DOMAIN + ".example", "-s", key.name]
        private = key.private()
        if private and private.startswith("rsa"):
            command += ["-k", self.lab.keyring.private(private)]
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=60, check=False)
        lines = [line.removeprefix("opendkim-testkey: ") for line in
                 (done.stderr + done.stdout).splitlines()]
        lines = [line for line in lines if not line.startswith(
            ("checking key", "key loaded"))]
        words = [line for line in lines if line != "key secure"]
        return done.returncode == 0, "key secure" in lines, "; ".join(words)

    @staticmethod
    def openssl(record):
        """"rsa 2048" of the SubjectPublicKeyInfo in p=, or "none"."""
        data = p_tag(record)
        if not data:
            return "none"
        if len(data) == 32:     # an Ed25519 key as RFC 8463 has it
            data = bytes.fromhex(ED25519) + data
        done = subprocess.run(
            ["openssl", "pkey", "-pubin", "-inform", "DER", "-noout",
             "-text"], input=data, capture_output=True, check=False)
        said = done.stdout.decode("utf-8", "replace")
        if done.returncode != 0:
            return "none"
        if said.startswith("ED25519"):
            return "ed25519 256"
        bits = re.search(r"Public-Key: \((\d+) bit", said)
        kind = "rsa" if "Modulus:" in said else "ec"
        return f"{kind} {bits.group(1)}"

    def report(self):
        record = self.lab.path("records", DOMAIN + ".json.json")
        done = subprocess.run(
            ["unshare", "--net", self.runner.program, "--replay", record,
             "--format", "json"], capture_output=True, check=False,
            env=self.runner.environment)
        return json.loads(done.stdout)

    def answers(self, report, selector):
        """The texts of the TXT records that mxproof saw."""
        question = f"{selector}._domainkey.{DOMAIN}.example. IN TXT"
        lookup = next(each for each in report["lookups"]
                      if each["question"] == question)
        texts = []
        for line in lookup["records"]:
            fields = line.split(" ", 4)
            if fields[3] == "TXT":
                texts.append("".join(
                    re.sub(r"\\(\d{3}|.)", unescaped, each)
                    for each in STRING.findall(fields[4])))
        return texts

    def check(self):
        """The list of complaints."""
        self.configure()
        report = self.report()
        usable = {each["subject"].get("selector")
                  for each in report["findings"] if each["id"] == "DKIM_OK"}
        views = {each["selector"]: each for each in report["dkim"]}
        listed = {row[:2] for row in DIFFERENT}
        seen = {}
        complaints = []
        for key in KEYS:
            good, secure, words = self.opendkim(key)
            if good != (key.name in usable):
                seen[key.name, OPENDKIM] = \
                    f"{'usable' if good else 'not usable'} ({words})"
            if good and not secure:
                complaints.append(f"{key.name}: opendkim-testkey finds the "
                                  f"answer not secure: {words}")
            texts = self.answers(report, key.name)
            view = views[key.name]["key"]
            # What was no tag list, or no record for us, was not looked at.
            if view is None or len(texts) != 1:
                continue
            ours = f"{view['type']} {view['bits']}" if view["bits"] else "none"
            theirs = self.openssl(texts[0])
            if theirs != ours:
                seen[key.name, OPENSSL] = f"{theirs}, not {ours}"
        if len(listed) != len(DIFFERENT):
            complaints.append("DIFFERENT has a row twice")
        complaints += [f"{name}: {who} says: {seen[name, who]}"
                       for name, who in sorted(seen.keys() - listed)]
        complaints += [f"{name}: {who} does not differ, and is listed"
                       for name, who in sorted(listed - seen.keys())]
        return complaints
