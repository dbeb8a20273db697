# SPDX-License-Identifier: ISC
"""The laboratory: name servers, resolvers and mail servers of one run.

Everything lives in the namespaces that `run` made and in one folder.
"""

import concurrent.futures
import json
import os
import pwd
import socket
import struct
import subprocess
import sys
import time

import exim
from certs import DAY, Authority, association, der
from keyring import KeyRing
from model import EXIM, NOBODY, POSTFIX
from zones import BAD_SERVERS, LEAF_ADDRESS, ROOT_ADDRESS, \
    SECONDARY_ADDRESS, TLD_ADDRESS, Forge, Zone, wire_name

HERE = os.path.dirname(os.path.abspath(__file__))
RESOLVER, STRIPPING, SILENT = "127.53.0.1", "127.53.0.2", "127.53.0.3"
CLOSED, NO_TLSA = ("127.53.0.5", "127.53.0.6"), "127.53.0.7"
STALE = "127.53.0.8"    # it has seen only the second server of some zones
LENIENT = "127.53.0.9"
LOSSY = "127.53.0.10"
NOTHING = "127.53.0.11"
FAILS_TLSA, DROPS_TLSA = "127.53.0.12", "127.53.0.13"
SECOND = "127.53.0.4"   # the first resolver once more, as another upstream
LOST, UNROUTABLE = "192.0.2.99", "192.0.2.66"
PROGRAMS = {"nsd": "nsd", "nsd-checkconf": "nsd",
            "nsd-checkzone": "nsd", "named-checkzone": "bind9-utils",
            "unbound": "unbound",
            "postconf": "postfix", "posttls-finger": "postfix",
            "ldns-signzone": "ldnsutils",
            "ldns-keygen": "ldnsutils", "dnssec-signzone": "bind9-utils",
            "certtool": "gnutls-bin", "openssl": "openssl",
            "opendkim-testkey": "opendkim-tools", "ip": "iproute2",
            "unshare": "util-linux", "mount": "mount"}
SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")


class LaboratoryError(Exception):
    """One line for the person who started the run."""


