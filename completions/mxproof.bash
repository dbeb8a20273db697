# SPDX-License-Identifier: ISC
# Completion of mxproof for bash.

# What "mxproof explain" knows.
_mxproof_findings='
 DNSSEC_SECURE DNSSEC_UNSIGNED DNSSEC_DS_NO_DNSKEY DNSSEC_DNSKEY_MISSING
 DNSSEC_DNSKEY_NOT_SIGNED_BY_DS DNSSEC_DS_STANDBY DNSSEC_RRSIG_MISSING
 DNSSEC_RRSIG_EXPIRED DNSSEC_RRSIG_NOT_YET_VALID DNSSEC_RRSIG_NO_KEY
 DNSSEC_RRSIG_INVALID DNSSEC_RRSIG_MALFORMED DNSSEC_DENIAL_MISSING
 DNSSEC_DENIAL_INVALID DNSSEC_SOME_BAD_DATA DNSSEC_RRSIG_EXPIRES_SOON
 DNSSEC_ALGORITHM_UNSUPPORTED DNSSEC_ALGORITHM_DEPRECATED DNSSEC_DS_SHA1
 DNSSEC_ALGORITHM_INCOMPLETE DNSSEC_NSEC3_ITERATIONS DNSSEC_KEY_SHORT
 DNSSEC_KEY_REVOKED DNSSEC_CDS_DELETE DNSSEC_KEYS_EARLY DNSSEC_CDS_DIFFERS
 DNSSEC_NO_TRUST_ANCHOR DNSSEC_CLOCK_SUSPECT
 DNSSEC_RESOLVER_STRIPS DNSSEC_LOCAL_VIEW DNSSEC_WORK_LIMIT DNS_LOOKUP_FAILED
 DNS_LOOKUP_UNCLEAR DNS_TIMEOUT DNS_ZONE_REFUSED DNS_ZONE_NOT_DELEGATED
 MX_FOUND MX_DOMAIN_MISSING MX_IMPLICIT MX_NONE
 MX_NULL MX_NULL_AND_OTHERS MX_INSECURE MX_HOST_INSECURE MX_HOST_ALIAS
 MX_HOST_NO_ADDRESS MX_HOST_NOT_A_NAME MX_ADDRESS_SPECIAL
 MX_ADDRESS_SPECIAL_ALLOWED MX_IPV6_ONLY MX_TOO_MANY MX_NOT_OBSERVED MX_M365_LEGACY
 MX_M365_NOT_ALONE TLSA_FOUND TLSA_NONE TLSA_SOME_HOSTS TLSA_INSECURE
 TLSA_LOOKUP_FAILED TLSA_ALL_UNUSABLE TLSA_ALL_MALFORMED TLSA_USAGE_PKIX
 TLSA_PARAMETER_UNKNOWN TLSA_DATA_MALFORMED TLSA_DIGEST_OF_NOTHING
 TLSA_NOT_RECOMMENDED TLSA_DUPLICATE TLSA_TTL_LONG TLSA_ALIAS STARTTLS_OK
 STARTTLS_NOT_OFFERED STARTTLS_REFUSED STARTTLS_IGNORED TLS_HANDSHAKE_FAILED
 TLS_VERSION_OLD SMTP_HOST_TAKES_NO_MAIL SMTP_GREETING_REFUSED
 SMTP_EHLO_REFUSED SMTP_TEMPORARY SMTP_MIDDLEBOX SMTP_PROTOCOL_ERROR
 SMTP_CONNECTION_REFUSED SMTP_SOME_ADDRESSES_DOWN SMTP_TIMEOUT
 SMTP_PORT_BLOCKED CERT_OK CERT_EXPIRED CERT_EXPIRED_EE CERT_NOT_YET_VALID
 CERT_NOT_YET_VALID_EE CERT_NAME_MISMATCH CERT_NAME_MISMATCH_EE
 CERT_EXPIRES_SOON CERT_KEY_WEAK DANE_EE_MATCH DANE_TA_MATCH DANE_NO_MATCH
 DANE_TA_NOT_SENT DANE_TA_CHAIN_INVALID DANE_TA_INTERMEDIATE
 DANE_OTHER_KEY_TYPE DANE_SOME_ADDRESSES DANE_RECORD_STALE DANE_NO_ROLLOVER
 DANE_SWITCH_EARLY DANE_PRESENT_UNMATCHED DANE_ALL_HOSTS_FAIL DKIM_OK DKIM_SELECTOR_MISSING DKIM_SELECTOR_INACTIVE DKIM_NOT_OBSERVED
 DKIM_NO_ACTIVE_SELECTOR DKIM_CNAME_MISSING DKIM_DEFAULT_SIGNING
 DKIM_CNAME_WRONG_TARGET DKIM_CNAME_WHITESPACE DKIM_TXT_HOLDS_CNAME
 DKIM_KEY_REVOKED DKIM_NO_MAIL_DOMAIN DKIM_KEY_MALFORMED DKIM_KEY_SHORT
 DKIM_KEY_1024 DKIM_KEY_LONG DKIM_KEY_MULTIPLE DKIM_HASH_SHA1
 DKIM_ED25519_ONLY DKIM_KEY_TESTING DKIM_TTL DKIM_NOT_ASKED DKIM_GUESS_NONE
 DKIM_ALIGNED DKIM_NOT_ALIGNED DKIM_ALIGNMENT_UNKNOWN DKIM_MESSAGE_UNSIGNED
 DKIM_SIGNATURE_UNUSABLE DKIM_RESULT
