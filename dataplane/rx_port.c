/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/rx_port.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf_dyn.h>
#include <rte_mempool.h>
#include <rte_ring.h>

#define RX_DESCRIPTORS 1024u
#define MBUF_CACHE 256u
#define SHARED_RING 4096u
#define WORKERS_MAX 64u
#define JUMBO_MAX 65536u

/* Toeplitz key of 16 equal bits repeated: both directions of a conversation hash alike (S. Woo, K.
 * Park, "Scalable TCP Session Monitoring with Symmetric Receive-side Scaling", 2012). */
#define RSS_KEY_MAX 64u
#define RSS_KEY_HIGH 0x6d
#define RSS_KEY_LOW 0x5a

/* What one worker holds between two polls. */
struct lane {
	struct rte_mbuf *held[PACKET_BURST_MAX];
	unsigned held_count;
	unsigned next_port;      /* polled in turn */
	struct rte_ring *shared; /* packets shown to a worker that polls no port */
	uint8_t *joined;         /* packets of several mbufs, one after the other */
};

struct rx_port {
	uint16_t id;
	bool has_microseconds; /* net_pcap: the field holds the capture's own time */
	char name[RTE_ETH_NAME_MAX_LEN];
};

struct rx_ports {
	struct rx_port ports[RTE_MAX_ETHPORTS];
	unsigned port_count;
	unsigned worker_count;
	bool shared;
	bool ended; /* written by the first worker, read by the others */
	int time_offset;
	uint64_t time_flag;
	struct rte_mempool *pool;
	struct lane lanes[WORKERS_MAX];
};

int
rx_ports_start_eal(int argc, char **argv)
{
	cpu_set_t cpus;
	bool known = pthread_getaffinity_np(pthread_self(), sizeof(cpus), &cpus) == 0;

	if (rte_eal_init(argc, argv) < 0)
		return -rte_errno;
	/* EAL binds this thread to one CPU, and the threads that it starts, our workers, would
	 * share that CPU. */
	if (known)
		(void)pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus);
	return 0;
}

int
rx_ports_enter_thread(void)
{
	return rte_thread_register() == 0 ? 0 : -rte_errno;
}

void
rx_ports_leave_thread(void)
{
	rte_thread_unregister();
}

bool
rx_ports_is_shared(const struct rx_ports *ports)
{
	return ports->shared;
}

bool
rx_ports_has_capture_time(const struct rx_ports *ports)
{
	for (unsigned i = 0; i < ports->port_count; i++) {
		if (ports->ports[i].has_microseconds)
			return true;
	}
	return false;
}

static int
add_port(struct rx_ports *ports, uint16_t id)
{
	struct rx_port *port = &ports->ports[ports->port_count];
	struct rte_eth_dev_info info;

	if (rte_eth_dev_info_get(id, &info) != 0 ||
	    rte_eth_dev_get_name_by_port(id, port->name) != 0)
		return -ENODEV;
	port->id = id;
	port->has_microseconds = strcmp(info.driver_name, "net_pcap") == 0;
	/* Symmetric RSS needs a queue for each worker on every port; else all share one queue. */
	if (ports->worker_count > 1 &&
	    (info.max_rx_queues < ports->worker_count || info.hash_key_size == 0 ||
	     info.hash_key_size > RSS_KEY_MAX))
		ports->shared = true;
	ports->port_count++;
	return 0;
}

static int
find_ports(struct rx_ports *ports, const char *const *names, size_t count, char *why,
	   size_t why_len)
{
	uint16_t id;

	for (size_t i = 0; i < count; i++) {
		if (rte_eth_dev_get_port_by_name(names[i], &id) != 0 || add_port(ports, id) != 0) {
			snprintf(why, why_len, "no DPDK port is called %s", names[i]);
			return -ENODEV;
		}
	}
	if (count == 0) {
		RTE_ETH_FOREACH_DEV(id)
		(void)add_port(ports, id);
	}
	if (ports->port_count == 0) {
		snprintf(why, why_len,
			 "there is no DPDK port: bind a device to a DPDK driver, or name a "
			 "--vdev among the EAL options");
		return -ENODEV;
	}
	return 0;
}

static void
choose_rss(const struct rte_eth_dev_info *info, struct rte_eth_conf *conf, uint8_t *key)
{
	for (unsigned i = 0; i < info->hash_key_size; i++)
		key[i] = i % 2 == 0 ? RSS_KEY_HIGH : RSS_KEY_LOW;
	conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	conf->rx_adv_conf.rss_conf.rss_key = key;
	conf->rx_adv_conf.rss_conf.rss_key_len = info->hash_key_size;
	conf->rx_adv_conf.rss_conf.rss_hf =
		(RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_SCTP) &
		info->flow_type_rss_offloads;
}

