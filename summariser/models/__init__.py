"""Access to language models; no other package imports openai, instructor, tenacity or llama.cpp."""
