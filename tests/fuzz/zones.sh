#!/bin/sh
# SPDX-License-Identifier: ISC
# Make tests/fuzz/zones.json: signed zones with NSEC, with NSEC3 and with
# opt-out, all that they hold and all that denies what they do not, as one
# recording each.  Needs BIND's tools and nsd; run by hand, in an empty folder:
#   sh zones.sh > zones.json
# Signatures are valid from 2026-01-01 to 2026-02-01.
set -eu
from=20260101000000 to=20260201000000 port=${PORT:-5398}
dir=$(mktemp -d)
trap 'kill "$(cat "$dir/nsd.pid" 2>/dev/null)" 2>/dev/null; sleep 1; rm -r "$dir"' EXIT
cd "$dir"

zone() { # name, signzone-options; the records on stdin
	z=$1
	shift
	{
		echo "\$TTL 3600"
		echo "$z SOA ns.$z host.$z 1 7200 3600 604800 3600"
		echo "$z NS ns.$z"
		echo "ns.$z A 192.0.2.53"
		cat
	} | sed 's/\.\.\( \|$\)/.\1/g' >"zone.$z"
	dnssec-keygen -q -a ED25519 -f KSK "$z" >/dev/null
	dnssec-keygen -q -a ED25519 "$z" >/dev/null
	dnssec-signzone -S -P -q -s $from -e $to -o "$z" -f "zone.$z.s" \
	    "$@" "zone.$z" >/dev/null 2>&1
	printf 'zone:\n name: "%s"\n zonefile: "%s"\n' "$z" \
	    "$dir/zone.$z.s" >>nsd.conf
}

ds() { # the DS lines of a zone's KSK
	dnssec-dsfromkey -2 "$(grep -l 'IN DNSKEY 257' K"$1"+*.key)"
}

content() { # every kind of name that a zone can have; no wildcard for DS
	cat <<Z
$1 MX 10 mx.$1
mx.$1 A 192.0.2.1
mx.$1 AAAA 2001:db8::1
_25._tcp.mx.$1 TLSA 3 1 1 $(printf '%064d' 1)
alias.$1 CNAME mx.$1
tree.$1 DNAME deep.wild.$1
*.wild.$1 TXT "any"
*.wild.$1 MX 10 mx.$1
there.wild.$1 A 192.0.2.2
sub.deep.wild.$1 A 192.0.2.3
plain.$1 NS ns.plain.$1
ns.plain.$1 A 192.0.2.54
signed.$1 NS ns.signed.$1
ns.signed.$1 A 192.0.2.53
Z
	ds "signed.$1"
}

cat >nsd.conf <<CONF
server:
 ip-address: 127.0.0.1@$port
 username: ""
 chroot: ""
 database: ""
 zonesdir: "$dir"
 zonelistfile: "$dir/zone.list"
 pidfile: "$dir/nsd.pid"
 xfrdfile: "$dir/xfrd.state"
 xfrdir: "$dir"
 server-count: 1
 tcp-count: 8
remote-control:
 control-enable: no
pattern:
 name: "given"
 provide-xfr: 127.0.0.1 NOKEY
CONF

for z in nsec.test. nsec3.test. opt.test.; do
	case $z in
	nsec.*) how= ;;
	nsec3.*) how='-3 AB' ;;
	*) how='-3 - -A' ;;
	esac
	# shellcheck disable=SC2086 # a list of words
	echo "signed.$z MX 10 mx.$z" | zone "signed.$z" $how
	# shellcheck disable=SC2086
	content $z | zone $z $how
done
{
	for z in nsec.test. nsec3.test. opt.test.; do
		echo "$z NS ns.$z"
		ds $z
	done
} | zone test.
{ echo "test. NS ns.test."; ds test.; } | zone .
sed -i 's/^ name: "\(.*test\.\)"/&\n include-pattern: "given"/' nsd.conf
nsd -c nsd.conf
sleep 1

records() { # dig's answer on stdin; the records of a section as JSON
	awk -v wanted="$1" '
	/^;; ANSWER/ { s = "answer"; next }
	/^;; AUTHORITY/ { s = "authority"; next }
	/^;/ || /^$/ { next }
	s == wanted { gsub(/[\t ]+/, " "); gsub(/[\\"]/, "\\\\&")
		printf "%s\"%s\"", n++ ? ", " : "", $0 }'
}

observation() { # name type: a question as JSON, with all denials if given
	dig +dnssec +norec +tcp +nosplit +noadditional @127.0.0.1 -p "$port" \
	    "$1" "$2" >answer
	code=$(sed -n 's/.*status: \([A-Z]*\),.*/\1/p' answer)
	printf ',\n {"question": "%s IN %s", "outcome": "reply", ' "$1" "$2"
	printf '"rcode": "%s", "answer": [%s], "authority": [%s%s]}' "$code" \
	    "$(records answer <answer)" "$(records authority <answer)" "${3-}"
}

ask() { # name type...
	name=$1
	shift
	for type; do
		observation "$name" "$type"
	done
}

chain() { # all NSEC and NSEC3 records of a zone and their signatures
	dig +nosplit AXFR "$1" @127.0.0.1 -p "$port" | awk '
	$4 == "NSEC" || $4 == "NSEC3" ||
	($4 == "RRSIG" && ($5 == "NSEC" || $5 == "NSEC3")) {
		gsub(/[\t ]+/, " "); printf ", \"%s\"", $0 }'
}

for z in nsec.test. nsec3.test. opt.test.; do
	printf '{"mxproof_evidence": 1, "domain": "%s", ' $z
	printf '"collected_at": "2026-01-15T00:00:00Z",\n "trust_anchors": '
	printf '["%s"],\n "dns": [{"question": "none. IN A", ' "$(ds .)"
	printf '"outcome": "timeout"}'
	ask . DNSKEY
	ask test. DS DNSKEY
	ask $z DS DNSKEY MX TXT
	ask mx.$z A AAAA DS
	ask _25._tcp.mx.$z TLSA A
	ask _tcp.mx.$z A DS
	ask alias.$z AAAA
	ask sub.tree.$z A
	ask x.wild.$z TXT A
	ask there.wild.$z A MX
	ask deep.wild.$z A
	ask signed.$z DS DNSKEY MX
	ask ns.signed.$z A
	ask plain.$z DS
	ask plain.$z MX
	observation none.$z A "$(chain $z)"
	observation none.signed.$z A "$(chain signed.$z)"
	printf ']}\n'
done
