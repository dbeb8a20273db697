# SPDX-License-Identifier: ISC
"""Name servers, a resolver and a mail server for thousands of domains.

dNNNNN.example   a signed zone each, with one mail server, mx.dNNNNN.example:
                 its own address in NEAR, its own TLSA record
nNNNNN.names.example   names of one signed zone, all with the mail server
                 mx.names.example
far.example      one more of the first kind

All of it can be reached over tests/bench/line.c, too.
"""

import multiprocessing
import os
import random
import subprocess
import time

import dns.name

from certs import Authority, association, der
from keys import SEP, ZONE, Key, Keyring
from lab import RESOLVER, Laboratory, LaboratoryError, call, write
from zone import DAY, Zone
from zones import LEAF_ADDRESS, ROOT_ADDRESS, TLD_ADDRESS

PROGRAMS = {"nsd": "nsd", "unbound": "unbound", "unbound-control": "unbound",
            "posttls-finger": "postfix", "certtool": "gnutls-bin",
            "ip": "iproute2", "unshare": "util-linux", "mount": "mount",
            "xargs": "findutils"}
FAR, FAR_RESOLVER, NEAR = "10.25.0.1", "10.53.0.1", "10.64.0.0/10"
ANY, SMTP, SMTPS = "0.0.0.0", 25, 465
ALGORITHM = 13
NAMES, FARTHEST = "names.example.", "far.example."


def name(text):
    return dns.name.from_text(text)


def zone_of(text, server, server_address=None):
    """A zone with keys of its own, which are made from its name."""
    now = int(time.time())
    zone = Zone(name(text), (now - DAY, now + 14 * DAY))
    materials = Keyring.several(None, random.Random(text), ALGORITHM, 2)
    zone.keys(Key(materials[0], ALGORITHM, ZONE),
              Key(materials[1], ALGORITHM, ZONE | SEP))
    zone.add("", "SOA", f"{server} hostmaster.example. 1 3600 600 864000 300")
    zone.add("", "NS", server)
    if server_address:
        zone.add(name(server), "A", server_address)
    return zone


def with_host(zone, address, tlsa):
    zone.add("mx", "A", address)
    zone.add("_25._tcp.mx", "TLSA", tlsa)
    return zone


def domain(i):
    return f"d{i:05}.example."


def address(i):
    return f"10.{64 + i // 62500}.{i // 250 % 250}.{i % 250 + 1}"


def made(zone, folder):
    """Signed and written: (name, file, DS data for the parent)."""
    zone.finish()
    file = write(os.path.join(folder, str(zone.name).strip(".") or "root"),
                 zone.text())
    return str(zone.name), file, zone.ds


def make_domain(task):
    i, tlsa, folder = task
    zone = zone_of(domain(i), "ns.example.")
    zone.add("", "MX", "10 mx")
    return made(with_host(zone, address(i), tlsa), folder)


def make_names(task):
    count, tlsa, folder = task
    zone = with_host(zone_of(NAMES, "ns.example."), "127.99.0.1", tlsa)
    for i in range(count):
        zone.add(f"n{i:05}", "MX", "10 mx")
    return made(zone, folder)