static int
start_port(struct rx_ports *ports, const struct rx_port *port)
{
	struct rte_eth_conf conf = {0};
	struct rte_eth_dev_info info;
	uint8_t key[RSS_KEY_MAX];
	uint16_t queues = ports->shared ? 1 : (uint16_t)ports->worker_count;

	int error = rte_eth_dev_info_get(port->id, &info);
	if (error != 0)
		return error;
	if (queues > 1)
		choose_rss(&info, &conf, key);
	conf.rxmode.offloads = info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
	error = rte_eth_dev_configure(port->id, queues, 0, &conf);
	for (uint16_t q = 0; error == 0 && q < queues; q++)
		error = rte_eth_rx_queue_setup(port->id, q, RX_DESCRIPTORS,
					       (unsigned)rte_eth_dev_socket_id(port->id), NULL,
					       ports->pool);
	if (error == 0)
		error = rte_eth_dev_start(port->id);
	if (error == 0)
		(void)rte_eth_promiscuous_enable(port->id); /* a tap's frames are for others */
	return error;
}

static int
create_lanes(struct rx_ports *ports)
{
	for (unsigned i = 0; i < ports->worker_count; i++) {
		struct lane *lane = &ports->lanes[i];
		char name[RTE_RING_NAMESIZE];
		lane->joined = malloc((size_t)PACKET_BURST_MAX * JUMBO_MAX);
		if (lane->joined == NULL)
			return -ENOMEM;
		if (!ports->shared || i == 0)
			continue;
		snprintf(name, sizeof(name), "shared_%u", i);
		lane->shared = rte_ring_create(name, SHARED_RING, (int)rte_socket_id(),
					       RING_F_SP_ENQ | RING_F_SC_DEQ);
		if (lane->shared == NULL)
			return -rte_errno;
	}
	return 0;
}

/* Buffers for all that may be held at once: descriptors, shared rings, bursts, and the threads'
 * caches. */
static int
create_pool(struct rx_ports *ports)
{
	unsigned queues = ports->shared ? 1 : ports->worker_count;
	unsigned count = ports->port_count * queues * RX_DESCRIPTORS +
			 ports->worker_count * (PACKET_BURST_MAX + 2 * MBUF_CACHE) +
			 (ports->shared ? SHARED_RING : 0);

	ports->pool = rte_pktmbuf_pool_create("packets", count, MBUF_CACHE, 0,
					      RTE_MBUF_DEFAULT_BUF_SIZE, (int)rte_socket_id());
	return ports->pool != NULL ? 0 : -rte_errno;
}

static void
find_time_field(struct rx_ports *ports)
{
	int bit = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, NULL);

	ports->time_offset = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, NULL);
	ports->time_flag = bit >= 0 && ports->time_offset >= 0 ? UINT64_C(1) << bit : 0;
}

struct rx_ports *
rx_ports_open(const char *const *names, size_t name_count, unsigned worker_count, char *why,
	      size_t why_len)
{
	struct rx_ports *ports = calloc(1, sizeof(*ports));
	if (ports == NULL || worker_count == 0 || worker_count > WORKERS_MAX) {
		snprintf(why, why_len, "cannot serve %u workers", worker_count);
		free(ports);
		return NULL;
	}
	ports->worker_count = worker_count;
	if (find_ports(ports, names, name_count, why, why_len) != 0)
		goto fail;
	int error = create_pool(ports);
	if (error == 0)
		error = create_lanes(ports);
	if (error != 0) {
		snprintf(why, why_len, "no packet buffers: %s (more memory for EAL: -m MiB)",
			 rte_strerror(-error));
		goto fail;
	}
	for (unsigned i = 0; i < ports->port_count; i++) {
		error = start_port(ports, &ports->ports[i]);
		if (error != 0) {
			snprintf(why, why_len, "port %s does not start: %s", ports->ports[i].name,
				 rte_strerror(-error));
			goto fail;
		}
	}
	find_time_field(ports);
	return ports;
fail:
	rx_ports_close(ports);
	return NULL;
}

static void
release_held(struct lane *lane)
{
	for (unsigned i = 0; i < lane->held_count; i++)
		rte_pktmbuf_free(lane->held[i]);
	lane->held_count = 0;
}

void
rx_ports_close(struct rx_ports *ports)
{
	if (ports != NULL) {
		for (unsigned i = 0; i < ports->port_count; i++) {
			(void)rte_eth_dev_stop(ports->ports[i].id);
			(void)rte_eth_dev_close(ports->ports[i].id);
		}
		for (unsigned i = 0; i < ports->worker_count; i++) {
			release_held(&ports->lanes[i]);
			rte_ring_free(ports->lanes[i].shared);
			free(ports->lanes[i].joined);
		}
		rte_mempool_free(ports->pool);
		free(ports);
	}
	(void)rte_eal_cleanup();
}

