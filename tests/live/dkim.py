# SPDX-License-Identifier: ISC
"""The part of the table of scenarios that is about DKIM.

The domain of a row is NAME.example and so its identifier NAME-example; its
tenant is laboratory.onmicrosoft.com.  What stands behind a target is said by
keyed: the targets that have a key.  All selectors that may be spoken of are
in the row's dkim, with everything that must be found about them.
"""

from dkim_keys import KEYS, of_domain
from keyring import text
from lab import LENIENT
from model import Host, Said, Scenario as S
from words import AUTH, EE, KEY_TXT, TLS, healthy
from zones import Zone

GATEWAY = "mx1"
OLD_MX = "{id}.mail.protection.outlook.com."
NEW_MX = "{id}.n-v1.mx.microsoft."
GCC_MX = "{id}.mail.protection.office365.us."
TENANT = "laboratory.onmicrosoft.com."
NEW = "laboratory.n-v1.dkim.mail.microsoft."
GCC = "laboratory.onmicrosoft.us."
OK, INACTIVE = "OK:ok", "SELECTOR_INACTIVE:note"
WRONG, STRAY = "CNAME_WRONG_TARGET:fail", "CNAME_WHITESPACE:fail"
MISSING = "CNAME_MISSING:fail"
# What the cmdlets are given, and what the report says of the kind of slip.
SHOWN = "Get-DkimSigningConfig -Identity {domain}"
ROTATED = "Rotate-DkimSigningConfig -Identity {domain} -KeySize 2048"
ENABLED = "Set-DkimSigningConfig -Identity {domain} -Enabled $true"
APPENDED, SWAPPED, MIXED = "appended", "the target of selector", "two forms"
ALIEN = 'of another tenant: "fabrikam"'
ALIEN_ID = 'of another domain: "fabrikam-example"'
UNCHECKED = "was not checked: --initial-domain was not given"


def providers():
    """The zones of Microsoft 365 in the laboratory."""
    return [Zone(name + ".", signed=signed) for name, signed in (
        ("outlook.com", False), ("protection.outlook.com", False),
        ("mail.protection.outlook.com", False), ("onmicrosoft.com", False),
        ("office365.us", False), ("protection.office365.us", False),
        ("mail.protection.office365.us", False), ("onmicrosoft.us", False),
        ("mx.microsoft", True), ("mail.microsoft", True),
        ("dkim.mail.microsoft", True))]


def typo(wrong, right):
    """What differs, in a detail."""
    return f'off: "{wrong}", expected "{right}"'


def target(number, name, tenant=TENANT):
    return f"selector{number}-{name}-example._domainkey.{tenant}"


def cname(number, name):
    return (f"selector{number}._domainkey", "CNAME", name)


def pair(name, tenant=TENANT):
    """Both CNAMEs, right."""
    return [cname(number, target(number, name, tenant)) for number in (1, 2)]


def key_at(selector, record=KEY_TXT):
    return (selector + "._domainkey", "TXT", record)


def filled(said, domain):
    """The row's Said, with the domain's name in its words."""
    said = Said(said) if isinstance(said, str) else said
    said.words = [each.replace("{domain}", domain) for each in said.words]
    return said


def worst(dkim):
    """status and exits of a run in which all else is in order."""
    severities = [severity for said in dkim.values()
                  for severity in said.found.values()]
    if "fail" in severities:
        return {"status": "fail", "exits": 1}
    return {"status": "warn" if "warn" in severities else "ok", "exits": 0}


def m365(name, what, first, second, records, keyed=(), mx=OLD_MX, both=None,
         more_said=(), more_hosts=(), extra=(), key=KEY_TXT,
         smtp="postfix", **more):
    """A domain of Microsoft 365: its selectors, and what is said of them.

    first, second, both   what is found about selector1, selector2, the pair
    keyed    the target with a key; "" for none, () for selector1's right one
    """
    domain = name + ".example"
    zones = providers() + list(extra)
    if keyed == ():
        keyed = [target(1, name)]
    for owner in keyed:
        zone = [each for each in zones if owner.endswith("." + each.name)][-1]
        zone.add(owner, "TXT", key)
    dkim = {"selector1": first, "selector2": second, **dict(more_said)}
    if both is not None:
        dkim[None] = both
    dkim = {selector: filled(said, domain) for selector, said in dkim.items()}
    tlsa = "3 1 1" if mx == NEW_MX else ()
    host = Host(tlsa, name=mx.format(id=name + "-example"), pref=0, smtp=smtp)
    delivery = AUTH if tlsa else TLS
    return S(name, what, [host, *more_hosts], records=records, extra=zones,
             dkim=dkim, **{"exo": delivery, "rfc": delivery, "code": "",
                           **worst(dkim), **more})


