"""Gold files: what readers found in an article, as strict YAML."""
