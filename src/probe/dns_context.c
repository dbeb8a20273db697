/* SPDX-License-Identifier: ISC */
#include "probe/dns_context.h"

#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <string.h>

#include "probe/resolver.h"

enum { UDP_SIZE = 1232 }; /* EDNS payload: no fragments */

static bool
context_upstream(getdns_context *context, const struct resolver *at)
{
	getdns_list *list = getdns_list_create();
	getdns_dict *dict = getdns_dict_create();
	getdns_bindata type = { 4,
		(uint8_t *)(uintptr_t)(at->ipv6 ? "IPv6" : "IPv4") };
	getdns_bindata data = { at->ipv6 ? 16 : 4,
		(uint8_t *)(uintptr_t)at->bytes };
	getdns_bindata scope = { strlen(at->scope),
		(uint8_t *)(uintptr_t)at->scope };
	bool good = list != NULL && dict != NULL &&
	    getdns_dict_set_bindata(dict, "address_type", &type) == 0 &&
	    getdns_dict_set_bindata(dict, "address_data", &data) == 0 &&
	    getdns_dict_set_int(dict, "port", at->port) == 0 &&
	    (scope.size == 0 ||
		getdns_dict_set_bindata(dict, "scope_id", &scope) == 0) &&
	    getdns_list_set_dict(list, 0, dict) == 0 &&
	    getdns_context_set_upstream_recursive_servers(context, list) == 0;

	getdns_dict_destroy(dict);
	getdns_list_destroy(list);
	return good;
}

/*
 * Stub mode, DNS only (no hosts file), names as they are.  A TCP connection
 * that failed must not keep the next question from trying.
 */
static bool
context_setup(getdns_context *context, getdns_eventloop *adapter,
    const struct resolver *at, bool tcp)
{
	getdns_namespace_t spaces[] = { GETDNS_NAMESPACE_DNS };
	/*
	 * Never both: when a question times out whose truncated reply getdns
	 * asks for over TCP, it closes the socket that others are using, more
	 * than once, and with it whatever else has got its number.
	 */
	getdns_transport_list_t transport =
	    tcp ? GETDNS_TRANSPORT_TCP : GETDNS_TRANSPORT_UDP;

	return getdns_context_set_resolution_type(
		   context, GETDNS_RESOLUTION_STUB) == 0 &&
	    getdns_context_set_eventloop(context, adapter) == 0 &&
	    getdns_context_set_namespaces(context, 1, spaces) == 0 &&
	    getdns_context_set_append_name(context, GETDNS_APPEND_NAME_NEVER) ==
	    0 &&
	    getdns_context_set_edns_maximum_udp_payload_size(
		context, UDP_SIZE) == 0 &&
	    getdns_context_set_dns_transport_list(context, 1, &transport) ==
	    0 &&
	    getdns_context_set_tls_connection_retries(context, 1000) == 0 &&
	    getdns_context_set_tls_backoff_time(context, 1) == 0 &&
	    context_upstream(context, at);
}

struct getdns_context *
dns_context_new(
    struct getdns_eventloop *adapter, const struct resolver *at, bool tcp)
{
	getdns_context *context = NULL;

	if (getdns_context_create(&context, 0) != GETDNS_RETURN_GOOD)
		return NULL;
	if (!context_setup(context, adapter, at, tcp)) {
		getdns_context_destroy(context);
		return NULL;
	}
	return context;
}

void
dns_context_free(struct getdns_context *context)
{
	getdns_context_destroy(context);
}

static getdns_dict *
extensions_new(uint32_t rd, uint32_t cd)
{
	getdns_dict *dict = getdns_dict_create();

	if (dict != NULL &&
	    getdns_dict_set_int(dict, "/add_opt_parameters/do_bit", 1) == 0 &&
	    getdns_dict_set_int(dict, "/header/rd", rd) == 0 &&
	    getdns_dict_set_int(dict, "/header/cd", cd) == 0 &&
	    getdns_dict_set_int(
		dict, "return_call_reporting", GETDNS_EXTENSION_TRUE) == 0)
		return dict;
	getdns_dict_destroy(dict);
	return NULL;
}

bool
dns_extensions_new(struct getdns_dict *extensions[2][2])
{
	bool good = true;

	for (uint32_t i = 0; i < 4; i++) {
		extensions[i / 2][i % 2] = extensions_new(i / 2, i % 2);
		good &= extensions[i / 2][i % 2] != NULL;
	}
	return good;
}

void
dns_extensions_free(struct getdns_dict *extensions[2][2])
{
	for (int i = 0; i < 4; i++)
		getdns_dict_destroy(extensions[i / 2][i % 2]);
}
