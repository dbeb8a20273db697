# SPDX-License-Identifier: ISC
# Completion of mxproof for fish.

set -g __mxproof_findings \
    DNSSEC_SECURE DNSSEC_UNSIGNED DNSSEC_DS_NO_DNSKEY \
    DNSSEC_DNSKEY_MISSING DNSSEC_DNSKEY_NOT_SIGNED_BY_DS \
    DNSSEC_DS_STANDBY DNSSEC_RRSIG_MISSING DNSSEC_RRSIG_EXPIRED \
    DNSSEC_RRSIG_NOT_YET_VALID DNSSEC_RRSIG_NO_KEY DNSSEC_RRSIG_INVALID \
    DNSSEC_RRSIG_MALFORMED DNSSEC_DENIAL_MISSING DNSSEC_DENIAL_INVALID \
    DNSSEC_SOME_BAD_DATA DNSSEC_RRSIG_EXPIRES_SOON \
    DNSSEC_ALGORITHM_UNSUPPORTED DNSSEC_ALGORITHM_DEPRECATED \
    DNSSEC_DS_SHA1 DNSSEC_ALGORITHM_INCOMPLETE DNSSEC_NSEC3_ITERATIONS \
    DNSSEC_KEY_SHORT DNSSEC_KEY_REVOKED DNSSEC_CDS_DELETE DNSSEC_KEYS_EARLY \
    DNSSEC_CDS_DIFFERS DNSSEC_NO_TRUST_ANCHOR \
    DNSSEC_CLOCK_SUSPECT DNSSEC_RESOLVER_STRIPS DNSSEC_LOCAL_VIEW \
    DNSSEC_WORK_LIMIT DNS_LOOKUP_FAILED DNS_LOOKUP_UNCLEAR DNS_TIMEOUT \
    DNS_ZONE_REFUSED DNS_ZONE_NOT_DELEGATED MX_FOUND MX_DOMAIN_MISSING MX_IMPLICIT MX_NONE MX_NULL \
    MX_NULL_AND_OTHERS MX_INSECURE MX_HOST_INSECURE MX_HOST_ALIAS \
    MX_HOST_NO_ADDRESS MX_HOST_NOT_A_NAME MX_ADDRESS_SPECIAL \
    MX_ADDRESS_SPECIAL_ALLOWED MX_IPV6_ONLY MX_TOO_MANY MX_NOT_OBSERVED MX_M365_LEGACY \
    MX_M365_NOT_ALONE TLSA_FOUND TLSA_NONE TLSA_SOME_HOSTS TLSA_INSECURE \
    TLSA_LOOKUP_FAILED TLSA_ALL_UNUSABLE TLSA_ALL_MALFORMED \
    TLSA_USAGE_PKIX TLSA_PARAMETER_UNKNOWN TLSA_DATA_MALFORMED \
    TLSA_DIGEST_OF_NOTHING TLSA_NOT_RECOMMENDED TLSA_DUPLICATE \
    TLSA_TTL_LONG TLSA_ALIAS STARTTLS_OK STARTTLS_NOT_OFFERED \
    STARTTLS_REFUSED STARTTLS_IGNORED TLS_HANDSHAKE_FAILED \
    TLS_VERSION_OLD SMTP_HOST_TAKES_NO_MAIL SMTP_GREETING_REFUSED \
    SMTP_EHLO_REFUSED SMTP_TEMPORARY SMTP_MIDDLEBOX SMTP_PROTOCOL_ERROR \
    SMTP_CONNECTION_REFUSED SMTP_SOME_ADDRESSES_DOWN SMTP_TIMEOUT \
    SMTP_PORT_BLOCKED CERT_OK CERT_EXPIRED CERT_EXPIRED_EE \
    CERT_NOT_YET_VALID CERT_NOT_YET_VALID_EE CERT_NAME_MISMATCH \
    CERT_NAME_MISMATCH_EE CERT_EXPIRES_SOON CERT_KEY_WEAK DANE_EE_MATCH \
    DANE_TA_MATCH DANE_NO_MATCH DANE_TA_NOT_SENT DANE_TA_CHAIN_INVALID \
    DANE_TA_INTERMEDIATE DANE_OTHER_KEY_TYPE DANE_SOME_ADDRESSES \
    DANE_RECORD_STALE DANE_NO_ROLLOVER DANE_SWITCH_EARLY \
    DANE_PRESENT_UNMATCHED DANE_ALL_HOSTS_FAIL DKIM_OK \
    DKIM_SELECTOR_MISSING DKIM_SELECTOR_INACTIVE DKIM_NOT_OBSERVED DKIM_NO_ACTIVE_SELECTOR \
    DKIM_CNAME_MISSING DKIM_DEFAULT_SIGNING DKIM_CNAME_WRONG_TARGET \
    DKIM_CNAME_WHITESPACE DKIM_TXT_HOLDS_CNAME DKIM_KEY_REVOKED \
    DKIM_NO_MAIL_DOMAIN DKIM_KEY_MALFORMED DKIM_KEY_SHORT DKIM_KEY_1024 \
    DKIM_KEY_LONG DKIM_KEY_MULTIPLE DKIM_HASH_SHA1 DKIM_ED25519_ONLY \
    DKIM_KEY_TESTING DKIM_TTL DKIM_NOT_ASKED DKIM_GUESS_NONE DKIM_ALIGNED \
    DKIM_NOT_ALIGNED DKIM_ALIGNMENT_UNKNOWN DKIM_MESSAGE_UNSIGNED \
    DKIM_SIGNATURE_UNUSABLE DKIM_RESULT