static uint64_t
clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A packet over several buffers is copied into one piece; the others stay where they are. */
static const uint8_t *
bytes_of(struct lane *lane, unsigned index, const struct rte_mbuf *mbuf, uint32_t len)
{
	if (mbuf->nb_segs == 1)
		return rte_pktmbuf_mtod(mbuf, const uint8_t *);
	return rte_pktmbuf_read(mbuf, 0, len, lane->joined + (size_t)index * JUMBO_MAX);
}

static void
fill_packets(const struct rx_ports *ports, struct lane *lane, struct packet *packets)
{
	uint64_t now = 0;

	for (unsigned i = 0; i < lane->held_count; i++) {
		struct rte_mbuf *mbuf = lane->held[i];
		uint32_t len = mbuf->pkt_len < JUMBO_MAX ? mbuf->pkt_len : JUMBO_MAX;
		packets[i].data = bytes_of(lane, i, mbuf, len);
		packets[i].captured_len = len;
		packets[i].wire_len = mbuf->pkt_len;
		packets[i].port = mbuf->port;
		packets[i].link = LINK_TYPE_ETHERNET;
		if (ports->ports[mbuf->port].has_microseconds &&
		    (mbuf->ol_flags & ports->time_flag) != 0) {
			packets[i].time_ns = 1000 * *RTE_MBUF_DYNFIELD(mbuf, ports->time_offset,
								       rte_mbuf_timestamp_t *);
			continue;
		}
		if (now == 0)
			now = clock_ns();
		packets[i].time_ns = now;
	}
}

/*
 * Takes from the first port, in turn, that has packets: "nothing has come" must be true of all
 * ports. mbuf.port becomes our index of the port, which is what packet.port means.
 */
static unsigned
receive(struct rx_ports *ports, unsigned queue, struct lane *lane)
{
	unsigned count = 0;

	for (unsigned tried = 0; count == 0 && tried < ports->port_count; tried++) {
		unsigned index = lane->next_port;
		lane->next_port = (index + 1) % ports->port_count;
		count = rte_eth_rx_burst(ports->ports[index].id, (uint16_t)queue, lane->held,
					 PACKET_BURST_MAX);
		for (unsigned i = 0; i < count; i++)
			lane->held[i]->port = (uint16_t)index;
	}
	return count;
}

/* Shows the first worker's packets to the others, each of which gives its own reference back. */
static void
share(struct rx_ports *ports, unsigned count)
{
	struct lane *first = &ports->lanes[0];

	for (unsigned i = 0; i < count; i++) {
		for (struct rte_mbuf *m = first->held[i]; m != NULL; m = m->next)
			rte_mbuf_refcnt_update(m, (int16_t)(ports->worker_count - 1));
	}
	for (unsigned w = 1; w < ports->worker_count; w++)
		(void)rte_ring_sp_enqueue_bulk(ports->lanes[w].shared, (void **)first->held, count,
					       NULL);
}

/* A worker that falls behind holds the port back: what is not polled waits in the device, and what
 * does not fit there is counted by it. */
static bool
others_have_room(const struct rx_ports *ports)
{
	for (unsigned w = 1; w < ports->worker_count; w++) {
		if (rte_ring_free_count(ports->lanes[w].shared) < PACKET_BURST_MAX)
			return false;
	}
	return true;
}

enum rx_poll
rx_ports_poll(struct rx_ports *ports, unsigned worker, struct packet *packets, size_t *count)
{
	struct lane *lane = &ports->lanes[worker];

	release_held(lane);
	*count = 0;
	if (!ports->shared) {
		lane->held_count = receive(ports, worker, lane);
	} else if (worker == 0) {
		/* Nothing polled is not "nothing there": the caller may not end on it. */
		if (!others_have_room(ports))
			return RX_POLL_PACKETS;
		lane->held_count = receive(ports, 0, lane);
		share(ports, lane->held_count);
	} else {
		bool ended = __atomic_load_n(&ports->ended, __ATOMIC_ACQUIRE);
		lane->held_count = rte_ring_sc_dequeue_burst(lane->shared, (void **)lane->held,
							     PACKET_BURST_MAX, NULL);
		if (lane->held_count == 0 && ended)
			return RX_POLL_ENDED;
	}
	fill_packets(ports, lane, packets);
	*count = lane->held_count;
	return *count != 0 ? RX_POLL_PACKETS : RX_POLL_EMPTY;
}

void
rx_ports_end(struct rx_ports *ports)
{
	__atomic_store_n(&ports->ended, true, __ATOMIC_RELEASE);
}

void
rx_ports_count(const struct rx_ports *ports, struct rx_port_counters *out)
{
	*out = (struct rx_port_counters){0};
	for (unsigned i = 0; i < ports->port_count; i++) {
		struct rte_eth_stats stats;
		if (rte_eth_stats_get(ports->ports[i].id, &stats) != 0)
			continue;
		out->received += stats.ipackets;
		out->missed += stats.imissed;
		out->errors += stats.ierrors;
		out->no_memory += stats.rx_nombuf;
	}
}
