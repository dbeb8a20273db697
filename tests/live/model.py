# SPDX-License-Identifier: ISC
"""The words of the scenario table: a scenario, its mail servers, its zone."""

from zones import Zone

# Real servers; what is not named here is one of scripted.py's behaviours.
POSTFIX = ("postfix", "no-starttls")
EXIM = ("exim", "exim-no-starttls", "exim-tls10", "exim-cbc")
NOBODY = ("refused", "lost", "unroutable")


class Host:
    """A mail server: one MX record, its addresses, TLSA, certificate.

    smtp   postfix, no-starttls (Postfix without TLS), exim,
           exim-no-starttls, exim-tls10 (nothing newer than TLS 1.0),
           exim-cbc (TLS 1.2, CBC with SHA-2 only),
           refused (nobody listens), lost (packets vanish), unroutable, or
           a behaviour of scripted.py
    tlsa   "USAGE SELECTOR MATCHING [OF]": OF is the host's own certificate
           (usage 1, 3) or the root CA (usage 0, 2) unless said: leaf, rsa,
           root, intermediate, other (somebody else's), next (the certificate
           to come); "= RDATA" is literal
    cert   good, expired, future, soon, name (of another host), self, rsa,
           dual (ECDSA and RSA)
    chain  what is sent behind the leaf
    ip     "4", "6", "46"
    alias, tlsa_at   where the host's name, its TLSA name is a CNAME to;
           with tlsa_at = name the records stay at an alias's own name,
           with *._tcp or * they are a wildcard's
    """

    def __init__(self, tlsa=(), cert="good", smtp="postfix", name="mx1",
                 pref=10, chain=("intermediate", "root"), ip="4",
                 address=None, alias=None, tlsa_at=None, ttl=3600):
        self.tlsa = [tlsa] if isinstance(tlsa, str) else list(tlsa)
        self.cert = cert
        self.smtp = smtp
        self.name = name
        self.pref = pref
        self.chain = chain
        self.ip = ip
        self.addresses = [address] if address else []
        self.alias = alias
        self.tlsa_at = tlsa_at
        self.ttl = ttl
        # Filled by the laboratory.
        self.fqdn = None
        self.chain_file = None
        self.next_file = None   # of a certificate that TLSA waits for
        self.chain_texts = []   # the same, one text per certificate


class Said:
    """What must be found about one DKIM selector, and nothing besides.

    found    "ID ID:severity …", without "DKIM_"
    publish  the target of the CNAME line to publish; "" where none must be
    words    of the details, remedies and lines; "this|or that"
    dnssec, key, status   as the report's table of selectors has them; a key
             is "rsa 2048", or "none"
    """

    def __init__(self, found, publish=None, words=(), dnssec=None, key=None,
                 status=None):
        self.found = dict((each.split(":") + [None])[:2]
                          for each in found.split())
        self.found = {"DKIM_" + each: severity
                      for each, severity in self.found.items()}
        self.publish = publish
        self.words = [words] if isinstance(words, str) else list(words)
        self.dnssec, self.key, self.status = dnssec, key, status


class Scenario:
    """One row: what is wrong, and what must be said about it.

    must      "ID ID:severity …" that have to appear
    must_not  ids that must not; besides, any finding of severity fail,
              unknown or warn that neither must nor may names is an error
    exo, rfc  the delivery verdict of the two profiles (None: not looked at)
    dkim      {selector: Said or its "ID ID:severity …"}, all selectors that
              may be spoken of; None is what concerns no single one
    domain    one of another scenario, or, with zone, of this one's own; the
              name below tld unless said
    turns     its servers count: one run at a time
    hostname  of this machine, where it is not a full one
    special   whether --allow-special-addresses is given
    code      the chosen profile's code ("" = none, None: not looked at)
    """

    def __init__(self, name, what, hosts=(), must="", must_not="", may="",
                 exo=None, rfc=None, code=None, status=None, exits=0,
                 args=(), judge_args=(), domain=None, zone=None, records=(),
                 resolver="127.53.0.1", mx=True, tld="example", extra=(),
                 slow=False, says=(), special=True, dkim=None,
                 turns=False, hostname=None):
        self.name = name
        self.what = what
        self.hosts = [hosts] if isinstance(hosts, Host) else list(hosts)
        self.must = dict((each.split(":") + [None])[:2]
                         for each in must.split())
        self.dkim = None if dkim is None else {
            selector: Said(said) if isinstance(said, str) else said
            for selector, said in dkim.items()}
        for said in (self.dkim or {}).values():
            self.must.update((each, None) for each in said.found
                             if each not in self.must)
        self.must_not = must_not.split()
        self.may = may.split()
        self.exo, self.rfc, self.code = exo, rfc, code
        self.status, self.exits = status, exits
        self.args, self.judge_args = list(args), list(judge_args)
        self.resolver = resolver
        self.slow = slow
        self.turns = turns
        self.hostname = hostname
        self.special = special
        self.says = [says] if isinstance(says, str) else list(says)
        self.extra = list(extra)        # zones besides the domain's own
        self.mx = mx
        self.zone = None
        if domain is None or zone is not None:
            self.domain = domain or f"{name}.{tld}"
            self.zone = Zone(self.domain + ".", **(zone or {}))
            for record in records:
                self.zone.add(*record)
        else:
            self.domain = domain
