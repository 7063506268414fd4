"""The one door to any language model; nothing else imports openai, instructor, tenacity or llama.cpp."""