def slip(name, what, words, wrong, right=None, publish=True, severity=WRONG,
         **more):
    """selector1 is right and has its key; selector2's target is wrong."""
    first = target(1, name) if right is None else right
    second = first.replace("selector1-", "selector2-", 1)
    return m365(name, what, OK, Said(
        severity, publish=second if publish else None, words=words,
        status="fail"), [cname(1, first), cname(2, wrong)], keyed=[first],
        **more)


def selected(name, what, dkim, records, **more):
    """A domain with selectors of its own, which are asked for."""
    dkim = {selector: filled(said, name + ".example")
            for selector, said in dkim.items()}
    args = [each for selector in dkim if selector
            for each in ("--selector", selector)]
    more["args"] = args + list(more.get("args", ()))
    return S(name, what, more.pop("hosts", [Host("3 1 1")]),
             records=records, dkim=dkim, **{
                 "exo": AUTH, "rfc": AUTH, "code": "", **worst(dkim), **more})


DKIM = [
    # -- right -------------------------------------------------------------
    m365("dkim-right", "both CNAMEs right, one selector active",
         Said(OK, publish="", dnssec="insecure", key="rsa 2048", status="ok",
              words=UNCHECKED),
         Said(INACTIVE, publish="", key="none", status="note"),
         pair("dkim-right"),
         must_not="DKIM_CNAME_WRONG_TARGET DKIM_CNAME_MISSING "
                  "DKIM_NO_ACTIVE_SELECTOR DKIM_DEFAULT_SIGNING DKIM_TTL "
                  "DKIM_NOT_ASKED"),
    m365("dkim-both", "right, and both selectors have a key", OK, OK,
         pair("dkim-both"), [target(n, "dkim-both") for n in (1, 2)]),
    m365("dkim-second", "right, the second selector is the active one",
         INACTIVE, OK, pair("dkim-second"), [target(2, "dkim-second")]),
    m365("dkim-case", "a target in capitals is the same name", OK, INACTIVE,
         [cname(n, target(n, "dkim-case").upper()) for n in (1, 2)],
         must_not="DKIM_CNAME_WHITESPACE"),
    m365("dkim-emptied", "the inactive selector has a revoked key", OK,
         INACTIVE, pair("dkim-emptied"), [target(1, "dkim-emptied")],
         extra=[Zone("onmicrosoft.com.", lines=[
             f"{target(2, 'dkim-emptied')} 3600 IN TXT \"v=DKIM1; p=\""])],
         must_not="DKIM_KEY_REVOKED"),
    m365("dkim-new", "the newer form, signed from end to end",
         Said(OK, dnssec="secure", key="rsa 2048"),
         Said(INACTIVE, dnssec="secure"), pair("dkim-new", NEW),
         [target(1, "dkim-new", NEW)], mx=NEW_MX, must=EE),
    m365("dkim-new-mx", "the MX has moved, the targets have not",
         OK, INACTIVE, pair("dkim-new-mx"), mx=NEW_MX),
    m365("dkim-new-targets", "the newer targets behind the older MX",
         OK, INACTIVE, pair("dkim-new-targets", NEW),
         [target(1, "dkim-new-targets", NEW)]),
    m365("dkim-initial", "the initial domain is said, and right",
         OK, INACTIVE, pair("dkim-initial"),
         args=["--initial-domain", TENANT.rstrip(".")]),
    m365("dkim-chain", "a CNAME of one's own between", OK, INACTIVE,
         [cname(1, "step.dkim-chain.example."), cname(2, target(
             2, "dkim-chain")), ("step", "CNAME", target(1, "dkim-chain"))]),
    m365("dkim-chain-all", "the same for both, and two steps", OK, INACTIVE,
         [cname(n, f"step{n}.dkim-chain-all.example.") for n in (1, 2)]
         + [(f"step{n}", "CNAME", f"more{n}.dkim-chain-all.example.")
            for n in (1, 2)]
         + [(f"more{n}", "CNAME", target(n, "dkim-chain-all"))
            for n in (1, 2)]),

    m365("dkim-label", "the MX label is not the domain with dashes, and the "
         "targets have it", OK, INACTIVE,
         [cname(n, f"selector{n}-labelled0c._domainkey.{TENANT}")
          for n in (1, 2)], [f"selector1-labelled0c._domainkey.{TENANT}"],
         mx=OLD_MX.format(id="labelled0c")),
    m365("dkim-gateway-both", "another's MX before that of Microsoft 365",
         OK, INACTIVE, pair("dkim-gateway-both"), more_hosts=[
             Host(name="gateway", pref=5)]),
    m365("dkim-direct", "the keys themselves stand at the selectors",
         Said(OK, words="cannot rotate"), Said(OK, words="cannot rotate"),
         [key_at("selector1"), key_at("selector2")], []),
    m365("dkim-flattened", "a provider that answers in the alias's place: "
         "one key, nothing at the other", OK, "",
         [key_at("selector1"), ("selector2._domainkey", "A", "192.0.2.1")],
         []),
    m365("dkim-foreign", "another sender has taken the name selector1",
         Said(OK, words="not a key of Microsoft 365"), OK,
         [cname(1, "s1.sender.example."),
          cname(2, target(2, "dkim-foreign"))], [target(2, "dkim-foreign")],
         extra=[Zone("sender.example.", signed=False, lines=[
             f"s1.sender.example. 3600 IN TXT {KEY_TXT}"])]),
    m365("dkim-wild-beside", "a wildcard beside the right CNAMEs", OK,
         INACTIVE, pair("dkim-wild-beside")
         + [("*", "CNAME", "www.dkim-wild-beside.example."),
            ("www", "A", "192.0.2.1")]),
    m365("dkim-dname", "_domainkey is kept in another domain", OK, INACTIVE,
         [("_domainkey", "DNAME", "keys.dkim-dname.example.")]
         + [(f"selector{n}.keys", "CNAME", target(n, "dkim-dname"))
            for n in (1, 2)]),
    m365("dkim-nodata", "the inactive target exists, without a TXT record",
         OK, INACTIVE, pair("dkim-nodata"),
         extra=[Zone("onmicrosoft.com.", lines=[
             f"{target(2, 'dkim-nodata')} 3600 IN A 192.0.2.1"])]),

    # -- the target --------------------------------------------------------
    slip("dkim-wrong", "the provider appended the zone", APPENDED,
         target(2, "dkim-wrong") + "dkim-wrong.example."),
    slip("dkim-appended-new", "the same with the newer form", APPENDED,
         target(2, "dkim-appended-new", NEW) + "dkim-appended-new.example.",
         target(1, "dkim-appended-new", NEW), mx=NEW_MX),
    slip("dkim-tenant", "one target is left over from another tenant", ALIEN,
         target(2, "dkim-tenant", "fabrikam.onmicrosoft.com.")),
    m365("dkim-tenants", "two tenants, and no key says which is right",
         Said("", status="unknown"),
         Said(WRONG, words=[SHOWN, "of two tenants"]), [
             cname(1, target(1, "dkim-tenants")),
             cname(2, target(2, "dkim-tenants", "fabrikam.onmicrosoft.com."))],
         []),
    m365("dkim-other-domain", "the targets of another domain",
         *[Said(WRONG, words=[ALIEN_ID])] * 2, pair("fabrikam"),
         [target(1, "fabrikam")]),
    slip("dkim-typo-id", "one letter of the identifier is wrong",
         typo("dkim-typo-1d-example", "dkim-typo-id-example"),
         target(2, "dkim-typo-1d")),
    slip("dkim-typo-tenant", "one letter of the tenant is wrong",
         typo("labaratory", "laboratory"),
         target(2, "dkim-typo-tenant", "labaratory.onmicrosoft.com.")),
    slip("dkim-typo-zone", "one letter of onmicrosoft.com is wrong",
         typo("onmicrosft", "onmicrosoft"),
         target(2, "dkim-typo-zone", "laboratory.onmicrosft.com.")),
    slip("dkim-typo-top", "onmicrosoft.co", typo("co", "com"),
         target(2, "dkim-typo-top", "laboratory.onmicrosoft.co.")),
    slip("dkim-typo-label", "_domainkeys",
         typo("_domainkeys", "_domainkey"),
         target(
        2, "dkim-typo-label").replace("_domainkey.", "_domainkeys.")),
    slip("dkim-typo-new", "one letter of the newer form is wrong",
         typo("mial", "mail"),
         target(2, "dkim-typo-new", NEW.replace("mail", "mial")),
         target(1, "dkim-typo-new", NEW), mx=NEW_MX),
    m365("dkim-swapped", "the two targets are swapped",
         Said(WRONG, target(1, "dkim-swapped"), SWAPPED),
         Said(WRONG, target(2, "dkim-swapped"), SWAPPED),
         [cname(1, target(2, "dkim-swapped")),
          cname(2, target(1, "dkim-swapped"))]),
    slip("dkim-twice", "both lead to the first target", SWAPPED,
         target(1, "dkim-twice")),
    slip("dkim-mixed", "one target of each form", MIXED,
         target(2, "dkim-mixed", NEW)),
    slip("dkim-mixed-new", "the same, and the newer one has the key", MIXED,
         target(2, "dkim-mixed-new"), target(1, "dkim-mixed-new", NEW)),
    m365("dkim-mixed-keys", "one target of each form, each with a key: "
         "a move that is under way", OK, OK,
         [cname(1, target(1, "dkim-mixed-keys")),
          cname(2, target(2, "dkim-mixed-keys", NEW))],
         [target(1, "dkim-mixed-keys"), target(2, "dkim-mixed-keys", NEW)]),
    slip("dkim-letter", "the newer form, another letter before -v1",
         typo("o-v1.dkim.mail.microsoft", "n-v1.dkim.mail.microsoft"),
         target(2, "dkim-letter", NEW.replace("n-v1", "o-v1")),
         target(1, "dkim-letter", NEW), mx=NEW_MX),
    m365("dkim-initial-wrong", "the targets of another initial domain",
         Said(WRONG, words=ALIEN), Said(WRONG, words=ALIEN),
         pair("dkim-initial-wrong", "fabrikam.onmicrosoft.com."),
         [target(1, "dkim-initial-wrong", "fabrikam.onmicrosoft.com.")],
         args=["--initial-domain", TENANT.rstrip(".")]),
    m365("dkim-initial-typo", "a letter wrong in both, no key to show it",
         Said(WRONG, target(1, "dkim-initial-typo"),
              typo("labaratory", "laboratory")),
         Said(WRONG, target(2, "dkim-initial-typo"),
              typo("labaratory", "laboratory")),
         pair("dkim-initial-typo", "labaratory.onmicrosoft.com."), [],
         args=["--initial-domain", TENANT.rstrip(".")]),
    slip("dkim-foreign-dead", "a CNAME left over from another sender", (),
         "s2.gone.example."),

    # -- what is not there -------------------------------------------------
    m365("dkim-missing", "the second CNAME is missing", OK,
         Said(MISSING, target(2, "dkim-missing"), status="fail"),
         pair("dkim-missing")[:1]),
    m365("dkim-missing-first", "the first CNAME is missing",
         Said(MISSING, target(1, "dkim-missing-first")), OK,
         pair("dkim-missing-first")[1:], [target(2, "dkim-missing-first")]),
    m365("dkim-missing-new", "the same with the newer form", OK,
         Said(MISSING, target(2, "dkim-missing-new", NEW)),
         pair("dkim-missing-new", NEW)[:1],
         [target(1, "dkim-missing-new", NEW)], mx=NEW_MX),
    m365("dkim-none", "neither CNAME", "", "", [], [],
         both=Said("DEFAULT_SIGNING:warn", words=[
             "New-DkimSigningConfig -DomainName {domain} -KeySize 2048 "
             "-Enabled $true", "do not align"])),
    m365("dkim-none-initial", "the same, and the initial domain is said",
         "", "", [], [],
         both=Said("DEFAULT_SIGNING:warn", words=[TENANT.rstrip(".")]),
         args=["--initial-domain", TENANT.rstrip(".")]),
    m365("dkim-none-required", "the same where DKIM is required", "", "", [],
         [], both="DEFAULT_SIGNING:fail", judge_args=["--require", "dkim"]),
    m365("dkim-proxied", "a provider's proxy in the CNAMEs' place: addresses",
         "", "", [(f"selector{n}._domainkey", "A", "192.0.2.1")
                  for n in (1, 2)], [], both="DEFAULT_SIGNING:warn"),
    m365("dkim-off", "right CNAMEs, and no key behind either: signing is not "
         "enabled", Said(INACTIVE, status="fail"),
         Said(INACTIVE, status="fail"), pair("dkim-off"), [],
         both=Said("NO_ACTIVE_SELECTOR:fail", words=[ENABLED])),
    m365("dkim-off-emptied", "the keys behind both are revoked", INACTIVE,
         INACTIVE, pair("dkim-off-emptied"),
         [target(n, "dkim-off-emptied") for n in (1, 2)],
         key=text("v=DKIM1; p="),
         both=Said("NO_ACTIVE_SELECTOR:fail", words=[ENABLED])),
    m365("dkim-off-other", "the same, and another sender's selector has one",
         INACTIVE, INACTIVE, pair("dkim-off-other") + [key_at("s1")], [],
         more_said={"s1": OK}, args=["--selector", "s1"]),

    # -- the record --------------------------------------------------------
    m365("dkim-txt", "a TXT record holds the CNAME's text", OK,
         Said("TXT_HOLDS_CNAME:fail", target(2, "dkim-txt")),
         [cname(1, target(1, "dkim-txt")),
          key_at("selector2", text(target(2, "dkim-txt")))]),
    m365("dkim-txt-both", "the same for both, spaces around",
         *[Said("TXT_HOLDS_CNAME:fail", words="CNAME")] * 2,
         [key_at(f"selector{n}", text(f" {target(n, 'dkim-txt-both')[:-1]} "))
          for n in (1, 2)], []),
    slip("dkim-space", "a space in front of the target", "a space",
         r"\032" + target(2, "dkim-space"), severity=STRAY),
    slip("dkim-space-end", "a space behind the target", "a space",
         target(2, "dkim-space-end")[:-1] + r"\032.", severity=STRAY),
    slip("dkim-tab", "a tab in the target", "a tab", target(
        2, "dkim-tab").replace("._domainkey", r"\009._domainkey"),
         severity=STRAY),
    # Not signed: ldns-signzone writes a quote in a name as it is.
    slip("dkim-quote", "the target stands in quotes", "quot",
         r"\"" + target(2, "dkim-quote")[:-1] + r"\".", severity=STRAY,
         zone={"signed": False}),
    slip("dkim-nbsp", "a no-break space, as web pages have it", (),
         target(2, "dkim-nbsp")[:-1] + r"\194\160.", severity=STRAY),
    slip("dkim-escaped", "an escaped dot: one label where two should be",
         "an escaped dot",
         target(2, "dkim-escaped").replace("._domainkey", r"\._domainkey"),
         severity=STRAY),
    m365("dkim-space-both", "a space in both, no key to show the tenant",
         Said(STRAY, target(1, "dkim-space-both")),
         Said(STRAY, target(2, "dkim-space-both")),
         [cname(n, r"\032" + target(n, "dkim-space-both")) for n in (1, 2)],
         []),
    m365("dkim-loop", "the second CNAME leads to itself, and the resolver "
         "gives the aliases", OK, Said(WRONG, words="circle"),
         [cname(1, target(1, "dkim-loop")),
          cname(2, "step.dkim-loop.example."),
          ("step", "CNAME", "selector2._domainkey.dkim-loop.example.")],
         resolver=LENIENT),
    S("dkim-loop-hidden", "the same, and the resolver says SERVFAIL: its "
      "CNAMEs are asked for one by one", (), domain="dkim-loop.example",
      exo=TLS, rfc=TLS, status="fail", exits=1,
      must_not="DNS_LOOKUP_UNCLEAR", dkim={
          "selector1": OK, "selector2": Said(WRONG, words="circle")}),
    m365("dkim-ttl", "a TTL of two days",
         Said("OK:ok TTL:note", words="86400"),   # the resolver's limit
         Said("SELECTOR_INACTIVE:note TTL:note"),
         [each + (172800,) for each in pair("dkim-ttl")]),
    m365("dkim-ttl-near", "a TTL of three hours", OK, INACTIVE,
         [each + (10800,) for each in pair("dkim-ttl-near")],
         must_not="DKIM_TTL"),

    m365("dkim-txt-capitals", "the text in capitals", OK,
         Said("TXT_HOLDS_CNAME:fail", target(2, "dkim-txt-capitals")),
         [cname(1, target(1, "dkim-txt-capitals")),
          key_at("selector2", text(target(2, "dkim-txt-capitals").upper()))]),
    m365("dkim-txt-key", "the text as the key of a key record", OK,
         Said("TXT_HOLDS_CNAME:fail", target(2, "dkim-txt-key")),
         [cname(1, target(1, "dkim-txt-key")),
          key_at("selector2", text(
              "v=DKIM1; k=rsa; p=" + target(2, "dkim-txt-key")))]),
    m365("dkim-txt-stray", "another TXT record in the CNAME's place", OK,
         Said(MISSING, target(2, "dkim-txt-stray"), "which has to go:"),
         [cname(1, target(1, "dkim-txt-stray")),
          key_at("selector2", text("v=spf1 -all"))]),
    m365("dkim-same", "both CNAMEs, made by hand, lead to the web server",
         *[Said(WRONG, words=[SHOWN])] * 2,
         [cname(n, "www.dkim-same.example.") for n in (1, 2)]
         + [("www", "A", "192.0.2.1")], [], must_not="DKIM_DEFAULT_SIGNING"),
    m365("dkim-revoked-both", "two revoked keys, and no wildcard",
         "KEY_REVOKED:warn", "KEY_REVOKED:warn",
         [key_at(f"selector{n}", text("v=DKIM1; p=")) for n in (1, 2)], [],
         both=Said("DEFAULT_SIGNING:warn", words="or not at all"),
         must_not="DKIM_NO_MAIL_DOMAIN"),
    S("dkim-revoked-required", "the same where DKIM is required",
      domain="dkim-revoked-both.example", exo=TLS, rfc=TLS, status="fail",
      exits=1, judge_args=["--require", "dkim"],
      dkim={"selector1": "KEY_REVOKED:fail", "selector2": "KEY_REVOKED:fail",
            None: "DEFAULT_SIGNING:fail"}),
    m365("dkim-foreign-both", "another sender has taken both names",
         *[Said(OK, words="not a key of Microsoft 365")] * 2,
         [cname(n, f"s{n}.other-sender.example.") for n in (1, 2)], [],
         both=Said("DEFAULT_SIGNING:warn", words="no target of Microsoft"),
         extra=[Zone("other-sender.example.", signed=False, lines=[
             f"s{n}.other-sender.example. 3600 IN TXT {KEY_TXT}"
             for n in (1, 2)])]),
    m365("dkim-cloud", "GCC High's targets behind a commercial MX",
         *[Said(WRONG, words=["of another cloud", SHOWN])] * 2,
         pair("dkim-cloud", GCC), [target(1, "dkim-cloud", GCC)]),
    m365("dkim-proxied", "a proxy answers for both names", "", "",
         [(f"selector{n}._domainkey", "A", "192.0.2.1") for n in (1, 2)], [],
         both=Said("DEFAULT_SIGNING:warn", words="a proxy hides a CNAME")),

    # -- wildcards ---------------------------------------------------------
    m365("dkim-wild", "a wildcard's CNAME catches both selectors", "", "",
         [("*", "CNAME", "www.dkim-wild.example."),
          ("www", "A", "192.0.2.1")], [],
         both=Said("DEFAULT_SIGNING:warn", words="wildcard")),
    m365("dkim-wild-good", "a wildcard leads to the right target of the only "
         "selector that it catches", OK, INACTIVE,
         [cname(1, target(1, "dkim-wild-good")),
          ("*._domainkey", "CNAME", target(2, "dkim-wild-good"))]),
    m365("dkim-wild-target", "a wildcard leads to the first target", OK,
         Said(WRONG, target(2, "dkim-wild-target"), SWAPPED),
         [("*._domainkey", "CNAME", target(1, "dkim-wild-target"))]),
    m365("dkim-wild-txt", "a wildcard's SPF record is no DKIM record", "",
         "", [("*", "TXT", text("v=spf1 -all"))], [],
         both="DEFAULT_SIGNING:warn", must_not="DKIM_KEY_MALFORMED"),
    m365("dkim-wild-key", "a wildcard's key record catches one selector", OK,
         Said(MISSING, target(2, "dkim-wild-key")),
         [cname(1, target(1, "dkim-wild-key")),
          ("*", "TXT", text("v=spf1 -all"))]),
    m365("dkim-no-mail", "a wildcard with an empty key", "", "",
         [("*._domainkey", "TXT", text("v=DKIM1; p="))], [],
         both="NO_MAIL_DOMAIN:note", must_not="DKIM_KEY_REVOKED"),

    # -- not by its MX -----------------------------------------------------
    m365("dkim-gateway", "--m365 behind another's MX", OK, INACTIVE,
         pair("dkim-gateway"), mx=GATEWAY, args=["--m365"]),
    m365("dkim-gateway-none", "--m365 behind another's MX, no CNAMEs", "", "",
         [], [], mx=GATEWAY, args=["--m365"], both="DEFAULT_SIGNING:warn"),
    slip("dkim-gateway-wrong", "--m365, and the second target is another's",
         ALIEN, target(2, "dkim-gateway-wrong", "fabrikam.onmicrosoft.com."),
         mx=GATEWAY, args=["--m365"]),
    S("dkim-gateway-unasked", "nobody said Microsoft 365: no word of its "
      "CNAMEs", Host(), records=[cname(1, "nowhere.example.")],
      dkim={None: "NOT_ASKED:note"}, exo=TLS, rfc=TLS, status="ok"),
    S("dkim-unasked-required", "the same where DKIM is required",
      domain="dkim-gateway-unasked.example", exo=TLS, rfc=TLS,
      dkim={None: "NOT_ASKED:unknown"}, status="unknown", exits=3,
      judge_args=["--require", "dkim"]),
    m365("dkim-gcc", "GCC High by its MX, whatever its label is", OK,
         INACTIVE, pair("dkim-gcc", GCC), [target(1, "dkim-gcc", GCC)],
         mx=GCC_MX.replace("{id}", "gcc-by-another-label")),
    m365("dkim-gcc-asked", "--gcc-high behind another's MX", OK, INACTIVE,
         pair("dkim-gcc-asked", GCC), [target(1, "dkim-gcc-asked", GCC)],
         mx=GATEWAY, args=["--gcc-high"]),
    m365("dkim-gcc-com", "GCC High with the targets of the other cloud",
         *[Said(WRONG, words=["of another cloud", "onmicrosoft.us", SHOWN])]
         * 2, pair("dkim-gcc-com"), mx=GCC_MX),
    slip("dkim-gcc-wrong", "GCC High, the identifier of another domain",
         ALIEN_ID, target(2, "fabrikam", GCC),
         target(1, "dkim-gcc-wrong", GCC),
         mx=GCC_MX),

    # -- keys behind the targets -------------------------------------------
    m365("dkim-1024", "the active key has 1024 bits",
         Said("OK:ok KEY_1024:warn", words=[ROTATED, "96 hours"],
              key="rsa 1024"), INACTIVE, pair("dkim-1024"),
         key=text("v=DKIM1; k=rsa; p={rsa-1024}")),
    m365("dkim-512", "the active key has 512 bits",
         Said("KEY_SHORT:fail", words=ROTATED, key="rsa 512"), INACTIVE,
         pair("dkim-512"), key=text("v=DKIM1; k=rsa; p={rsa-512}")),
    m365("dkim-bad-key", "the active key is none",
         Said("KEY_MALFORMED:fail"), INACTIVE, pair("dkim-bad-key"),
         key=text("v=DKIM1; p={rsa-2048.cut}")),
    m365("dkim-testing", "the active key says that it is a test",
         "OK:ok KEY_TESTING:note", INACTIVE, pair("dkim-testing"),
         key=text("v=DKIM1; t=y; p={rsa-2048}")),

    # -- selectors of one's own --------------------------------------------
    healthy("dkim-selector", "a selector of one's own", Host("3 1 1"),
            EE, dkim={"s1": Said(OK, dnssec="secure", key="rsa 2048")},
            args=["--selector", "s1"], records=[key_at("s1")]),
    selected("dkim-own-missing", "a selector that is not there",
             {"s1": OK, "s2": "SELECTOR_MISSING:fail"}, [key_at("s1")]),
    selected("dkim-own-cname", "a bulk mailer's CNAME",
             {"s1": Said(OK, dnssec="insecure"),
              "s2": "SELECTOR_MISSING:fail"},
             [(f"s{n}._domainkey", "CNAME", f"s{n}.mailer.example.")
              for n in (1, 2)],
             extra=[Zone("mailer.example.", signed=False, lines=[
                 f"s1.mailer.example. 3600 IN TXT {KEY_TXT}"])]),
    selected("dkim-dotted", "a selector of two labels",
             {"mail.s1": Said(OK, dnssec="secure")}, [key_at("mail.s1")]),
    selected("dkim-keys", "records of all kinds", of_domain("dkim-keys"),
             [(each.name + "._domainkey", *record)
              for each in KEYS for record in each.records]),
    selected("dkim-ed25519", "an Ed25519 key, and none of RSA beside",
             {"s1": Said("OK:ok ED25519_ONLY:warn", key="ed25519 256")},
             [key_at("s1", text("v=DKIM1; k=ed25519; p={ed25519}"))]),
    selected("dkim-ed25519-both", "an RSA key under another selector",
             {"s1": Said(OK, key="ed25519 256"), "s2": OK},
             [key_at("s1", text("v=DKIM1; k=ed25519; p={ed25519}")),
              key_at("s2")], must_not="DKIM_ED25519_ONLY"),
    selected("dkim-revoked", "the only selector asked for is revoked",
             {"s1": "KEY_REVOKED:warn"},
             [key_at("s1", text("v=DKIM1; p="))],
             must_not="DKIM_NO_MAIL_DOMAIN"),
    selected("dkim-revoked-old", "another has a key",
             {"s1": "KEY_REVOKED:note", "s2": OK},
             [key_at("s1", text("v=DKIM1; p=")), key_at("s2")]),

    S("dkim-guess-revoked", "two that are guessed are revoked, and no "
      "wildcard", Host("3 1 1"), args=["--guess-selectors"],
      records=[key_at(selector, text("v=DKIM1; p="))
               for selector in ("default", "google")],
      dkim={"default": "KEY_REVOKED:warn", "google": "KEY_REVOKED:warn"},
      exo=AUTH, rfc=AUTH, status="warn", exits=0,
      must_not="DKIM_NO_MAIL_DOMAIN"),
    S("dkim-guess-revoked-required", "the same where DKIM is required: "
      "another selector may sign", domain="dkim-guess-revoked.example",
      args=["--guess-selectors"], judge_args=["--require", "dkim"], exo=AUTH,
      rfc=AUTH, status="unknown", exits=3,
      dkim={"default": "KEY_REVOKED:warn", "google": "KEY_REVOKED:warn",
            None: Said("GUESS_NONE:unknown", words="has a usable key")}),
    S("dkim-guess-wild", "a wildcard has a key for every selector",
      Host("3 1 1"), records=[key_at("*")], args=["--guess-selectors"],
      dkim={"*": Said(OK, words="a wildcard has this record for every")},
      exo=AUTH, rfc=AUTH, status="ok", exits=0,
      must_not="DKIM_GUESS_NONE"),

    # -- DNSSEC, and what else is broken -----------------------------------
    selected("dkim-unsigned", "the zone is not signed",
             {"s1": Said(OK, dnssec="insecure", status="ok")},
             [key_at("s1")], zone={"signed": False}, hosts=[Host()],
             exo=TLS, rfc=TLS),
    selected("dkim-bogus", "the signature over the key record does not fit",
             {"s1": Said("", dnssec="bogus", status="fail"),
              "s2": Said(OK, dnssec="secure", status="ok")},
             [key_at("s1"), key_at("s2")],
             must="DNSSEC_RRSIG_INVALID:fail", status="fail", exits=1,
             zone={"tamper": [("invalid", "s1._domainkey", "TXT")]}),
    selected("dkim-bogus-target", "the provider's signature has expired",
             {"s1": Said("", dnssec="bogus", status="fail")},
             [("s1._domainkey", "CNAME", "s1.bogus-mailer.example.")],
             must="DNSSEC_RRSIG_EXPIRED:fail", status="fail", exits=1,
             extra=[Zone("bogus-mailer.example.", lines=[
                 f"s1.bogus-mailer.example. 3600 IN TXT {KEY_TXT}"],
                         tamper=[("expired", "s1", "TXT")])]),
    m365("dkim-bogus-cname", "the second CNAME without its signature", OK,
         Said("", dnssec="bogus", status="fail"), pair("dkim-bogus-cname"),
         must="DNSSEC_RRSIG_MISSING:fail", status="fail", exits=1,
         zone={"tamper": [("missing", "selector2._domainkey", "CNAME")]}),
    selected("dkim-null-mx", "no mail is taken; DKIM is judged all the same",
             {"s1": OK, "s2": "KEY_SHORT:fail"},
             [("@", "MX", "0 ."), key_at("s1"),
              key_at("s2", text("v=DKIM1; p={rsa-512}"))], hosts=[],
             must="MX_NULL:note", exo="not-applicable", rfc="not-applicable"),
    selected("dkim-null-mx-none", "the proper statement: no mail, no key",
             {"s1": "", None: "NO_MAIL_DOMAIN:note"},
             [("@", "MX", "0 ."),
              ("*._domainkey", "TXT", text("v=DKIM1; p="))], hosts=[],
             must="MX_NULL:note", exo="not-applicable", rfc="not-applicable"),
    S("dkim-null-mx-m365", "no mail is taken, and --m365",
      records=[("@", "MX", "0 ."), *pair("dkim-null-mx-m365")[:1]],
      dkim={"selector1": INACTIVE, "selector2": MISSING}, args=["--m365"],
      must="MX_NULL:note", exo="not-applicable", rfc="not-applicable",
      status="fail", exits=1, extra=providers()),
    m365("dkim-refused", "nobody listens at the MX host; DKIM is in order",
         Said(OK, status="ok"), INACTIVE, pair("dkim-refused"),
         smtp="refused", must="SMTP_CONNECTION_REFUSED:unknown",
         exo="unknown", rfc="unknown", status="unknown", exits=3),
    selected("dkim-zone-bogus", "the DS has the digest of no key",
             {"s1": Said("", dnssec="bogus", status="fail")}, [key_at("s1")],
             must="DNSSEC_DS_NO_DNSKEY:fail", zone={"ds": "wrong"},
             exo="deferred", rfc="deferred", code="5.7.324", status="fail",
             exits=1),
    selected("dkim-no-path", "the mail path is broken, the key is not",
             {"s1": Said(OK, status="ok"), "s2": "SELECTOR_MISSING:fail"},
             [key_at("s1")], hosts=[Host("3 1 1 other")],
             must="DANE_NO_MATCH:fail DANE_ALL_HOSTS_FAIL:fail",
             exo="deferred", rfc="deferred", code="5.7.323"),
    selected("dkim-no-mx", "neither MX nor address, and a good key",
             {"s1": Said(OK, status="ok")}, [key_at("s1")], hosts=[],
             must="MX_NONE:fail", exo="bounced", rfc="bounced",
             code="5.4.310", status="fail", exits=1),
    selected("dkim-mx-bogus", "the signature over MX has expired; the key's "
             "is good", {"s1": Said(OK, dnssec="secure", status="ok")},
             [key_at("s1")], must="DNSSEC_RRSIG_EXPIRED:fail",
             zone={"tamper": [("expired", "@", "MX")]}, exo="deferred",
             rfc="deferred", code="5.7.324", status="fail", exits=1),
]
