"""The child process: read a configuration line, serve the model, live as long as standard input stays open."""

import json
import os
import sys


def main() -> None:
    """Serve until the parent closes our standard input, or is gone."""
    config = json.loads(sys.stdin.buffer.readline())
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever the runtime prints is no answer of ours

    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = config["weights"]
    params.model_alias = {config["alias"]}
    params.n_ctx = config["context_tokens"]
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config["threads"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [config["key"]]
    params.ui = False
    params.warmup = False
    server = xllamacpp.Server(params)
    os.write(answers, json.dumps({"address": server.listening_address}).encode() + b"\n")
    sys.stdin.buffer.read()
    os._exit(0)  # the runtime's threads need no farewell


if __name__ == "__main__":
    main()