def call(*command):
    done = subprocess.run(command, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise LaboratoryError(f"{' '.join(command)}: "
                              f"{done.stderr.strip() or done.returncode}")
    return done.stdout.strip()


def write(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def question(name, rtype):
    return struct.pack("!HHHHHH", 4711, 0x0100, 1, 0, 0, 0) \
        + wire_name(name) + struct.pack("!HH", rtype, 1)


class Laboratory:
    """Builds zones and certificates, starts the servers, stops them."""

    def __init__(self, folder, scenarios):
        self.folder = folder
        self.scenarios = scenarios
        self.children = []
        self.logs = []
        self.scripted = []
        self.real = []
        self.own_addresses = set()
        self.stale = []
        self.keyring = KeyRing(self.path("dkim"))
        self.forge = self.authority = None      # made later

    def path(self, *names):
        return os.path.join(self.folder, *names)

    # -- the network -----------------------------------------------------

    def network(self):
        call("ip", "link", "set", "lo", "up")
        # A "public" address and default routes that end in this namespace:
        # programs that look for a route find one, packets to strangers
        # vanish.
        call("ip", "addr", "add", "203.0.113.10/32", "dev", "lo")
        call("ip", "route", "add", "default", "dev", "lo", "src",
             "203.0.113.10")
        call("ip", "route", "add", "unreachable", UNROUTABLE)
        call("ip", "-6", "addr", "add", "2001:db8::10/128", "dev", "lo")
        call("ip", "-6", "route", "add", "default", "dev", "lo")
        resolv = write(self.path("resolv.conf"), f"nameserver {RESOLVER}\n")
        call("mount", "--bind", resolv, os.path.realpath("/etc/resolv.conf"))
        socket.sethostname("client.lab.example")

    # -- addresses, certificates, TLSA ------------------------------------

    def assign(self):
        """Give every host its name and its addresses."""
        for i, scenario in enumerate(self.scenarios):
            for j, host in enumerate(scenario.hosts):
                host.fqdn = scenario.zone.absolute(host.name).rstrip(".")
                if host.smtp == "lost":
                    host.addresses = [LOST]
                elif host.smtp == "unroutable":
                    host.addresses = [UNROUTABLE]
                elif not host.addresses:
                    if "4" in host.ip:
                        host.addresses.append(
                            f"127.{25 + i // 250}.{i % 250 + 1}.{j + 1}")
                    if "6" in host.ip:
                        host.addresses.append(f"fd00::25:{i + 1:x}:{j + 1}")
                if host.smtp in NOBODY:
                    continue
                for address in host.addresses:
                    self.own_addresses.add(address)

    def certify(self, authority, host):
        """Certificates of one host: its chain file and TLSA texts."""
        dates = {"expired": (-90 * DAY, -5 * DAY),
                 "future": (5 * DAY, 95 * DAY),
                 "soon": (-85 * DAY, 5 * DAY)}.get(
                     host.cert, (-30 * DAY, 60 * DAY))
        names = [host.fqdn]
        if host.cert == "name":
            names = ["mail.elsewhere.example"]
        leaves = []
        base = f"{host.fqdn}-{host.addresses[0]}"
        if host.cert != "rsa":
            leaves.append(authority.leaf(
                base, names, "ec", *dates,
                self_signed=host.cert == "self"))
        if host.cert in ("rsa", "dual"):
            leaves.append(authority.leaf(base + "-rsa", names, "rsa2048",
                                         *dates))
        above = "".join({"intermediate": authority.intermediate,
                         "root": authority.root}[each]
                        for each in host.chain if host.cert != "self")
        host.chain_texts = [key + pem + above for key, pem in leaves]
        host.chain_file = write(self.path("certs", base + ".chain"),
                                "".join(host.chain_texts), 0o600)
        certificates = self.next_certificate(authority, host, base, above)
        certificates |= {
            "leaf": der(leaves[0][1]), "rsa": der(leaves[-1][1]),
            "root": der(authority.root), "other": der(authority.stranger),
            "intermediate": der(authority.intermediate)}
        return [self.tlsa(text, certificates) for text in host.tlsa]

    def next_certificate(self, authority, host, base, above):
        """That of a host whose records know it already."""
        if not any(text.endswith(" next") for text in host.tlsa):
            return {}
        _, pem = authority.leaf(base + "-next", [host.fqdn])
        host.next_file = write(self.path("certs", base + "-next.chain"),
                               pem + above)
        return {"next": der(pem)}

    @staticmethod
    def tlsa(text, certificates):
        if text.startswith("="):
            return text[1:].strip()
        fields = text.split()
        usage, selector, matching = (int(each) for each in fields[:3])
        of = fields[3] if len(fields) > 3 \
            else "root" if usage in (0, 2) else "leaf"
        data = association(certificates[of], selector, matching)
        return f"{usage} {selector} {matching} {data}"

    def certificates(self):
        authority = self.authority = Authority(self.path("certs"))
        hosts = [(scenario, host) for scenario in self.scenarios
                 for host in scenario.hosts]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            texts = list(pool.map(
                lambda pair: self.certify(authority, pair[1]), hosts))
        for (scenario, host), records in zip(hosts, texts):
            self.publish(scenario, host, records)

    @staticmethod
    def publish(scenario, host, tlsa):
        """The records of one mail server."""
        zone = scenario.zone
        if scenario.mx:
            zone.add("@", "MX", f"{host.pref} {host.fqdn}.")
        owner = host.fqdn + "."
        for other in scenario.extra:    # a provider's host
            if owner.endswith("." + other.name):
                zone = other
        if host.alias:
            target = zone.absolute(host.alias)
            zone.add(owner, "CNAME", target)
            owner = target
        for address in host.addresses:
            zone.add(owner, "AAAA" if ":" in address else "A", address)
        if host.tlsa_at == host.name:   # not where the alias leads
            owner = host.fqdn + "."
        wildcard = host.tlsa_at and host.tlsa_at.startswith("*")
        owner = (host.tlsa_at if wildcard else "_25._tcp") + "." + owner
        if host.tlsa_at and host.tlsa_at != host.name and not wildcard:
            target = zone.absolute(host.tlsa_at)
            zone.add(owner, "CNAME", target)
            owner = target
        for other in scenario.extra:    # it may be somebody else's
            if owner.endswith("." + other.name):
                zone = other
        for text in tlsa:
            zone.add(owner, "TLSA", text, host.ttl)

    # -- zones and name servers --------------------------------------------

    def zones(self):
        forge = self.forge = Forge(self.path("zones"))
        root = Zone(".", alg=8)
        tlds = {name: Zone(name + ".", alg=alg, denial=denial)
                for name, alg, denial in (("example", 13, "nsec"),
                                          ("test", 13, "opt-out"),
                                          ("com", 8, "nsec3"),
                                          ("microsoft", 8, "nsec"),
                                          ("us", 8, "nsec3"))}
        self.tlds = tlds
        tlds["example"].add("ns.nic.example.", "A", LEAF_ADDRESS)
        tlds["example"].add("ns-second.nic.example.", "A", SECONDARY_ADDRESS)
        for behaviour, address in BAD_SERVERS.items():
            tlds["example"].add(f"ns-{behaviour}.nic.example.", "A", address)
        leaves = {}
        for scenario in self.scenarios:
            for zone in ([scenario.zone] if scenario.zone else []) \
                    + scenario.extra:
                if zone.name in leaves:
                    leaves[zone.name].lines += zone.lines
                else:
                    leaves[zone.name] = zone
        for zone in leaves.values():
            zone.lines = [self.keyring.fill(line) for line in zone.lines]
        # Keys first: the pool below must not make them twice.
        for zone in [root] + list(tlds.values()) + list(leaves.values()):
            forge.keys.of(zone.alg)
            if zone.stale is not None:
                forge.keys.of(zone.alg, "zsk")
        forge.keys.of(13, "alien")
        for zone in leaves.values():
            parent = leaves.get(zone.parent()) \
                or tlds[zone.parent().rstrip(".")]
            forge.delegate(parent, zone)
        for zone in tlds.values():
            forge.delegate(root, zone)
        top = [root] + list(tlds.values())
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(forge.write, top + list(leaves.values())))
        write(self.path("root.anchor"), forge.anchor(root))
        self.nsd("top", [ROOT_ADDRESS, TLD_ADDRESS],
                 [(zone.name, forge.file(zone, ".signed")) for zone in top])
        self.nsd("leaf", [LEAF_ADDRESS],
                 [(zone.name, forge.file(zone, ".signed"))
                  for zone in leaves.values()])
        self.stale = [zone.name for zone in leaves.values()
                      if zone.stale is not None]
        self.nsd("second", [SECONDARY_ADDRESS],
                 [(zone.name, forge.file(zone, ".second"))
                  for zone in leaves.values() if zone.stale is not None])

    def nsd(self, name, addresses, zones):
        state = self.path("nsd-" + name)
        os.makedirs(state)
        lines = ["server:", '  username: ""', '  chroot: ""',
                 "  server-count: 1", f'  zonesdir: "{state}"',
                 '  database: ""', f'  pidfile: "{state}/pid"',
                 f'  xfrdfile: "{state}/xfrd.state"',
                 f'  xfrdir: "{state}"',
                 f'  zonelistfile: "{state}/zone.list"',
                 f'  logfile: "{state}/log"', "  rrl-ratelimit: 0",
                 "  verbosity: 1", "  minimal-responses: yes",
                 # Many questions at once on a busy machine must not be lost.
                 "  receive-buffer-size: 4194304",
                 "  send-buffer-size: 4194304"]
        lines += [f"  ip-address: {address}" for address in addresses]
        lines += ["remote-control:", "  control-enable: no"]
        for zone, file in zones:
            lines += ["zone:", f'  name: "{zone}"', f'  zonefile: "{file}"']
        conf = write(state + ".conf", "\n".join(lines) + "\n")
        self.start("nsd-" + name, ["nsd", "-d", "-c", conf])

    def unbound(self, name, addresses, stubs=()):
        """A validating resolver; of some zones it knows one server only."""
        state = self.path(name)
        os.makedirs(state)
        interfaces = "".join(f"  interface: {each}\n" for each in addresses)
        stub = "".join(f"stub-zone:\n  name: {zone}\n  stub-addr: {address}\n"
                       for zone, address in stubs)
        hints = write(state + "/root.hints",
                      ". 3600 NS ns.root-servers.\n"
                      f"ns.root-servers. 3600 A {ROOT_ADDRESS}\n")
        conf = write(state + "/unbound.conf", f"""server:
  username: ""
  chroot: ""
  directory: "{state}"
  pidfile: "{state}/pid"
  use-syslog: no
  logfile: "{state}/log"
{interfaces}  access-control: 127.0.0.0/8 allow
  access-control: 203.0.113.0/24 allow
  do-not-query-localhost: no
  do-ip6: no
  module-config: "validator iterator"
  trust-anchor-file: "{self.path('root.anchor')}"
  root-hints: "{hints}"
  val-sig-skew-min: 0
  val-sig-skew-max: 0
  val-log-level: 2
  ede: yes
  prefetch: no
  log-servfail: yes
  so-rcvbuf: 4m
  so-sndbuf: 4m
  # The servers that drop questions are given up within seconds.
  infra-cache-max-rtt: 1000
  infra-host-ttl: 0
  local-zone: "test." nodefault
  num-threads: 1
remote-control:
  control-enable: no
{stub}""")
        self.start(name, ["unbound", "-d", "-p", "-c", conf])

    def bad_servers(self):
        """Name servers and resolvers that misbehave, in one process."""
        plan = {address: {"mode": behaviour, "upstream": LEAF_ADDRESS}
                for behaviour, address in BAD_SERVERS.items()}
        plan[STRIPPING] = {"mode": "strip", "upstream": RESOLVER}
        plan[SILENT] = {"mode": "silent", "upstream": RESOLVER}
        for address in CLOSED:
            plan[address] = {"mode": "closed", "upstream": RESOLVER}
        plan[LENIENT] = {"mode": "lenient", "upstream": RESOLVER,
                         "instead": LEAF_ADDRESS}
        plan[NOTHING] = {"mode": "nothing", "upstream": RESOLVER}
        plan[LOSSY] = {"mode": "lossy", "upstream": RESOLVER}
        plan[NO_TLSA] = {"mode": "refused", "upstream": RESOLVER}
        plan[FAILS_TLSA] = {"mode": "servfail", "upstream": RESOLVER}
        plan[DROPS_TLSA] = {"mode": "drop", "upstream": RESOLVER}
        self.start("dnsd", [sys.executable, "-B",
                            os.path.join(HERE, "dnsd.py"), json.dumps(plan)])

    # -- mail servers ------------------------------------------------------

    def mail(self):
        for address in sorted(self.own_addresses):
            if not address.startswith("127."):
                bits = "/128" if ":" in address else "/32"
                call("ip", "addr", "add", address + bits, "dev", "lo")
        postfix, exims, scripted = [], [], {}
        for scenario in self.scenarios:
            for host in scenario.hosts:
                if host.smtp in NOBODY:
                    continue
                for address in host.addresses:
                    if host.smtp in POSTFIX:
                        postfix.append((address, host))
                    elif host.smtp in EXIM:
                        exims.append((address, host))
                    else:
                        scripted[address] = {"behaviour": host.smtp,
                                             "name": host.fqdn,
                                             "chain": host.chain_file}
        self.real = [each[0][0] for each in (postfix, exims) if each]
        self.scripted = list(scripted)
        if scripted:
            self.start("scripted", [
                sys.executable, "-B", os.path.join(HERE, "scripted.py"),
                json.dumps(scripted)])
        if postfix:
            self.start_postfix(postfix)
        if exims:
            self.start("exim", exim.prepare(self.path("exim"), exims, call))

    def start_postfix(self, services):
        etc, spool, data = (self.path("postfix", each)
                            for each in ("etc", "spool", "data"))
        for folder in (etc, spool, data):
            os.makedirs(folder)
        owner = pwd.getpwnam("postfix").pw_uid
        os.chown(data, owner, -1)
        for name in ("active", "bounce", "corrupt", "defer", "deferred",
                     "flush", "hold", "incoming", "maildrop", "private",
                     "public", "saved", "trace"):
            os.makedirs(os.path.join(spool, name))
            os.chown(os.path.join(spool, name), owner, -1)
        os.makedirs(os.path.join(spool, "pid"))
        master = ["tlsmgr unix - - n 1000? 1 tlsmgr",
                  "postlog unix-dgram n - n - 1 postlogd"]
        for address, host in services:
            where = f"[{address}]:25" if ":" in address else f"{address}:25"
            level = "may" if host.smtp == "postfix" else "none"
            master += [f"{where} inet n - n - - smtpd",
                       f"  -o myhostname={host.fqdn}",
                       f"  -o smtpd_tls_security_level={level}",
                       f"  -o smtpd_tls_chain_files={host.chain_file}"]
        write(etc + "/master.cf", "\n".join(master) + "\n")
        write(etc + "/main.cf", f"""compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
maillog_file = {self.folder}/postfix/log
maillog_file_prefixes = {self.folder}
inet_interfaces = all
inet_protocols = all
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = reject
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_tls_session_cache_database =
smtpd_tls_loglevel = 1
tls_random_source = dev:/dev/urandom
""")
        daemons = call("postconf", "-h", "daemon_directory")
        call("mount", "--bind", etc, "/etc/postfix")
        self.start("postfix", [os.path.join(daemons, "master"), "-d", "-c",
                               "/etc/postfix"])

    # -- processes -----------------------------------------------------------

    def start(self, name, command, **environment):
        log = open(self.path(name + ".out"), "w", encoding="utf-8")
        self.logs.append(log)
        self.children.append((name, subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=self.folder, env=dict(os.environ, **environment))))

    def wait(self, what, probe, limit=20.0):
        """Try until it works; a bounded loop, no fixed pause."""
        end = time.monotonic() + limit
        while True:
            try:
                if probe():
                    return
            except OSError:
                pass
            for name, child in self.children:
                if child.poll() is not None:
                    raise LaboratoryError(
                        f"{name} ended with status {child.returncode}; "
                        f"see {self.path(name + '.out')} (--keep)")
            if time.monotonic() > end:
                raise LaboratoryError(f"{what} did not come up (--keep "
                                      f"leaves its logs in {self.folder})")
            time.sleep(0.02)

    @staticmethod
    def answers(address, name, rtype=6):
        """Does a name server answer NOERROR to one question?"""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(1)
            sock.connect((address, 53))
            sock.send(question(name, rtype))
            reply = sock.recv(4096)
        return len(reply) > 12 and reply[3] & 15 == 0

    @staticmethod
    def listens(address, port=25):
        socket.create_connection((address, port), 2).close()
        return True

    def ready(self):
        for address in (ROOT_ADDRESS, TLD_ADDRESS):
            self.wait("nsd", lambda a=address: self.answers(a, "."))
        self.wait("nsd", lambda: self.answers(
            LEAF_ADDRESS, next(s.zone.name for s in self.scenarios
                               if s.zone)))
        for address in (RESOLVER, STALE):
            self.wait("unbound", lambda a=address: self.answers(
                a, "example."))
        for zone in self.stale[:1]:
            self.wait("nsd", lambda: self.answers(SECONDARY_ADDRESS, zone))
        self.wait("dnsd", lambda: self.answers(STRIPPING, "example."))
        for address in self.scripted[:1] + self.real:
            self.wait("mail server", lambda a=address: self.listens(a))

    def build(self):
        os.makedirs(self.path("certs"))
        self.network()
        self.assign()
        self.certificates()
        self.zones()
        # Which server it would ask is chance; here it is the good one.
        self.unbound("unbound", [RESOLVER, SECOND],
                     [(zone, LEAF_ADDRESS) for zone in self.stale])
        self.unbound("unbound-stale", [STALE],
                     [(zone, SECONDARY_ADDRESS) for zone in self.stale])
        self.bad_servers()
        self.mail()
        self.ready()

    def stop(self):
        for _, child in self.children:
            if child.poll() is None:
                child.terminate()
        for _, child in self.children:
            try:
                child.wait(3)
            except subprocess.TimeoutExpired:
                child.kill()
        for log in self.logs:
            log.close()
