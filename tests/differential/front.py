# SPDX-License-Identifier: ISC
"""Name servers that stand before the real ones and change their replies.

No real server shows what is wanted here: a proof left out, a record of
another name in its place, a reply to another question.
"""

import socket
import socketserver
import struct
import threading
import traceback

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset

DENIALS = (dns.rdatatype.NSEC, dns.rdatatype.NSEC3)
RRSIG = dns.rdatatype.RRSIG


def kind(rrset):
    """The type of a set, and of what a signature covers."""
    return rrset.covers if rrset.rdtype == RRSIG else rrset.rdtype


def rrsets(lines):
    """Sets from (owner, ttl, type, text)."""
    out = []
    for owner, ttl, rtype, text in lines:
        rdata = dns.rdata.from_text("IN", rtype, text, dns.name.root, False)
        covers = rdata.covers()
        name = dns.name.from_text(owner)
        for each in out:
            if (each.name, each.rdtype, each.covers) == \
                    (name, rdata.rdtype, covers):
                each.add(rdata, ttl)
                break
        else:
            rrset = dns.rrset.RRset(name, rdata.rdclass, rdata.rdtype,
                                    covers)
            rrset.add(rdata, ttl)
            out.append(rrset)
    return out


class Reply:
    """What a change works on: the reply, and the servers behind."""

    def __init__(self, message, servers, here):
        self.message = message
        self.servers = servers
        self.here = here

    def ask(self, name, rtype, server=None):
        query = dns.message.make_query(name, rtype, want_dnssec=True)
        query.flags = 0
        return dns.query.tcp(query, self.servers[server or self.here], 5)

    def become(self, other):
        """The reply to another question in place of this one's."""
        self.message.answer = other.answer
        self.message.authority = other.authority
        self.message.set_rcode(other.rcode())
        self.message.flags = other.flags


# -- the changes; parameters come from the rows ----------------------------

def strip(reply):
    """Nothing of DNSSEC is left."""
    for section in (reply.message.answer, reply.message.authority):
        section[:] = [each for each in section
                      if each.rdtype not in DENIALS + (RRSIG,)]


def strip_answer(reply, rtype=None):
    """No signatures in the answer, or none over that type."""
    reply.message.answer = [
        each for each in reply.message.answer
        if each.rdtype != RRSIG or rtype not in (None, each.covers)]


def drop_denial(reply, which=None):
    """Without the records of denial, or without one of them."""
    owners = list(dict.fromkeys(each.name for each in
                                reply.message.authority
                                if kind(each) in DENIALS))
    if which is not None and owners:
        owners = [owners[which % len(owners)]]
    reply.message.authority = [
        each for each in reply.message.authority
        if kind(each) not in DENIALS or each.name not in owners]


def drop_owner(reply, owner):
    reply.message.authority = [each for each in reply.message.authority
                               if each.name != owner]


def denial_of(reply, name, rtype, server=None):
    """The records of denial of another reply in place of its own."""
    drop_denial(reply)
    add_denial_of(reply, name, rtype, server)


def add_denial_of(reply, name, rtype, server=None):
    other = reply.ask(name, rtype, server)
    reply.message.authority += [each for each in other.authority
                                if kind(each) in DENIALS]


def rcode(reply, code):
    reply.message.set_rcode(code)


def refuse(reply, code):
    """An error, and nothing else."""
    reply.message.answer = reply.message.authority = []
    reply.message.set_rcode(code)


def empty(reply):
    reply.message.answer = reply.message.authority = []


def drop_soa(reply):
    reply.message.authority = [
        each for each in reply.message.authority
        if kind(each) != dns.rdatatype.SOA]


def reply_to(reply, name, rtype, server=None):
    """The reply to another question."""
    reply.become(reply.ask(name, rtype, server))


def answer_of(reply, name, rtype, owner):
    """Another question's reply, its records under this question's name."""
    other = reply.ask(name, rtype)
    for each in other.answer:
        if each.name == dns.name.from_text(name):
            each.name = dns.name.from_text(owner)
    reply.become(other)


def records(reply, code, answer=(), authority=(), soa=True):
    """These records, with the zone's SOA unless they bring none."""
    message = reply.message
    kept = [each for each in message.authority
            if kind(each) == dns.rdatatype.SOA] if soa else []
    if soa and not kept:
        other = reply.ask(soa, "SOA")
        kept = other.answer or [each for each in other.authority
                                if kind(each) == dns.rdatatype.SOA]
    message.answer = rrsets(answer)
    message.authority = kept + rrsets(authority)
    message.set_rcode(code)
    message.flags |= dns.flags.AA


