"""A Ray cluster of two nodes on this machine, in a process of its own: `python -m tests.ray_cluster`.

It prints its address. A line on its standard input kills the second node, with all that runs on it; the end of the
input ends the cluster.
"""

import os
import sys

os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}

from ray.cluster_utils import Cluster

if __name__ == "__main__":
    address = {"node_ip_address": "127.0.0.2"}
    memory = {"object_store_memory": 150 * 2**20}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, **address, **memory})
    second = cluster.add_node(num_cpus=1, **address, **memory)
    cluster.wait_for_nodes()
    sys.stdout.write(f"{cluster.address}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        cluster.remove_node(second, allow_graceful=False)
        sys.stdout.write("killed\n")
        sys.stdout.flush()
    cluster.shutdown()
