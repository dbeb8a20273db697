# SPDX-License-Identifier: ISC
"""Signed zones for the laboratory: keys, delegations, and what breaks them.

A zone is signed whole and correctly, by ldns-signzone (dnssec-signzone where
true NSEC3 opt-out spans are wanted).  What is wrong in a scenario is then put
into the signed text: a signature taken from a copy signed with other dates,
one removed, one with a bit turned.  Nothing else of the zone changes.
"""

import base64
import hashlib
import os
import re
import struct
import subprocess
import time

DAY = 86400
TTL = 3600
ALGORITHMS = {5: "RSASHA1", 8: "RSASHA256", 13: "ECDSAP256SHA256",
              14: "ECDSAP384SHA384", 15: "ED25519",
              "8-1024": "RSASHA256"}
# Name servers by the addresses they answer on.
ROOT_ADDRESS, TLD_ADDRESS, LEAF_ADDRESS = "127.53.1.1", "127.53.1.2", \
    "127.53.1.3"
SECONDARY_ADDRESS = "127.53.1.4"
# Name servers that treat questions for TLSA badly (dnsd.py), by behaviour.
BAD_SERVERS = {"servfail": "127.53.2.1", "refused": "127.53.2.2",
               "drop": "127.53.2.3"}


class Zone:
    """One zone: its text, how it is signed, and what is then broken.

    alg      of ALGORITHMS
    ds       good, none, wrong (a digest of no key), alien (a key tag of
             nobody), sha1 (digest type 1 only), unsupported (algorithm);
             beside a good one: two-algorithms, revoked
    denial   nsec, nsec3, or opt-out
    tamper   [(what, name, type)]: expired, future, missing, invalid of the
             RRSIGs of one set; drop of the set itself; name and type "*"
             stand for all
    cds      what the zone asks of its parent: same, delete, next (the DS of
             another key beside the present one), alien (of that alone)
    standby  another ZSK is published that signs nothing
    server   nsd, or one of BAD_SERVERS
    stale    a list as tamper: a second name server has the zone, and there
             this is broken besides; also old-keys (the DNSKEY set with
             another ZSK) and other-signer (a set signed by another ZSK)
    """

    def __init__(self, name, lines=(), alg=13, signed=True, ds="good",
                 denial="nsec", tamper=(), server="nsd", stale=None,
                 cds=None, standby=False,
                 inception=-2 * DAY, expiration=14 * DAY):
        self.name = name
        self.lines = list(lines)
        self.alg = alg
        self.signed = signed
        self.ds = ds if signed or ds == "wrong" else "none"
        self.denial = denial
        self.tamper = list(tamper)
        self.server = server
        self.stale = stale
        self.cds = cds
        self.standby = standby
        self.inception = inception
        self.expiration = expiration

    def add(self, name, rtype, rdata, ttl=TTL):
        """One record; a name without final dot is relative, @ the apex."""
        self.lines.append(f"{self.absolute(name)} {ttl} IN {rtype} {rdata}")

    def absolute(self, name):
        if name == "@":
            return self.name
        if name.endswith("."):
            return name
        return name + "." + ("" if self.name == "." else self.name)

    def parent(self):
        """The name of the zone above, by labels; the root's is None."""
        if self.name == ".":
            return None
        return self.name.split(".", 1)[1] or "."


def wire_name(name):
    out = b""
    for label in name.lower().rstrip(".").split("."):
        if label:
            out += bytes([len(label)]) + label.encode()
    return out + b"\0"


def key_tag(rdata):
    """RFC 4034 appendix B."""
    total = sum(octet << 8 if i % 2 == 0 else octet
                for i, octet in enumerate(rdata))
    return (total + (total >> 16)) & 0xffff


def dnskey_rdata(text):
    """The wire form of '257 3 13 base64…'."""
    flags, protocol, algorithm, key = text.split(None, 3)
    return struct.pack("!HBB", int(flags), int(protocol), int(algorithm)) \
        + base64.b64decode("".join(key.split()))


def ds_text(owner, dnskey, digest_type=2, digest=None):
    rdata = dnskey_rdata(dnskey)
    function = {1: hashlib.sha1, 2: hashlib.sha256, 4: hashlib.sha384}
    if digest is None:
        digest = function[digest_type](wire_name(owner) + rdata).hexdigest()
    return f"{key_tag(rdata)} {rdata[3]} {digest_type} {digest}"