set -g __mxproof_codes \
    5.7.321 5.7.322 5.7.323 5.7.324 5.7.325 5.7.320 5.7.5 5.4.8 5.4.310 \
    5.4.312 5.4.316 5.4.317 5.1.10
set -g __mxproof_types \
    A AAAA CAA CDNSKEY CDS CNAME DNAME DNSKEY DS HTTPS MX NAPTR NS \
    NSEC3PARAM PTR SOA SRV SVCB TLSA TXT

complete -c mxproof -f
complete -c mxproof -n __fish_use_subcommand -a explain \
    -d 'what a finding or a code means'
complete -c mxproof -n __fish_use_subcommand -a lookup \
    -d 'one record set with its chain'
complete -c mxproof -n '__fish_seen_subcommand_from lookup' \
    -a '$__mxproof_types' -d type
complete -c mxproof -n '__fish_seen_subcommand_from explain' \
    -a '$__mxproof_findings' -d finding
complete -c mxproof -n '__fish_seen_subcommand_from explain' \
    -a '$__mxproof_codes' -d code

complete -c mxproof -l resolver -x -d 'ask this resolver'
complete -c mxproof -l trust-anchor -r -F -d 'DS or DNSKEY lines in place of the built-in root'
complete -c mxproof -l timeout -x -d 'for a whole domain'
complete -c mxproof -s 4 -l ipv4 -d 'connect over IPv4 only'
complete -c mxproof -s 6 -l ipv6 -d 'connect over IPv6 only'
complete -c mxproof -l allow-special-addresses -d 'connect to loopback and private addresses too'
complete -c mxproof -l selector -x -d 'check this DKIM selector'
complete -c mxproof -l message -r -F -d 'check the signatures of this received message'
complete -c mxproof -l guess-selectors -d 'try the DKIM selectors of well-known providers'
complete -c mxproof -l m365 -d 'Microsoft 365 signs, whatever the MX says'
complete -c mxproof -l gcc-high -d 'the same, in the GCC High or DoD environment'
complete -c mxproof -l initial-domain -x -d 'the initial domain of the tenant'
complete -c mxproof -l stages -x -a '(__fish_append , mx dnssec tlsa starttls dkim)' -d 'ask for these only'
complete -c mxproof -l helo -x -d 'name given in EHLO'
complete -c mxproof -l zone -r -F -d 'this zone file in place of the live zone'
complete -c mxproof -l with -x -d 'this record is there'
complete -c mxproof -l without -x -d 'the records of this name are gone'
complete -c mxproof -l cert -r -F -d 'the certificate that a server will present'
complete -c mxproof -l at -x -d 'judge at this time'
complete -c mxproof -l at-strict -d 'no signature counts as renewed'
complete -c mxproof -l profile -x -a 'exchange-online rfc7672 mta-sts' -d 'the sender to judge for'
complete -c mxproof -l require -x -a '(__fish_append , dnssec dane dkim mta-sts tls-rpt spf dmarc)' -d 'what must be there'
complete -c mxproof -l fail-on -x -a 'note warn unknown fail never' -d 'exit 1 from this severity on'
complete -c mxproof -l strict -d 'a failing host counts although another delivers'
complete -c mxproof -l deprecated-algorithms -x -a 'insecure validate' -d 'what algorithms 5 and 7 are'
complete -c mxproof -l horizon -x -d 'warn of certificates that end within these days'
complete -c mxproof -l baseline -r -F -d 'an earlier report to compare with'
complete -c mxproof -l format -x -a 'text json records' -d 'format of the report'
complete -c mxproof -l color -x -a 'auto always never' -d 'when to use colour'
complete -c mxproof -s q -l quiet -d 'print the verdict only'
complete -c mxproof -s v -l verbose -d 'print what is in order too, and the dialogues'
complete -c mxproof -l batch -r -F -d 'the domains of a file'
complete -c mxproof -l ordered -d 'results in the order of the input'
complete -c mxproof -l jobs -x -d 'domains at a time'
complete -c mxproof -l resume -r -F -d 'skip what this output holds'
complete -c mxproof -l shard -x -d 'a share of the domains'
complete -c mxproof -l no-progress -d 'no line of progress on a terminal'
complete -c mxproof -l record -r -F -d 'write all that was observed to a file'
complete -c mxproof -l replay -r -F -d 'judge a recording'
complete -c mxproof -l list-findings -d 'print all findings there are'
complete -c mxproof -l version -d 'print the version'
complete -c mxproof -s h -l help -d 'print the help'
