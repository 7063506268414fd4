"""The store: one SQLite file that keeps summaries and answers, so that nothing is paid twice."""
