"""The eval harness: gold, score, statistics, replay, report. Built on the public names only."""