class Keys:
    """One KSK and one ZSK per algorithm, shared by all zones using it."""

    def __init__(self, folder):
        self.folder = folder
        self.sets = {}
        os.makedirs(folder, exist_ok=True)

    def _generate(self, arguments):
        base = subprocess.run(
            ["ldns-keygen", "-r", "/dev/urandom"] + arguments + ["."],
            cwd=self.folder, check=True, capture_output=True,
            text=True).stdout.strip()
        path = os.path.join(self.folder, base)
        with open(path + ".key", encoding="ascii") as file:
            text = file.read().split(";")[0].split("DNSKEY", 1)[1].strip()
        return path, text

    def of(self, alg, role="zone"):
        """[(path, DNSKEY text)] of the KSK and the ZSK."""
        if (alg, role) not in self.sets:
            args = ["-a", ALGORITHMS[alg]]
            if ALGORITHMS[alg].startswith("RSA"):
                args += ["-b", "1024" if alg == "8-1024" else "2048"]
            self.sets[alg, role] = [self._generate(args + ["-k"]),
                                    self._generate(args)]
        return self.sets[alg, role]


def utc(seconds):
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))


class Forge:
    """Signs zones into a folder, and delegates the children."""

    def __init__(self, folder):
        self.folder = folder
        self.keys = Keys(os.path.join(folder, "keys"))
        self.now = int(time.time())
        os.makedirs(folder, exist_ok=True)

    def file(self, zone, suffix=""):
        name = zone.name.rstrip(".") or "root"
        return os.path.join(self.folder, name + ".zone" + suffix)

    def anchor(self, zone):
        """The trust anchor of a zone, as a DS line."""
        ksk = self.keys.of(zone.alg)[0][1]
        return f"{zone.name} {TTL} IN DS {ds_text(zone.name, ksk)}\n"

    def delegate(self, parent, child):
        server = child.server
        if child.name.count(".") == 1:
            # Top-level zones live beside the root, under names of their own.
            parent.add(child.name, "NS", f"ns.{child.name}")
            parent.add(f"ns.{child.name}", "A", TLD_ADDRESS)
        elif server == "nsd":
            parent.add(child.name, "NS", "ns.nic.example.")
            if child.stale is not None:
                parent.add(child.name, "NS", "ns-second.nic.example.")
        else:
            parent.add(child.name, "NS", f"ns-{server}.nic.example.")
        self.wish(child)
        if child.standby:
            child.add("@", "DNSKEY", self.keys.of(13, "alien")[1][1])
        if child.ds == "none":
            return
        ksk = self.keys.of(child.alg)[0][1]
        if child.ds == "good":
            text = ds_text(child.name, ksk)
        elif child.ds == "sha1":
            text = ds_text(child.name, ksk, 1)
        elif child.ds == "wrong":
            text = ds_text(child.name, ksk, 2, "00" * 32)
        elif child.ds == "alien":
            text = ds_text(child.name, self.keys.of(13, "alien")[0][1])
        elif child.ds == "unsupported":
            tag, _, rest = ds_text(child.name, ksk).split(" ", 2)
            text = f"{tag} 17 {rest}"
        else:
            text = ds_text(child.name, ksk)
            parent.add(child.name, "DS", self.second_ds(child))
        parent.add(child.name, "DS", text)

    def wish(self, child):
        """The zone's CDS records."""
        present = ds_text(child.name, self.keys.of(child.alg)[0][1])
        alien = ds_text(child.name, self.keys.of(13, "alien")[0][1])
        for text in {None: [], "delete": ["0 0 0 00"], "same": [present],
                     "next": [present, alien], "alien": [alien]}[child.cds]:
            child.add("@", "CDS", text)

    def second_ds(self, child):
        """The DS beside the good one."""
        if child.ds == "two-algorithms":
            return ds_text(child.name, self.keys.of(15, "alien")[0][1])
        assert child.ds == "revoked"
        # RFC 5011 2.1: the same key with another flag, and so another tag.
        key = self.keys.of(child.alg, "old")[0][1]
        child.add("@", "DNSKEY", "385 " + key.split(" ", 1)[1])
        return ds_text(child.name, key)

    def apex(self, zone):
        if zone.name == ".":
            server = "ns.root-servers."
            zone.add("ns.root-servers.", "A", ROOT_ADDRESS)
        elif zone.name.count(".") == 1:
            server = "ns." + zone.name
            zone.add(server, "A", TLD_ADDRESS)
        else:
            suffix = "" if zone.server == "nsd" else "-" + zone.server
            server = f"ns{suffix}.nic.example."
        servers = [server] if zone.stale is None \
            else [server, "ns-second.nic.example."]
        return [f"{zone.name} {TTL} IN SOA {server} hostmaster.nic.example. "
                f"1 3600 600 864000 300"] \
            + [f"{zone.name} {TTL} IN NS {each}" for each in servers]

    def sign_once(self, zone, suffix, inception, expiration, pair=None):
        """Sign a copy; the lines of the signed zone."""
        plain, out = self.file(zone), self.file(zone, suffix)
        keys = []
        for path, text in pair or self.keys.of(zone.alg):
            # The file's name and owner are the zone's, the key is shared.
            tag = os.path.basename(path).split(".", 1)[1]
            label = zone.name.rstrip(".")
            base = os.path.join(self.folder, "keys", f"K{label}.{tag}")
            if not os.path.exists(base + ".key") or zone.name == ".":
                with open(base + ".key", "w", encoding="ascii") as file:
                    file.write(f"{zone.name} {TTL} IN DNSKEY {text}\n")
            if not os.path.exists(base + ".private"):
                os.symlink(path + ".private", base + ".private")
            keys.append(base)
        start, end = utc(self.now + inception), utc(self.now + expiration)
        if zone.denial == "opt-out":
            with open(plain, encoding="ascii") as file:
                text = file.read()
            with open(plain + ".keys", "w", encoding="ascii") as file:
                file.write(text)
                for _, key in self.keys.of(zone.alg):
                    file.write(f"{zone.name} {TTL} IN DNSKEY {key}\n")
            command = ["dnssec-signzone", "-3", "-", "-A", "-H", "0", "-P",
                       "-O", "full", "-d", self.folder, "-s", start, "-e",
                       end, "-o", zone.name, "-f", out, "-k", keys[0],
                       plain + ".keys", keys[1]]
        else:
            command = ["ldns-signzone", "-i", start, "-e", end, "-o",
                       zone.name, "-f", out]
            if zone.denial == "nsec3":
                command += ["-n", "-t", "0"]
            command += [plain] + keys
        done = subprocess.run(command, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
        with open(out, encoding="ascii") as file:
            return file.read().splitlines()

    def write(self, zone):
        """Write FILE.zone, and FILE.zone.signed for the name server."""
        with open(self.file(zone), "w", encoding="ascii") as file:
            file.write("\n".join(self.apex(zone) + zone.lines) + "\n")
        if zone.signed:
            lines = self.sign_once(zone, ".good", zone.inception,
                                    zone.expiration)
            for what, name, rtype in zone.tamper:
                lines = self._tamper(zone, lines, what, name, rtype)
        else:
            lines = self.apex(zone) + zone.lines
        self._store(zone, ".signed", lines)
        if zone.stale is not None:
            for what, name, rtype in zone.stale:
                lines = self._tamper(zone, lines, what, name, rtype)
            self._store(zone, ".second", lines)

    def _store(self, zone, suffix, lines):
        with open(self.file(zone, suffix), "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")

    def _other_zsk(self, zone):
        """A copy that the same KSK and another ZSK have signed."""
        pair = [self.keys.of(zone.alg)[0], self.keys.of(zone.alg, "zsk")[1]]
        return self.sign_once(zone, ".other", zone.inception,
                               zone.expiration, pair)

    def _tamper(self, zone, lines, what, name, rtype):
        owner = zone.absolute(name) if name != "*" else "*"
        if what == "drop":
            return [line for line in lines
                    if not record_is(line, owner, rtype)
                    and not signature_of(line, owner, rtype)]
        if what == "missing":
            return [line for line in lines
                    if not signature_of(line, owner, rtype)]
        if what == "invalid":
            return [spoil(line) if signature_of(line, owner, rtype) else line
                    for line in lines]
        if what == "old-keys":
            return [line for line in lines
                    if not record_is(line, zone.name, "DNSKEY")
                    and not signature_of(line, zone.name, "DNSKEY")] \
                + [line for line in self._other_zsk(zone)
                   if record_is(line, zone.name, "DNSKEY")
                   or signature_of(line, zone.name, "DNSKEY")]
        if what == "other-signer":
            return [line for line in lines
                    if not signature_of(line, owner, rtype)] \
                + [line for line in self._other_zsk(zone)
                   if signature_of(line, owner, rtype)]
        dates = {"expired": (-30 * DAY, -3 * DAY),
                 "future": (3 * DAY, 30 * DAY)}[what]
        copy = self.sign_once(zone, "." + what, *dates)
        return [line for line in lines
                if not signature_of(line, owner, rtype)] \
            + [line for line in copy if signature_of(line, owner, rtype)]


def record_is(line, owner, rtype):
    fields = line.split()
    return len(fields) > 3 and owner in ("*", fields[0]) \
        and fields[3] == rtype


def signature_of(line, owner, rtype):
    """Is the line an RRSIG over that set?"""
    fields = line.split()
    return len(fields) > 4 and fields[3] == "RRSIG" \
        and owner in ("*", fields[0]) and rtype in ("*", fields[4])


def spoil(line):
    """Turn some bits of the signature's text, keeping its length."""
    match = re.match(r"(.*\s)(\S)(\S+)(\s*(?:;.*)?)$", line)
    first = "B" if match.group(2) != "B" else "C"
    return match.group(1) + first + match.group(3) + match.group(4)