'
_mxproof_codes='
 5.7.321 5.7.322 5.7.323 5.7.324 5.7.325 5.7.320 5.7.5 5.4.8 5.4.310 5.4.312
 5.4.316 5.4.317 5.1.10
'
# What "mxproof lookup" is most often asked for.
_mxproof_types='
 A AAAA CAA CDNSKEY CDS CNAME DNAME DNSKEY DS HTTPS MX NAPTR NS NSEC3PARAM PTR
 SOA SRV SVCB TLSA TXT
'
_mxproof_options='
 --resolver --trust-anchor --timeout --ipv4 --ipv6 --allow-special-addresses
 --selector --message --guess-selectors --m365 --gcc-high --initial-domain
 --stages --helo --zone --with --without --cert
 --at --at-strict --profile --require --fail-on --strict --deprecated-algorithms --horizon --baseline --format --color --quiet
 --verbose --batch --ordered --jobs --resume --shard --no-progress --record --replay --list-findings --version --help -4 -6 -q -v -h
'

# One more word of a list joined by commas.
_mxproof_list()
{
	local done='' last=$1 word
	case $1 in
	*,*) done=${1%,*}, last=${1##*,} ;;
	esac
	for word in $2; do
		case ,$done in
		*,"$word",*) ;;
		*) [[ $word == "$last"* ]] && COMPREPLY+=("$done$word") ;;
		esac
	done
	compopt -o nospace 2>/dev/null
}

# The operands before the present word: the first may be a command.
_mxproof_operands()
{
	local i
	_mxproof_before=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--resolver | --trust-anchor | --timeout | --selector | \
			--message | --initial-domain | --stages | --helo | --at | \
			--zone | --with | --without | --cert | \
			--profile | --batch | --jobs | --resume | --shard | \
			--require | --fail-on | --deprecated-algorithms | \
			--horizon | --baseline | --format | --color | --record | --replay)
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			((i++))
			;;
		-*) ;;
		*) _mxproof_before+=("${COMP_WORDS[i]}") ;;
		esac
	done
}

_mxproof()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local option='' words='' _mxproof_before

	COMPREPLY=()
	# "=" is a word of its own: --profile = mta
	if [[ $cur == = ]]; then
		option=$prev cur=
	elif [[ $prev == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	else
		option=$prev
	fi
	case $option in
	--profile) words='exchange-online rfc7672 mta-sts' ;;
	--fail-on) words='note warn unknown fail never' ;;
	--deprecated-algorithms) words='insecure validate' ;;
	--format) words='text json records' ;;
	--color) words='auto always never' ;;
	--require)
		_mxproof_list "$cur" \
			'dnssec dane dkim mta-sts tls-rpt spf dmarc'
		return
		;;
	--stages)
		_mxproof_list "$cur" 'mx dnssec tlsa starttls dkim'
		return
		;;
	--trust-anchor | --message | --zone | --cert | --baseline | --batch | --resume | --record | --replay)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--resolver | --timeout | --selector | --initial-domain | --helo | \
		--with | --without | --at | --horizon | --jobs | --shard)
		return
		;;
	*)
		_mxproof_operands
		if [[ $cur == -* ]]; then
			words=$_mxproof_options
		elif [[ ${_mxproof_before[0]} == explain ]]; then
			# Ids are found in any case.
			cur=${cur^^}
			words="$_mxproof_findings $_mxproof_codes"
		elif [[ ${_mxproof_before[0]} == lookup ]]; then
			if ((${#_mxproof_before[@]} == 2)); then
				cur=${cur^^}
				words=$_mxproof_types
			fi
		elif ((${#_mxproof_before[@]} == 0)); then
			words='explain lookup'
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _mxproof mxproof