class Yard(Laboratory):
    """The laboratory with that many domains, and that many names of one."""

    def __init__(self, folder, tools, domains, names):
        super().__init__(folder, [])
        self.tools = tools      # folder of the programs of this benchmark
        self.domains, self.names = domains, names

    def build(self):
        self.network()
        for far in (FAR, FAR_RESOLVER):
            call("ip", "addr", "add", far + "/32", "dev", "lo")
        call("ip", "route", "add", "local", NEAR, "dev", "lo")
        os.makedirs(self.path("certs"))
        authority = Authority(self.path("certs"))
        key, pem = authority.leaf("mail", ["mail.example"])
        chain = write(self.path("mail.chain"), key + pem, 0o600)
        self.zones("3 1 1 " + association(der(pem), 1, 1))
        self.resolver()
        self.start("mailserver", [os.path.join(self.tools, "mailserver"),
                                  ANY, chain, str(SMTP), str(SMTPS)])
        etc = self.path("etc")      # posttls-finger reads a main.cf
        os.makedirs(etc)
        write(etc + "/main.cf", "compatibility_level = 3.6\n")
        call("mount", "--bind", etc, "/etc/postfix")
        self.ready()

    def zones(self, tlsa):
        folder = self.path("zones")
        os.makedirs(folder)
        root = zone_of(".", "ns.", ROOT_ADDRESS)
        tld = zone_of("example.", "ns.nic.example.", TLD_ADDRESS)
        tld.add("ns", "A", LEAF_ADDRESS)
        far = zone_of(FARTHEST, "ns.example.")
        far.add("", "MX", "10 mx")
        tasks = [(i, tlsa, folder) for i in range(self.domains)]
        with multiprocessing.get_context("fork").Pool(2) as pool:
            names = pool.apply_async(make_names, [(self.names, tlsa, folder)])
            leaves = pool.map(make_domain, tasks, 50)
            leaves += [names.get(), made(with_host(far, FAR, tlsa), folder)]
        for child, _, ds in leaves:
            self.delegate(tld, child, "ns.example.", ds)
        top = [made(tld, folder)]
        self.delegate(root, "example.", "ns.nic.example.", tld.ds)
        root.add(name("ns.nic.example."), "A", TLD_ADDRESS)
        top.append(made(root, folder))
        wire = root.ds[0]
        write(self.path("root.anchor"),
              f". 3600 IN DS {int.from_bytes(wire[:2], 'big')} {wire[2]} "
              f"{wire[3]} {wire[4:].hex()}\n")
        self.nsd("top", [ROOT_ADDRESS, TLD_ADDRESS],
                 [each[:2] for each in top])
        self.nsd("leaf", [LEAF_ADDRESS], [each[:2] for each in leaves])

    @staticmethod
    def delegate(parent, child, server, ds):
        holder = Zone(name(child), None)
        holder.ds = ds
        parent.delegate(name(child), server)
        holder.publish_ds(parent)

    def resolver(self):
        """It counts, and has room for all that a run asks at once."""
        state = self.path("unbound")
        os.makedirs(state)
        hints = write(state + "/root.hints",
                      f". 3600 NS ns.\nns. 3600 A {ROOT_ADDRESS}\n")
        self.conf = write(state + "/unbound.conf", f"""server:
  username: ""
  chroot: ""
  directory: "{state}"
  pidfile: "{state}/pid"
  use-syslog: no
  logfile: "{state}/log"
  interface: {RESOLVER}
  interface: {FAR_RESOLVER}
  access-control: 0.0.0.0/0 allow
  do-not-query-localhost: no
  do-ip6: no
  module-config: "validator iterator"
  trust-anchor-file: "{self.path('root.anchor')}"
  root-hints: "{hints}"
  num-threads: 1
  outgoing-range: 4096
  num-queries-per-thread: 4096
  incoming-num-tcp: 500
  msg-cache-size: 64m
  rrset-cache-size: 128m
  key-cache-size: 32m
  neg-cache-size: 16m
  extended-statistics: yes
remote-control:
  control-enable: yes
  control-use-cert: no
  control-interface: "{state}/control"
""")
        self.start("unbound", ["unbound", "-d", "-p", "-c", self.conf])

    def ready(self):
        for at in (ROOT_ADDRESS, TLD_ADDRESS):
            self.wait("nsd", lambda a=at: self.answers(a, "."))
        self.wait("nsd", lambda: self.answers(LEAF_ADDRESS, NAMES))
        for at in (RESOLVER, FAR_RESOLVER):
            self.wait("unbound", lambda a=at: self.answers(a, "example."))
        self.wait("the mail server", lambda: self.listens("127.0.0.1"))

    # -- what the benchmarks ask of it -------------------------------------

    def questions(self):
        """{type or "all": count} of the questions since the last call."""
        said = call("unbound-control", "-c", self.conf, "stats")
        counts = dict(line.split("=") for line in said.splitlines())
        out = {key.rsplit(".", 1)[1]: int(value)
               for key, value in counts.items()
               if key.startswith("num.query.type.") and int(value)}
        return {"all": int(counts["total.num.queries"]), **out}

    def forget(self):
        """The resolver's cache is empty again."""
        call("unbound-control", "-c", self.conf, "flush_zone", ".")

    def list_of(self, file, lines):
        return write(self.path(file), "".join(each + "\n" for each in lines))

    def cost(self, command, stdin=None, output="output", before=()):
        """Run it: (wall seconds, CPU seconds, peak KiB, exit status)."""
        file = self.path("cost")
        with open(stdin or os.devnull, encoding="utf-8") as given, \
                open(self.path(output), "w", encoding="utf-8") as taken, \
                open(self.path(output + ".errors"), "w",
                     encoding="utf-8") as errors:
            subprocess.run(
                [*before, os.path.join(self.tools, "cost"), file, *command],
                stdin=given, stdout=taken, stderr=errors, check=False)
        if not os.path.exists(file):
            with open(self.path(output + ".errors"),
                      encoding="utf-8") as said:
                raise LaboratoryError(f"{command[0]} was not run: "
                                      + said.read(400).strip())
        with open(file, encoding="ascii") as read:
            wall, cpu, memory, status = read.read().split()
        os.unlink(file)
        return float(wall), float(cpu), int(memory), int(status)

    def program(self, *arguments, resolver=RESOLVER):
        """The command line of mxproof here."""
        return [os.environ["MXPROOF"], "--resolver", resolver,
                "--trust-anchor", self.path("root.anchor"),
                "--allow-special-addresses", *arguments]