def times(reply, factor):
    """Greater TTLs than the zone's."""
    for each in reply.message.answer:
        each.ttl *= factor


def upper(reply):
    """Owners in upper case."""
    for section in (reply.message.answer, reply.message.authority):
        for each in section:
            each.name = dns.name.Name(label.upper()
                                      for label in each.name.labels)


def alias_target(reply, target):
    """Another target in the alias that a DNAME brings."""
    for each in reply.message.answer:
        if each.rdtype == dns.rdatatype.CNAME:
            rdata = dns.rdata.from_text("IN", "CNAME", target)
            each.clear()
            each.add(rdata)


def drop_type(reply, rtype):
    reply.message.answer = [each for each in reply.message.answer
                            if kind(each) != rtype]


CHANGES = {function.__name__: function for function in (
    strip, strip_answer, drop_denial, drop_owner, denial_of, add_denial_of,
    rcode, refuse, empty, drop_soa, reply_to, answer_of, records, times,
    upper, alias_target, drop_type)}


# -- the servers -----------------------------------------------------------

class Front:
    """Replies of one server, as the families want them changed.

    plans  {(owner, type): [(change, parameters)]}; type None: all types
    """

    def __init__(self, here, servers, plans):
        self.here = here
        self.servers = servers
        self.plans = plans

    def plan(self, name, rtype):
        return self.plans.get((name, rtype)) or self.plans.get((name, None))

    def forward(self, wire):
        with socket.create_connection((self.servers[self.here], 53),
                                      5) as sock:
            sock.sendall(struct.pack("!H", len(wire)) + wire)
            size = exactly(sock, 2)
            return size and exactly(sock, struct.unpack("!H", size)[0])

    def answer(self, wire):
        query = dns.message.from_wire(wire)
        reply = self.forward(wire)
        if not query.question or reply is None:
            return reply
        message = dns.message.from_wire(reply)
        plan = self.plan(query.question[0].name, query.question[0].rdtype)
        if plan:
            work = Reply(message, self.servers, self.here)
            for change, parameters in plan:
                CHANGES[change](work, **parameters)
        elif message.answer or message.flags & dns.flags.AA:
            return reply
        else:
            # A referral: the DS or its denial is to be asked for, so that
            # everybody sees what is changed in it.
            message.authority = [each for each in message.authority
                                 if each.rdtype == dns.rdatatype.NS]
        message.id, message.question = query.id, query.question
        message.additional = []
        return message.to_wire(max_size=65535)


def limit(wire, query):
    """Over UDP: cut off what is too long for whoever asks."""
    size = max(dns.message.from_wire(query).payload, 512)
    if len(wire) <= size:
        return wire
    message = dns.message.make_response(dns.message.from_wire(query))
    message.flags |= dns.flags.AA | dns.flags.TC
    return message.to_wire()


def exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            return None
        data += more
    return data


class Watched:
    """An error in here would show as a lame server only: it is kept."""

    def handle_error(self, request, client_address):
        del request
        with open(self.errors, "a", encoding="utf-8") as file:
            file.write(f"{client_address}\n{traceback.format_exc()}\n")


class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        wire, sock = self.request
        reply = self.server.front.answer(wire)
        if reply:
            sock.sendto(limit(reply, wire), self.client_address)


class Tcp(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while True:
                size = exactly(self.request, 2)
                wire = size and exactly(self.request,
                                        struct.unpack("!H", size)[0])
                reply = wire and self.server.front.answer(wire)
                if not reply:
                    return
                self.request.sendall(struct.pack("!H", len(reply)) + reply)
        except OSError:
            return


class UdpServer(Watched, socketserver.ThreadingUDPServer):
    daemon_threads = True
    max_packet_size = 65535


class TcpServer(Watched, socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


def serve(address, front, errors):
    """In this process, by threads of their own."""
    for kind_of_server, handler in ((UdpServer, Udp), (TcpServer, Tcp)):
        server = kind_of_server((address, 53), handler)
        server.front, server.errors = front, errors
        threading.Thread(target=server.serve_forever, daemon=True).start()
